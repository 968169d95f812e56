/*
 * Gestures: faults that only together are what goes wrong in real life. Each is a recipe that expands
 * to addressed faults, later ones counting from when an earlier one has fired; shrinking then takes
 * them apart one by one.
 */
import { actionOf, type Shape } from './catalogue.ts';
import {
  processOf,
  type RawGesture,
  type Recipe,
  type Step,
  taskOf,
  working,
} from './gesture-steps.ts';
import type { Address, PlannedFault } from './plan.ts';
import { WORLD_RECIPES } from './world-gestures.ts';

/** Where a runner is in the middle of taking over, in order of how far it has got. */
const RECOVERY: readonly Address[] = [
  { point: 'append', kind: 'CLAIM', nth: 1 },
  { point: 'load', nth: 1 },
  { point: 'next', nth: 2 },
  { point: 'hint', nth: 1 },
  { point: 'due', nth: 1 },
  { point: 'append', kind: 'STEP', nth: 1 },
];

export const RECIPES: readonly Recipe[] = [
  {
    // Frozen before it appends; another takes over and goes on; then it thaws and appends.
    name: 'zombie',
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: 'pause-before',
        // Expelled at once, it may be back while its heir has only just begun.
        scale: raw.flag ? raw.scale % 4 : 1 + (raw.scale % 3),
        flag: raw.flag,
      },
    ],
  },
  {
    // The same, but it is back at a point that its heir has reached: their numbers may meet.
    name: 'zombie meets heir',
    steps: (raw, shape) => [
      {
        at: {
          point: 'append',
          kind: 'STEP',
          nth: 1 + (raw.nth % 12),
          ...processOf(raw, shape),
        },
        action: 'pause-before',
        scale: 2,
        flag: true,
      },
      { at: { point: 'append', nth: 2 + raw.turns }, action: 'thaw', since: 0 },
    ],
  },
  {
    // The append is on its way, its sender frozen: it acts on an answer that is long out of date.
    name: 'zombie after',
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: 'pause-after',
        scale: 1 + (raw.scale % 3),
        flag: true,
      },
      ...(raw.flag
        ? [
            {
              at: { point: 'append', kind: 'CLAIM', nth: 1 } as const,
              action: 'crash-after' as const,
              scale: 0,
              since: 0,
            },
          ]
        : []),
    ],
  },
  {
    name: 'unknown, then late',
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: 'unknown-late',
        scale: raw.scale,
      },
      ...(raw.flag
        ? [
            {
              at: { point: 'append', nth: 1 } as const,
              action: raw.turns % 2 === 0 ? ('rebalance' as const) : ('unknown-late' as const),
              scale: raw.scale,
              since: 0,
            },
          ]
        : []),
    ],
  },
  {
    // Whoever takes over dies in the middle of it, several times.
    name: 'crash during recovery',
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: raw.flag ? 'crash-after' : 'crash-before',
        scale: raw.scale % 3,
      },
      ...Array.from({ length: 1 + (raw.turns % 3) }, (_, turn): Step => {
        const at = RECOVERY[(raw.task + turn) % RECOVERY.length];
        return {
          at: at ?? { point: 'append', kind: 'CLAIM', nth: 1 },
          action: (raw.task + turn) % 2 === 0 ? 'crash-after' : 'crash-before',
          scale: 0,
          since: turn,
        };
      }),
    ],
  },
  {
    // Its partition goes to another while a service is at work.
    name: 'takeover in mid-activity',
    steps: (raw, shape) => {
      const task = taskOf(raw, shape);
      const nth = task.task === undefined ? raw.nth : 1 + (raw.nth % 6);
      const at: Address = { point: 'activity', nth, ...processOf(raw, shape), ...task };
      if (raw.turns % 3 === 0) return [{ at, action: 'crash-after', scale: raw.scale % 3 }];
      if (raw.turns % 3 === 1) return [{ at, action: 'pause-after', scale: 1, flag: true }];
      return [
        { at, action: 'slow', scale: 2 },
        { at: { point: 'append', nth: 1 + (raw.scale % 3) }, action: 'rebalance', since: 0 },
      ];
    },
  },
  {
    name: 'restart storm',
    steps: (raw) =>
      Array.from({ length: 1 + (raw.turns % 3) }, (_, turn): Step => ({
        at: {
          point: 'append',
          ...(turn === 0 ? working(raw) : { kind: 'CLAIM', nth: 1 }),
        },
        action: 'storm',
        scale: raw.scale % 3,
        ...(turn === 0 ? {} : { since: turn - 1 }),
      })),
  },
  {
    name: 'swizzle',
    steps: (raw) => [
      {
        at: { point: 'append', ...working(raw) },
        action: 'swizzle',
        scale: 1 + (raw.scale % 2),
      },
    ],
  },
  {
    // Two claims race: the first is on its way while the partition moves on.
    name: 'racing claims',
    steps: (raw) => [
      { at: { point: 'append', kind: 'STEP', nth: raw.nth }, action: 'rebalance' },
      {
        at: { point: 'append', kind: 'CLAIM', nth: 1 + (raw.turns % 2) },
        action: raw.flag ? 'unknown-late' : 'slow',
        scale: 1 + (raw.scale % 3),
        since: 0,
      },
      { at: { point: 'append', nth: 1 }, action: 'rebalance', since: 1 },
    ],
  },
  {
    // The rows are there, nobody was told, and whoever knew is gone.
    name: 'fold unknown, then takeover',
    steps: (raw, shape) => [
      {
        at: { point: 'fold', nth: 1 + (raw.nth % 4), ...processOf(raw, shape) },
        action:
          (['unknown-landed', 'unknown-late', 'crash-after'] as const)[raw.turns % 3] ??
          'crash-after',
        scale: raw.scale,
      },
      {
        at: { point: raw.flag ? 'fold' : 'append', nth: 1 },
        action: raw.flag ? 'crash-before' : 'rebalance',
        scale: 0,
        since: 0,
      },
      // What is late lands before the first fold of the heir, which has asked where the Store is.
      ...(raw.turns % 3 === 1
        ? [
            {
              at: { point: 'fold', nth: 1 } as const,
              action: 'slow' as const,
              scale: raw.scale < 3 ? 2 : 3,
              since: 1,
            },
          ]
        : []),
    ],
  },
  {
    name: 'split clock',
    steps: (raw, shape) => [
      {
        at: { point: 'timer', nth: raw.nth, ...processOf(raw, shape) },
        action: 'jump',
        scale: raw.scale,
      },
      { at: { point: 'append', nth: 1 + raw.turns }, action: 'rebalance', since: 0 },
    ],
  },
  {
    // Events are kept, nobody is matched, and whoever knew is gone, or back too late.
    name: 'kept, then gone',
    events: true,
    steps: (raw, shape) => [
      {
        at: { point: 'keep', nth: 1 + (raw.nth % 6), ...processOf(raw, shape) },
        action: raw.flag ? 'crash-after' : 'pause-after',
        scale: raw.flag ? raw.scale % 3 : 1 + (raw.scale % 3),
        flag: true,
      },
      {
        at: { point: raw.turns % 2 === 0 ? 'match' : 'keep', nth: 1 },
        action: raw.turns < 3 ? 'crash-before' : 'unknown-late',
        scale: raw.scale % 3,
        since: 0,
      },
    ],
  },
  {
    // Who begins to listen and what is sent to it pass each other.
    name: 'listener and event cross',
    events: true,
    steps: (raw, shape) => [
      {
        at: { point: raw.flag ? 'fold' : 'keep', nth: 1 + (raw.nth % 6) },
        action: raw.turns % 2 === 0 ? 'unknown-late' : 'slow',
        scale: raw.scale % 3,
        flag: true,
      },
      {
        at: {
          point: raw.turns < 3 ? 'match' : 'listen-read',
          nth: 1 + (raw.turns % 3),
          ...processOf(raw, shape),
        },
        action: raw.turns % 3 === 0 ? 'pause-before' : 'crash-after',
        scale: raw.scale % 2,
        flag: true,
        since: 0,
      },
    ],
  },
  ...WORLD_RECIPES,
];

/** Those that can strike in a world where nobody listens. */
export function withoutEvents(recipes: readonly number[]): readonly number[] {
  return recipes.filter((index) => RECIPES[index]?.events !== true);
}

/** Expands a gesture; ids and what refers to them begin at `firstId`. */
export function gestureFaults(raw: RawGesture, shape: Shape, firstId: number): PlannedFault[] {
  const recipe = RECIPES[raw.recipe % RECIPES.length];
  if (recipe === undefined) return [];
  return recipe.steps(raw, shape).map((step, index) => ({
    id: firstId + index,
    at: step.since === undefined ? step.at : { ...step.at, since: firstId + step.since },
    does: actionOf(step.action, step.scale ?? raw.scale, step.flag ?? false),
    gesture: recipe.name,
  }));
}

/*
 * Gestures: faults that only together are what goes wrong in real life. Each is a recipe that expands
 * to addressed faults, later ones counting from when an earlier one has fired; shrinking then takes
 * them apart one by one.
 */
import type { RecordKind } from '../wire/index.ts';
import { type ActionName, actionOf, type Shape } from './catalogue.ts';
import type { Address, PlannedFault } from './plan.ts';

/** Parameters of a gesture, as small numbers. */
export interface RawGesture {
  readonly recipe: number;
  readonly nth: number;
  readonly process: number;
  readonly task: number;
  readonly scale: number;
  readonly turns: number;
  readonly flag: boolean;
}

interface Step {
  readonly at: Address;
  readonly action: ActionName;
  readonly scale?: number;
  readonly flag?: boolean;
  /** counts once this step of the gesture has fired */
  readonly since?: number;
}

interface Recipe {
  readonly name: string;
  /** only where somebody listens */
  readonly events?: boolean;
  /** it loses data: for profiles that say so */
  readonly loses?: boolean;
  steps(raw: RawGesture, shape: Shape): readonly Step[];
}

const STEPS: readonly RecordKind[] = ['STEP', 'END', 'STEP', 'MARK'];

/** Some append in the middle of the work; there are fewer ENDs and MARKs than STEPs. */
function working(raw: RawGesture): Pick<Address, 'kind' | 'nth'> {
  const kind = STEPS[raw.turns % STEPS.length] ?? 'STEP';
  // Half of them early, when the numbers of an heir's tenure are not far from those of the old one.
  return { kind, nth: kind === 'STEP' && raw.turns < 3 ? raw.nth : 1 + (raw.nth % 6) };
}

function processOf(raw: RawGesture, shape: Shape): Pick<Address, 'process'> {
  return raw.process === 0 ? {} : { process: (raw.process - 1) % shape.runners };
}

function taskOf(raw: RawGesture, shape: Shape): Pick<Address, 'task'> {
  const task = shape.tasks[raw.task % Math.max(1, shape.tasks.length)];
  return raw.task === 0 || task === undefined ? {} : { task };
}

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
  {
    name: 'leader change, then takeover',
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: 'leader-change',
        scale: raw.scale,
      },
      {
        at: { point: 'append', nth: 1 },
        action: raw.flag ? 'unknown-late' : 'crash-after',
        scale: raw.scale % 3,
        since: 0,
      },
    ],
  },
  {
    // The first attempt arrives, or answers, when the next one has begun or ended.
    name: 'service too late',
    steps: (raw, shape) => {
      const task = taskOf(raw, shape);
      const at: Address = { point: 'activity', nth: 1 + (raw.nth % 6), ...task };
      return [
        { at, action: raw.flag ? 'unknown-late' : 'slow', scale: 2 + (raw.scale % 3) },
        {
          at: { point: 'activity', nth: 1, ...task },
          action: raw.turns % 2 === 0 ? 'unknown-twice' : 'slow',
          scale: raw.turns % 4,
          since: 0,
        },
      ];
    },
  },
  {
    // Whoever begins it dies, again and again: it must not take every runner with it for ever (R20).
    name: 'poison',
    steps: (raw, shape) => {
      const task = taskOf(raw, shape);
      const run = raw.process % shape.instances;
      return Array.from({ length: 3 + raw.turns }, (_, turn): Step => ({
        at: { point: 'activity', nth: 1, run, ...task },
        action: 'crash-after',
        scale: 0,
        ...(turn === 0 ? {} : { since: turn - 1 }),
      }));
    },
  },
  {
    // Back from a crash, it takes long to find its feet: others have taken over meanwhile.
    name: 'slow start',
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: 'crash-after',
        scale: raw.scale % 3,
      },
      {
        at: {
          point: (['join', 'hint', 'load', 'range'] as const)[raw.turns % 4] ?? 'join',
          nth: 1,
        },
        action: 'slow',
        scale: 2 + (raw.scale % 3),
        since: 0,
      },
    ],
  },
  {
    name: 'database down, then takeover',
    steps: (raw, shape) => [
      {
        at: { point: 'fold', nth: 1 + (raw.nth % 4) },
        action: raw.flag ? 'store-down' : 'disk-full',
        scale: 1 + (raw.scale % 4),
      },
      {
        at: { point: 'append', nth: 1 + raw.turns, ...processOf(raw, shape) },
        action: raw.turns % 2 === 0 ? 'crash-after' : 'rebalance',
        scale: 1,
        since: 0,
      },
    ],
  },
  {
    // One runner after the other; in the end perhaps one goes back.
    name: 'rolling upgrade',
    steps: (raw, shape) => [
      ...Array.from({ length: shape.runners }, (_, runner): Step => ({
        at: {
          point: 'append',
          nth: 1 + (raw.nth % (3 + 2 * runner)),
          process: (runner + raw.process) % shape.runners,
        },
        action: 'upgrade',
        ...(runner === 0 ? {} : { since: runner - 1 }),
      })),
      { at: { point: 'append', kind: 'STEP', nth: 1 + raw.turns }, action: 'redeploy', since: 0 },
      ...(raw.flag
        ? [
            {
              at: { point: 'append', nth: 2 + raw.turns } as const,
              action: 'rollback' as const,
              since: shape.runners - 1,
            },
          ]
        : []),
    ],
  },
  {
    name: 'tail lost, then takeover',
    loses: true,
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: 'tail-lost',
        scale: raw.scale,
      },
      {
        at: { point: 'append', nth: 1 + raw.turns },
        action: raw.flag ? 'rebalance' : 'crash-after',
        scale: raw.scale % 3,
        since: 0,
      },
    ],
  },
  {
    name: 'failover, then takeover',
    loses: true,
    steps: (raw, shape) => [
      {
        at: { point: raw.turns % 2 === 0 ? 'fold' : 'due', nth: 2 + (raw.nth % 6) },
        action: 'store-failover',
        scale: raw.scale,
      },
      {
        at: { point: 'append', nth: 1 + raw.turns, ...processOf(raw, shape) },
        action: raw.flag ? 'rebalance' : 'crash-after',
        scale: raw.scale % 3,
        since: 0,
      },
    ],
  },
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

/*
 * Gestures of what is around the runners: brokers, databases, services, builds - and what kills whoever
 * touches it.
 */
import { processOf, type Recipe, type Step, taskOf, working } from './gesture-steps.ts';
import type { Address } from './plan.ts';

export const WORLD_RECIPES: readonly Recipe[] = [
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
              // Late enough for records of the newer format to be there.
              at: { point: 'append', nth: 4 + raw.nth } as const,
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
    // Others fill what is missing before its owner appends again: the numbers of the offsets fit.
    name: 'tail lost, then strangers',
    loses: true,
    steps: (raw, shape) => [
      {
        at: { point: 'append', ...working(raw), ...processOf(raw, shape) },
        action: 'tail-lost',
        scale: raw.scale % 2,
      },
      ...Array.from({ length: 1 + (raw.turns % 3) }, (): Step => ({
        at: { point: 'append', nth: 1 },
        action: 'hostile',
        since: 0,
      })),
    ],
  },
  {
    // The second copy of a CLAIM lands while a batch is on its way: that counts for nobody.
    name: 'claimed twice, a batch between',
    steps: (raw) => [
      {
        at: { point: 'append', kind: 'CLAIM', nth: 1 + (raw.nth % 4) },
        action: 'unknown-twice',
        scale: raw.scale % 3,
        flag: raw.flag,
      },
      {
        at: { point: 'append', nth: 1 + raw.turns },
        action: 'slow',
        scale: 1 + (raw.scale % 3),
        since: 0,
      },
    ],
  },
  {
    // What was emitted is not published yet, a mark is written, and who knew of it is gone.
    name: 'told to nobody, then takeover',
    events: true,
    steps: (raw, shape) => [
      {
        at: { point: 'events-append', nth: 1 + (raw.nth % 6), ...processOf(raw, shape) },
        action: 'unknown-lost',
        flag: true,
      },
      {
        at: { point: 'append', kind: 'MARK', nth: 1 + (raw.turns % 3) },
        action: raw.flag ? 'crash-after' : 'rebalance',
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

/*
 * Catalogue: every single fault that a plan can hold, as cells (point x key x action), and how a cell
 * becomes a fault. Generators draw from it, the exhaustive sweep walks through it.
 *
 * Invariants: cells stand in order of simplicity, because shrinking goes to the front; parameters are
 * indices into short tables, so that they shrink to the mildest.
 */
import type { PointName } from '../adapters/sim/index.ts';
import type { RecordKind, WorkflowError } from '../wire/index.ts';
import type { Action, PlannedFault } from './plan.ts';

/** What belongs together in a profile. */
export type Family =
  | 'crash'
  | 'append'
  | 'read'
  | 'store'
  | 'activity'
  | 'pause'
  | 'clock'
  | 'group'
  /** records from those who are no careful clients */
  | 'stranger'
  /** other builds, other definitions */
  | 'build'
  /** what no broker and no database does that is set up as it should be */
  | 'broker-loss'
  | 'store-loss';

export type ActionName =
  | 'crash-before'
  | 'crash-after'
  | 'refused'
  | 'slow'
  | 'unknown-lost'
  | 'unknown-landed'
  | 'unknown-late'
  | 'unknown-twice'
  | 'pause-before'
  | 'pause-after'
  | 'error'
  | 'rebalance'
  | 'jump'
  | 'storm'
  | 'swizzle'
  | 'no-space'
  | 'unauthorised'
  | 'leader-change'
  | 'tail-lost'
  | 'overtaken'
  | 'broker-jump'
  | 'serialization'
  | 'deadlock'
  | 'store-down'
  | 'disk-full'
  | 'store-failover'
  | 'odd-answer'
  | 'huge-answer'
  | 'hostile'
  | 'upgrade'
  | 'rollback'
  | 'redeploy'
  /** in gestures only: nobody is frozen by chance */
  | 'thaw';

export interface Cell {
  readonly point: PointName;
  readonly kind?: RecordKind;
  /** addressed to a task of the scenario */
  readonly byTask?: boolean;
  readonly client?: boolean;
  /** strikes only where somebody listens */
  readonly events?: boolean;
  readonly action: ActionName;
  readonly family: Family;
}

const CALLS: readonly ActionName[] = ['crash-before', 'crash-after'];
const UNKNOWNS: readonly ActionName[] = [
  'unknown-landed',
  'unknown-lost',
  'unknown-late',
  'unknown-twice',
];
const PAUSES: readonly ActionName[] = ['pause-before', 'pause-after'];

const OF_FAMILY: { readonly [action in ActionName]?: Family } = {
  'crash-before': 'crash',
  'crash-after': 'crash',
  'pause-before': 'pause',
  'pause-after': 'pause',
  rebalance: 'group',
  jump: 'clock',
  storm: 'crash',
  swizzle: 'pause',
  'broker-jump': 'clock',
  'tail-lost': 'broker-loss',
  overtaken: 'broker-loss',
  'store-failover': 'store-loss',
  hostile: 'stranger',
  upgrade: 'build',
  rollback: 'build',
  redeploy: 'build',
};

function cells(
  family: Family,
  where: Omit<Cell, 'action' | 'family'>,
  actions: readonly ActionName[],
): Cell[] {
  return actions.map((action) => ({ ...where, action, family: OF_FAMILY[action] ?? family }));
}

const APPENDED: readonly RecordKind[] = ['STEP', 'END', 'CLAIM', 'PARK', 'RESUME', 'MARK', 'CARRY'];

export const CELLS: readonly Cell[] = [
  ...APPENDED.flatMap((kind) => cells('append', { point: 'append', kind }, CALLS)),
  ...cells('append', { point: 'append', kind: 'STEP', byTask: true }, CALLS),
  ...cells('activity', { point: 'activity', byTask: true }, [...CALLS, 'error', 'slow']),
  ...APPENDED.flatMap((kind) =>
    cells('append', { point: 'append', kind }, [
      ...UNKNOWNS,
      'refused',
      'slow',
      ...PAUSES,
      'rebalance',
    ]),
  ),
  ...cells('activity', { point: 'activity', byTask: true }, [...UNKNOWNS, ...PAUSES, 'rebalance']),
  ...cells('read', { point: 'next' }, ['slow', 'refused', ...CALLS, ...PAUSES]),
  ...cells('read', { point: 'hint' }, ['slow', 'refused', 'unknown-lost', ...CALLS]),
  ...cells('read', { point: 'range' }, ['slow', 'refused', ...CALLS]),
  ...cells('read', { point: 'offset-at', client: true }, ['slow', 'refused', ...CALLS]),
  ...cells('read', { point: 'fetch' }, ['slow', 'refused', ...CALLS]),
  ...cells('read', { point: 'definition' }, ['slow', 'refused', ...CALLS]),
  ...cells('store', { point: 'load' }, ['slow', 'refused', ...CALLS]),
  ...cells('store', { point: 'fold' }, [...CALLS, ...UNKNOWNS, 'refused', 'slow', ...PAUSES]),
  ...cells('store', { point: 'due' }, ['slow', 'refused', ...CALLS]),
  ...cells('clock', { point: 'timer' }, ['crash-before', 'slow', 'jump', 'pause-before']),
  ...cells('group', { point: 'join' }, ['crash-after', 'slow']),
  ...cells('append', { point: 'append', kind: 'START', client: true }, [
    ...UNKNOWNS,
    'refused',
    'crash-after',
  ]),
  ...cells('group', { point: 'append', kind: 'STEP' }, ['storm', 'swizzle', 'jump']),
  ...cells('store', { point: 'keep', events: true }, [
    ...CALLS,
    ...UNKNOWNS,
    'refused',
    'slow',
    ...PAUSES,
    'rebalance',
  ]),
  ...cells('store', { point: 'match', events: true }, [
    ...CALLS,
    ...UNKNOWNS,
    'refused',
    'slow',
    ...PAUSES,
    'rebalance',
  ]),
  ...cells('store', { point: 'matches', events: true }, ['slow', 'refused', ...CALLS, ...PAUSES]),
  ...cells('store', { point: 'listen-read', events: true }, [
    'slow',
    'refused',
    ...CALLS,
    ...PAUSES,
  ]),
  ...cells('read', { point: 'events-next', events: true }, ['slow', 'refused', ...CALLS]),
  ...cells('append', { point: 'events-append', events: true }, [...CALLS, ...UNKNOWNS, 'slow']),
  ...cells('append', { point: 'events-append', events: true, client: true }, [
    ...UNKNOWNS,
    'crash-after',
  ]),
  ...cells('group', { point: 'events-join', events: true }, ['crash-after', 'slow']),
  ...cells('append', { point: 'append', kind: 'STEP' }, [
    'leader-change',
    'no-space',
    'unauthorised',
    'broker-jump',
    'hostile',
    'redeploy',
    'upgrade',
    'rollback',
    'tail-lost',
    'overtaken',
  ]),
  ...cells('append', { point: 'append', kind: 'START', client: true }, [
    'leader-change',
    'broker-jump',
    'hostile',
  ]),
  ...cells('append', { point: 'append', kind: 'CLAIM' }, ['leader-change', 'hostile', 'tail-lost']),
  ...cells('append', { point: 'append', kind: 'MARK' }, ['hostile', 'tail-lost', 'overtaken']),
  ...cells('read', { point: 'fetch' }, ['leader-change', 'overtaken']),
  ...cells('read', { point: 'range' }, ['leader-change']),
  ...cells('clock', { point: 'timer' }, ['broker-jump']),
  ...cells('store', { point: 'fold' }, [
    'serialization',
    'deadlock',
    'store-down',
    'disk-full',
    'store-failover',
  ]),
  ...cells('store', { point: 'load' }, ['store-down', 'store-failover']),
  ...cells('store', { point: 'due' }, ['store-down', 'store-failover']),
  ...cells('store', { point: 'branches' }, ['slow', 'refused', ...CALLS]),
  ...cells('store', { point: 'due' }, ['jump']),
  ...cells('activity', { point: 'activity', byTask: true }, ['odd-answer', 'huge-answer']),
];

/** Parameters of a fault, as small numbers. */
export interface RawFault {
  readonly cell: number;
  readonly nth: number;
  /** 0 = any, else one more than the index */
  readonly process: number;
  readonly partition: number;
  readonly run: number;
  readonly task: number;
  readonly scale: number;
  readonly flag: boolean;
}

/** What the catalogue has to know of the world that a plan is for. */
export interface Shape {
  readonly runners: number;
  readonly partitions: number;
  readonly instances: number;
  readonly tasks: readonly string[];
}

const DOWN_MS = [100, 1_000, 5_000, 15_000, 60_000] as const;
const SLOW_MS = [50, 500, 5_000, 40_000, 150_000] as const;
const LATE_MS = [30, 300, 3_000, 12_000, 40_000] as const;
const PAUSE_MS = [500, 12_000, 30_000, 90_000, 200_000] as const;
const AWAY_MS = [200, 2_000, 10_000, 40_000, 120_000] as const;
const LOST_RECORDS = [1, 2, 4, 8, 30] as const;
const LOST_COMMITS = [1, 2, 3, 5, 8] as const;
/** From what a State can hold several times to what no record can hold: that is an error of the task. */
const ANSWER_BYTES = [5_000, 50_000, 200_000, 500_000, 1_200_000] as const;
const BROKER_JUMP_MS = [2_000, -2_000, 8_000, 300_000, -8_000] as const;
const JUMP_MS = [1_000, 30_000, -30_000, 300_000, -300_000] as const;
export const SCALES = 5;

function pick(table: readonly number[], scale: number): number {
  return table[scale % table.length] ?? 0;
}

const INJECTED: WorkflowError = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
  status: 503,
  title: 'Injected: service unavailable',
};

/** `which` tells strangers apart. */
export function actionOf(name: ActionName, scale: number, flag: boolean, which = scale): Action {
  switch (name) {
    case 'crash-before':
      return { kind: 'crash', when: 'before', down: pick(DOWN_MS, scale) };
    case 'crash-after':
      return { kind: 'crash', when: 'after', down: pick(DOWN_MS, scale) };
    case 'refused':
      return { kind: 'refused' };
    case 'slow':
      return { kind: 'slow', ms: pick(SLOW_MS, scale) };
    case 'unknown-lost':
      return { kind: 'unknown', fate: 'lost', ms: 0, hears: flag ? 'nothing' : 'error' };
    case 'unknown-landed':
      return { kind: 'unknown', fate: 'landed', ms: 0, hears: flag ? 'nothing' : 'error' };
    case 'unknown-late':
      return { kind: 'unknown', fate: 'late', ms: pick(LATE_MS, scale), hears: 'error' };
    case 'unknown-twice':
      return {
        kind: 'unknown',
        fate: 'twice',
        ms: pick(LATE_MS, scale),
        hears: flag ? 'answer' : 'error',
      };
    case 'pause-before':
      return { kind: 'pause', when: 'before', ms: pick(PAUSE_MS, scale), expel: flag };
    case 'pause-after':
      return { kind: 'pause', when: 'after', ms: pick(PAUSE_MS, scale), expel: flag };
    case 'error':
      return { kind: 'error', error: INJECTED };
    case 'rebalance':
      return { kind: 'rebalance' };
    case 'jump':
      return { kind: 'jump', ms: pick(JUMP_MS, scale) };
    case 'storm':
      return { kind: 'storm', down: pick(DOWN_MS, scale) };
    case 'swizzle':
      return { kind: 'swizzle', ms: pick(PAUSE_MS, scale) };
    case 'no-space':
    case 'unauthorised':
    case 'serialization':
    case 'deadlock':
      return { kind: 'refused', why: name };
    case 'leader-change':
    case 'store-down':
    case 'disk-full':
      return { kind: name, ms: pick(AWAY_MS, scale) };
    case 'tail-lost':
      return { kind: 'tail-lost', records: pick(LOST_RECORDS, scale) };
    case 'store-failover':
      return { kind: 'store-failover', commits: pick(LOST_COMMITS, scale) };
    case 'broker-jump':
      return { kind: 'broker-jump', ms: pick(BROKER_JUMP_MS, scale) };
    case 'odd-answer':
      return { kind: 'answer', how: 'odd', bytes: 0 };
    case 'huge-answer':
      return { kind: 'answer', how: 'huge', bytes: pick(ANSWER_BYTES, scale) };
    case 'hostile':
      return { kind: 'hostile', which };
    case 'upgrade':
      return { kind: 'build', build: 1 };
    case 'rollback':
      return { kind: 'build', build: 0 };
    case 'overtaken':
    case 'redeploy':
    case 'thaw':
      return { kind: name };
  }
}

/** How often a call happens in a run, roughly: a later one would seldom come. */
function nthMax(cell: Cell): number {
  if (cell.client) return 8;
  switch (cell.point) {
    case 'append':
      if (cell.byTask) return 8;
      return cell.kind === 'STEP' ? 40 : cell.kind === 'MARK' ? 15 : 6;
    case 'activity':
      return 8;
    case 'next':
    case 'timer':
      return 40;
    case 'fold':
    case 'keep':
    case 'match':
      return 10;
    case 'listen-read':
    case 'matches':
      return 20;
    default:
      return 5;
  }
}

/** Makes a fault of its parameters; whatever they are, it fits the shape. */
export function faultOf(
  chosen: readonly Cell[],
  raw: RawFault,
  shape: Shape,
): Omit<PlannedFault, 'id'> {
  const cell = chosen[raw.cell % chosen.length];
  if (cell === undefined) throw new Error('there is no cell to choose from');
  const { action, byTask, client, kind, point } = cell;
  const any = (raw_: number, count: number): number | undefined =>
    raw_ === 0 ? undefined : (raw_ - 1) % count;
  const process = client ? 'client' : any(raw.process, shape.runners);
  const partition = any(raw.partition, shape.partitions);
  const run = any(raw.run, shape.instances);
  const task = shape.tasks[raw.task % Math.max(1, shape.tasks.length)];
  const perPartition = point !== 'activity' && point !== 'timer' && !point.endsWith('join');
  // A run has few records of its own: late ordinals of it would never come.
  const byRun = run !== undefined && (kind !== undefined || byTask === true);
  return {
    at: {
      point,
      nth: 1 + ((raw.nth - 1) % (byRun ? 3 : nthMax(cell))),
      ...(process === undefined ? {} : { process }),
      ...(partition === undefined || !perPartition || byRun ? {} : { partition }),
      ...(kind === undefined ? {} : { kind }),
      ...(byTask && task !== undefined ? { task } : {}),
      ...(byRun && hasRun(kind) ? { run } : {}),
    },
    does: actionOf(action, raw.scale, raw.flag, raw.scale + SCALES * (raw.task % 8)),
  };
}

/** Some records belong to no run. */
function hasRun(kind: RecordKind | undefined): boolean {
  return kind !== 'CLAIM' && kind !== 'MARK';
}

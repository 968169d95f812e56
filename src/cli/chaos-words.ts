/*
 * The words of a campaign for people who use Waybill and do not build it: promises, faults, places.
 *
 * Invariant: a name that is not in a table here is shown as it is, never left out.
 */
import type { Situations } from '../chaos/coverage.ts';

/** Promises of DESIGN.md section 2, each in one short line of a user's words. */
const PROMISES: Readonly<Record<string, string>> = {
  P1: 'What was accepted is never lost',
  P2: 'Every step happens exactly once, whatever crashes',
  P3: 'One effect, one key: a repeated attempt is recognisable',
  P4: 'No timer is lost, none fires early',
  P5: 'A fork joins once, results in order',
  P6: 'Retries never exceed the policy',
  P7: 'Compensations run in reverse, once each',
  P8: 'A run keeps the definition it started with',
  P9: 'Every run ends, or says what it waits for',
  P10: 'Nothing crashes a runner for good',
  P11: 'The write budget holds',
  P12: 'The same seed gives the same run',
};

export const RULES = 'rules';
export const YOURS = 'yours';

/** The row that a promise of an oracle is counted in. */
export function rowOf(promise: string): string {
  if (promise === 'scenario') return YOURS;
  return promise.startsWith('R') ? RULES : promise;
}

export function promiseWords(row: string): string {
  if (row === RULES) return 'The rules of the Log hold, for every reader alike';
  if (row === YOURS) return 'What the scenario itself demands';
  return PROMISES[row] ?? row;
}

export const ROWS: readonly string[] = [...Object.keys(PROMISES), YOURS, RULES];

/** What a fault does, as a noun. */
const FAULTS: Readonly<Record<string, string>> = {
  'crash-before': 'crash before a call',
  'crash-after': 'crash after a call',
  storm: 'all runners crash',
  'pause-before': 'freeze before a call',
  'pause-after': 'freeze after a call',
  swizzle: 'rolling freeze',
  'unknown-landed': 'no answer, but it happened',
  'unknown-lost': 'no answer, never happened',
  'unknown-late': 'no answer, happened later',
  'unknown-twice': 'happened twice',
  refused: 'refused',
  slow: 'slow',
  error: 'error of a service',
  rebalance: 'partitions dealt anew',
  jump: 'clock jump',
};

export function faultWords(kind: string): string {
  return FAULTS[kind] ?? kind;
}

/** Order of fault kinds wherever they are listed. */
export function faultOrder(kind: string): number {
  const at = Object.keys(FAULTS).indexOf(kind);
  return at < 0 ? Object.keys(FAULTS).length : at;
}

const FAMILIES: readonly (readonly [family: string, kinds: RegExp])[] = [
  ['crashes', /^(?:crash|storm)/],
  ['freezes', /^(?:pause|swizzle)/],
  ['unknown outcomes', /^unknown/],
  ['refused calls', /^refused/],
  ['slow calls', /^slow/],
  ['service errors', /^error/],
  ['rebalances', /^rebalance/],
  ['clock jumps', /^jump/],
];

/** The family of a fault kind, in the plural. */
export function familyOf(kind: string): string {
  return FAMILIES.find(([, kinds]) => kinds.test(kind))?.[0] ?? kind;
}

export const SITUATIONS: { readonly [name in keyof Situations]: string } = {
  takeoverInMidActivity: 'takeovers while a service was at work',
  zombieAppend: 'writes of a runner that had lost its partition, void',
  unknownThenLate: 'writes without an answer that arrived later',
  crashDuringRecovery: 'crashes in the middle of a recovery',
};

/** Port calls: the group they belong to, and a short word. */
const POINTS: Readonly<Record<string, readonly [group: string, label: string]>> = {
  activity: ['services', 'call'],
  next: ['reading the Log', 'next'],
  fetch: ['reading the Log', 'fetch'],
  range: ['reading the Log', 'range'],
  'offset-at': ['reading the Log', 'seek'],
  hint: ['reading the Log', 'hint'],
  definition: ['reading the Log', 'definition'],
  load: ['Store', 'load'],
  fold: ['Store', 'fold'],
  due: ['Store', 'due'],
  timer: ['clock and group', 'timer'],
  join: ['clock and group', 'join'],
};

export function pointWords(point: string, kind: string | undefined): readonly [string, string] {
  if (point === 'append') return ['appending', kind ?? 'any'];
  return POINTS[point] ?? ['other', point];
}

/** Order of the columns of the matrix. */
export function pointOrder(point: string): number {
  return ['append', ...Object.keys(POINTS)].indexOf(point);
}

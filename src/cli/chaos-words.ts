/*
 * The words of a campaign for people who use Waybill and do not build it: faults and places.
 *
 * Invariant: a name that is not in a table here is shown as it is, never left out.
 */
import type { Situations } from '../chaos/coverage.ts';

/** What a fault does, as a noun. */
const FAULTS: Readonly<Record<string, string>> = {
  'crash-before': 'crash before a call',
  'crash-after': 'crash after a call',
  storm: 'all runners crash',
  'pause-before': 'freeze before a call',
  'pause-after': 'freeze after a call',
  swizzle: 'rolling freeze',
  thaw: 'a frozen runner wakes up',
  'unknown-landed': 'no answer, but it happened',
  'unknown-lost': 'no answer, never happened',
  'unknown-late': 'no answer, happened later',
  'unknown-twice': 'happened twice',
  refused: 'refused',
  'no-space': 'refused: no room on the device',
  unauthorised: 'refused: not allowed',
  serialization: 'refused: not serializable',
  deadlock: 'refused: a deadlock',
  slow: 'slow',
  error: 'error of a service',
  'odd-answer': 'odd JSON in an answer',
  'huge-answer': 'a huge answer',
  rebalance: 'partitions dealt anew',
  'leader-change': 'a partition has no leader',
  'store-down': 'the database is down',
  'disk-full': 'the disk of the database is full',
  jump: 'clock jump',
  'broker-jump': 'clock of the broker jumps',
  hostile: 'a record from a stranger',
  upgrade: 'a newer build takes its place',
  rollback: 'an older build takes its place',
  redeploy: 'another version is deployed',
  'tail-lost': 'newest records lost',
  overtaken: 'retention was faster',
  'store-failover': 'last commits lost',
};

export function faultWords(kind: string): string {
  return FAULTS[kind] ?? kind;
}

/** Order of fault kinds wherever they are listed. */
export function faultOrder(kind: string): number {
  const at = Object.keys(FAULTS).indexOf(kind);
  return at < 0 ? Object.keys(FAULTS).length : at;
}

const FAMILIES: readonly (readonly [one: string, many: string, kinds: RegExp])[] = [
  ['crash', 'crashes', /^(?:crash|storm)/],
  ['freeze', 'freezes', /^(?:pause|swizzle|thaw)/],
  ['unknown outcome', 'unknown outcomes', /^unknown/],
  ['refused call', 'refused calls', /^(?:refused|no-space|unauthorised|serialization|deadlock)/],
  ['slow call', 'slow calls', /^slow/],
  ['service error', 'service errors', /^error/],
  ['odd answer', 'odd answers', /-answer$/],
  ['rebalance', 'rebalances', /^rebalance/],
  ['leader change', 'leader changes', /^leader-change/],
  ['database outage', 'database outages', /^(?:store-down|disk-full)/],
  ['clock jump', 'clock jumps', /^(?:broker-)?jump/],
  ["stranger's record", "strangers' records", /^hostile/],
  ['change of version', 'changes of version', /^(?:upgrade|rollback|redeploy)/],
  ['loss of data', 'losses of data', /^(?:tail-lost|overtaken|store-failover)/],
];

/** The family of a fault kind, as one and as many. */
export function familyOf(kind: string): readonly [one: string, many: string] {
  const found = FAMILIES.find(([, , kinds]) => kinds.test(kind));
  return found === undefined ? [kind, kind] : [found[0], found[1]];
}

export const SITUATIONS: { readonly [name in keyof Situations]: string } = {
  takeoverInMidActivity: 'takeovers while a service was at work',
  zombieAppend: 'writes of a runner that had lost its partition, void',
  unknownThenLate: 'writes without an answer that arrived later',
  crashDuringRecovery: 'crashes in the middle of a recovery',
};

/** Port calls: the group they belong to, and a short word. */
const POINTS: Readonly<Record<string, readonly [group: string, label: string]>> = {
  activity: ['call', 'service'],
  next: ['reading the Log', 'next'],
  fetch: ['reading the Log', 'fetch'],
  range: ['reading the Log', 'range'],
  'offset-at': ['reading the Log', 'seek'],
  hint: ['reading the Log', 'hint'],
  definition: ['reading the Log', 'definition'],
  load: ['Store', 'load'],
  fold: ['Store', 'fold'],
  due: ['Store', 'due'],
  keep: ['events', 'keep'],
  match: ['events', 'match'],
  matches: ['events', 'matches'],
  'listen-read': ['events', 'look up'],
  'events-next': ['events', 'next'],
  'events-append': ['events', 'send'],
  'events-join': ['events', 'join'],
  branches: ['Store', 'branches'],
  timer: ['other', 'timer'],
  join: ['other', 'join'],
};

export function pointWords(point: string, kind: string | undefined): readonly [string, string] {
  if (point === 'append') return ['appending', kind ?? 'any'];
  return POINTS[point] ?? ['other', point];
}

/** Order of the columns of the matrix. */
export function pointOrder(point: string): number {
  return ['append', ...Object.keys(POINTS)].indexOf(point);
}

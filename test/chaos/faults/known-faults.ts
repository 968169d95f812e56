/*
 * What is known to go wrong in systems like this one, and where the simulator does it: the catalogue that
 * docs/faults.md shows. A test holds it to the code: every fault that is named exists, every fault that
 * exists is named, and what is not done says why.
 */
import type { ActionName } from '../../../src/chaos/catalogue.ts';

export interface KnownFault {
  /** K broker, D database, C clock, P process, A service, V version, M message */
  readonly id: string;
  readonly says: string;
  /** faults that do it, alone or together */
  readonly by?: readonly ActionName[];
  readonly gestures?: readonly string[];
  /** what else in the simulator does it, without being asked */
  readonly always?: string;
  /** what part of it is not done, or why it cannot happen here */
  readonly not?: string;
}

const CRASHES: readonly ActionName[] = ['crash-before', 'crash-after'];
const UNKNOWN: readonly ActionName[] = [
  'unknown-lost',
  'unknown-landed',
  'unknown-late',
  'unknown-twice',
];
const PAUSES: readonly ActionName[] = ['pause-before', 'pause-after'];

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    id: 'K1',
    says: 'records are read again after a crash',
    by: CRASHES,
    always: 'every owner reads from a mark, whatever was done since',
  },
  {
    id: 'K2',
    says: 'partitions are dealt anew in the middle of a batch',
    by: ['rebalance'],
    gestures: ['racing claims'],
  },
  {
    id: 'K3',
    says: 'two owners believe in one partition',
    by: [...PAUSES, 'swizzle', 'thaw'],
    gestures: ['zombie', 'zombie meets heir', 'zombie after', 'swizzle'],
  },
  {
    id: 'K4',
    says: 'a fenced producer goes on writing',
    by: PAUSES,
    not: 'There is no fencing: a zombie is let write, and what it writes is void (R4).',
  },
  { id: 'K5', says: 'an append without an answer', by: UNKNOWN, gestures: ['unknown, then late'] },
  {
    id: 'K6',
    says: 'a batch lands twice',
    by: ['unknown-twice'],
    gestures: ['claimed twice, a batch between'],
  },
  {
    id: 'K7',
    says: 'an aborted transaction, a stalled last stable offset',
    not: 'The protocol uses no transactions of the broker.',
  },
  {
    id: 'K8',
    says: 'a transaction of unknown outcome',
    not: 'The protocol uses no transactions of the broker.',
  },
  {
    id: 'K9',
    says: 'another leader, and a tail that it did not have',
    by: ['leader-change', 'tail-lost'],
    gestures: [
      'leader change, then takeover',
      'tail lost, then takeover',
      'tail lost, then strangers',
    ],
    not: 'A loss is noticed by those who had read what is lost, and by a Store that is ahead of the Log; not by a new owner, once others have filled the gap.',
  },
  {
    id: 'K10',
    says: 'no order across partitions, another routing of keys',
    always: 'partitions are served independently, each with latencies of its own',
    not: 'The number of partitions never changes (R1): it is compared with the genesis at every takeover.',
  },
  {
    id: 'K11',
    says: 'gaps, compaction, retention that is faster than a reader',
    by: ['overtaken'],
    not: 'Compaction and transaction markers are refused when a topic is opened (R12).',
  },
  {
    id: 'K12',
    says: 'lost or stale group offsets',
    by: ['refused', 'unknown-lost'],
    not: 'The offset is a hint: a lost one costs reading. Nothing is ever reset to latest.',
  },
  {
    id: 'K13',
    says: 'lag, bursts, a reader that is too slow',
    by: ['slow'],
    always: 'answers come in pieces of any size; a busy process hears them late',
  },
  {
    id: 'K14',
    says: 'a broker that refuses: no room, no permission, too large',
    by: ['no-space', 'unauthorised', 'refused'],
    always: 'the limits of record and batch are those of the protocol',
  },
  {
    id: 'K15',
    says: 'records that are cut, empty or damaged',
    by: ['hostile'],
  },
  {
    id: 'D1',
    says: 'a commit without an answer',
    by: UNKNOWN,
    gestures: ['fold unknown, then takeover'],
  },
  {
    id: 'D2',
    says: 'serialization failures, deadlocks',
    by: ['serialization', 'deadlock'],
  },
  {
    id: 'D3',
    says: 'a torn outbox',
    not: 'There is none: the Log is the outbox, a fold is one transaction (S1), and the contract suites hold every adapter to it.',
  },
  {
    id: 'D4',
    says: 'a failover that loses the last commits',
    by: ['store-failover'],
    gestures: ['failover, then takeover'],
    not: 'What is no fold of the Log (once-keys, kept events and matches) is not lost: it needs a database that keeps what it confirms (R14). Without that a run may hear an event again.',
  },
  {
    id: 'D5',
    says: 'write skew, lost updates',
    always: 'the place of the fold is compared before it is set, also by a commit that lands late',
  },
  {
    id: 'D6',
    says: 'a database that is down, full or slow',
    by: ['store-down', 'disk-full', 'slow', 'refused'],
    gestures: ['database down, then takeover'],
  },
  {
    id: 'D7',
    says: 'rows in no particular order',
    always: 'what comes without a promised order comes shuffled',
    not: 'Nobody follows the database by a cursor.',
  },
  {
    id: 'C1',
    says: 'clocks that differ',
    by: ['jump', 'broker-jump'],
    gestures: ['split clock'],
  },
  { id: 'C2', says: 'clocks that step, both ways', by: ['jump', 'broker-jump'] },
  {
    id: 'C3',
    says: 'time zones, ends of months, timers of many weeks, a storm of timers',
    by: ['storm', 'store-down'],
    not: 'Zones and months are properties of the calendar (test/presets) and of the scenarios month-end and hourly-statement; the limit of setTimeout is a matter of adapters/system.',
  },
  {
    id: 'P1',
    says: 'a crash at every call of a port, also during recovery',
    by: CRASHES,
    gestures: [
      'crash during recovery',
      'takeover in mid-activity',
      'kept, then gone',
      'told to nobody, then takeover',
    ],
    always: 'the sweep strikes every call of a calm run once',
  },
  {
    id: 'P2',
    says: 'a process that freezes and comes back',
    by: PAUSES,
    gestures: ['zombie after', 'listener and event cross'],
  },
  {
    id: 'P3',
    says: 'a graceful stop, a slow start',
    by: ['slow', 'upgrade'],
    gestures: ['slow start'],
    not: 'Stops with CLOSE are tested in test/live; in the simulator a revoked owner drains and says CLOSE.',
  },
  { id: 'P4', says: 'all down, then all up', by: ['storm'], gestures: ['restart storm'] },
  {
    id: 'A1',
    says: 'a service that does not say whether it did it',
    by: UNKNOWN,
    always: 'a scenario can say which failures leave their effect behind',
  },
  {
    id: 'A2',
    says: 'an answer that comes when the next attempt is under way, a request that comes twice',
    by: ['unknown-late', 'unknown-twice', 'slow'],
    gestures: ['service too late'],
  },
  {
    id: 'A3',
    says: 'services that fail, are slow, or answer oddly or too much',
    by: ['error', 'slow', 'odd-answer', 'huge-answer'],
    not: 'What is no JSON at all never gets through the adapters of calls (test/activities).',
  },
  {
    id: 'A4',
    says: 'failures in the middle of a fan-out, and of a compensation',
    by: ['error', ...CRASHES],
    always: 'scenarios give their compensations failures too (trip-saga, merchant-onboarding)',
  },
  {
    id: 'A5',
    says: 'a service that forgets its idempotency keys',
    not: 'No engine can make up for it: the key is the promise (P3).',
  },
  {
    id: 'V1',
    says: 'old builds beside new ones',
    by: ['upgrade', 'rollback'],
    gestures: ['rolling upgrade'],
    not: 'Builds of the simulator differ by the format that they read; two builds with code of their own are in test/live/versions.',
  },
  {
    id: 'V2',
    says: 'another version of the workflow while runs are under way',
    by: ['redeploy'],
    gestures: ['rolling upgrade'],
  },
  {
    id: 'V3',
    says: 'runners that are configured differently',
    always: 'one in three worlds has runners that can hold next to nothing',
    not: 'Numbers of partitions and settings of topics are compared when a partition is claimed, and at start (R1, R12).',
  },
  {
    id: 'M1',
    says: 'an activity that kills whoever begins it',
    by: ['crash-after'],
    gestures: ['poison'],
  },
  {
    id: 'M2',
    says: 'requests for runs that are not there, twice, too late; runs put aside and cancelled',
    by: ['hostile'],
    always:
      'starts are sent twice; scenarios say which share of their runs is cancelled or suspended',
  },
  {
    id: 'M3',
    says: 'odd and huge payloads',
    by: ['hostile', 'odd-answer', 'huge-answer'],
  },
];

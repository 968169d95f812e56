/* What a runner is made of, and the limits that a user may set. */
import type { Transition } from '../core/index.ts';
import type {
  Activities,
  Broker,
  Clock,
  Definitions,
  Entropy,
  RunIndex,
  Store,
} from '../ports/index.ts';
import type { EndBody } from '../wire/index.ts';
import type { Lifecycle } from './happenings.ts';
import type { PlanCompiler } from './plans.ts';
import type { RefetchLimits } from './refetch.ts';
import type { CronNext } from './schedules.ts';
import type { WindowLimits } from './view.ts';

export interface Ports {
  readonly broker: Broker;
  /** the events log: CloudEvents of everyone, by (source, id) (R16, R19) */
  readonly events: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly activities: Activities;
  readonly definitions: Definitions;
  /** without it there is no index of runs, and nothing else changes */
  readonly index?: RunIndex;
}

/** Bounds of one partition's owner. */
export interface RuntimeLimits extends WindowLimits, RefetchLimits {
  /** strands that get on by themselves, beyond which STARTs wait in the Log and rows in the Store (R8) */
  readonly activeMax: number;
  /** what the State of these may weigh before STARTs wait, bytes */
  readonly activeBytesMax: number;
  /** effects on the Store that may wait to be folded, and hops whose events may wait to be published,
   *  before STARTs are held back (R15) */
  readonly unfoldedMax: number;
  /** what they may weigh before STARTs wait, bytes */
  readonly unfoldedBytesMax: number;
  /** open records that a new owner looks at before anything else happens; the others follow, more and more at a time */
  readonly inheritedFirst: number;
  /** how long a graceful stop waits for running activities, ms */
  readonly drainMs: number;
  /** how long events that another process has matched may wait to be looked for, ms */
  readonly listenPollMsMax: number;
  readonly batchRecordsMax: number;
  readonly batchBytesMax: number;
  /** bytes of a record of a strand that does as its definition says ... */
  readonly recordBytesMax: number;
  /** ... and of one that has failed, undoes what it did, is put aside or cancelled: never less */
  readonly lastBytesMax: number;
  readonly markEveryMs: number;
  readonly markEveryRecords: number;
}

export interface RunnerOptions {
  readonly name: string;
  /** prefix of the topics: which Log this is (genesis, R1) */
  readonly prefix: string;
  readonly limits?: Partial<RuntimeLimits>;
  /** how long the index keeps runs that have ended, ms (default 7 days) */
  readonly historyMs?: number;
  /** which lifecycle events are published: none, those of runs, those of their tasks as well (none) */
  readonly lifecycle?: Lifecycle;
  /** the calendar of schedules with cron; without it they never fire */
  readonly cron?: CronNext;
  /** makes Plans of Definitions; called once per Definition */
  readonly compile: PlanCompiler;
  /** A partition stopped, a rule was broken: what a person must see. */
  readonly onComplaint?: (said: string) => void;
  /** What happened in a run, once it is known valid; asking for it costs time on the hot path. */
  readonly onTransition?: (run: string, transition: Transition) => void;
  /** A root run has ended, once that is known valid. */
  readonly onEnd?: (run: string, body: EndBody) => void;
}

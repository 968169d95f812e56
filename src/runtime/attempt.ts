/*
 * One attempt of an activity, from when it is begun to when its answer counts or is not wanted any more:
 * what the activity is told (its context), and what it may say.
 *
 * A1. It settles once, for the record that owns it then: a cancelled strand takes it over.
 * A2. What was aborted for the engine's own sake (shutdown, lost tenure) has no error to tell: the activity
 *     is asked again, with its key, by whoever owns the record then.
 */
import { standardError } from '../core/index.ts';
import type { Absent, Activities, ActivityAnswer, ActivityContext, Clock } from '../ports/index.ts';
import type { Activity, Cause, WorkflowError } from '../wire/index.ts';
import type { Entry, Work } from './open-records.ts';
import type { Slot } from './slots.ts';

/** How long what was told to stop and goes on keeps its slot, ms. */
const STOPPING_MS = 5_000;

export interface AttemptHost {
  readonly clock: Clock;
  /** The attempt is over: with that, or because its time is. */
  settled(begun: Entry, owner: Entry, cause: Cause): void;
  /** It cannot be carried out here, for now. */
  absent(begun: Entry, owner: Entry): void;
}

export class Attempt implements ActivityContext {
  readonly run: string;
  readonly strand: string;
  readonly definition: string;
  private readonly host: AttemptHost;
  private readonly entry: Entry;
  private readonly work: Work;
  private readonly activity: Activity;
  /** of what is limited: kept until it has answered, or for a while after it was told to stop */
  private readonly slot: Slot | undefined;
  private stopWaiting: (() => void) | undefined;
  private over = false;
  private aborted = false;
  private stops = false;
  /** few have anything to stop */
  private aborts: (() => void)[] | undefined;

  constructor(host: AttemptHost, entry: Entry, work: Work, activity: Activity) {
    const { run, strand, definition } = entry.header;
    this.run = run;
    this.strand = strand;
    this.definition = definition;
    this.host = host;
    this.entry = entry;
    this.work = work;
    this.slot = work.slot;
    this.activity = activity;
  }

  begin(activities: Activities): void {
    const { activity, host, work } = this;
    work.ownedBy = this.entry;
    work.running = true;
    work.attempt = this;
    work.attemptEnd = host.clock.elapsed() + activity.timeout;
    try {
      activities.run(activity, this).then(
        (answer) => {
          this.leave();
          this.told(answer);
        },
        (error: unknown) => {
          this.leave();
          this.threw(error);
        },
      );
    } catch (error) {
      this.leave();
      this.threw(error);
    }
  }

  // -- what the activity may say while it runs ---------------------------------------------------

  onAbort(abort: () => void): void {
    if (this.stops) abort();
    else (this.aborts ??= []).push(abort);
  }

  heartbeat(): void {
    const { activity, host, work } = this;
    if (work.running) work.attemptEnd = host.clock.elapsed() + activity.timeout;
  }

  // -- what the owner wants ----------------------------------------------------------------------

  /** Asks it to stop; its answer is still wanted. */
  ask(): void {
    this.stops = true;
    for (const abort of this.aborts ?? []) abort();
  }

  /** Stops it: its answer is not wanted any more. */
  abort(): void {
    const { host, slot, work } = this;
    this.aborted = true;
    this.ask();
    if (slot === undefined || work.slot !== slot) return;
    this.stopWaiting = host.clock.at(host.clock.now() + STOPPING_MS, () => this.leave());
  }

  /** Its time is over. */
  timedOut(): void {
    const { name, pointer } = this.activity;
    this.failed(standardError('timeout', `${name} gave no answer in time`, pointer));
    this.abort();
  }

  /** Others may have its place. */
  private leave(): void {
    const { slot, work } = this;
    if (slot === undefined) return;
    slot.release();
    if (work.slot === slot) work.slot = undefined;
    this.stopWaiting?.();
  }

  // -- what it has said --------------------------------------------------------------------------

  private told(answer: ActivityAnswer | Absent | undefined): void {
    const { key, attempt, name } = this.activity;
    if (typeof answer !== 'object') this.threw(`${name} was answered with ${String(answer)}`);
    else if ('absent' in answer) this.absent();
    else if ('error' in answer) this.objected(answer.error);
    else this.settle({ kind: 'activity', key, attempt, result: answer.result });
  }

  private threw(error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    this.objected(standardError('runtime', said, this.activity.pointer));
  }

  /** A2 */
  private objected(error: WorkflowError): void {
    if (!this.aborted) this.failed(error);
  }

  private failed(error: WorkflowError): void {
    const { key, attempt } = this.activity;
    this.settle({ kind: 'activity', key, attempt, error });
  }

  private settle(cause: Cause): void {
    const owner = this.close();
    if (owner !== undefined) this.host.settled(this.entry, owner, cause);
  }

  private absent(): void {
    const owner = this.close();
    if (owner !== undefined) this.host.absent(this.entry, owner);
  }

  /** A1. Who owns it; undefined = it is over, or what it was for is resolved and waits for no answer. */
  private close(): Entry | undefined {
    const { work } = this;
    const owner = work.ownedBy!;
    if (this.over || owner.work !== work) return undefined;
    this.over = true;
    work.running = false;
    work.attemptEnd = undefined;
    return owner;
  }
}

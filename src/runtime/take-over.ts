/*
 * What an owner asks the Store once it has read its own CLAIM (PROTOCOL.md R14): how far it has applied
 * the Log, and which rows belong to forks that are open. It is asked until it answers.
 */
import type { Broker, Store } from '../ports/index.ts';
import type { LogView, Position } from './view.ts';

/** Runs that one question is about. */
const RUNS_AT_ONCE = 2_000;

export interface TakeOverEvents {
  /** Tries again in a while, if the owner still takes over. */
  later(act: () => void): void;
  guard(act: () => void): void;
  taken(applied: number): void;
  /** The Store has less than the mark says: it has lost commits, and the Log is to be folded again. */
  behind(applied: number): void;
  stop(reason: string): void;
}

export class TakeOver {
  private readonly broker: Broker;
  private readonly store: Store;
  private readonly partition: number;
  private readonly view: LogView;
  private readonly from: Position;
  private readonly events: TakeOverEvents;

  constructor(
    broker: Broker,
    store: Store,
    partition: number,
    view: LogView,
    from: Position,
    events: TakeOverEvents,
  ) {
    this.broker = broker;
    this.store = store;
    this.partition = partition;
    this.view = view;
    this.from = from;
    this.events = events;
  }

  begin(): void {
    this.store.load(this.partition).then(
      ({ applied, parked }) => this.events.guard(() => this.loaded(applied, parked)),
      () => this.events.later(() => this.begin()),
    );
  }

  /**
   * The Store has more than was read here. Mostly somebody else owns the Log by now, and reading on shows
   * it; if the Log itself does not go so far, it is not the one that was folded.
   */
  private beyond(applied: number): void {
    this.broker.range(this.partition).then(
      ({ end }) =>
        this.events.guard(() => {
          if (applied <= end) return this.events.later(() => this.begin());
          this.events.stop(
            `the Store has applied the Log up to ${applied}, and the Log ends at ${end}: it is the Store of another Log, or the Log has lost its tail`,
          );
        }),
      () => this.events.later(() => this.begin()),
    );
  }

  private loaded(applied: number, parked: number): void {
    const { from, view } = this;
    if (applied < from.offset) return this.events.behind(applied);
    if (applied > view.offset) return this.beyond(applied);
    view.folded(applied);
    const joining = new Set<string>();
    if (parked > 0) {
      for (const { header } of view.open.all()) if (header.joins > 0) joining.add(header.run);
    }
    this.loadBranches([...joining], applied);
  }

  /** Rows of strands whose fork is open: what ends the fork must name them. */
  private loadBranches(runs: readonly string[], applied: number): void {
    if (runs.length === 0) return this.events.taken(applied);
    this.store.branches(this.partition, runs.slice(0, RUNS_AT_ONCE)).then(
      (branches) =>
        this.events.guard(() => {
          for (const { identity, run, strand } of branches) {
            if (!this.view.resumed.has(identity)) this.view.noteParkedBranch(run, identity, strand);
          }
          this.loadBranches(runs.slice(RUNS_AT_ONCE), applied);
        }),
      () => this.events.later(() => this.loadBranches(runs, applied)),
    );
  }
}

/*
 * Forks that settle (PROTOCOL.md R18): once one is decided, or its strand is being cancelled, whoever
 * still goes on below it is cancelled, one hop each. Everything here follows from what is open, so that
 * a new owner comes to the same.
 */
import { isCancellable, settlement } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { ParkedRow, Store } from '../ports/index.ts';
import type { Offer, Offers } from './offers.ts';
import { lineageOf } from './open-records.ts';
import type { Timers } from './timers.ts';
import type { Entry, LogView } from './view.ts';

const ROWS_AGAIN_MS = 1_000;

export type How = 'run' | 'lost';

export interface SettlingEvents {
  writes(): boolean;
  now(): number;
  offer(offer: Offer): void;
  pump(): void;
  guard(act: () => void): void;
  planOf(hash: string): Plan | undefined;
}

export class Settling {
  private readonly view: LogView;
  private readonly offers: Offers;
  private readonly store: Store;
  private readonly partition: number;
  private readonly timers: Timers;
  private readonly events: SettlingEvents;
  /** joining STEPs whose branches are being cancelled, by identity */
  private readonly joins = new Map<number, How>();
  /** rows under way to be cancelled */
  private readonly rows = new Set<number>();

  constructor(
    view: LogView,
    offers: Offers,
    store: Store,
    partition: number,
    timers: Timers,
    events: SettlingEvents,
  ) {
    this.view = view;
    this.offers = offers;
    this.store = store;
    this.partition = partition;
    this.timers = timers;
    this.events = events;
  }

  /** A joining STEP has come, or an end of one of its branches. */
  consider(join: Entry): void {
    if (join.body?.kind !== 'STEP' || this.joins.has(join.identity)) return;
    const plan = this.events.planOf(join.header.definition);
    if (plan === undefined) return;
    const ends = [];
    for (const { body } of this.view.open.endsOf(join))
      if (body?.kind === 'END') ends.push(body.end);
    const how = settlement(plan, join.body.state, ends);
    if (how === undefined) return;
    this.joins.set(join.identity, how);
    for (const entry of this.view.open.below(join)) {
      if (this.belongs(entry.header.strand, join)) this.cancel(entry, how);
    }
    this.cancelRows(join, how);
  }

  /** How a branch is to be cancelled; undefined = it may go on. */
  dooms(entry: Entry): How | undefined {
    const { run, strand } = entry.header;
    if (this.joins.size === 0 || strand === '') return undefined;
    const join = this.view.open.joinOf(run, strand);
    return join === undefined ? undefined : this.joins.get(join.identity);
  }

  /** A branch has been parked: too late, if its fork settles. */
  parked(run: string, strand: string): void {
    if (this.joins.size === 0 || strand === '') return;
    const join = this.view.open.joinOf(run, strand);
    const how = join && this.joins.get(join.identity);
    if (join !== undefined && how !== undefined) this.cancelRows(join, how);
  }

  forget(entry: Entry): void {
    this.joins.delete(entry.identity);
  }

  private belongs(strand: string, join: Entry): boolean {
    const { parent, activation } = lineageOf(strand);
    return parent === join.header.strand && activation === join.header.joins;
  }

  private cancel(entry: Entry, how: How): void {
    const { work } = entry;
    if (work === undefined || work.queued || entry.body?.kind !== 'STEP') return;
    if (!isCancellable(entry.body.state)) return;
    work.queued = true;
    this.events.offer(this.offers.cancel(entry, how));
  }

  /** Rows that the Store has not folded yet are in the view; the others are asked for. */
  private cancelRows(join: Entry, how: How): void {
    const { run } = join.header;
    const wanted = new Set<number>();
    for (const [identity, strand] of this.view.parkedBranches.get(run) ?? []) {
      if (this.belongs(strand, join) && !this.rows.has(identity)) wanted.add(identity);
    }
    if (wanted.size === 0) return;
    for (const identity of wanted) this.rows.add(identity);
    for (const { change } of this.view.changes) {
      if (change.kind !== 'park' || !wanted.delete(change.row.identity)) continue;
      this.cancelRow(change.row, how);
    }
    if (wanted.size > 0) this.load(run, wanted, how);
  }

  private load(run: string, wanted: ReadonlySet<number>, how: How): void {
    this.store.parked(this.partition, run).then(
      (rows) =>
        this.events.guard(() => {
          if (!this.events.writes()) return;
          for (const row of rows) if (wanted.has(row.identity)) this.cancelRow(row, how);
          this.events.pump();
        }),
      () => {
        this.timers.at(this.events.now() + ROWS_AGAIN_MS, () => {
          if (this.events.writes()) this.load(run, wanted, how);
        });
      },
    );
  }

  private cancelRow(row: ParkedRow, how: How): void {
    const done = (): void => void this.rows.delete(row.identity);
    this.events.offer(this.offers.cancelRow(row, how, done));
  }
}

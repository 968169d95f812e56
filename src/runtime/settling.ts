/*
 * Forks that settle (PROTOCOL.md R18): once one is decided, or its strand is being cancelled, whoever
 * still goes on below it is cancelled, one hop each. Everything here follows from what is open, so that
 * a new owner comes to the same.
 */
import { settlement } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { ParkedRow } from '../ports/index.ts';
import { type Bodies, bodyOf } from './held-bodies.ts';
import type { Offer } from './offer.ts';
import type { Offers } from './offers.ts';
import { lineageOf } from './open-records.ts';
import type { Refetch } from './refetch.ts';
import type { SoundRows } from './sound-rows.ts';
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
  private readonly refetch: Refetch;
  private readonly stored: SoundRows;
  private readonly timers: Timers;
  private readonly events: SettlingEvents;
  /** joining STEPs whose branches are being cancelled, by identity */
  private readonly joins = new Map<number, How>();
  /** rows under way to be cancelled */
  private readonly rows = new Set<number>();
  /** joins of which is being fetched what says whether they are decided */
  private readonly loading = new Set<Entry>();

  constructor(
    view: LogView,
    offers: Offers,
    refetch: Refetch,
    stored: SoundRows,
    timers: Timers,
    events: SettlingEvents,
  ) {
    this.view = view;
    this.offers = offers;
    this.refetch = refetch;
    this.stored = stored;
    this.timers = timers;
    this.events = events;
  }

  /** A joining STEP has come, or an end of one of its branches. */
  consider(join: Entry): void {
    const { wants } = join;
    if (wants?.fork === undefined || this.joins.has(join.identity)) return;
    if (wants.settling) return this.settle(join, 'run');
    const plan = this.events.planOf(join.header.definition);
    const node = plan?.byPointer.get(wants.fork);
    if (plan === undefined || (node?.kind !== 'fork' && node?.kind !== 'parallel')) return;
    if (node.settles !== true) return;
    this.decide(plan, join, new Map());
  }

  /** Asks its ends, which may have to be fetched (R8). */
  private decide(plan: Plan, join: Entry, fetched: Bodies): void {
    if (this.loading.has(join)) return;
    const all = [join, ...this.view.open.endsOf(join)];
    const needs = all.filter((one) => bodyOf(one, fetched) === undefined);
    if (needs.length > 0) {
      this.loading.add(join);
      return this.refetch.load(needs, fetched, () => {
        this.loading.delete(join);
        const isOpen = this.view.open.get(join.identity) === join;
        if (isOpen && !this.joins.has(join.identity)) this.decide(plan, join, fetched);
        else this.refetch.release(fetched);
        this.events.pump();
      });
    }
    const [body, ...ended] = all.map((one) => bodyOf(one, fetched));
    const ends = ended.flatMap((one) => (one?.kind === 'END' ? [one.end] : []));
    const how = body?.kind === 'STEP' ? settlement(plan, body.state, ends) : undefined;
    this.refetch.release(fetched);
    if (how !== undefined) this.settle(join, how);
  }

  private settle(join: Entry, how: How): void {
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
    if (work === undefined || work.queued || entry.wants?.cancellable !== true) return;
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
    this.stored(
      run,
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

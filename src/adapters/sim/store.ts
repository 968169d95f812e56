/*
 * SimStore: the database of a simulated world. Rows are kept as text, as a real one would: what comes
 * out never shares anything with what went in.
 *
 * Owns: the rows and `applied` of every partition. Invariants: port rules S1-S3; a commit that lands
 * late is still compared before it sets; results without a promised order come shuffled.
 */
import type {
  Due,
  EventStore,
  Folded,
  JournalRow,
  ParkedBranch,
  ParkedRow,
  Projections,
  ResultRow,
  Store,
  StoreChange,
} from '../../ports/index.ts';
import { type Beside, SimEventStore } from './event-store.ts';
import { type Point, type PointName, Unavailable } from './faults.ts';
import type { Gate, Reply } from './gate.ts';
import type { Life } from './process.ts';
import { SimProjections } from './projections.ts';
import { type Random, shuffled, stream } from './random.ts';
import {
  type KeptChange,
  type KeptRow,
  read,
  readJournal,
  type Transition,
  write,
} from './store-rows.ts';

interface Table {
  applied: number;
  readonly rows: Map<number, KeptRow>;
  readonly journal: KeptTransition[];
}

interface KeptTransition extends Transition {
  /** when it was committed, virtual ms */
  readonly keptAt: number;
}

/** What a fold has replaced: a failover to a copy that had not heard of it puts it back. */
interface Before {
  readonly partition: number;
  readonly applied: number;
  readonly rows: ReadonlyMap<number, KeptRow>;
  readonly journal: Table['journal'];
  readonly results: ReadonlyMap<string, string>;
  readonly beside: Beside;
}

/** Commits that a failover can lose. */
const COMMITS_KEPT = 16;

export class SimStore {
  /** keeps what a failover would put back: costs a copy of the rows at each commit */
  remembers = false;
  private readonly past: Before[] = [];
  /** when rows of the journal that a failover has lost were first there, by partition and columns */
  private readonly firstKept = new Map<string, number>();
  private readonly gate: Gate;
  private readonly tables = new Map<number, Table>();
  private readonly results = new Map<string, string>();
  private readonly keys = new Map<string, string>();
  private readonly random: Random;
  /** rows written since the beginning, for write budgets */
  readonly writes = { inserted: 0, updated: 0, deleted: 0, folds: 0 };
  readonly events: SimEventStore;
  readonly projections = new SimProjections();

  constructor(gate: Gate, seed: number | string) {
    this.gate = gate;
    this.random = stream(seed, 'store');
    const random = stream(seed, 'event-store');
    this.events = new SimEventStore(this.writes, random, (partition) => this.applied(partition));
  }

  portFor(life: Life): Store {
    return new StorePort(this, this.gate, life);
  }

  /** Where the fold of `partition` has got to. */
  applied(partition: number): number {
    return this.table(partition).applied;
  }

  parkedRows(partition: number): readonly ParkedRow[] {
    return [...this.table(partition).rows.values()].map(read);
  }

  journalRows(partition: number): readonly { readonly row: JournalRow; readonly keptAt: number }[] {
    const { journal } = this.table(partition);
    return journal.map((kept) => ({ row: readJournal(kept), keptAt: kept.keptAt }));
  }

  journal(partition: number, run: string): readonly JournalRow[] {
    return this.table(partition)
      .journal.filter((row) => row.run === run)
      .map(readJournal);
  }

  resultRows(): readonly ResultRow[] {
    return [...this.results.values()].map((text) => JSON.parse(text) as ResultRow);
  }

  load(partition: number): { readonly applied: number; readonly parked: number } {
    const { applied, rows } = this.table(partition);
    return { applied, parked: rows.size };
  }

  fold(partition: number, from: number, to: number, changes: readonly KeptChange[]): Folded {
    const table = this.table(partition);
    if (table.applied !== from) return { stale: table.applied };
    if (this.remembers) this.remember(partition, table);
    for (const change of changes) this.change(partition, table, change);
    table.applied = to;
    this.writes.folds += 1;
    return 'applied';
  }

  due(partition: number, until: number, limit: number, except: ReadonlySet<number>): Due {
    const waiting = [...this.table(partition).rows.values()].filter(
      (row) => row.due !== undefined && !except.has(row.identity),
    );
    const at = (row: KeptRow): number => row.due ?? Infinity;
    // Oldest due first is promised; which of two that are due together is not.
    const ordered = shuffled(waiting, this.random).sort((a, b) => at(a) - at(b));
    const due = ordered.filter((row) => at(row) <= until).slice(0, limit);
    const after = ordered[due.length];
    return { rows: due.map(read), next: after?.due, applied: this.applied(partition) };
  }

  rows(partition: number, identities: readonly number[]): readonly ParkedRow[] {
    return [...this.table(partition).rows.values()]
      .filter((row) => identities.includes(row.identity))
      .sort((a, b) => a.identity - b.identity)
      .map(read);
  }

  branches(partition: number, runs: readonly string[]): readonly ParkedBranch[] {
    const wanted = new Set(runs);
    const found = this.parkedRows(partition).filter(({ run, strand }) => wanted.has(run) && strand);
    return shuffled(found, this.random).map(({ identity, run, strand }) => ({
      identity,
      run,
      strand,
    }));
  }

  parked(partition: number, run: string): readonly ParkedRow[] {
    return [...this.table(partition).rows.values()]
      .filter((row) => row.run === run)
      .sort((a, b) => a.identity - b.identity)
      .map(read);
  }

  result(run: string): ResultRow | undefined {
    const text = this.results.get(run);
    return text === undefined ? undefined : (JSON.parse(text) as ResultRow);
  }

  once(key: string, run: string, instead?: string): string {
    const taken = this.keys.get(key);
    if (taken !== undefined && taken !== instead) return taken;
    this.keys.set(key, run);
    return run;
  }

  claimed(): { key: string; run: string }[] {
    return [...this.keys].map(([key, run]) => ({ key, run }));
  }

  forget(key: string): void {
    const run = this.keys.get(key);
    this.keys.delete(key);
    if (run !== undefined) this.results.delete(run);
  }

  /**
   * The database is away for `ms`: it answers nothing, or, with a full disk, takes nothing. What was
   * committed stays.
   */
  breakDown(ms: number, what: 'all' | 'writes'): void {
    const { gate } = this;
    const until = gate.scheduler.now + ms;
    const down = ({ point }: Point): Error | undefined => {
      if (gate.scheduler.now >= until) {
        if (gate.down === down) gate.down = undefined;
        return undefined;
      }
      if (!(what === 'all' ? OF_STORE : WRITES).has(point)) return undefined;
      return new Unavailable(what === 'all' ? 'the database is down' : 'its disk is full');
    };
    gate.down = down;
  }

  /**
   * A copy takes over that has not heard of the last commits, counted over all partitions: they are lost
   * although they were confirmed. Gives the partitions that went back. Only what is folded is lost: the
   * rest needs a database that keeps what it confirms (R14).
   */
  failover(commits: number): ReadonlySet<number> {
    const back = new Map<number, Beside>();
    for (const before of this.past.splice(-commits).toReversed()) {
      const { applied, beside, journal, partition, results, rows } = before;
      const table = this.table(partition);
      this.tables.set(partition, { applied, rows: new Map(rows), journal: [...journal] });
      this.results.clear();
      for (const [run, text] of results) this.results.set(run, text);
      back.set(partition, beside);
      const lost = table.journal.slice(journal.length);
      for (const row of lost) this.firstKept.set(`${partition} ${row.columns}`, row.keptAt);
    }
    for (const [partition, beside] of back) this.events.putBack(partition, beside);
    return new Set(back.keys());
  }

  private remember(partition: number, { applied, journal, rows }: Table): void {
    const kept = { rows: new Map(rows), journal: [...journal], results: new Map(this.results) };
    this.past.push({ partition, applied, ...kept, beside: this.events.beside(partition) });
    if (this.past.length > COMMITS_KEPT) this.past.shift();
  }

  private change(partition: number, table: Table, change: KeptChange): void {
    switch (change.kind) {
      case 'park':
        table.rows.set(change.row.identity, change.row);
        this.writes.inserted += 1;
        this.events.parked(partition, change.row, change.listens);
        break;
      case 'resume':
        for (const identity of change.identities) {
          if (table.rows.delete(identity)) this.writes.deleted += 1;
        }
        this.events.resumed(partition, change.identities, change.events);
        break;
      case 'result':
        this.results.set(change.run, change.text);
        this.writes.inserted += 1;
        break;
      case 'rearm':
        this.rearm(table, change.identity, change.due);
        break;
      case 'fired':
        this.events.fired(partition, change.identity, change.events);
        break;
      case 'journal':
        table.journal.push({ ...change.row, keptAt: this.firstKeptAt(partition, change.row) });
        this.writes.inserted += 1;
        break;
    }
  }

  /** Whoever waits for the row has waited once: what a failover has lost of it nobody can know. */
  private firstKeptAt(partition: number, { columns }: Transition): number {
    return this.firstKept.get(`${partition} ${columns}`) ?? this.gate.scheduler.now;
  }

  private rearm(table: Table, identity: number, due: number | undefined): void {
    const row = table.rows.get(identity);
    if (row === undefined) return;
    const { due: _, ...columns } = JSON.parse(row.columns) as Omit<ParkedRow, 'record'>;
    const rearmed = due === undefined ? columns : { ...columns, due };
    table.rows.set(identity, { ...row, due, columns: JSON.stringify(rearmed) });
    this.writes.updated += 1;
  }

  private table(partition: number): Table {
    let table = this.tables.get(partition);
    if (table === undefined) {
      table = { applied: 0, rows: new Map(), journal: [] };
      this.tables.set(partition, table);
    }
    return table;
  }
}

/** Calls of the database, and those of them that write. */
const WRITES: ReadonlySet<PointName> = new Set([
  'fold',
  'once',
  'forget',
  'keep',
  'match',
  'index-write',
]);
const OF_STORE: ReadonlySet<PointName> = new Set([
  ...WRITES,
  'load',
  'due',
  'parked',
  'branches',
  'result',
  'matches',
  'listen-read',
  'index-read',
]);

class StorePort implements Store {
  readonly events: EventStore;
  readonly projections: Projections;
  private readonly store: SimStore;
  private readonly gate: Gate;
  private readonly life: Life;

  constructor(store: SimStore, gate: Gate, life: Life) {
    this.store = store;
    this.gate = gate;
    this.life = life;
    this.events = store.events.portFor(gate, life);
    this.projections = store.projections.portFor(gate, life);
  }

  load(partition: number): PromiseLike<{ readonly applied: number; readonly parked: number }> {
    return this.ask('load', partition, (reply) => reply.ok(this.store.load(partition)));
  }

  fold(
    partition: number,
    from: number,
    to: number,
    changes: readonly StoreChange[],
  ): PromiseLike<Folded> {
    const kept = changes.map(write);
    return this.ask('fold', partition, (reply) =>
      reply.ok(this.store.fold(partition, from, to, kept)),
    );
  }

  due(
    partition: number,
    until: number,
    limit: number,
    except: ReadonlySet<number>,
  ): PromiseLike<Due> {
    const without = new Set(except);
    return this.ask('due', partition, (reply) =>
      reply.ok(this.store.due(partition, until, limit, without)),
    );
  }

  rows(partition: number, identities: readonly number[]): PromiseLike<readonly ParkedRow[]> {
    const wanted = [...identities];
    return this.ask('parked', partition, (reply) => reply.ok(this.store.rows(partition, wanted)));
  }

  branches(partition: number, runs: readonly string[]): PromiseLike<readonly ParkedBranch[]> {
    const asked = [...runs];
    return this.ask('branches', partition, (reply) =>
      reply.ok(this.store.branches(partition, asked)),
    );
  }

  parked(partition: number, run: string): PromiseLike<readonly ParkedRow[]> {
    return this.ask('parked', partition, (reply) => reply.ok(this.store.parked(partition, run)));
  }

  result(run: string): PromiseLike<ResultRow | undefined> {
    return this.ask('result', undefined, (reply) => reply.ok(this.store.result(run)));
  }

  journal(partition: number, run: string): PromiseLike<readonly JournalRow[]> {
    return this.ask('parked', partition, (reply) => reply.ok(this.store.journal(partition, run)));
  }

  once(key: string, run: string, instead?: string): PromiseLike<string> {
    return this.ask('once', undefined, (reply) => reply.ok(this.store.once(key, run, instead)));
  }

  claimed(): PromiseLike<readonly { key: string; run: string }[]> {
    return this.ask('once', undefined, (reply) => reply.ok(this.store.claimed()));
  }

  forget(key: string): PromiseLike<void> {
    return this.ask<void>('forget', undefined, (reply) => {
      this.store.forget(key);
      reply.ok(undefined);
    });
  }

  private ask<T>(
    point: PointName,
    partition: number | undefined,
    perform: (reply: Reply<T>) => void,
  ): PromiseLike<T> {
    const { incarnation, process } = this.life;
    const about = { point, process: process.name, incarnation };
    return this.gate.request<T>(this.life, {
      point: partition === undefined ? about : { ...about, partition },
      perform,
    });
  }
}

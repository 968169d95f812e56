/*
 * A state of the model, in parts: the Log, what is on its way to it, the Store, what services have seen,
 * the luck that is left, and the runners. Each part is interned; a state is the list of their numbers.
 *
 * Invariant: runners have no names (a nonce names a claim, not a runner), so states that differ only in
 * who is who are one: their numbers are sorted.
 */
import { Interned } from './intern.ts';
import { type Batch, Logs, type Node, rec } from './log.ts';
import { BEGINNING, Readers, type Start } from './reader.ts';
import type { Broken } from './rules.ts';

/** What a run does. */
export type Program =
  /** one activity */
  | 'step'
  /** waits in the Store, then one activity */
  | 'wait'
  /** two branches of one activity each, and a join */
  | 'fork'
  /** waits in the Store for an event */
  | 'listen'
  /** one activity that takes its time and can be undone */
  | 'saga';

export interface Configuration {
  readonly name: string;
  readonly says: string;
  readonly runs: readonly Program[];
  readonly runners: number;
  /** a client asks for run 0 to be cancelled */
  readonly cancel?: boolean;
  /** a second copy of the START of run 0 is on its way */
  readonly startAgain?: boolean;
  /** an append may bring units of two runs */
  readonly pairs?: boolean;
  /** how often these may happen */
  readonly usurpers: number;
  readonly crashes: number;
  readonly copies?: number;
  readonly marks?: number;
  /** transactions of the Store that commit later, unknown to whoever asked */
  readonly lateCommits?: number;
  readonly failovers?: number;
  readonly carries?: number;
  readonly trims?: number;
  /** windows of a START that pass */
  readonly windows?: number;
}

/** What may still go wrong, and counters. */
export interface Luck {
  readonly usurpers: number;
  readonly crashes: number;
  readonly copies: number;
  readonly lateCommits: number;
  readonly failovers: number;
  readonly carries: number;
  readonly trims: number;
  readonly windows: number;
  readonly nonce: number;
  /** the Store has lost commits */
  readonly failedOver: boolean;
}

/** One transaction that brings the Store from one place of the Log to another. */
export interface Txn {
  readonly from: number;
  readonly to: Start;
  readonly inserts: readonly number[];
  readonly deletes: readonly number[];
  /** the event was kept already when whoever sent this looked */
  readonly saw: boolean;
}

export interface Store {
  /** everything before its offset is applied, and what is in force there */
  readonly applied: Start;
  readonly rows: readonly number[];
  /** row that the event has met, or -1 */
  readonly matched: number;
  /** an earlier state, which a failover brings back */
  readonly backup: { readonly applied: Start; readonly rows: readonly number[] } | undefined;
  /** on their way */
  readonly late: readonly Txn[];
  readonly marks: readonly Start[];
  /** the Log begins here, with whatever the reader of a CLAIM knows */
  readonly trimmed: Start | undefined;
  /** the correlator: event not seen, being looked at, kept; or lost, which is a bug */
  readonly event: 'none' | 'on its way' | 'looking' | 'passed' | 'kept' | 'lost';
  /** rows that the correlator saw when it began to look */
  readonly seen: readonly number[];
}

/** The service behind the activity of a saga. */
export interface Service {
  /** calls under way: nonce of the tenure, and whether it has been carried out */
  readonly calls: readonly { readonly by: number; readonly done: boolean }[];
  readonly done: boolean;
  readonly expired: boolean;
  readonly undone: boolean;
  /** the call was carried out when it had been undone already */
  readonly late: boolean;
}

export interface Runner {
  readonly phase: 'idle' | 'claiming' | 'owner';
  /** of its newest claim, and the offset at which it read it */
  readonly nonce: number;
  readonly tenure: number;
  readonly start: Start;
  /** Log as far as it has read it */
  readonly node: number;
  /** it has the rows as they were when so much was applied; -1 = not yet */
  readonly loaded: number;
  readonly rows: readonly number[];
  /** the Store has at least so much */
  readonly applied: number;
  /** batches whose fate it does not know */
  readonly sent: readonly number[];
  /** batch that it takes for valid though another stands in the Log */
  readonly belief: number;
  /** the activity of the saga: called, answered */
  readonly called: boolean;
  readonly heard: boolean;
}

export const IDLE: Runner = {
  phase: 'idle',
  nonce: 0,
  tenure: -1,
  start: BEGINNING,
  node: 0,
  loaded: -1,
  rows: [],
  applied: 0,
  sent: [],
  belief: -1,
  called: false,
  heard: false,
};

/** Places of the parts in a state. */
export const LOG = 0;
export const NET = 1;
export const STORE = 2;
export const SERVICE = 3;
export const LUCK = 4;
export const RUNNERS = 5;

/** A state, as numbers of its parts. */
export type Key = readonly number[];

/** The same with its parts looked up. */
export interface World {
  readonly log: Node;
  readonly net: readonly number[];
  readonly store: Store;
  readonly service: Service;
  readonly luck: Luck;
  readonly runners: readonly Runner[];
}

export class Parts {
  readonly logs = new Logs();
  readonly readers: Readers;
  readonly configuration: Configuration;
  readonly broken: Broken;
  readonly #nets = new Interned<readonly number[]>((net) => net.join());
  readonly #stores = new Interned<Store>(storeKey);
  readonly #services = new Interned<Service>(
    ({ calls, done, expired, late, undone }) =>
      `${calls.map((call) => `${call.by}${call.done}`).join()};${done}${expired}${undone}${late}`,
  );
  readonly #lucks = new Interned<Luck>((luck) => Object.values(luck).join());
  readonly #runners = new Interned<Runner>(runnerKey);

  constructor(configuration: Configuration, broken: Broken) {
    this.configuration = configuration;
    this.broken = broken;
    this.readers = new Readers(this.logs, broken);
  }

  get width(): number {
    return RUNNERS + this.configuration.runners;
  }

  world(key: ArrayLike<number>): World {
    const runners: Runner[] = [];
    for (let at = RUNNERS; at < this.width; at += 1) runners.push(this.#runners.get(key[at] ?? 0));
    return {
      log: this.logs.node(key[LOG] ?? 0),
      net: this.#nets.get(key[NET] ?? 0),
      store: this.#stores.get(key[STORE] ?? 0),
      service: this.#services.get(key[SERVICE] ?? 0),
      luck: this.#lucks.get(key[LUCK] ?? 0),
      runners,
    };
  }

  key({ log, luck, net, runners, service, store }: World): number[] {
    const who = runners.map((runner) => this.#runners.id(runner)).sort((a, b) => a - b);
    return [
      log.id,
      this.#nets.id(net),
      this.#stores.id(store),
      this.#services.id(service),
      this.#lucks.id(luck),
      ...who,
    ];
  }

  /** Numbers of the runners in the order in which the world has them: who is who in a story. */
  order({ runners }: World): number[] {
    return runners.map((runner) => this.#runners.id(runner));
  }

  batch(batch: Batch): number {
    return this.logs.batches.id(batch);
  }

  /** Runs are started and owned; nothing has been done. */
  begin(): World {
    const { cancel, runners, runs, startAgain } = this.configuration;
    const append = (node: Node, batch: Batch): Node => this.logs.append(node, this.batch(batch));
    let log = this.logs.node(0);
    runs.forEach((_, run) => {
      log = append(log, [rec('START', { run })]);
    });
    const tenure = log.end;
    log = append(log, [rec('CLAIM', { nonce: 1 })]);
    const net: number[] = [];
    if (cancel) net.push(this.batch([rec('CONTROL', { run: 0 })]));
    if (startAgain) net.push(this.batch([rec('START', { run: 0 })]));
    const owner: Runner = { ...IDLE, phase: 'owner', nonce: 1, tenure, node: log.id, loaded: 0 };
    const c = this.configuration;
    return {
      log,
      net: net.sort((a, b) => a - b),
      store: {
        applied: BEGINNING,
        rows: [],
        matched: -1,
        backup: undefined,
        late: [],
        marks: [BEGINNING],
        trimmed: undefined,
        event: runs.includes('listen') ? 'on its way' : 'none',
        seen: [],
      },
      service: { calls: [], done: false, expired: false, undone: false, late: false },
      luck: {
        usurpers: c.usurpers,
        crashes: c.crashes,
        copies: c.copies ?? 0,
        lateCommits: c.lateCommits ?? 0,
        failovers: c.failovers ?? 0,
        carries: c.carries ?? 0,
        trims: c.trims ?? 0,
        windows: c.windows ?? 0,
        nonce: 2,
        failedOver: false,
      },
      runners: [owner, ...Array.from({ length: runners - 1 }, () => IDLE)],
    };
  }
}

function storeKey(store: Store): string {
  const { applied, backup, event, late, marks, matched, rows, seen, trimmed } = store;
  return [
    applied.key,
    rows.join('.'),
    matched,
    backup === undefined ? '' : `${backup.applied.key}:${backup.rows.join('.')}`,
    late.map(txnKey).join('+'),
    marks.map((mark) => mark.key).join('+'),
    trimmed === undefined ? '' : trimmed.key,
    event,
    seen.join('.'),
  ].join(';');
}

export function txnKey({ deletes, from, inserts, saw, to }: Txn): string {
  return `${from}>${to.key}:${inserts.join('.')}-${deletes.join('.')}${saw ? '!' : ''}`;
}

function runnerKey(runner: Runner): string {
  const { applied, belief, called, heard, loaded, node, nonce, phase, rows, sent, start, tenure } =
    runner;
  if (phase === 'idle') return `${loaded};${rows.join('.')}`;
  return [
    phase === 'owner' ? 'o' : 'c',
    nonce,
    tenure,
    start.key,
    node,
    loaded,
    rows.join('.'),
    applied,
    sent.join('.'),
    belief,
    called ? 1 : 0,
    heard ? 1 : 0,
  ].join(';');
}

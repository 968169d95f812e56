/*
 * Histories made by hand, in real records: a small language in which a test says what landed in the
 * Log, what the services saw and what clients heard.
 *
 *   const made = new MadeHistory();
 *   const start = made.start('r1');
 *   made.claim();
 *   const a = made.hop([start], step('r1', 1, { call: 'a' }));
 *   made.serve('r1', 'a');
 *   made.hop([a], end('r1', 2, { heard: 'a' }));
 *
 * Every append takes 10 ms. `hop` gives the offset of its first record.
 */
import type { History, LedgerEntry } from '../../../src/chaos/history.ts';
import type { ParkedRow, StoredRecord } from '../../../src/ports/index.ts';
import {
  type Activity,
  type Cause,
  decodeHeader,
  decodeRecord,
  encodeRecord,
  type Json,
  type LogRecord,
  type Mark,
  type RecordBody,
  type RecordHeader,
  type State,
  type StrandEnd,
} from '../../../src/wire/index.ts';

export const EPOCH = 1_700_000_000_000;
const DEFINITION = 'ab'.repeat(32);
const REF = { namespace: 'test', name: 'made', version: '1.0.0' };

/** A record before it has a place: what `hop` puts into a unit. */
export interface Draft {
  readonly run: string;
  readonly strand: string;
  readonly hop: number;
  readonly joins?: number;
  readonly carries?: number;
  readonly journal?: true;
  readonly body: RecordBody;
}

export interface StepOptions {
  readonly strand?: string;
  /** name of the function that is called; its key is `<run>/<name>` unless `key` says otherwise */
  readonly call?: string;
  readonly key?: string;
  readonly pointer?: string;
  readonly role?: Activity['role'];
  readonly attempt?: number;
  readonly with?: Json;
  readonly notBefore?: number;
  readonly cause?: Cause;
  /** the outcome of that call led here: result {} unless `answer` or `failed` says otherwise */
  readonly heard?: string;
  readonly heardAttempt?: number;
  readonly answer?: Json;
  readonly failed?: boolean;
  /** the fork of that activation begins here, with so many branches */
  readonly forks?: {
    readonly activation: number;
    readonly total: number;
    /** all, if absent */
    readonly started?: number;
    readonly at?: string;
  };
  readonly cancelling?: State['cancelling'];
  readonly deadline?: number;
}

export function step(run: string, hop: number, options: StepOptions = {}): Draft {
  const { call, forks, notBefore } = options;
  const activity = call === undefined ? {} : { activity: activityOf(run, call, options) };
  const held = notBefore === undefined ? {} : { notBefore };
  return {
    run,
    strand: options.strand ?? '',
    hop,
    ...(forks === undefined ? {} : { joins: forks.activation }),
    body: {
      kind: 'STEP',
      state: stateOf(options),
      cause: causeOf(run, options),
      ...activity,
      ...held,
    },
  };
}

export function park(
  run: string,
  hop: number,
  due: number | undefined,
  options: StepOptions = {},
): Draft {
  return {
    run,
    strand: options.strand ?? '',
    hop,
    body: {
      kind: 'PARK',
      state: stateOf(options),
      cause: causeOf(run, options),
      ...(options.call === undefined ? {} : { activity: activityOf(run, options.call, options) }),
      why: due === undefined ? 'dead' : 'wait',
      ...(due === undefined ? { reason: 'five takeovers' } : { due }),
    },
  };
}

export function resume(run: string, rows: readonly number[]): Draft {
  return { run, strand: '', hop: 0, body: { kind: 'RESUME', rows, why: 'due' } };
}

export function end(
  run: string,
  hop: number,
  options: StepOptions & {
    readonly output?: Json;
    readonly error?: StrandEnd['error'];
    readonly compensations?: StrandEnd['compensations'];
  } = {},
): Draft {
  const outcome =
    options.error === undefined ? { output: options.output ?? {} } : { error: options.error };
  return {
    run,
    strand: options.strand ?? '',
    hop,
    body: {
      kind: 'END',
      end:
        options.compensations === undefined
          ? outcome
          : { ...outcome, compensations: options.compensations },
      cause: causeOf(run, options),
      definition: REF,
    },
  };
}

export const TIMER: Cause = { kind: 'timer' };

export function joined(ends: { readonly [branch: number]: StrandEnd }): Cause {
  return { kind: 'joined', ends };
}

export const BOOM = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
  status: 503,
  title: 'boom',
} as const;

function activityOf(run: string, name: string, options: StepOptions): Activity {
  return {
    key: options.key ?? `${run}/${name}`,
    role: options.role ?? 'do',
    pointer: options.pointer ?? `/do/0/${name}`,
    kind: 'function',
    name,
    arguments: options.with ?? {},
    attempt: options.attempt ?? 1,
    timeout: 300_000,
  };
}

function causeOf(run: string, options: StepOptions): Cause {
  if (options.cause !== undefined) return options.cause;
  if (options.heard === undefined) return { kind: 'start' };
  return {
    kind: 'activity',
    key: options.heard.includes('/') ? options.heard : `${run}/${options.heard}`,
    attempt: options.heardAttempt ?? 1,
    ...(options.failed === true ? { error: BOOM } : { result: options.answer ?? {} }),
  };
}

function stateOf({ cancelling, deadline, forks }: StepOptions): State {
  return {
    status: 'running',
    position: forks?.at ?? '/do/0/x',
    entering: false,
    frames:
      forks === undefined
        ? []
        : [
            {
              pointer: forks.at ?? '/do/0/x',
              node: {
                kind: 'fork',
                activation: forks.activation,
                total: forks.total,
                started: forks.started ?? forks.total,
                ends: {},
              },
              startedAt: EPOCH,
            },
          ],
    startedAt: EPOCH,
    activation: 0,
    pureHops: 0,
    ...(deadline === undefined ? {} : { deadline }),
    ...(cancelling === undefined ? {} : { cancelling }),
  };
}

interface Tenure {
  readonly offset: number;
  readonly nonce: number;
  n: number;
}

export class MadeHistory {
  now = EPOCH;
  readonly logs: StoredRecord[][];
  readonly ledger: LedgerEntry[] = [];
  readonly client: History['client'][number][] = [];
  readonly fired: History['fired'][number][] = [];
  readonly complaints: History['complaints'][number][] = [];
  readonly parked: History['store']['parked'][number][] = [];
  readonly journal: History['store']['journal'][number][] = [];
  /** up to where the Store has folded; by default everything */
  applied: number[] | undefined;
  healedAt = EPOCH;
  endedAt: number | undefined;
  quiescent = true;
  skewMax = 0;
  tenure: Tenure | undefined;
  #nonce = 100;

  constructor(partitions = 1) {
    this.logs = Array.from({ length: partitions }, () => []);
  }

  get end(): number {
    return this.logs[0]?.length ?? 0;
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  start(run: string, input: Json = {}, { partition = 0, acknowledged = true } = {}): number {
    const offset = this.land(
      { header: this.#header('START', { run }), body: { kind: 'START', definition: REF, input } },
      partition,
    );
    if (acknowledged) {
      this.client.push({ at: this.now, run, partition, input, outcome: 'acknowledged' });
    }
    return offset;
  }

  /** A tenure begins; the mark it starts from says nothing unless told otherwise. */
  claim(mark: Partial<Mark> = {}, takeovers: ReadonlyMap<number, number> = new Map()): Tenure {
    const nonce = this.#nonce++;
    const offset = this.land({
      header: { ...this.#header('CLAIM', {}), nonce },
      body: {
        kind: 'CLAIM',
        mark: { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0, ...mark },
        genesis: { prefix: 'test', partitions: this.logs.length, format: 1 },
        takeovers,
      },
    });
    this.tenure = { offset, nonce, n: 0 };
    return this.tenure;
  }

  /** One unit of the tenure (the newest one, or another that has not noticed). */
  hop(targets: readonly number[], ...drafts: readonly Draft[]): number {
    return this.hopOf(this.tenure as Tenure, targets, ...drafts);
  }

  hopOf(tenure: Tenure, targets: readonly number[], ...drafts: readonly Draft[]): number {
    const first = this.end;
    for (const record of this.unit(tenure, targets, ...drafts)) this.land(record);
    tenure.n += drafts.length;
    return first;
  }

  /** The records of a unit, before they land. */
  unit(tenure: Tenure, targets: readonly number[], ...drafts: readonly Draft[]): LogRecord[] {
    return drafts.map(({ body, carries, hop, joins, journal, run, strand }, index) => ({
      header: {
        ...this.#header(body.kind, { run, strand, hop }),
        tenure: tenure.offset,
        nonce: tenure.nonce,
        n: tenure.n + index + 1,
        unit: tenure.n + 1,
        unitSize: drafts.length,
        targets: index === 0 ? targets : [],
        joins: joins ?? 0,
        carries: carries ?? -1,
        ...(journal === undefined ? {} : { journal }),
      },
      body,
    }));
  }

  /** The header of a record that has landed, as a CARRY of it holds it. */
  headerAt(offset: number): RecordHeader {
    const record = this.logs[0]?.[offset];
    if (record === undefined) throw new RangeError(`nothing has landed at ${offset}`);
    return decodeHeader(record.bytes);
  }

  mark(mark: Mark): number {
    return this.hop([], { run: '', strand: '', hop: 0, body: { kind: 'MARK', mark, running: [] } });
  }

  land(record: LogRecord | Uint8Array, partition = 0): number {
    this.now += 10;
    const log = this.logs[partition] as StoredRecord[];
    const bytes = record instanceof Uint8Array ? record : encodeRecord(record);
    log.push({ offset: log.length, time: this.now, bytes });
    return log.length - 1;
  }

  /** A service received a call and answered. */
  serve(run: string, name: string, call: Partial<LedgerEntry> = {}): this {
    this.now += 5;
    this.ledger.push({
      at: this.now,
      key: `${run}/${name}`,
      role: 'do',
      name,
      request: {},
      run,
      strand: '',
      attempt: 1,
      runner: 'runner-1',
      applied: call.heard !== 'error',
      heard: 'result',
      answer: {},
      ...call,
    });
    return this;
  }

  /** The Store has journalled the record at that offset. */
  journalled(identity: number, keptAt?: number): this {
    const bytes = this.logs[0]?.[identity]?.bytes;
    if (bytes === undefined) throw new RangeError(`nothing has landed at ${identity}`);
    const record = decodeRecord(bytes);
    const { run, strand, hop, definition, kind, time } = record.header;
    const row = { identity, run, strand, hop, definition, kind, at: time, record };
    this.journal.push({ partition: 0, row, ...(keptAt === undefined ? {} : { keptAt }) });
    return this;
  }

  /** The Store holds a row for the PARK at that offset. */
  row(identity: number, { body, hop, run, strand }: Draft): this {
    if (body.kind !== 'PARK') throw new TypeError('only a PARK makes a row');
    const record = { header: this.#header('PARK', { run, strand, hop }), body };
    const row: ParkedRow = {
      identity,
      run,
      strand,
      hop,
      definition: DEFINITION,
      why: body.why,
      ...(body.due === undefined ? {} : { due: body.due }),
      record,
    };
    this.parked.push({ partition: 0, row });
    return this;
  }

  history(): History {
    return {
      logs: this.logs.map((log) => [...log]),
      store: {
        parked: this.parked,
        results: [],
        journal: this.journal,
        applied: this.applied ?? this.logs.map((log) => log.length),
      },
      ledger: this.ledger,
      client: this.client,
      fired: this.fired,
      processes: [],
      complaints: this.complaints,
      healedAt: this.healedAt,
      endedAt: this.endedAt ?? this.now + 10_000,
      quiescent: this.quiescent,
      skewMax: this.skewMax,
    };
  }

  #header(
    kind: RecordHeader['kind'],
    about: { readonly run?: string; readonly strand?: string; readonly hop?: number },
  ): RecordHeader {
    return {
      kind,
      tenure: 0,
      nonce: 0,
      n: 0,
      unit: 0,
      unitSize: 0,
      targets: [],
      run: '',
      strand: '',
      hop: 0,
      definition: DEFINITION,
      time: this.now,
      minReader: 1,
      joins: 0,
      carries: -1,
      ...about,
    };
  }
}

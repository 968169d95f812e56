/*
 * The beginning of a recorded run as a Log of its own: what a world is given that goes on from there.
 *
 * G1. Every record of the run up to that step is in it, with the identities that it has there; records of
 *     others are not. It begins with a CLAIM, of an owner that is gone.
 * G2. All times are moved by the same amount, those in State and in ids of runs as well, so that the step
 *     stands at the time that the caller wants; effect keys are those of the ids.
 */
import {
  type Cause,
  decodeRecord,
  effectKey,
  encodeRecord,
  FORMAT_FIRST,
  type Json,
  type LogRecord,
  type RecordBody,
  type RecordHeader,
  timeOfRunId,
  type TraceUnit,
} from '../wire/index.ts';

/** A record to be landed, and when, ms. */
export interface GivenRecord {
  readonly time: number;
  readonly bytes: Uint8Array;
}

/** An activity that had answered by then. */
export interface GivenAnswer {
  readonly run: string;
  readonly strand: string;
  readonly key: string;
  readonly role: 'do' | 'compensate';
  readonly name: string;
  readonly request: Json;
  readonly attempt: number;
  readonly answer: Json;
  readonly failed: boolean;
  /** when it was asked, and when it answered, ms */
  readonly from: number;
  readonly at: number;
}

export interface Beginning {
  readonly run: string;
  readonly input: Json;
  /** when its START was appended, ms */
  readonly startedAt: number;
  /** its records in a Log of so many partitions */
  readonly records: (partitions: number) => readonly GivenRecord[];
  readonly answers: readonly GivenAnswer[];
}

/** The run cannot be begun there. */
export class NoBeginning extends Error {
  override readonly name = 'NoBeginning';
}

/** The records of `run` up to its `step`-th hop, counted from 1, which then stands at `now` (ms). */
export function beginningOf(
  units: Iterable<TraceUnit>,
  run: string,
  step: number,
  now: number,
): Beginning {
  const taken: { readonly unit: TraceUnit; readonly records: readonly [number, LogRecord][] }[] =
    [];
  const runs = new Set([run]);
  const waiting = new Set<string>();
  let hops = 0;
  let last = 0;
  let world: number | undefined;
  for (const unit of units) {
    if (world !== undefined && unit.world !== world) continue;
    const records = unit.records.map((bytes, index): [number, LogRecord] => [
      unit.offset + index,
      decodeRecord(bytes),
    ]);
    if (!records.some(([, { header }]) => runs.has(header.run))) continue;
    ({ world } = unit);
    for (const [, { header }] of records) if (header.run !== '') runs.add(header.run);
    const own = records.filter(([, { body, header }]) => header.run === run && isHop(body));
    if (own.length > 0) hops += 1;
    if (own.some(([, { header }]) => header.kind === 'END' && header.strand === '')) {
      throw new NoBeginning(`the run ends at its step ${hops}: nothing goes on after it`);
    }
    taken.push({ unit, records });
    checkHeard(records, waiting, hops);
    last = records[0]?.[1].header.time ?? unit.time;
    if (hops >= step) break;
  }
  if (hops === 0) throw new NoBeginning('the trace has no step of that run');
  if (hops < step) throw new NoBeginning(`the trace has ${hops} steps of that run`);
  const start = taken[0]?.records[0]?.[1];
  if (start?.body.kind !== 'START' || start.header.run !== run) {
    throw new NoBeginning('the trace does not have the START of that run');
  }
  const move = new Move(now - last, taken);
  return {
    run: move.run(run),
    input: start.body.input ?? {},
    startedAt: move.time(taken[0]!.unit.time),
    records: (partitions) => move.logOf(taken, partitions),
    answers: answersIn(taken, move),
  };
}

/**
 * The end of a last branch, or of an awaited child, rides in the join. Where that does not say what its
 * strand was told, nobody could tell what the world knows. `waiting`: strands whose activity is under way.
 */
function checkHeard(
  records: readonly [number, LogRecord][],
  waiting: Set<string>,
  hops: number,
): void {
  for (const [, { body, header }] of records) {
    const { run, strand } = header;
    if ('cause' in body && body.cause.kind === 'joined') {
      for (const told of toldBefore(strand, body.cause)) waiting.delete(`${run} ${told.strand}`);
      for (const branch of Object.keys(body.cause.ends)) {
        const ended = [...waiting].find(
          (key) =>
            key.startsWith(`${run} ${strand === '' ? '' : `${strand}/`}`) &&
            key.endsWith(`.${branch}`),
        );
        if (ended !== undefined) {
          throw new NoBeginning(
            `what the activity of strand ${ended.slice(run.length + 1)} had heard is in no record (it ended in the join of step ${hops}): begin before that`,
          );
        }
      }
    }
    const due = 'activity' in body && body.activity !== undefined && body.kind !== 'PARK';
    if (due) waiting.add(`${run} ${strand}`);
    else if (isHop(body)) waiting.delete(`${run} ${strand}`);
  }
}

/** What strands were told in the hop of a record, those first that ended in it. */
function toldBefore(
  strand: string,
  cause: Cause,
): { readonly strand: string; readonly cause: Cause }[] {
  const last = cause.kind === 'joined' ? cause.last : undefined;
  return [...(last === undefined ? [] : toldBefore(last.strand, last.cause)), { strand, cause }];
}

function isHop({ kind }: RecordBody): boolean {
  return kind === 'STEP' || kind === 'PARK' || kind === 'END' || kind === 'CANCELLING';
}

type Taken = readonly {
  readonly unit: TraceUnit;
  readonly records: readonly [number, LogRecord][];
}[];

const NONCE = 1;
/** Members that are times, ms since the epoch. */
const TIMES = new Set(
  'startedAt deadline until notBefore due retryAt attemptDeadline firstAt tick'.split(' '),
);
/** Members that are the users' own. */
const DATA = new Set(
  'data context input rawInput arguments late result output error caught emitted events rest items outputs seen item keys variables subscription'.split(
    ' ',
  ),
);

class Move {
  private readonly by: number;
  /** effect keys are made of ids of runs, and are others for others */
  private readonly keys = new Map<string, string>();

  constructor(by: number, taken: Taken) {
    this.by = by;
    for (const { records } of taken) for (const [, record] of records) this.rekey(record);
  }

  private rekey({ body, header: { run, strand } }: LogRecord): void {
    if (!('state' in body)) return;
    const due = 'activity' in body ? body.activity : undefined;
    for (const { node } of body.state.frames) {
      const one = node.kind === 'try' ? node.failed : node.kind === 'activity' ? node : undefined;
      if (one === undefined || this.keys.has(one.key)) continue;
      const role = due?.key === one.key ? due.role : 'do';
      const { activation, digest, key } = one;
      if (effectKey(run, strand, activation, role, digest) !== key) continue;
      this.keys.set(key, effectKey(this.run(run), strand, activation, role, digest));
    }
  }

  key(key: string): string {
    return this.keys.get(key) ?? key;
  }

  time(at: number): number {
    return at + this.by;
  }

  /** An id that says when it was made says when that is now. */
  run(id: string): string {
    const made = timeOfRunId(id);
    if (made === undefined) return id;
    const hex = this.time(made).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`;
  }

  /** A CLAIM and the records after it, renumbered. */
  logOf(taken: Taken, partitions: number): GivenRecord[] {
    const first = this.time(taken[0]!.unit.time);
    const made: GivenRecord[] = [{ time: first, bytes: encodeRecord(claim(first, partitions)) }];
    const places = new Map<number, number>();
    let n = 0;
    for (const { records, unit } of taken) {
      const inbox = isInboxKind(records[0]![1]);
      const base = inbox ? 0 : n + 1;
      for (const [index, [offset, { body, header }]] of records.entries()) {
        places.set(offset, made.length);
        const moved: RecordHeader = {
          ...header,
          tenure: 0,
          nonce: inbox ? 0 : NONCE,
          n: inbox ? 0 : ++n,
          unit: base,
          unitSize: records.length,
          targets: index > 0 ? [] : header.targets.flatMap((one) => places.get(one) ?? []),
          run: this.run(header.run),
          time: this.time(header.time),
          minReader: FORMAT_FIRST,
          carries: header.carries < 0 ? -1 : (places.get(header.carries) ?? -1),
        };
        const said = this.body(body, places);
        made.push({
          time: this.time(unit.time),
          bytes: encodeRecord({ header: moved, body: said }),
        });
      }
    }
    return made;
  }

  private body(body: RecordBody, places: ReadonlyMap<number, number>): RecordBody {
    const moved = this.walk(body) as RecordBody;
    if (moved.kind === 'RESUME') {
      return { ...moved, rows: moved.rows.flatMap((row) => places.get(row) ?? []) };
    }
    if (moved.kind === 'CARRY') {
      const carried = places.get(moved.header.carries) ?? -1;
      const header = {
        ...moved.header,
        run: this.run(moved.header.run),
        targets: [],
        carries: carried,
      };
      return { ...moved, header };
    }
    return moved;
  }

  private walk(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((part) => this.walk(part));
    if (value instanceof Map) return value;
    const made: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(value)) {
      if (DATA.has(key)) made[key] = part;
      else if (TIMES.has(key) && typeof part === 'number') made[key] = this.time(part);
      else if (key === 'key' && typeof part === 'string') made[key] = this.key(part);
      else if (key === 'run' && typeof part === 'string') made[key] = this.run(part);
      else made[key] = this.walk(part);
    }
    return made;
  }
}

function isInboxKind({ header: { kind } }: LogRecord): boolean {
  return kind === 'START' || kind === 'CONTROL';
}

function claim(time: number, partitions: number): LogRecord {
  const mark = { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 };
  const header: RecordHeader = {
    kind: 'CLAIM',
    tenure: 0,
    nonce: NONCE,
    n: 0,
    unit: 0,
    unitSize: 1,
    targets: [],
    run: '',
    strand: '',
    hop: 0,
    definition: '',
    time,
    minReader: FORMAT_FIRST,
    joins: 0,
    carries: -1,
  };
  const genesis = { prefix: 'simulated', partitions, format: FORMAT_FIRST };
  return { header, body: { kind: 'CLAIM', mark, genesis, takeovers: new Map() } };
}

/** What activities had answered: the cause of a record, and the record that asked. */
function answersIn(taken: Taken, move: Move): GivenAnswer[] {
  const asked = new Map<string, { readonly body: RecordBody; readonly from: number }>();
  const found: GivenAnswer[] = [];
  for (const { records, unit } of taken) {
    for (const [, { body, header }] of records) {
      const told = 'cause' in body ? toldBefore(header.strand, body.cause) : [];
      for (const { cause, strand } of told) {
        const before = asked.get(`${header.run} ${strand}`);
        const activity =
          before !== undefined && 'activity' in before.body ? before.body.activity : undefined;
        if (cause.kind !== 'activity' || activity?.key !== cause.key) continue;
        const { arguments: request, name, role } = activity;
        const failed = cause.error !== undefined;
        found.push({
          run: move.run(header.run),
          strand,
          key: move.key(cause.key),
          role,
          name,
          request,
          attempt: cause.attempt,
          answer: failed ? { ...cause.error } : (cause.result ?? null),
          failed,
          from: move.time(before!.from),
          at: move.time(Math.max(before!.from, header.time)),
        });
      }
      // No attempt begins before its record is there, or before the time that it is held until.
      const held = 'notBefore' in body ? (body.notBefore ?? 0) : 0;
      asked.set(`${header.run} ${header.strand}`, { body, from: Math.max(unit.time, held) });
    }
  }
  return found;
}

/*
 * Reading the Log as any outsider may: which records are valid, what is open, which unit resolved
 * what, and what that says about every run.
 *
 * Owns: a derivation of R4 (validity), R6 (units), R11 (identity) and R17 (void starts) from the
 * bytes alone, written apart from the runtime's so that the two cannot share a mistake.
 * Does not own: whether what it finds is allowed; that is for the oracles.
 *
 * Invariants:
 *  L1 the order of a partition is the only clock: nothing here looks at wall time but R17;
 *  L2 a body is decoded at most once, and only when somebody asks for it;
 *  L3 nothing throws for what stands in the Log: a record without a readable header is left out, one
 *     without a readable body says so, and both are listed.
 */
import type { StoredRecord } from '../../ports/index.ts';
import { canBeOpen, isInbox, type RecordBody, type RecordHeader } from '../../wire/record.ts';
import { decodeHeader, decodeRecord } from '../../wire/codec.ts';
import { CLOCK_SKEW_MAX_MS, START_LATE_MAX_MS } from '../../wire/limits.ts';
import type { History } from '../history.ts';
import { onceFor } from './once-for.ts';
import { StepSkim } from './step-skim.ts';

/** The body of a record that nobody can decode. */
export interface Unreadable {
  readonly kind: 'UNREADABLE';
}

/** Who watched it land may have its header, decoded from these very bytes. */
type Landed = StoredRecord & { readonly header?: RecordHeader };

/** One record that landed. */
export class Entry {
  readonly partition: number;
  readonly offset: number;
  /** append time by the broker's clock, ms */
  readonly time: number;
  /** when it truly landed, as far as anybody knows, ms */
  readonly landed: number;
  /** the newest record format that the build of its writer reads, where anybody knows */
  readonly reader: number | undefined;
  readonly bytes: Uint8Array;
  readonly header: RecordHeader;
  /** offset of the first copy: what targets and carries name */
  readonly identity: number;
  readonly valid: boolean;
  /** the latest CLAIM and its last valid number once this record has been read; -1 before any */
  readonly claimAfter: number;
  readonly nAfter: number;
  readonly #unreadable: number[];
  #body: RecordBody | Unreadable | undefined;

  constructor(
    partition: number,
    stored: StoredRecord,
    header: RecordHeader,
    valid: boolean,
    claimAfter: number,
    nAfter: number,
    unreadable: number[],
  ) {
    this.partition = partition;
    this.offset = stored.offset;
    this.time = stored.time;
    const { landed, reader } = stored as { readonly landed?: number; readonly reader?: number };
    this.landed = landed ?? stored.time;
    this.reader = reader;
    this.bytes = stored.bytes;
    this.header = header;
    this.identity = header.kind === 'CARRY' ? header.carries : stored.offset;
    this.valid = valid;
    this.claimAfter = claimAfter;
    this.nAfter = nAfter;
    this.#unreadable = unreadable;
  }

  get body(): RecordBody | Unreadable {
    return (this.#body ??= this.#decode());
  }

  #decode(): RecordBody | Unreadable {
    try {
      return this.header.kind === 'STEP' ? new StepSkim(this.bytes) : decodeRecord(this.bytes).body;
    } catch {
      this.#unreadable.push(this.offset);
      return { kind: 'UNREADABLE' };
    }
  }

  /** `STEP at 17 of partition 0` */
  get named(): string {
    return `${this.header.kind} at ${this.offset} of partition ${this.partition}`;
  }
}

/** What can be open: one identity, all its copies, and who resolved it. */
export interface Openable {
  /** in Log order: the record itself, then its CARRYs */
  readonly copies: Entry[];
  readonly first: Entry;
  resolvedBy: Unit | undefined;
}

/** A strand that was moved to the Store. */
export interface Parking {
  readonly park: Entry;
  resumedBy: Unit | undefined;
}

export type BadTarget = {
  readonly target: number;
  readonly why: 'unknown' | 'resolved';
  readonly before?: Unit;
};

/** The records of one hop, all valid. */
export interface Unit {
  readonly partition: number;
  readonly records: readonly Entry[];
  readonly targets: readonly number[];
  /** as many records as it says, at consecutive offsets and numbers */
  readonly whole: boolean;
  readonly bad: readonly BadTarget[];
}

export interface Partition {
  readonly partition: number;
  readonly entries: readonly Entry[];
  /** offsets of records that cannot be decoded, as far as somebody tried */
  readonly unreadable: readonly number[];
  readonly units: readonly Unit[];
  readonly claims: readonly Entry[];
  readonly openables: ReadonlyMap<number, Openable>;
  readonly parkings: ReadonlyMap<number, Parking>;
}

/** Everything the Log says of one run. */
export interface Run {
  readonly run: string;
  /** the START that counts; undefined when every one of them is void */
  start: Entry | undefined;
  readonly voidStarts: Entry[];
  /** valid owner records that name the run, in Log order, copies (CARRY) left out */
  readonly records: Entry[];
  /** valid ENDs of the root strand: one, when all is well */
  readonly ends: Entry[];
}

/** Somebody asked something of a run that was never begun: its answer is all there is of it. */
export function wasNeverBegun({ records, start }: Run): boolean {
  return start === undefined && records.every(({ header }) => header.kind === 'ANSWER');
}

export interface Reading {
  readonly partitions: readonly Partition[];
  readonly runs: ReadonlyMap<string, Run>;
}

/** Reads all partitions; the same logs are read once. */
export const readLogs = onceFor((logs: History['logs']): Reading => {
  const runs = new Map<string, Run>();
  const partitions = logs.map((records, partition) => readPartition(partition, records, runs));
  return { partitions, runs };
});

function readPartition(
  partition: number,
  records: readonly Landed[],
  runs: Map<string, Run>,
): Partition {
  const entries: Entry[] = [];
  const unreadable: number[] = [];
  const claims: Entry[] = [];
  const units = new Units(partition);
  let claim: Entry | undefined;
  let claimNonce = 0;
  let n = 0;
  for (const stored of records) {
    let header: RecordHeader;
    try {
      header = stored.header ?? decodeHeader(stored.bytes);
    } catch {
      unreadable.push(stored.offset);
      continue;
    }
    let valid: boolean;
    if (header.kind === 'CLAIM') {
      valid = true;
      n = 0;
      const entry = new Entry(partition, stored, header, true, stored.offset, 0, unreadable);
      claim = entry;
      claimNonce = header.nonce;
      claims.push(entry);
      entries.push(entry);
      units.end();
      continue;
    }
    if (isInbox(header.kind)) {
      valid = header.kind !== 'START' || startIsValid(header, stored, runs);
    } else {
      // R4, word for word: of the latest CLAIM before it, and one more than its last valid number.
      valid =
        claim !== undefined &&
        header.tenure === claim.offset &&
        header.nonce === claimNonce &&
        header.n === n + 1;
      if (valid) n = header.n;
    }
    const entry = new Entry(partition, stored, header, valid, claim?.offset ?? -1, n, unreadable);
    entries.push(entry);
    if (header.kind === 'START') noteStart(entry, runs);
    else if (valid && !isInbox(header.kind)) noteRecord(entry, runs);
    if (!valid) continue;
    if (isInbox(header.kind)) units.open(entry);
    else units.add(entry);
  }
  units.end();
  return {
    partition,
    entries,
    unreadable,
    units: units.done,
    claims,
    openables: units.openables,
    parkings: units.parkings,
  };
}

/** Puts valid records together to units and keeps what is open. */
class Units {
  readonly done: Unit[] = [];
  readonly openables = new Map<number, Openable>();
  readonly parkings = new Map<number, Parking>();
  readonly #partition: number;
  #pending: Entry[] = [];

  constructor(partition: number) {
    this.#partition = partition;
  }

  add(entry: Entry): void {
    const { header } = entry;
    const head = this.#pending[0];
    if (head !== undefined && head.header.unit !== header.unit) this.end();
    this.#pending.push(entry);
    if (header.n >= header.unit + header.unitSize - 1) this.end();
  }

  open(entry: Entry): void {
    this.openables.set(entry.identity, { copies: [entry], first: entry, resolvedBy: undefined });
  }

  /** The unit is over: its records count, then what it resolves (a unit may name its own records). */
  end(): void {
    const records = this.#pending;
    const head = records[0];
    if (head === undefined) return;
    this.#pending = [];
    const bad: BadTarget[] = [];
    const { targets } = head.header;
    const unit: Unit = {
      partition: this.#partition,
      records,
      targets,
      whole: isWhole(records, head),
      bad,
    };
    for (const entry of records) this.#enter(entry, unit, bad);
    for (const target of targets) this.#resolve(target, unit, bad);
    this.done.push(unit);
  }

  #enter(entry: Entry, unit: Unit, bad: BadTarget[]): void {
    const { kind } = entry.header;
    if (kind === 'CARRY') {
      const openable = this.openables.get(entry.identity);
      if (openable === undefined) bad.push({ target: entry.identity, why: 'unknown' });
      else openable.copies.push(entry);
    } else if (kind === 'PARK' || kind === 'SCHEDULE') {
      this.parkings.set(entry.offset, { park: entry, resumedBy: undefined });
    } else if (kind === 'RESUME') {
      const { body } = entry;
      if (body.kind !== 'RESUME') return;
      for (const row of body.rows) this.#resume(row, unit, bad);
    } else if (canBeOpen(entry.header)) this.open(entry);
  }

  #resume(row: number, unit: Unit, bad: BadTarget[]): void {
    const parking = this.parkings.get(row);
    if (parking === undefined) bad.push({ target: row, why: 'unknown' });
    else if (parking.resumedBy !== undefined) {
      bad.push({ target: row, why: 'resolved', before: parking.resumedBy });
    } else parking.resumedBy = unit;
  }

  #resolve(target: number, unit: Unit, bad: BadTarget[]): void {
    const openable = this.openables.get(target);
    if (openable === undefined) bad.push({ target, why: 'unknown' });
    else if (openable.resolvedBy !== undefined) {
      bad.push({ target, why: 'resolved', before: openable.resolvedBy });
    } else openable.resolvedBy = unit;
  }
}

function isWhole(records: readonly Entry[], head: Entry): boolean {
  const { unit, unitSize } = head.header;
  if (head.header.n !== unit || records.length !== unitSize) return false;
  return records.every(
    ({ offset, header }, index) =>
      offset === head.offset + index && header.unitSize === unitSize && header.unit === unit,
  );
}

/** R17: void if its run was started before, or if the time in its id is out of range. */
function startIsValid(header: RecordHeader, stored: StoredRecord, runs: Map<string, Run>): boolean {
  if (runs.get(header.run)?.start !== undefined) return false;
  const made = timeOfUuid7(header.run);
  if (made === undefined) return true;
  return made >= stored.time - START_LATE_MAX_MS && made <= stored.time + CLOCK_SKEW_MAX_MS;
}

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?:~\d+)?$/i;

/** Milliseconds since the epoch in a UUIDv7; undefined for ids of another make. */
export function timeOfUuid7(id: string): number | undefined {
  if (!UUID7.test(id)) return undefined;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

function runOf(run: string, runs: Map<string, Run>): Run {
  let found = runs.get(run);
  if (found === undefined) {
    found = { run, start: undefined, voidStarts: [], records: [], ends: [] };
    runs.set(run, found);
  }
  return found;
}

function noteStart(entry: Entry, runs: Map<string, Run>): void {
  const run = runOf(entry.header.run, runs);
  if (entry.valid) run.start = entry;
  else run.voidStarts.push(entry);
}

function noteRecord(entry: Entry, runs: Map<string, Run>): void {
  const { kind, run, strand } = entry.header;
  if (run === '' || kind === 'CARRY' || run.startsWith('schedule:')) return;
  const found = runOf(run, runs);
  found.records.push(entry);
  if (kind === 'END' && strand === '') found.ends.push(entry);
}

/*
 * A batch in the making: units that travel in one append (PROTOCOL.md R5, R6), numbered and encoded.
 */
import type { Transition } from '../core/index.ts';
import { encodeRecord, type LogRecord, WireError } from '../wire/index.ts';
import type { Held, JoinWaits } from './hop-outcome.ts';
import { type Draft, goesOn, numbered, type Unit } from './unit.ts';

/** Where numbers come from: a tenure and the last n that was sent in it. */
export interface Numbering {
  readonly tenure: number;
  readonly nonce: number;
  n: number;
}

export interface BatchLimits {
  readonly batchRecordsMax: number;
  readonly batchBytesMax: number;
  readonly recordBytesMax: number;
  readonly lastBytesMax: number;
}

/** A unit with the time of its hop, ms. */
type Timed = Unit & { readonly at?: number };

/** `refused`: why no batch can ever hold the unit. */
export type Added = 'added' | 'full' | { readonly refused: string };

export class Batch implements Held {
  readonly targets = new Set<number>();
  readonly runs = new Map<string, boolean>();
  readonly ends = new Map<number, number>();
  readonly rows = new Set<number>();
  readonly records: LogRecord[] = [];
  readonly bytes: Uint8Array[] = [];
  readonly transitions: Transition[] = [];
  private size = 0;
  private readonly numbering: Numbering;
  private readonly limits: BatchLimits;
  private readonly time: number;
  /** the record format that is written: of the oldest reader (R21) */
  private readonly format: number;

  constructor(numbering: Numbering, limits: BatchLimits, time: number, format: number) {
    this.numbering = numbering;
    this.limits = limits;
    this.time = time;
    this.format = format;
  }

  get empty(): boolean {
    return this.records.length === 0;
  }

  /** Adds a unit whole or not at all. What only replay reads gives way where it does not fit. */
  add(unit: Timed): Added {
    const added = this.put(unit);
    if (typeof added === 'string') return added;
    const less = withoutLast(unit.records);
    return less === undefined ? added : this.put({ ...unit, records: less });
  }

  private put(unit: Timed): Added {
    const { limits, numbering } = this;
    if (unit.records.length > limits.batchRecordsMax) {
      return {
        refused: `it begins or ends ${unit.records.length} strands at once, and a batch may have ${limits.batchRecordsMax} records: nest fewer branches`,
      };
    }
    if (!this.empty && this.records.length + unit.records.length > limits.batchRecordsMax)
      return 'full';
    const had = this.records.length;
    const added = this.encode(unit);
    if (added !== 'added') {
      this.records.length = had;
      this.bytes.length = had;
      return added;
    }
    numbering.n += unit.records.length;
    for (const target of unit.targets) this.targets.add(target);
    for (const { body } of unit.records) {
      if (body.kind === 'RESUME') for (const row of body.rows) this.rows.add(row);
    }
    return 'added';
  }

  /** Puts the records of a unit behind the others, with their bytes. */
  private encode({ at: time = this.time, records, targets }: Timed): Added {
    const { format, limits, numbering } = this;
    const { nonce, tenure } = numbering;
    const unit = numbering.n + 1;
    const unitSize = records.length;
    let size = 0;
    for (let i = 0; i < unitSize; i++) {
      const named = i === 0 ? targets : [];
      const place = { tenure, nonce, n: unit + i, unit, unitSize, targets: named, time };
      const record = numbered(records[i]!, place, format);
      let bytes: Uint8Array;
      try {
        bytes = encodeRecord(record);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        return { refused: `its State cannot be written: ${error.message}` };
      }
      const { length } = bytes;
      if (length > limits.recordBytesMax) {
        const most = goesOn(record.body) ? limits.recordBytesMax : limits.lastBytesMax;
        if (length > most) return tooLarge(length, most);
      }
      size += length;
      this.records.push(record);
      this.bytes.push(bytes);
    }
    if (size > limits.batchBytesMax) return tooLarge(size, limits.batchBytesMax);
    if (this.size + size > limits.batchBytesMax) return 'full';
    this.size += size;
    return 'added';
  }

  /** Remembers what later units of the batch must know of this one. */
  note(run: string, closing: boolean, joinWaits: JoinWaits | undefined): void {
    this.runs.set(run, closing || this.runs.get(run) === true);
    if (joinWaits !== undefined) {
      const { join, ends } = joinWaits;
      this.ends.set(join, (this.ends.get(join) ?? 0) + ends);
    }
  }
}

/** The records without what the last strands were told; undefined = none says it. */
function withoutLast(records: readonly Draft[]): readonly Draft[] | undefined {
  let found = false;
  const less = records.map((drafted) => {
    const { body } = drafted;
    if (!('cause' in body) || body.cause.kind !== 'joined' || !body.cause.last) return drafted;
    found = true;
    const { last: _, ...cause } = body.cause;
    return { ...drafted, body: { ...body, cause } };
  });
  return found ? less : undefined;
}

function tooLarge(bytes: number, limit: number): Added {
  return {
    refused: `its State takes ${bytes} bytes and a record may have ${limit}: keep less in the data and in $context`,
  };
}

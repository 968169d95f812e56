/*
 * One run as a Log tells it (PROTOCOL.md R4, R17): records are read in Log order from a place where it
 * is known what is in force. Pure.
 *
 * Only valid records count; the rule is validity.ts, as for an owner. Of other runs headers are read and
 * nothing is kept; of this one, what run-places.ts keeps.
 */
import type { StoredRecord } from '../ports/index.ts';
import {
  decodeHeader,
  decodeRecord,
  READER,
  type RecordBody,
  type RecordHeader,
  WireError,
} from '../wire/index.ts';
import { type RunEnd, runEnd, RunPlaces } from './run-places.ts';
import { isTooNew, type Position, tooNew, Validity } from './validity.ts';

export class RunReading {
  readonly places: RunPlaces;
  private readonly validity: Validity;
  private next: number;

  /** `places`: what is known of the run at `from` already. */
  constructor(run: string, from: Position, places = new RunPlaces(run)) {
    this.places = places;
    this.validity = new Validity(from);
    this.next = from.offset;
  }

  get position(): Position {
    return this.validity.at(this.next);
  }

  admit(record: StoredRecord): void {
    const { offset, time, bytes } = record;
    this.next = offset + 1;
    const header = admitted(this.validity, record);
    if (header?.run !== this.places.run) return;
    this.places.admit(header, bodyIn(bytes), offset, time);
  }
}

/** The body of an encoded record, on demand; undefined where nobody can read it. */
export function bodyIn(bytes: Uint8Array): () => RecordBody | undefined {
  return () => {
    try {
      return decodeRecord(bytes).body;
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  };
}

/** The roots that end in a Log, for whoever waits for results. */
export class EndsReading {
  private readonly validity: Validity;

  constructor(from: Position) {
    this.validity = new Validity(from);
  }

  admit(
    record: StoredRecord,
    wanted: (run: string) => boolean,
  ): [run: string, end: RunEnd] | undefined {
    const header = admitted(this.validity, record);
    if (header?.kind !== 'END' || header.strand !== '' || !wanted(header.run)) return undefined;
    const { body } = decodeRecord(record.bytes);
    return body.kind === 'END' ? [header.run, runEnd(body, record.time)] : undefined;
  }
}

/** The header of a record that counts; STARTs are for the caller to judge. */
export function admitted(
  validity: Validity,
  { offset, bytes }: StoredRecord,
): RecordHeader | undefined {
  try {
    const header = decodeHeader(bytes);
    if (header.minReader > READER) throw tooNew(header.minReader);
    return validity.admit(header, offset) ? header : undefined;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    // What nobody can read counts for nobody: owners pass over it as well.
    if (!isTooNew(error)) return undefined;
    const { minReader = 0 } = error;
    throw new WireError(`record ${offset}: ${tooNew(minReader).message}`, { minReader });
  }
}

/** How that record has ended the run; undefined if it has not. */
export function endIn({ bytes, time }: StoredRecord, run: string): RunEnd | undefined {
  const body = bodyIn(bytes)();
  if (body?.kind !== 'END') return undefined;
  const { strand, run: of } = decodeHeader(bytes);
  return strand === '' && of === run ? runEnd(body, time) : undefined;
}

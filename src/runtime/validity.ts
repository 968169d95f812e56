/*
 * Which records of a Log count (PROTOCOL.md R4). The whole rule needs three numbers.
 *
 * An owner record is valid exactly when its tenure is the latest CLAIM before it and its n is one more
 * than the n of the last valid record of that tenure. CLAIMs and inbox records are never void here
 * (R17 may void a START later).
 */
import type { LogPosition, ParkedRow } from '../ports/index.ts';
import { isInbox, READER, type RecordHeader, WireError } from '../wire/index.ts';

export type Position = LogPosition;

/** What a reader of this build says of a record that was written for newer ones (R21). */
export function tooNew(minReader: number): WireError {
  return new WireError(`it needs a newer build (reader ${minReader}, this one is ${READER})`, {
    minReader,
  });
}

/** Whether an error says that; a record of an unknown kind is either too new or none. */
export function isTooNew({ minReader = 0 }: WireError): boolean {
  return minReader > READER;
}

/** A row holds a record as well: one for newer builds is left to them, though none in the Log may say so. */
export function mustRead({ identity, record }: ParkedRow): void {
  const { minReader } = record.header;
  if (minReader <= READER) return;
  throw new WireError(
    `the row of record ${identity} needs a runner that reads format ${minReader}, this one reads up to ${READER}`,
    { minReader },
  );
}

export class Validity {
  private tenure: number;
  private nonce: number;
  private n: number;

  constructor(from: Position) {
    this.tenure = from.tenure;
    this.nonce = from.nonce;
    this.n = from.n;
  }

  /** Reads one header in Log order; says whether the record counts. */
  admit(header: RecordHeader, offset: number): boolean {
    if (header.kind === 'CLAIM') {
      this.tenure = offset;
      this.nonce = header.nonce;
      this.n = 0;
      return true;
    }
    if (isInbox(header.kind)) return true;
    const valid =
      header.tenure === this.tenure && header.nonce === this.nonce && header.n === this.n + 1;
    if (valid) this.n = header.n;
    return valid;
  }

  /** What is in force at `offset`, the next one to be read. */
  at(offset: number): Position {
    return { offset, tenure: this.tenure, nonce: this.nonce, n: this.n };
  }
}

/*
 * Where an owner starts to read (PROTOCOL.md R10, R14): the newest mark it can find, and what is in force there.
 *
 * A stale or lost hint costs reading, never correctness.
 */
import { type Broker, OffsetOutOfRange, type StoredRecord } from '../ports/index.ts';
import { decodeHeader, decodeRecord, type Genesis, type Mark, WireError } from '../wire/index.ts';
import type { Position } from './validity.ts';

/** Records that are read at once, backwards, in search of an earlier mark. */
const SEARCH_RECORDS = 1_000;
/** Records in which the first CLAIM is looked for. */
const GENESIS_RECORDS = 100;

export interface StartPoint {
  readonly from: Position;
  /** the mark it comes from; none = the beginning of the Log */
  readonly mark: Mark | undefined;
}

/** Finds the start point of `partition`; `failed` when the broker does not answer. */
export function findStartPoint(
  broker: Broker,
  partition: number,
  found: (point: StartPoint) => void,
  failed: (error: unknown) => void,
): void {
  const fromBeginning = (): void => {
    broker.range(partition).then(({ begin }) => {
      found({ from: { offset: begin, tenure: -1, nonce: 0, n: 0 }, mark: undefined });
    }, failed);
  };
  broker.hint(partition).then((hint) => {
    if (hint === undefined) return fromBeginning();
    broker.fetch(partition, hint, hint + 1).then(
      (records) => {
        const mark = markIn(records);
        if (mark === undefined) fromBeginning();
        else found({ from: mark, mark });
        // A hint that leads nowhere is none; a broker that does not answer is asked again.
      },
      (error: unknown) => (error instanceof OffsetOutOfRange ? fromBeginning() : failed(error)),
    );
  }, failed);
}

/**
 * Finds a start point at or below `applied`, for a Store that has lost commits (R14): the Log is read
 * backwards for a MARK or CLAIM that says one. `gone`: the Log has been trimmed above it.
 */
export function findEarlierPoint(
  broker: Broker,
  partition: number,
  applied: number,
  found: (point: StartPoint) => void,
  gone: (begin: number) => void,
  failed: (error: unknown) => void,
): void {
  const look = (begin: number, to: number): void => {
    if (to <= begin) {
      if (begin > 0) return gone(begin);
      return found({ from: { offset: 0, tenure: -1, nonce: 0, n: 0 }, mark: undefined });
    }
    const from = Math.max(begin, to - SEARCH_RECORDS);
    collect(
      broker,
      partition,
      from,
      to,
      (records) => {
        for (const record of records.toReversed()) {
          const mark = markIn([record]);
          if (mark === undefined || mark.offset > applied || mark.offset < begin) continue;
          return found({ from: mark, mark });
        }
        look(begin, from);
      },
      failed,
    );
  };
  broker.range(partition).then(({ begin, end }) => look(begin, end), failed);
}

/** All records [from, to), however many answers they come in. */
function collect(
  broker: Broker,
  partition: number,
  from: number,
  to: number,
  done: (records: readonly StoredRecord[]) => void,
  failed: (error: unknown) => void,
): void {
  const all: StoredRecord[] = [];
  const fetch = (at: number): void => {
    if (at >= to) return done(all);
    broker.fetch(partition, at, to).then((records) => {
      all.push(...records);
      fetch(records.length === 0 ? to : records.at(-1)!.offset + 1);
    }, failed);
  };
  fetch(from);
}

/**
 * Whether this Log was begun with so many partitions: runs find their home by that number (R1). `other` is
 * told of another one.
 */
export function checkGenesis(
  broker: Broker,
  partition: number,
  mark: Mark | undefined,
  same: () => void,
  other: (reason: string) => void,
  failed: (error: unknown) => void,
): void {
  const look = (at: number, end: number): void => {
    broker.fetch(partition, at, Math.min(end, at + GENESIS_RECORDS)).then(
      (records) => {
        const before = genesisIn(records);
        if (before === undefined || before.partitions === broker.partitions) return same();
        other(
          `it was begun with ${before.partitions} partitions, and there are ${broker.partitions} now: runs would be looked for in other partitions than where they are; begin a new prefix beside it`,
        );
      },
      (error: unknown) => (error instanceof OffsetOutOfRange ? same() : failed(error)),
    );
  };
  broker.range(partition).then(({ begin, end }) => {
    if (begin >= end) return same();
    const { tenure = -1 } = mark ?? {};
    look(tenure >= begin && tenure < end ? tenure : begin, end);
  }, failed);
}

function genesisIn(records: readonly StoredRecord[]): Genesis | undefined {
  for (const { bytes } of records) {
    try {
      if (decodeHeader(bytes).kind !== 'CLAIM') continue;
      const { body } = decodeRecord(bytes);
      if (body.kind === 'CLAIM') return body.genesis;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }
  return undefined;
}

function markIn(records: readonly StoredRecord[]): Mark | undefined {
  const record = records[0];
  if (record === undefined) return undefined;
  try {
    const { body } = decodeRecord(record.bytes);
    return body.kind === 'MARK' || body.kind === 'CLAIM' ? body.mark : undefined;
  } catch {
    return undefined;
  }
}

/** The run that a START begins; a record that cannot be read begins none. */
export function startedIn(bytes: Uint8Array): string | undefined {
  try {
    const { kind, run } = decodeHeader(bytes);
    return kind === 'START' ? run : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

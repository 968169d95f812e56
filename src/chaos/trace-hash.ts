/*
 * The hash of a run (P12): over every record as it reads uncompressed, the ledgers, and what clients
 * heard. Two runs with the same hash are the same run, record for record.
 */
import { createHash } from 'node:crypto';
import { decodeRecord, recordToJson } from '../wire/index.ts';
import type { History } from './history.ts';

export function traceHash(history: History): string {
  const hash = createHash('sha256');
  history.logs.forEach((records, partition) => {
    for (const { bytes, offset, time } of records) {
      hash.update(`${partition}:${offset}:${time}:${readable(bytes)}\n`);
    }
  });
  for (const entry of history.ledger) hash.update(`${JSON.stringify(entry)}\n`);
  for (const entry of history.client) hash.update(`${JSON.stringify(entry)}\n`);
  hash.update(`${history.endedAt} ${history.quiescent}`);
  return hash.digest('hex');
}

/** Compressed bytes may differ between versions of the compressor; what they say may not. */
function readable(bytes: Uint8Array): string {
  try {
    return recordToJson(decodeRecord(bytes));
  } catch {
    return Buffer.from(bytes).toString('base64');
  }
}

/** Where two runs part: the first record, call or start that differs, in words. */
export function firstDifference(one: History, other: History): string | undefined {
  for (const [partition, records] of one.logs.entries()) {
    const others = other.logs[partition] ?? [];
    for (let index = 0; index < Math.max(records.length, others.length); index += 1) {
      const [a, b] = [records[index], others[index]];
      const where = `record ${index} of partition ${partition}`;
      if (a === undefined || b === undefined) return `${where} is there in one run only`;
      if (a.time !== b.time) return `${where} was appended at ${a.time} and at ${b.time}`;
      if (readable(a.bytes) !== readable(b.bytes)) return `${where} differs`;
    }
  }
  const lists = [
    ['call', one.ledger, other.ledger],
    ['start', one.client, other.client],
  ] as const;
  for (const [name, mine, theirs] of lists) {
    for (let index = 0; index < Math.max(mine.length, theirs.length); index += 1) {
      if (JSON.stringify(mine[index]) !== JSON.stringify(theirs[index])) {
        return `${name} ${index} differs`;
      }
    }
  }
  return one.endedAt === other.endedAt ? undefined : 'one run took longer than the other';
}

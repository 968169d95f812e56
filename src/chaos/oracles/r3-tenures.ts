/*
 * R2, R3, R9: who may write. Whatever is not for the inbox names a CLAIM that stands before it, with its
 * nonce; a nonce stands for one claim, however often that landed; and a tenure that was closed writes
 * nothing more.
 */
import type { Entry, Partition } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';

export const inboxOnly: Oracle = {
  name: 'r2-inbox',
  promise: 'R2',
  says: 'who has not claimed writes to the inbox only: STARTs and CONTROLs, without a number',
  check({ history, reading }, verdict) {
    const strange = new Set(history.strangers?.map((one) => placeOf(one)));
    for (const { entries } of reading.partitions) {
      for (const entry of entries) {
        const { kind, n, tenure } = entry.header;
        if (kind === 'CLAIM') continue;
        verdict.checked += 1;
        if (kind === 'START' || kind === 'CONTROL' ? n === 0 && tenure === 0 : n > 0) continue;
        if (strange.has(placeOf(entry))) continue;
        verdict.violation(`${entry.named} has number ${n} of tenure ${tenure}`, at(entry));
      }
    }
  },
};

function placeOf({ offset, partition }: { offset: number; partition: number }): string {
  return `${partition}/${offset}`;
}

export const tenures: Oracle = {
  name: 'r3-tenures',
  promise: 'R3',
  says: 'every owner record is of a CLAIM that stands before it, and a nonce is of one claim',
  check({ history, reading }, verdict) {
    const lost = new Set(history.losses?.map(({ partition }) => partition));
    const strange = new Set(history.strangers?.map((one) => placeOf(one)));
    for (const partition of reading.partitions) {
      // A CLAIM that was lost with the tail of the Log was there when its owner wrote.
      if (!lost.has(partition.partition)) checkClaimed(partition, strange, verdict);
      checkNonces(partition, verdict);
    }
  },
};

function checkClaimed(
  { claims, entries }: Partition,
  strange: ReadonlySet<string>,
  verdict: Verdict,
): void {
  const nonces = new Map(claims.map(({ header, offset }) => [offset, header.nonce]));
  for (const entry of entries) {
    const { header, offset } = entry;
    if (header.n === 0 || strange.has(placeOf(entry))) continue;
    verdict.expect(
      header.tenure < offset && nonces.get(header.tenure) === header.nonce,
      () => `${entry.named} is of tenure ${header.tenure}, which no CLAIM before it began`,
      at(entry),
    );
  }
}

function checkNonces({ claims }: Partition, verdict: Verdict): void {
  const first = new Map<number, Entry>();
  for (const claim of claims) {
    const { nonce } = claim.header;
    const known = first.get(nonce);
    if (known === undefined) {
      first.set(nonce, claim);
      verdict.checked += 1;
      continue;
    }
    verdict.expect(
      Buffer.compare(known.bytes, claim.bytes) === 0,
      () => `${known.named} and ${claim.named} are two claims with one nonce`,
      at(claim),
    );
  }
}

export const closedIsClosed: Oracle = {
  name: 'r9-closed-is-closed',
  promise: 'R9',
  says: 'CLOSE is the last record of its tenure, and nobody who has lost one claims again and again',
  check({ history, reading }, verdict) {
    for (const { claims, entries } of reading.partitions) {
      const closed = new Map<number, Entry>();
      for (const entry of entries) {
        const { kind, tenure } = entry.header;
        if (!entry.valid || entry.header.n === 0) continue;
        const close = closed.get(tenure);
        verdict.expect(
          close === undefined,
          () => `${entry.named} is of the tenure that ${close?.named} has ended`,
          at(entry),
        );
        if (kind === 'CLOSE') closed.set(tenure, entry);
      }
      // With nothing wrong any more, an assignment settles: one claims, perhaps a second corrects it.
      const after = claims.filter(({ landed }) => landed > history.healedAt + SETTLED_MS);
      verdict.expect(
        after.length <= CLAIMS_MAX,
        () => `${after.length} CLAIMs of partition ${after[0]?.partition} since all is well`,
        after[0] && at(after[0]),
      );
    }
  },
};

/** Sessions and delays of what went wrong before are over, ms. */
const SETTLED_MS = 120_000;
const CLAIMS_MAX = 8;

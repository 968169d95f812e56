/*
 * A unit of work that is the same on every machine: a small object to JSON and back and its SHA-256. What a
 * step costs in such units says the same on a fast machine and on a slow one, more or less.
 */
import { hash } from 'node:crypto';

const OBJECT = {
  id: 'order-000123',
  amount: 12.5,
  ok: true,
  lines: Array.from({ length: 8 }, (_, i) => ({ sku: `S-${i}`, qty: i })),
};

/** The best of many: ns. */
export function unitNs(): number {
  let best = Infinity;
  for (let round = 0; round < 60; round++) {
    const begun = process.hrtime.bigint();
    for (let i = 0; i < 500; i++)
      hash('sha256', JSON.stringify(JSON.parse(JSON.stringify(OBJECT))));
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / 500);
  }
  return best;
}

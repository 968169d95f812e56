/*
 * The victim of kill.test.ts: appends numbered batches and folds as fast as it can, and says on stdout
 * what was acknowledged. `node kill-writer.ts FILE ROUND SYNCHRONOUS`.
 */
import { writeSync } from 'node:fs';
import { openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { park, resume } from '../../contracts/parked-rows.ts';

const [path = '', round = '', synchronous = 'FULL'] = process.argv.slice(2);
const { broker, store } = await openEmbedded(path, {
  partitions: 2,
  synchronous: synchronous === 'NORMAL' ? 'NORMAL' : 'FULL',
});

/** A batch says on each record which it is, and how many records it has. */
function batch(partition: number, number: number): Uint8Array[] {
  const count = 1 + (number % 7);
  return Array.from({ length: count }, (_, i) => {
    const text = `${round}:${partition}:${number} ${i}/${count} `;
    return new TextEncoder().encode(text.padEnd(40 + ((number * 37) % 3_000), '.'));
  });
}

function say(...words: (string | number)[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

async function appendForever(partition: number, lane: number): Promise<never> {
  for (let number = lane; ; number += 4) {
    const { base } = await broker.append(partition, batch(partition, number));
    say('appended', partition, base, `${round}:${partition}:${number}`, 1 + (number % 7));
  }
}

/** Each fold parks what the one before it did not, and resumes what it did: one row is always left. */
async function foldForever(): Promise<never> {
  let { applied } = await store.load(0);
  for (;;) {
    const changes = applied === 0 ? [park(0)] : [resume(applied - 1), park(applied)];
    if ((await store.fold(0, applied, applied + 1, changes)) !== 'applied')
      throw new Error('stale');
    applied++;
    say('folded', applied);
  }
}

say('ready');
await Promise.all([
  ...[0, 1, 2, 3].map((lane) => appendForever(0, lane)),
  appendForever(1, 0),
  foldForever(),
]);

/*
 * Lifecycle events on an embedded file: they stand in its events log, and a process that was closed before
 * it had published them does so when it opens the file again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openEmbedded } from '../../src/adapters/sqlite/index.ts';
import { load } from '../../src/dsl/index.ts';
import { openEngine } from '../../src/presets/embedded.ts';
import { waybill } from '../../src/wire/generated/messages.js';

const folder = mkdtempSync(join(tmpdir(), 'waybill-lifecycle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PARTITIONS = 2;
const RUNS = 5;

/** Verbs of all events in the file, by run. */
async function told(file: string): Promise<Record<string, string[]>> {
  const embedded = await openEmbedded(file, { mode: 'client' });
  const { events } = embedded;
  const verbs: Record<string, string[]> = {};
  for (let partition = 0; partition < events.partitions; partition++) {
    const { begin, end } = await events.range(partition);
    for (const { bytes } of await events.fetch(partition, begin, end)) {
      const { messageType, payload } = waybill.v1.MessageEnvelope.decode(bytes);
      if (messageType !== 'LIFECYCLE') continue;
      const { subject, type } = JSON.parse(Buffer.from(payload!).toString()) as {
        readonly subject: string;
        readonly type: string;
      };
      (verbs[subject] ??= []).push(type.split('.').at(-2)!);
    }
  }
  embedded.close();
  return verbs;
}

const isWhole = (verbs: readonly string[]): boolean => verbs.includes('completed');

test('what happened is told by whoever opens the file next', async () => {
  const file = join(folder, 'runs.db');
  const { definition } = load(
    `document: {dsl: '1.0.3', namespace: test, name: told, version: '1.0.0'}
do: [{x: {call: f}}, {y: {set: {done: true}}}]`,
    'told.yaml',
  );
  const options = { file, partitions: PARTITIONS, functions: { f: () => 1 } };
  const first = await openEngine({ ...options, lifecycle: 'workflow' });
  await first.deploy(definition!);
  const runs = await Promise.all(
    Array.from({ length: RUNS }, () => first.start({ definition: definition! })),
  );
  await Promise.all(runs.map((run) => first.result(run)));
  // Closed at once: a projection comes later than what it tells of.
  await first.close();
  const second = await openEngine({ ...options, lifecycle: 'workflow' });
  await second.owned();
  await expect
    .poll(async () => Object.values(await told(file)).filter(isWhole).length, { timeout: 20_000 })
    .toBe(RUNS);
  const verbs = await told(file);
  await second.close();
  expect(Object.keys(verbs).toSorted()).toEqual([...runs].toSorted());
  for (const run of runs) expect([...new Set(verbs[run])]).toEqual(['started', 'completed']);
});

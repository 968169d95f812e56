/*
 * A new step is deployed while 2,000 runs are in flight (P8): those that had begun end on the definition
 * that they began with, whatever step they were in, and those that are started afterwards take the new one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Definition, load } from '../../src/dsl/index.ts';
import { openEngine, type Result } from '../../src/presets/embedded.ts';

const RUNS = 2_000;
const LATER = 200;

const folder = mkdtempSync(join(tmpdir(), 'waybill-in-flight-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function version(number: string, more = ''): Definition {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: order, version: '${number}'}
do:
  - reserve: {call: reserve, with: {order: '\${ .order }'}}
  - wait: {wait: {milliseconds: 5}}${more}
  - pay: {call: pay, with: {order: '\${ .order }', by: '\${ $workflow.definition.document.version }'}}
  - told: {set: {order: '\${ .order }', by: '${number}', checked: '\${ .checked }'}}
`,
    'order.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

test(`a step is put in while ${RUNS} runs are in flight`, { timeout: 120_000 }, async () => {
  const [old, improved] = [
    version('1.0.0'),
    version('1.1.0', "\n  - check: {call: check, with: {order: '${ .order }'}}"),
  ];
  const { promise: open, resolve: goOn } = Promise.withResolvers<void>();
  let reserved = 0;
  const paid = new Map<number, string>();
  const checked = new Set<number>();
  const functions = {
    // Every other one is still reserving when the new version comes.
    reserve: async ({ order }: { order: number }) => {
      reserved++;
      if (order % 2 === 0) await open;
      return { order };
    },
    check: ({ order }: { order: number }) => {
      checked.add(order);
      return { order, checked: true };
    },
    pay: async ({ order, by }: { order: number; by: string }) => {
      await open;
      paid.set(order, by);
      return { order, checked: checked.has(order) };
    },
  };
  const options = { file: join(folder, 'runs.db'), partitions: 4, synchronous: 'NORMAL' } as const;
  const engine = await openEngine({ ...options, functions: functions as never });
  try {
    await engine.deploy(old);
    const start = (definition: Definition, order: number): Promise<string> =>
      engine.start({ definition, input: { order } });
    const runs = await Promise.all(Array.from({ length: RUNS }, (_, i) => start(old, i)));
    await expect.poll(() => reserved, { timeout: 60_000 }).toBe(RUNS);
    await engine.deploy(improved);
    const later = await Promise.all(
      Array.from({ length: LATER }, (_, i) => start(improved, RUNS + i)),
    );
    goOn();
    const results = (ids: readonly string[]): Promise<Result[]> =>
      Promise.all(ids.map((run) => engine.result(run)));
    const told = (by: string, from: number, length: number, checked: boolean): Result[] =>
      Array.from({ length }, (_, i) => ({
        ended: 'completed',
        output: { order: from + i, by, checked },
      }));
    expect(await results(runs)).toEqual(told('1.0.0', 0, RUNS, false));
    expect(await results(later)).toEqual(told('1.1.0', RUNS, LATER, true));
    expect(checked.size).toBe(LATER);
    for (let i = 0; i < RUNS + LATER; i++) expect(paid.get(i)).toBe(i < RUNS ? '1.0.0' : '1.1.0');
  } finally {
    await engine.close();
  }
});

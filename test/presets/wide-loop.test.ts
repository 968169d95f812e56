/*
 * A list of 10,000 items, worked on 50 at a time on an embedded file: time and memory of it. Nightly; by
 * day the list is shorter, and only what comes out is looked at.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load } from '../../src/dsl/index.ts';
import { openEngine } from '../../src/presets/embedded.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const ITEMS = NIGHTLY ? 10_000 : 600;
const AT_ONCE = 50;
/** Twice what it takes on a busy machine of 2025. */
const TIME_MAX_MS = 60_000;
const GROWTH_MAX_MB = 400;

test(`a list of ${ITEMS} items, ${AT_ONCE} at once`, async () => {
  const { definition } = load(
    `document: {dsl: '1.0.3', namespace: wide, name: list, version: '1.0.0'}
do:
  - rows:
      for: {each: row, in: '[range(${ITEMS})]'}
      metadata: {parallel: {max: ${AT_ONCE}}}
      do: [{store: {call: store, with: {row: '\${ $row }'}}}]
  - told: {set: {items: '\${ length }', inOrder: '\${ . == [range(${ITEMS})] }'}}
`,
    'list.yaml',
  );
  const folder = mkdtempSync(join(tmpdir(), 'waybill-wide-'));
  let underWay = 0;
  let most = 0;
  const store = async ({ row }: { row: number }): Promise<number> => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    underWay--;
    return row;
  };
  const engine = await openEngine({
    file: join(folder, 'runs.db'),
    functions: { store: store as never },
  });
  const before = process.memoryUsage().rss;
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  try {
    await engine.deploy(definition!);
    const began = performance.now();
    const run = await engine.start({ definition: definition! });
    expect(await engine.result(run)).toEqual({
      ended: 'completed',
      output: { items: ITEMS, inOrder: true },
    });
    const took = performance.now() - began;
    const grown = (peak - before) / 2 ** 20;
    const told = `${ITEMS} items: ${took.toFixed(0)} ms, ${grown.toFixed(0)} MiB more\n`;
    if (NIGHTLY) process.stdout.write(told);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(AT_ONCE);
    expect(took).toBeLessThan(TIME_MAX_MS);
    expect(grown).toBeLessThan(GROWTH_MAX_MB);
  } finally {
    clearInterval(sampling);
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}, 120_000);

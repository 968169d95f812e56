/* A recorded run as what the simulator begins with: it goes on there as it would have, whatever strikes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import { checkView, readLogs, viewOf } from '../../src/chaos/oracles/index.ts';
import type { Stage } from '../../src/chaos/stage.ts';
import { tracePlace, traceStage } from '../../src/chaos/trace-stage.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { schemas } from '../../src/presets/schemas.ts';
import { decodeHeader } from '../../src/wire/index.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { bytesOf, plansOf, recorded, stageOf } from '../trace/traces.ts';

const RUNS = process.env['WAYBILL_TIER'] === 'nightly' ? 100 : 6;
let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-begin-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A trace of two calm worlds, which have runs of the same ids, and the id of the first instance. */
async function traceOf(name: string): Promise<{ file: string; run: string }> {
  const stage = await stageOf(`scenarios/${name}.yaml`);
  const bytes = recorded(stage, plansOf(stage, 2, 1, 'calm'));
  const file = join(home, `${name}.trace`);
  writeFileSync(file, bytes);
  const headers = [...new Trace(bytesOf(bytes)).units()].map(({ records: [one] }) =>
    decodeHeader(one!),
  );
  const { run } = headers.find(({ kind }) => kind === 'START')!;
  return { file, run };
}

async function staged(text: string): Promise<Stage> {
  return traceStage(text, tracePlace(text)!);
}

function hold(stage: Stage, profile = 'everything'): number {
  let hops = 0;
  for (const plan of plansOf(stage, RUNS, 2, profile)) {
    const { history } = runPlan(currentEngine(schemas), stage.subject, plan);
    expect(checkView(viewOf(history, stage.scenario)).violations).toEqual([]);
    const { begins } = stage.subject;
    if (begins !== undefined) {
      const mine = readLogs(history.logs).runs.get(begins.run);
      expect(mine?.ends).toHaveLength(1);
      hops += mine!.records.length;
    }
  }
  return hops;
}

test('recorded inputs and recorded answers are the world', { timeout: 60_000 }, async () => {
  const { file } = await traceOf('order-fulfilment');
  hold(await staged(file));
});

describe('a run goes on from any step', () => {
  test.each([
    ['order-fulfilment', 3],
    ['protocol-walk', 5],
    ['trip-saga', 2],
    // ... behind joins, whose branches ended in them
    ['trip-saga', 5],
    ['data-enrichment', 4],
  ])('%s from step %i', { timeout: 60_000 }, async (name, step) => {
    const { file, run } = await traceOf(name);
    const stage = await staged(`${file}#${run}@${step}`);
    expect(hold(stage)).toBeGreaterThan(step * RUNS);
    // Where it begins, it stands as it stood: nothing of it is done again.
    const [plan] = plansOf(stage, 1, 2, 'calm');
    const { history } = runPlan(currentEngine(schemas), stage.subject, { ...plan!, instances: [] });
    const before = history.ledger
      .filter(({ runner }) => runner === 'recorded')
      .map(({ key }) => key);
    const after = history.ledger
      .filter(({ runner }) => runner !== 'recorded')
      .map(({ key }) => key);
    expect(after.filter((key) => before.includes(key))).toEqual([]);
    expect(after.length).toBeGreaterThan(0);
  });
});

describe('what cannot be begun with says so', () => {
  test.each([
    ['@99', /the run ends at its step \d+: nothing goes on after it/],
    ['#nobody@1', /no step of nobody/],
  ])('%s', async (place, said) => {
    const { file, run } = await traceOf('order-fulfilment');
    const text = place.startsWith('#') ? `${file}${place}` : `${file}#${run}${place}`;
    await expect(staged(text)).rejects.toThrow(said);
  });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import type { FaultPlan } from '../../src/chaos/plan.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import { Sweep, sweep } from '../../src/chaos/sweep.ts';
import { loadStage } from '../../src/chaos/stage.ts';
import { schemas } from '../../src/presets/schemas.ts';
import { noSchemas, smallSubject } from './small-subject.ts';

const ROOT = join(import.meta.dirname, '../..');
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const PATIENCE_MS = NIGHTLY ? 3_600_000 : 120_000;
const SCENARIOS = readdirSync(join(ROOT, 'scenarios')).filter((file) => file.endsWith('.yaml'));

const plan: FaultPlan = {
  version: 1,
  seed: 4,
  runners: 2,
  partitions: 1,
  instances: [{ id: 0, at: 5, draw: 8 }],
  faults: [],
};

test('every boundary, a crash before and after it: the same end as the calm run', () => {
  const result = sweep({
    engine: currentEngine(noSchemas),
    subject: smallSubject(),
    plan,
    oracles: (history) => checkAll(history),
  });
  expect(result.failures.slice(0, 3)).toEqual([]);
  expect(result.boundaries).toBeGreaterThan(40);
  expect(result.equal).toBe(result.runs);
  expect(result.fired).toBe(result.runs);
}, 60_000);

test.each(NIGHTLY ? SCENARIOS : ['merchant-onboarding.yaml'])(
  'every boundary of %s, a crash before and after it: N of N equal to the fault-free run',
  async (file) => {
    const stage = await loadStage(join(ROOT, 'scenarios', file));
    const result = sweep({
      ...{ engine: currentEngine(schemas), subject: stage.subject, plan },
      oracles: (history) => checkAll(history, stage.scenario),
    });
    const told = result.failures.slice(0, 3).map(({ plan: { faults }, violations }) => {
      return [faults.map(({ at, does }) => [at, does]), violations];
    });
    // A crash takes time, and some workflows watch the clock: those may end otherwise, but never wrongly.
    const wrong = result.failures.filter(({ end }) => end !== 'other');
    expect(wrong, JSON.stringify(told)).toEqual([]);
    expect(result.fired).toBe(result.runs);
    if (file === 'merchant-onboarding.yaml')
      expect(result.equal, JSON.stringify(told)).toBe(result.runs);
  },
  PATIENCE_MS,
);

test(
  'every fault at every call of merchant-onboarding breaks nothing',
  async (context) => {
    if (!NIGHTLY) context.skip('only in the nightly tier');
    const stage = await loadStage(join(ROOT, 'scenarios/merchant-onboarding.yaml'));
    const whole = new Sweep({
      ...{ engine: currentEngine(schemas), subject: stage.subject, plan },
      oracles: (history) => checkAll(history, stage.scenario),
    });
    const ends = whole.singles.map((_, index) => whole.single(index).end);
    expect(ends.filter((end) => end !== 'equal' && end !== 'other')).toEqual([]);
    expect(ends.filter((end) => end === 'equal').length).toBeGreaterThan(0.9 * ends.length);
  },
  PATIENCE_MS,
);

test('every fault that fits a boundary, each once; of pairs both crashes happen', () => {
  const options = { engine: currentEngine(noSchemas), subject: smallSubject(), plan };
  const whole = new Sweep({ ...options, oracles: (history) => checkAll(history) });
  const named = whole.singles.map(({ at, does }) => JSON.stringify([at, does]));
  expect(new Set(named).size).toBe(named.length);
  for (const at of whole.boundaries) {
    const here = whole.singles.filter((fault) => fault.at === at).map(({ does }) => does.kind);
    expect(here.filter((kind) => kind === 'crash')).toHaveLength(2);
    if (at.point === 'append') expect(here).toEqual(expect.arrayContaining(['unknown', 'pause']));
  }
  expect(() => whole.single(whole.singles.length)).toThrow('there is no fault');
  expect(() => whole.pair(0, 10_000)).toThrow('there is no pair');
  const rows = whole.pairs();
  expect(rows).toHaveLength(whole.crashes.length);
  // The earlier the first crash, the more calls are left to crash at; each second one is come to.
  expect(rows[0]).toBeGreaterThan(rows.at(-1) ?? Infinity);
  const firsts = [0, Math.floor(rows.length / 2), rows.length - 3];
  for (const first of firsts) {
    for (const second of [0, Math.floor((rows[first] ?? 0) / 2), (rows[first] ?? 0) - 1]) {
      const { end, fired, plan: struck } = whole.pair(first, second);
      expect(struck.faults.map(({ id }) => id)).toEqual([0, 1]);
      expect(fired, JSON.stringify(struck.faults)).toBe(true);
      expect(end).toBe('equal');
    }
  }
});

test('a profile without crashes strikes only where its own faults fit', () => {
  const options = { engine: currentEngine(noSchemas), subject: smallSubject(), plan };
  const oracles = (history: Parameters<typeof checkAll>[0]): ReturnType<typeof checkAll> =>
    checkAll(history);
  const { singles } = new Sweep({ ...options, oracles, profile: profileOf('database') });
  expect(new Set(singles.map(({ at }) => at.point))).toEqual(
    new Set(
      profileOf('database')
        .cells.map(({ point }) => point)
        .filter((point) => singles.some(({ at }) => at.point === point)),
    ),
  );
  expect(singles.length).toBeGreaterThan(0);
});

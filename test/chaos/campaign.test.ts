import { expect, test } from 'vitest';
import type { SimPorts } from '../../src/adapters/sim/index.ts';
import { type CampaignOptions, runCampaign } from '../../src/chaos/campaign.ts';
import { currentEngine } from '../../src/chaos/engine.ts';
import { DEFAULT_BOUNDS } from '../../src/chaos/generate.ts';
import type { History, Violation } from '../../src/chaos/history.ts';
import { checkAll } from '../../src/chaos/oracles/index.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import { decodeToken } from '../../src/chaos/token.ts';
import { traceHash } from '../../src/chaos/trace-hash.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { noSchemas, smallSubject } from './small-subject.ts';

const subject = smallSubject();
const engine = currentEngine(noSchemas);

function options(more: Partial<CampaignOptions> = {}): CampaignOptions {
  return {
    engine,
    subject,
    profile: profileOf('everything'),
    bounds: { ...DEFAULT_BOUNDS, tasks: subject.tasks },
    seed: 1,
    runs: 60,
    oracles: (history) => checkAll(history),
    ...more,
  };
}

test('a campaign holds, shows every situation, and is the same twice', async () => {
  const seen: string[] = [];
  const watching = (into: string[]): CampaignOptions['oracles'] => {
    return (history) => {
      into.push(traceHash(history));
      return checkAll(history);
    };
  };
  const result = await runCampaign(options({ oracles: watching(seen) }));
  expect(result.failures.map(({ story, violations }) => ({ story, violations }))).toEqual([]);
  expect(result).toMatchObject({ runs: 60, doubled: 3, inconclusive: 0, interrupted: false });
  for (const [name, count] of Object.entries(result.coverage.situations)) {
    expect(count, name).toBeGreaterThan(0);
  }
  expect(result.coverage.fired).toBeGreaterThan(60);
  const again: string[] = [];
  await runCampaign(options({ runs: 15, oracles: watching(again) }));
  expect(again).toEqual(seen.slice(0, 15));
}, 60_000);

/** A made-up promise that only a zombie can break. */
function noVoid(history: History): { violations: Violation[]; checked: Record<string, number> } {
  const frozen = history.processes.some(({ event }) => event === 'paused');
  const violations = frozen
    ? [{ promise: 'P0', oracle: 'nobody-freezes', said: 'a runner froze' }]
    : [];
  return { violations, checked: { 'nobody-freezes': 1 } };
}

test('a failure is shrunk to what is needed, told, and its token replays it', async () => {
  const { failures } = await runCampaign(
    options({ oracles: noVoid, profile: profileOf('zombie') }),
  );
  const [failure] = failures;
  expect(failure).toBeDefined();
  if (failure === undefined) return;
  expect(failure.minimal).toBe(true);
  expect(failure.plan.faults).toHaveLength(1);
  expect(failure.plan.instances).toHaveLength(1);
  expect(failure.story[0]).toMatch(/froze/);
  const { plan } = decodeToken(failure.token);
  const { history } = runPlan(engine, subject, plan);
  expect(traceHash(history)).toBe(failure.traceHash);
  // The corpus comes first, and finds it at once.
  const corpus = [{ name: 'frozen', plan }];
  const replayed = await runCampaign(options({ oracles: noVoid, corpus }));
  expect(replayed).toMatchObject({ runs: 0, corpusRuns: 1 });
  expect(replayed.failures[0]?.where).toBe('corpus: frozen');
}, 60_000);

test('an engine that is not deterministic breaks P12', async () => {
  let draws = 0;
  const shaky = {
    name: 'shaky',
    boot(ports: SimPorts, name: string, complain: (said: string) => void) {
      const entropy = { uint32: () => (draws += 7) };
      engine.boot({ ...ports, entropy }, name, complain);
    },
  };
  const { failures } = await runCampaign(options({ engine: shaky, runs: 1, shrinkCalls: 20 }));
  expect(failures[0]?.violations[0]?.promise).toBe('P12');
  expect(failures[0]?.violations[0]?.said).toMatch(/record 0 of partition \d differs/);
}, 60_000);

test('it can be interrupted, and stops when time is up', async () => {
  let asked = 0;
  const cut = await runCampaign(options({ interrupted: () => (asked += 1) > 3, runs: 500 }));
  expect(cut).toMatchObject({ runs: 3, interrupted: true });
  const { runs: _, ...rest } = options({ forMs: 150 });
  const timed = await runCampaign(rest);
  expect(timed.runs).toBeGreaterThan(0);
  expect(timed.elapsedMs).toBeLessThan(10_000);
}, 30_000);

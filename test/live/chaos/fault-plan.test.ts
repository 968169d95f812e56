import { expect, test } from 'vitest';
import { drawPlan, type Fault, shortPlan } from '../../../chaos/live/fault-plan.ts';

const TEN_MINUTES = 600_000;

function of(plan: readonly Fault[], kind: Fault['kind']): readonly Fault[] {
  return plan.filter((fault) => fault.kind === kind);
}

test('ten minutes: a kill every 20 s, something of everything, all over before the end', () => {
  for (const seed of ['1', '2', 'a longer one']) {
    const plan = drawPlan(seed, TEN_MINUTES, 3);
    expect(drawPlan(seed, TEN_MINUTES, 3)).toEqual(plan);
    const kills = of(plan, 'kill').map(({ at }) => at);
    expect(kills).toEqual(Array.from({ length: kills.length }, (_, i) => (i + 1) * 20_000));
    expect(kills.length).toBeGreaterThanOrEqual(29);
    for (const kind of ['zombie', 'store-kill', 'cut', 'silence', 'delay'] as const) {
      expect(of(plan, kind).length, kind).toBeGreaterThanOrEqual(6);
    }
    for (const kind of ['broker-kill', 'broker-restart'] as const) {
      expect(of(plan, kind).length, kind).toBeGreaterThanOrEqual(2);
    }
    expect(plan.map(({ at }) => at)).toEqual(plan.map(({ at }) => at).sort((a, b) => a - b));
    for (const { at, forMs } of plan) expect(at + forMs).toBeLessThan(TEN_MINUTES);
    // longer than the session timeout of 6 s, and nobody kills it meanwhile
    for (const zombie of of(plan, 'zombie')) {
      expect(zombie.forMs).toBeGreaterThan(6_000);
      const until = zombie.at + zombie.forMs;
      const killed = of(plan, 'kill').filter(
        ({ at, runner }) => runner === zombie.runner && at > zombie.at && at < until,
      );
      expect(killed).toEqual([]);
    }
  }
  expect(drawPlan('1', TEN_MINUTES, 3)).not.toEqual(drawPlan('2', TEN_MINUTES, 3));
});

test('the short plan strikes three different runners', () => {
  for (const seed of ['1', '2', '3']) {
    const runners = shortPlan(seed, 3).flatMap(({ runner }) => runner ?? []);
    expect(new Set(runners)).toEqual(new Set([0, 1, 2]));
  }
});

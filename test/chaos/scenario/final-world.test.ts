/*
 * What stands and what is undone: the order of the Log decides, and a subject tells effects of one
 * function apart. Invariants say why they do not hold.
 */
import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../src/chaos/oracles/index.ts';
import { loadScenario, OutcomeTally } from '../../../src/chaos/scenario/index.ts';
import { jqInvariant, moduleInvariant } from '../../../src/chaos/scenario/invariants.ts';
import { compileExpression } from '../../../src/chaos/scenario/expression.ts';
import type { FinalRun, FinalWorld, Scenario } from '../../../src/chaos/scenario/format.ts';
import { end, MadeHistory, step } from '../oracles/made-history.ts';
import { scenarioWith } from './mistakes.ts';

const WORKFLOW = `workflow:
  document: { dsl: '1.0.3', namespace: test, name: made, version: '1.0.0' }
  do: [open: { call: open }, close: { call: close }]`;

function scenario(services: string): Scenario {
  const text = scenarioWith(WORKFLOW).replace(/services:\n.*\n/, `${services}\n`);
  const { problems, scenario: loaded } = loadScenario(text, 'made.yaml');
  expect(problems).toEqual([]);
  return loaded!;
}

/** open is scheduled, then close; the services see them in the order that is given. */
function openThenClose(order: readonly ('open' | 'close')[], sku = 'a'): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1', { id: 7 });
  made.claim();
  const open = made.hop([start], step('r1', 1, { call: 'open', with: { sku: 'a' } }));
  const close = made.hop([open], step('r1', 2, { call: 'close', with: { sku } }));
  for (const name of order)
    made.serve('r1', name, { request: { sku: name === 'open' ? 'a' : sku } });
  made.hop([close], end('r1', 3, { heard: 'close', output: { ok: true } }));
  return made;
}

function onlyRun(made: MadeHistory, of: Scenario): FinalRun {
  return viewOf(made.history(), of).finalRuns()[0]!;
}

describe('the final world', () => {
  const plain = scenario('services: { open: {}, close: { undoes: open } }');

  it('says how a run ended and what its services were asked for', () => {
    const run = onlyRun(openThenClose(['open', 'close']), plain);
    expect(run).toMatchObject({
      id: 'r1',
      input: { id: 7 },
      status: 'completed',
      output: { ok: true },
      calls: 2,
      failures: 0,
      called: { open: 1, close: 1 },
    });
  });

  it('takes an effect for undone whatever the order of arrival: the Log decides', () => {
    expect(onlyRun(openThenClose(['open', 'close']), plain).standing).toEqual([]);
    expect(onlyRun(openThenClose(['close', 'open']), plain).standing).toEqual([]);
    expect(onlyRun(openThenClose(['open']), plain).standing).toEqual(['open']);
  });

  it('tells effects apart by their subject', () => {
    const bySku = scenario(
      'services: { open: { subject: .request.sku }, close: { undoes: open, subject: .request.sku } }',
    );
    expect(onlyRun(openThenClose(['open', 'close'], 'a'), bySku).standing).toEqual([]);
    expect(onlyRun(openThenClose(['open', 'close'], 'b'), bySku).standing).toEqual(['open']);
  });

  it('counts paths, and knows what was seen too seldom', () => {
    const tally = new OutcomeTally(plain);
    tally.add(viewOf(openThenClose(['open', 'close']).history(), plain).finalRuns());
    tally.addCounts({ done: 1 }, 3);
    expect(tally.shares()).toEqual([
      { path: 'done', runs: 2, share: 0.5, expected: 1, enough: false },
    ]);
  });
});

describe('invariants', () => {
  const run = { id: 'r1', status: 'completed', standing: ['open'] } as unknown as FinalRun;
  const jq = (source: string): string[] => {
    const compiled = compileExpression(source);
    if (typeof compiled === 'string') throw new TypeError(compiled);
    return [...jqInvariant('mine', 'run', compiled, 'it is wrong').check(run)];
  };

  it('holds for true alone, and a text says why not', () => {
    expect(jq('.status == "completed"')).toEqual([]);
    expect(jq('.standing == []')).toEqual(['run r1: it is wrong']);
    expect(jq('"\\(.standing | join(", ")) is left"')).toEqual([
      'run r1: it is wrong: open is left',
    ]);
    expect(jq('.status | tonumber')[0]).toMatch(/the invariant itself failed/);
  });

  it('takes what a function of a module says', () => {
    const world = {} as FinalWorld;
    expect(moduleInvariant('f', () => undefined).check(world)).toEqual([]);
    expect(moduleInvariant('f', () => false).check(world)).toEqual(['f does not hold']);
    expect(moduleInvariant('f', () => ['a', 'b']).check(world)).toEqual(['a', 'b']);
  });
});

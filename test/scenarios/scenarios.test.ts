/*
 * The project's own scenarios: all of them load, and in worlds in which no fault strikes every run ends
 * on a path that the scenario names, writes exactly its budget, and keeps every promise.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { currentEngine } from '../../src/chaos/engine.ts';
import type { History, Violation } from '../../src/chaos/history.ts';
import { checkAll, readLogs, viewOf } from '../../src/chaos/oracles/index.ts';
import { countWrites } from '../../src/chaos/oracles/p11-write-budget.ts';
import {
  loadScenarioFile,
  OutcomeTally,
  type Scenario,
  scenarioSubject,
  withInvariantModules,
} from '../../src/chaos/scenario/index.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { provesAll } from '../proofs/proves.ts';
import { rowsOfScenario } from '../proofs/tags.ts';
import { readSource } from '../../src/dsl/source.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';

const FILES = ['scenarios', 'scenarios/budget'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
);

async function loaded(file: string): Promise<Scenario> {
  const { problems, scenario } = loadScenarioFile(file);
  expect(problems).toEqual([]);
  return await withInvariantModules(scenario!);
}

/** One world without faults. */
function calm(scenario: Scenario, seed: number, instances: number): History {
  const plan = {
    version: 1,
    seed,
    runners: 2,
    partitions: 2,
    faults: [],
    instances: Array.from({ length: instances }, (_, id) => ({
      id,
      at: id * 150,
      draw: seed * 10_000 + id,
    })),
  } as const;
  return runPlan(currentEngine(compileSchema), scenarioSubject(scenario), plan).history;
}

describe('every scenario', () => {
  const schema = JSON.parse(readFileSync('scenarios/scenario.schema.json', 'utf8')) as object;
  const fits = new Ajv2020({ strict: false }).compile(schema);

  for (const file of FILES) {
    const name = `${file} loads, fits the schema, and keeps its promises and its budget`;
    it(name, provesAll(rowsOfScenario(readFileSync(file, 'utf8'))), async () => {
      const scenario = await loaded(file);
      const { value } = readSource(readFileSync(file, 'utf8'), file);
      expect(fits(value), JSON.stringify(fits.errors)).toBe(true);
      expect(file.endsWith(`/${scenario.name.replace(/^budget-/, '')}.yaml`)).toBe(true);
      const violations: Violation[] = [];
      let counted = 0;
      for (let seed = 1; seed <= 8; seed += 1) {
        const found = checkAll(calm(scenario, seed, 6), scenario);
        violations.push(...found.violations);
        counted += found.checked['p11-write-budget'] ?? 0;
      }
      expect(violations.map(({ oracle, said }) => `${oracle}: ${said}`)).toEqual([]);
      expect(counted).toBeGreaterThan(0);
    });
  }
});

describe('merchant-onboarding', () => {
  let scenario: Scenario;
  const histories: History[] = [];

  beforeAll(async () => {
    scenario = await loaded('scenarios/merchant-onboarding.yaml');
    for (let seed = 1; seed <= 25; seed += 1) histories.push(calm(scenario, seed, 20));
  });

  it('takes every failing path in at least one run of a hundred, with four effects or more to undo', () => {
    const tally = new OutcomeTally(scenario);
    for (const history of histories) {
      const runs = viewOf(history, scenario).finalRuns();
      tally.add(runs);
      for (const { output } of runs) {
        const { outcome, undo } = output as { outcome: string; undo?: unknown[] };
        if (outcome === 'undone') expect(undo?.length).toBeGreaterThanOrEqual(4);
      }
    }
    expect(tally.runs).toBe(500);
    expect(tally.shares().filter(({ enough }) => !enough)).toEqual([]);
  });

  it('undoes in reverse order, and goes on after an undo that fails', () => {
    const logs = histories
      .flatMap((history) => viewOf(history, scenario).finalRuns())
      .filter(({ input }) => (input as { merchantId: string }).merchantId === 'm-9001-BAD')
      .map(({ output }) => (output as { undo: { step: string; outcome: string }[] }).undo);
    expect(logs.length).toBeGreaterThan(0);
    const late = logs.find((log) => log.length === 10);
    expect(late?.map(({ outcome, step }) => `${step} ${outcome}`)).toEqual([
      'welcome-email undone',
      'dashboard-seed undone',
      'gateway-issue undone',
      'fee-plan-assign undone',
      'settlement-open undone',
      'tax-register failed',
      'merchant-create undone',
      'sanctions-check undone',
      'documents-enrich undone',
      'kyc-fetch undone',
    ]);
  });

  it('has a night of 1,847 signups', () => {
    expect(scenario.inputs.workloads.get('night')?.count).toBe(1847);
  });
});

describe('protocol-walk', () => {
  it('writes the twelve owner records of PROTOCOL.md', async () => {
    const scenario = await loaded('scenarios/protocol-walk.yaml');
    const history = calm(scenario, 1, 1);
    const [run] = readLogs(history.logs).runs.values();
    const { records, rows } = countWrites(run!);
    expect(Object.fromEntries(records)).toEqual({ STEP: 7, PARK: 1, RESUME: 1, END: 3 });
    expect(rows).toBe(2);
  });
});

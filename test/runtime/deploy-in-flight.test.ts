/*
 * P8 in a simulated world: a version with one more step is deployed while runs of the old one are in flight -
 * calling, held, parked - and runners die around it. Every record of a run names the definition that
 * its first one named; whoever begins afterwards, and asks for the latest, takes the new one.
 */
import { describe, expect, it } from 'vitest';
import {
  EPOCH_MS,
  type ServiceModel,
  type SimProcess,
  Simulation,
} from '../../src/adapters/sim/index.ts';
import { type Definition, load } from '../../src/dsl/index.ts';
import { planCompiler, Runner, startRecord, storedDefinition } from '../../src/runtime/index.ts';
import { decodeRecord, encodeRecord, homeOf, type Json, uuidv7 } from '../../src/wire/index.ts';

const OLD = 24;
const NEW = 12;
const HOUR = 3_600_000;
const PARTITIONS = 2;

function version(number: string, more = ''): Definition {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: order, version: '${number}'}
do:
  - reserve: {call: reserve}
  - pause: {wait: PT10S}
  - sleep: {wait: PT1H}${more}
  - pay: {call: pay}
  - told: {set: {by: '\${ $workflow.definition.document.version }'}}`,
    'order.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

const answers = (result: (name: string) => Json): ServiceModel => ({
  call: ({ name }) => ({ latency: 5_000, outcome: { result: result(name) }, applied: true }),
});

describe('a new version', () => {
  it.each([
    ['while calls are under way', 3_000],
    ['while runs are held', 9_000],
    ['while runs are parked', 600_000],
  ])('is deployed %s', (_, deployed) => {
    const old = version('1.0.0');
    const improved = version('1.1.0', '\n  - check: {call: check}');
    const services = new Map([
      ['reserve', answers(() => 'reserved')],
      ['check', answers(() => 'checked')],
      ['pay', answers(() => 'paid')],
    ]);
    const simulation = new Simulation({ seed: 3, partitions: PARTITIONS, services });
    const { definitions, scheduler } = simulation;
    definitions.deploy(storedDefinition(old));
    const complaints: string[] = [];
    const processes: SimProcess[] = ['a', 'b'].map((name) => simulation.process(name));
    const serve = (process: SimProcess): void =>
      void process.start((life) => {
        new Runner(simulation.portsFor(life), {
          name: process.name,
          prefix: 'test',
          compile: planCompiler(() => () => undefined),
          onComplaint: (said) => complaints.push(said),
        }).start();
      });
    for (const process of processes) serve(process);
    const client = simulation.process('client');
    const runs: string[] = [];
    const start = (at: number, count: number): void => {
      scheduler.at(EPOCH_MS + at, () => {
        const { broker } = simulation.portsFor(client.life!);
        for (let i = 0; i < count; i++) {
          const run = uuidv7(EPOCH_MS + at, () => (i + 0.5) / count);
          runs.push(run);
          const definition = { namespace: 'test', name: 'order' };
          const record = startRecord({ run, definition, time: EPOCH_MS + at });
          broker.append(homeOf(run, PARTITIONS), [encodeRecord(record)]).then(
            () => undefined,
            () => undefined,
          );
        }
      });
    };
    client.start(() => start(0, OLD));
    scheduler.at(EPOCH_MS + deployed, () => definitions.deploy(storedDefinition(improved)));
    start(deployed + 60_000, NEW);
    // Each dies around the deployment, and is back a little later.
    for (const [i, process] of processes.entries()) {
      scheduler.at(EPOCH_MS + deployed - 500 + 1_000 * i, () => process.crash('deploying', 0));
      scheduler.at(EPOCH_MS + deployed + 2_000 + 1_000 * i, () => serve(process));
    }
    scheduler.run({ until: EPOCH_MS + 2 * HOUR });
    expect(complaints).toEqual([]);
    const hashes = new Map<string, Set<string>>();
    const outputs = new Map<string, Json>();
    for (const log of simulation.broker.everything) {
      for (const { bytes } of log) {
        const { body, header } = decodeRecord(bytes);
        if (body.kind === 'END') outputs.set(header.run, body.end.output ?? null);
        if (header.run === '' || header.definition === '') continue;
        hashes.set(header.run, (hashes.get(header.run) ?? new Set()).add(header.definition));
      }
    }
    expect(runs).toHaveLength(OLD + NEW);
    for (const [i, run] of runs.entries()) {
      const own = i < OLD ? old : improved;
      expect([...hashes.get(run)!]).toEqual([own.hash]);
      expect(outputs.get(run)).toEqual({ by: own.version });
    }
    const checks = simulation.services.ledger.filter(({ name }) => name === 'check');
    expect(new Set(checks.map(({ run }) => run))).toEqual(new Set(runs.slice(OLD)));
  });
});

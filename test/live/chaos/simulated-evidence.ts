/*
 * Evidence of a small campaign that is quick to make and the same each time: a simulated world of the
 * scenario, its history told in the lines that services, clients and tables leave behind. The checker
 * cannot tell the difference, and this file takes care of nothing else.
 *
 * One runner is frozen after an append for longer than its session lasts, so there is a zombie in it.
 */
import { currentEngine, SIMULATED_LIMITS } from '../../../src/chaos/engine.ts';
import type { History } from '../../../src/chaos/history.ts';
import { loadSchemas, schemas } from '../../../src/presets/schemas.ts';
import { scenarioSubject } from '../../../src/chaos/scenario/index.ts';
import type { Subject } from '../../../src/chaos/subject.ts';
import { runPlan } from '../../../src/chaos/world.ts';
import { canonicalJson, sha256Hex, type WorkflowError } from '../../../src/wire/index.ts';
import type { AskedLine, DoneLine, Evidence } from '../../../chaos/live/evidence.ts';
import { SCALE, SCENARIO, scaledScenarios } from '../../../chaos/live/scaled-scenario.ts';

const RUNNERS = ['runner-1', 'runner-2'];
const PARTITIONS = 2;
const INSTANCES = 12;
const FROZEN_MS = 20_000;

async function subject(): Promise<Subject> {
  // the version that parks: the Store has its part in the evidence
  const scaled = await scaledScenarios(SCENARIO);
  const scenario = scaled.find(({ version }) => version === 'parked')!.scenario;
  const whole = scenarioSubject(scenario);
  const services = new Map(
    [...whole.services].map(([name, model]) => [
      name,
      {
        call: (call: Parameters<typeof model.call>[0]) => {
          const verdict = model.call(call);
          return { ...verdict, latency: verdict.latency * SCALE };
        },
      },
    ]),
  );
  return { ...whole, services };
}

export async function simulatedEvidence(): Promise<Evidence> {
  await loadSchemas();
  const { history } = runPlan(currentEngine(schemas, SIMULATED_LIMITS, true), await subject(), {
    version: 1,
    seed: 7,
    runners: RUNNERS.length,
    partitions: PARTITIONS,
    instances: Array.from({ length: INSTANCES }, (_, id) => ({ id, at: id * 200, draw: id })),
    faults: [
      {
        id: 0,
        at: { point: 'activity', nth: 20, process: 0 },
        does: { kind: 'pause', when: 'after', ms: FROZEN_MS, expel: false },
      },
    ],
  });
  return evidenceOf(history);
}

function pidOf(runner: string): number {
  return 1_000 + RUNNERS.indexOf(runner);
}

function evidenceOf(history: History): Evidence {
  const { client, endedAt, healedAt, index, ledger, logs, quiescent, store } = history;
  const lines = ledger.flatMap((call, id): (AskedLine | DoneLine)[] => {
    const { answer, applied, at, attempt, heard, key, name, request, run, runner, strand } = call;
    const asked: AskedLine = {
      ...{ what: 'asked', id, at, name, key, attempt, run, strand, request, pid: pidOf(runner) },
      digest: sha256Hex(canonicalJson(request)),
    };
    if (answer === undefined) return [asked];
    const failed =
      heard === 'error' || (typeof answer === 'object' && answer !== null && 'status' in answer);
    return [
      asked,
      {
        ...{ what: 'done', id, at: call.appliedAt ?? at, applied, heard: heard !== 'nothing' },
        answer: failed ? { error: answer as unknown as WorkflowError } : { result: answer },
      },
    ];
  });
  const frozen = history.processes.find(({ event }) => event === 'paused')!;
  const thawed = history.processes.find(({ event }) => event === 'resumed')!;
  const applied = store.applied.map((offset, partition) => ({ partition, applied: offset }));
  const indexed = index!.positions.flatMap((position, partition) =>
    position === undefined ? [] : [{ ...position, partition }],
  );
  return {
    campaign: {
      ...{ seed: '7', forMs: healedAt - client[0]!.at, runners: RUNNERS.length },
      ...{ instances: INSTANCES, partitions: PARTITIONS, sessionMs: 6_000, scenario: SCENARIO },
      ...{ begunAt: client[0]!.at, healedAt, endedAt, rested: quiescent, skewMsMax: 0 },
    },
    topic: logs,
    store: { fold: applied, parked: [], result: [], run: index!.rows, indexed },
    services: [lines],
    starts: client.map((start) => ({ ...start, version: '1.1.0' })),
    cancels: [],
    struck: [
      {
        ...{ fault: 0, kind: 'zombie', target: frozen.process, pid: pidOf(frozen.process) },
        ...{ at: frozen.at, until: thawed.at },
      },
    ],
    processes: [],
    complaints: [],
    rewritten: [],
  };
}

/*
 * Lifecycle events: which there are and what they say, that a crash of who publishes them loses none, and
 * that whatever happens they tell what the Log says.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EPOCH_MS,
  type ServiceCall,
  type ServiceModel,
  Simulation,
} from '../../src/adapters/sim/index.ts';
import { runCampaign } from '../../src/chaos/campaign.ts';
import { currentEngine, SIMULATED_LIMITS } from '../../src/chaos/engine.ts';
import { DEFAULT_BOUNDS, planArbitrary } from '../../src/chaos/generate.ts';
import { checkAll, ORACLES } from '../../src/chaos/oracles/index.ts';
import type { History } from '../../src/chaos/history.ts';
import { lifecycleTold } from '../../src/chaos/oracles/r19-lifecycle.ts';
import { profileOf } from '../../src/chaos/profile.ts';
import { loadScenarioFile, scenarioSubject } from '../../src/chaos/scenario/index.ts';
import { decodeToken } from '../../src/chaos/token.ts';
import { runPlan } from '../../src/chaos/world.ts';
import { load } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import type { StoredRecord } from '../../src/ports/index.ts';
import {
  controlRecord,
  planCompiler,
  Runner,
  type RunnerOptions,
  startRecord,
  storedDefinition,
} from '../../src/runtime/index.ts';
import {
  type CloudEvent,
  type ControlVerb,
  decodeEvent,
  encodeEvent,
  encodeRecord,
  homeOf,
  type Json,
  uuidv7,
} from '../../src/wire/index.ts';
import { waybill } from '../../src/wire/generated/messages.js';
import { smallSubject } from '../chaos/small-subject.ts';
import { proves } from '../proofs/proves.ts';

const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';
const RUN = uuidv7(EPOCH_MS, () => 0.5);
const services: ReadonlyMap<string, ServiceModel> = new Map([
  ['a', { call: () => ({ latency: 3_000, outcome: { result: 1 }, applied: true }) }],
  [
    'busy',
    {
      call: ({ attempt }: ServiceCall) => ({
        latency: 10,
        outcome:
          attempt > 1
            ? { result: 2 }
            : { error: { type: 'https://a.b/busy', status: 503, title: 'Busy' } },
        applied: attempt > 1,
      }),
    },
  ],
]);

interface Asked {
  readonly at: number;
  readonly verb?: ControlVerb;
  readonly event?: CloudEvent;
  readonly crash?: true;
}

/** What is told of one run of a workflow, in order, copies included. */
function told(
  body: string,
  lifecycle: RunnerOptions['lifecycle'],
  { ms = 60_000, asked = [] }: { ms?: number; asked?: readonly Asked[] } = {},
): { events: CloudEvent[]; records: number } {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: flow, version: '1.2.0'}\n${body}`,
    'flow.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  const simulation = new Simulation({ seed: 1, partitions: 2, services });
  const { scheduler } = simulation;
  simulation.definitions.deploy(storedDefinition(definition));
  const process = simulation.process('runner');
  const complaints: string[] = [];
  const serve = (): void =>
    void process.start((life) => {
      new Runner(simulation.portsFor(life), {
        name: 'runner',
        prefix: 'test',
        compile: planCompiler(() => () => undefined),
        onComplaint: (said) => complaints.push(said),
        ...(lifecycle === undefined ? {} : { lifecycle }),
      }).start();
    });
  serve();
  const ignore = (): void => undefined;
  simulation.process('client').start((life) => {
    const { broker, events } = simulation.portsFor(life);
    const name = { namespace: 'test', name: 'flow' };
    const home = homeOf(RUN, 2);
    const start = startRecord({ run: RUN, definition: name, time: EPOCH_MS });
    broker.append(home, [encodeRecord(start)]).then(ignore, ignore);
    for (const { at, crash, event, verb } of asked) {
      const time = EPOCH_MS + at;
      scheduler.at(time, () => {
        if (crash) process.crash('in a test', 0);
        if (crash) serve();
        if (event !== undefined) events.append(0, [encodeEvent(event, time)]).then(ignore, ignore);
        if (verb === undefined) return;
        const record = controlRecord({ run: RUN, id: `c${at}`, verb, time });
        broker.append(home, [encodeRecord(record)]).then(ignore, ignore);
      });
    }
  });
  scheduler.run({ until: EPOCH_MS + ms });
  expect(complaints).toEqual([]);
  const events = simulation.events.everything.flatMap((log) =>
    log.flatMap(({ bytes }): CloudEvent[] => {
      const { messageType, payload } = waybill.v1.MessageEnvelope.decode(bytes);
      if (messageType !== 'LIFECYCLE') return [];
      // Nobody listens to what the engine tells of itself.
      expect(decodeEvent(bytes)).toBeUndefined();
      return [JSON.parse(Buffer.from(payload!).toString()) as CloudEvent];
    }),
  );
  const owned = simulation.broker.everything.flat();
  return { events, records: owned.length };
}

const words = (events: readonly CloudEvent[]): string[] =>
  events.map(({ data, type }) => {
    const [, subject, verb] = /\.(\w+)\.([\w-]+)\.v1$/.exec(type)!;
    const { task } = data as { readonly task?: string };
    return subject === 'workflow' ? verb! : `${task!.split('/').at(-1)} ${verb}`;
  });

describe('lifecycle events', () => {
  it('tell of a run that completes', proves('lifecycle.workflow'), () => {
    const { events } = told('do: [{x: {call: a}}]', 'workflow');
    const [started, completed, ...more] = events;
    expect(more).toEqual([]);
    expect(started).toMatchObject({
      specversion: '1.0',
      source: '/test/flow/1.2.0',
      subject: RUN,
      type: 'io.serverlessworkflow.workflow.started.v1',
      datacontenttype: 'application/json',
      data: {
        name: `flow-${RUN}.test`,
        definition: { namespace: 'test', name: 'flow', version: '1.2.0' },
        startedAt: started!['time'],
      },
    });
    expect(completed).toMatchObject({
      type: 'io.serverlessworkflow.workflow.completed.v1',
      data: {
        name: `flow-${RUN}.test`,
        completedAt: completed!['time'],
        outputUri: `urn:waybill:run:${RUN}:output`,
      },
    });
    expect(Date.parse(completed!['time'] as string)).toBeGreaterThan(
      Date.parse(started!['time'] as string) + 2_000,
    );
    expect(started!.id).not.toBe(completed!.id);
  });

  it('tell of a run that faults, and with what', () => {
    const raise = "{raise: {error: {type: 'https://a.b/no', status: 400, title: No}}}";
    const { events } = told(`do: [{x: ${raise}}]`, 'workflow');
    expect(words(events)).toEqual(['started', 'faulted']);
    expect(events[1]!['data']).toMatchObject({
      error: { type: 'https://a.b/no', status: 400, title: 'No', instance: '/do/0/x' },
    });
  });

  it('tell of a run that is cancelled', () => {
    const asked = [{ at: 1_000, verb: 'cancel' }] as const;
    const { events } = told('do: [{x: {call: a}}]', 'task', { asked });
    expect(words(events)).toEqual([
      ...['started', 'x created', 'x started', 'x cancelled', 'cancelled'],
    ]);
  });

  it(
    'tell of a run that is suspended and resumed',
    proves('lifecycle.workflow.suspended', 'lifecycle.task.suspended'),
    () => {
      const asked = [
        { at: 1_000, verb: 'suspend' },
        { at: 10_000, verb: 'resume' },
      ] as const;
      const { events } = told('do: [{x: {wait: PT5S}}]', 'task', { asked });
      expect(words(events)).toEqual([
        ...['started', 'x created', 'x started'],
        ...['x suspended', 'suspended', 'resumed', 'x resumed', 'x completed', 'completed'],
      ]);
      expect(events[5]).toMatchObject({ source: '/test/flow/1.2.0', subject: RUN });
    },
  );

  it('tell of correlations', proves('lifecycle.workflow.correlation'), () => {
    const to =
      '{all: [{with: {type: p}, correlate: {order: {from: .data.id}}}, {with: {type: q}, correlate: {order: {from: .data.id}}}]}';
    const event = (type: string): CloudEvent => ({
      ...{ specversion: '1.0', id: type, source: '/s', type },
      data: { id: 'o-1' } as Json,
    });
    const asked = [
      { at: 5_000, event: event('p') },
      { at: 9_000, event: event('q') },
    ];
    const { events } = told(`do: [{x: {listen: {to: ${to}}}}]`, 'workflow', { asked });
    expect(words(events)).toEqual([
      ...['started', 'correlation-started', 'correlation-completed', 'completed'],
    ]);
    expect(events[2]!['data']).toMatchObject({ correlationKeys: { order: 'o-1' } });
  });

  it('tell of tasks, in order', proves('lifecycle.task'), () => {
    const { events } = told(
      `do:
  - set: {set: {n: 1}}
  - not: {if: .n == 2, set: {n: 3}}
  - try:
      try: [{ask: {call: busy}}]
      catch: {retry: {delay: PT1S, limit: {attempt: {count: 2}}}}
  - both: {fork: {branches: [{p: {call: a}}, {q: {set: {x: 1}}}]}}`,
      'task',
    );
    const all = words(events);
    expect(all.slice(0, 16)).toEqual([
      ...['started', 'set created', 'set started', 'set completed', 'not created', 'not skipped'],
      ...['try created', 'try started', 'ask created', 'ask started', 'ask faulted', 'try retried'],
      ...['ask created', 'ask started', 'ask completed', 'try completed'],
    ]);
    expect(all.slice(16, 18)).toEqual(['both created', 'both started']);
    expect(all.slice(18).toSorted()).toEqual(
      [
        ...['p created', 'p started', 'p completed', 'q created', 'q started', 'q completed'],
        ...['both completed', 'completed'],
      ].toSorted(),
    );
    expect(all.slice(-2)).toEqual(['both completed', 'completed']);
    expect(events.find(({ type }) => type.includes('task.faulted'))!['data']).toMatchObject({
      workflow: `flow-${RUN}.test`,
      task: '/do/2/try/try/0/ask',
      error: { status: 503, title: 'Busy' },
    });
    const branch = events.find(({ data }) => (data as { task?: string }).task?.endsWith('/p'));
    expect(branch!['data']).toMatchObject({ strand: expect.stringMatching(/^\d+\.0$/) });
  });

  it('are none, those of runs, or those of tasks as well', proves('lifecycle.level'), () => {
    const body = 'do: [{x: {call: a}}, {y: {set: {n: 1}}}]';
    const of = (level: RunnerOptions['lifecycle']): { count: number; records: number } => {
      const { events, records } = told(body, level, { ms: 20_000 });
      return { count: events.length, records };
    };
    expect(of(undefined).count).toBe(0);
    expect(of('none').count).toBe(0);
    expect(of('workflow').count).toBe(2);
    expect(of('task').count).toBe(2 + 3 + 3);
    // ... and cost no record of an owner (the write budget).
    expect(of('task').records).toBe(of('none').records);
  });

  it('survive whoever publishes them', () => {
    const asked = [1_100, 2_000, 3_210, 9_000].map((at) => ({ at, crash: true }) as const);
    const body = 'do: [{x: {call: a}}, {y: {call: a}}, {z: {wait: PT3S}}]';
    const { events } = told(body, 'task', { ms: 300_000, asked });
    const first = [...new Map(events.toReversed().map((event) => [event.id, event])).values()];
    expect(words(first.toReversed())).toEqual([
      ...['started', 'x created', 'x started', 'x completed', 'y created', 'y started'],
      ...['y completed', 'z created', 'z started', 'z completed', 'completed'],
    ]);
  });
});

/** What chaos has found. */
const TOO_NEW =
  'wb1.jdNNb6MwEAbgvxK9Z1cy5jM-t9fVSru3VQ8TGIJVYiPbJN2N-O8rmrLbNGmbE0KM532YgSNCzZa8cdCI3gx3' +
  'gbYEgY5CB40mletGbeR6ncs1cZEyt6SyihQrlrJJ8jYvi6wkbmWuspy43NSlLOqqSjPJc6ehJwt9xJ59MM5CJwKB' +
  'uYHOyrSsVCLgR2vZB2glMJCPJhpnT7fGhki25gD96wjTQEsBitCZSpRA4-kAXSpVyFygnit7aDmJU21yql1XZbrU' +
  'JjKr8iKdHgVaGvt40fiIwRkboUF1NHsTf0PAxg46F4gUnqBRk2_u6o78ljEJNG72HfFkbAON0LsDBHYBOpNSyklg' +
  'yyGOnueH7Pem5lV0btVTnM-fWT-OT67GCwRja3556U8g-a0MdcEYBrYNxNL04dv9IprX5V3NIVyNH2gMM_DQsZ0b' +
  'tZH9KydRUkoBfh7mfUU_8pnuj9ttDK9OJxZZ-pXsx8-H79doyZe0DbfO86stlbfYdswxrDo2_4HZh8AXUvpvVekl' +
  'KHZ0wI05-ec5Z1t5Pxw_2qsD2YymnzucrjqZlrDifZjl57hEZW-n_ObfveVzOJv5le9hepymvw';
const SET_BACK =
  'wb1.lZDBbuMgEIZfJfrPRAJsxzGvUvUwgXHDxgEEuD1YfvfKSTe7m91D98jo03zzsaBYDpR9hEHNPu0LvREEzlTO' +
  'MHCNHJw-yWHo5EB8aJhH0u2RNGuW0qlu7PpD2xOPstNtR9yfbC8P9nhsWsnbpjRRgFnwzrn4GGCUQGF2MKoRyHMI' +
  'nMttmihXX30M96cPpVKwXGBeFngHIwWowqhBaQGX6eM2shs0wchV3DF1x1rVH39iSsqDbNTv8KvASPNU_1q_IEUf' +
  'KgzGODkIhHqG0auAi9sxCy4-uO1zfLnsx3maIHAtMFpKuQq8calz5g2gSicqvHPxI4hdPXPYVbpwfOeMp2t_WSkl' +
  'Dg9vK1B8sHzre74g84mmrQj_79XP3uqvnB-5WiDlaLmUf5p_zNf0lb1vpHwuL2nydWenaC8PYfPdUP3t0D80r-v6' +
  'CQ';

describe('lifecycle events under chaos', () => {
  const files = ['trip-saga', 'child-workflows', 'document-approval'];
  const runs = NIGHTLY ? 2_000 : 8;
  it.each(files)(
    'tell what the Log says: %s',
    async (file) => {
      const { scenario } = loadScenarioFile(`scenarios/${file}.yaml`);
      const subject = scenarioSubject(scenario!);
      const { instances, partitions, runners } = scenario!.faults;
      let checked = 0;
      const result = await runCampaign({
        engine: currentEngine(compileSchema, SIMULATED_LIMITS, false, 'task'),
        subject,
        profile: profileOf('everything'),
        bounds: {
          ...DEFAULT_BOUNDS,
          ...{ tasks: subject.tasks, instances, runners, partitions, cancels: scenario!.cancels },
        },
        seed: 7,
        runs,
        oracles: (history) => {
          const all = checkAll(history, scenario, [...ORACLES, lifecycleTold]);
          checked += all.checked['r19-lifecycle'] ?? 0;
          return all;
        },
      });
      expect(result.failures.map(({ violations }) => violations)).toEqual([]);
      expect(checked).toBeGreaterThan(runs);
    },
    NIGHTLY ? 3_600_000 : 60_000,
  );

  it.each([
    ['a record for newer builds that the owner has not come to', TOO_NEW],
    ['a clock that is set back while a fork waits for its branches', SET_BACK],
  ])('tell what the Log says: %s', (_, token) => {
    const { scenario } = loadScenarioFile('scenarios/trip-saga.yaml');
    const engine = currentEngine(compileSchema, SIMULATED_LIMITS, false, 'task');
    const { history } = runPlan(engine, scenarioSubject(scenario!), decodeToken(token).plan);
    const { violations } = checkAll(history, scenario, [...ORACLES, lifecycleTold]);
    expect(violations).toEqual([]);
  });

  it('is seen when it is not so', () => {
    const run = (): History => {
      const subject = smallSubject();
      const engine = currentEngine(compileSchema, SIMULATED_LIMITS, false, 'task');
      const bounds = { ...DEFAULT_BOUNDS, tasks: subject.tasks };
      const [plan] = fc.sample(planArbitrary(profileOf('calm'), bounds), { seed: 3, numRuns: 1 });
      return runPlan(engine, subject, plan!).history;
    };
    const history = run();
    const said = (change: (log: readonly StoredRecord[]) => readonly StoredRecord[]): string[] => {
      const { level, logs } = history.lifecycle!;
      const changed = { ...history, lifecycle: { level, logs: logs.map(change) } };
      return checkAll(changed, undefined, [lifecycleTold]).violations.map((one) => one.said);
    };
    expect(said((log) => log)).toEqual([]);
    expect(said((log) => log.slice(0, -1)).join()).toMatch(/is told .*; the Log says/);
    expect(said((log) => log.toReversed()).join()).toMatch(/is told .*; the Log says/);
    expect(said((log) => [...log, ...log])).toEqual([]);
    const task = (log: readonly StoredRecord[]): readonly StoredRecord[] =>
      log.filter(({ bytes }) => !Buffer.from(bytes).includes('task.started'));
    expect(said(task).join()).toMatch(/was begun 1 times, and told 0 times/);
  });
});

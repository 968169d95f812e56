/*
 * A calm simulated world of one runner, one partition and one run, read back from the bytes of its Log.
 */
import { expect } from 'vitest';
import { Simulation, EPOCH_MS, type ServiceModel } from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import {
  controlRecord,
  DEFAULT_LIMITS,
  planCompiler,
  Runner,
  type RuntimeLimits,
  startRecord,
  storedDefinition,
} from '../../src/runtime/index.ts';
import {
  type CloudEvent,
  type ControlVerb,
  decodeRecord,
  encodeEvent,
  encodeRecord,
  homeOf,
  homeOfEvent,
  type Json,
  type LogRecord,
  uuidv7,
} from '../../src/wire/index.ts';

export interface Told {
  /** one line per record: kind, strand, activity, what it names */
  readonly lines: readonly string[];
  readonly records: readonly LogRecord[];
  readonly writes: { readonly inserted: number; readonly deleted: number };
  readonly events: Simulation['store']['events'];
}

export interface WalkOptions {
  readonly ms?: number;
  readonly limits?: Partial<RuntimeLimits>;
  readonly input?: Json;
  /** what a client asks of the run, and when, ms */
  readonly controls?: readonly {
    readonly at: number;
    readonly verb: ControlVerb;
    readonly hop?: number;
  }[];
  /** events from outside, and when, ms */
  readonly events?: readonly ({
    readonly at: number;
    readonly type: string;
  } & Partial<CloudEvent>)[];
  /** when the run is started, ms */
  readonly startAt?: number;
}

export const ok: ServiceModel = {
  call: ({ name }) => ({
    latency: 10 * (1 + name.charCodeAt(1)),
    outcome: { result: name },
    applied: true,
  }),
};

/** Runs one instance in a calm world with one runner and one partition, until `ms` have passed. */
export function walk(
  body: string,
  services: Record<string, ServiceModel>,
  {
    ms = 10 * 3_600_000,
    limits = {},
    input,
    controls = [],
    events = [],
    startAt = 0,
  }: WalkOptions = {},
): Told {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: walk, version: '1.0.0'}\n${body}`,
    'walk.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  const simulation = new Simulation({
    seed: 1,
    partitions: 1,
    services: new Map(Object.entries(services)),
  });
  simulation.definitions.deploy(storedDefinition(definition));
  const complaints: string[] = [];
  simulation.process('runner').start((life) => {
    const compile = planCompiler(() => () => undefined);
    new Runner(simulation.portsFor(life), {
      name: 'runner',
      prefix: 'test',
      compile,
      limits: { ...DEFAULT_LIMITS, ...limits },
      onComplaint: (said) => complaints.push(said),
    }).start();
  });
  simulation.process('client').start((life) => {
    const { broker, events: log } = simulation.portsFor(life);
    for (const [i, { at, ...given }] of events.entries()) {
      const event = { specversion: '1.0', id: `e${i}`, source: 'urn:outside', ...given };
      const time = EPOCH_MS + at;
      simulation.scheduler.at(time, () => {
        log.append(homeOfEvent(event, 1), [encodeEvent(event, time)]).then(
          () => undefined,
          () => undefined,
        );
      });
    }
    const begun = EPOCH_MS + startAt;
    const run = uuidv7(begun, () => 0.5);
    const name = { namespace: 'test', name: 'walk' };
    const record = startRecord({
      run,
      definition: name,
      time: begun,
      ...(input === undefined ? {} : { input }),
    });
    const send = (bytes: Uint8Array): void => {
      broker.append(homeOf(run, 1), [bytes]).then(
        () => undefined,
        () => undefined,
      );
    };
    simulation.scheduler.at(begun, () => send(encodeRecord(record)));
    controls.forEach(({ at, verb, hop }, i) => {
      const time = EPOCH_MS + at;
      const asked = hop === undefined ? {} : { hop };
      simulation.scheduler.at(time, () =>
        send(encodeRecord(controlRecord({ run, id: `c${i}`, verb, time, ...asked }))),
      );
    });
  });
  simulation.scheduler.run({ until: EPOCH_MS + ms });
  expect(complaints).toEqual([]);
  const all = simulation.broker.everything[0]!.map(({ bytes }) => decodeRecord(bytes));
  const counted = all.filter(({ header }) => !['CLAIM', 'MARK', 'CLOSE'].includes(header.kind));
  return {
    lines: counted.map((record) => line(record, all)),
    records: all,
    writes: simulation.store.writes,
    events: simulation.store.events,
  };
}

function line({ header, body }: LogRecord, all: readonly LogRecord[]): string {
  const words: string[] = [header.kind];
  if (header.strand !== '') words.push(header.strand);
  if (header.joins > 0) words.push('joining');
  if (body.kind === 'ANSWER') words.push(body.outcome);
  if (body.kind === 'END' && body.end.cancelled) words.push('cancelled');
  if (body.kind === 'STEP' || body.kind === 'PARK') {
    if (body.activity !== undefined) words.push(body.activity.name);
    if (body.kind === 'STEP' && body.notBefore !== undefined) words.push('held');
  }
  const named = header.targets.map((target) => nameOf(all[target]!));
  return `${words.join(' ')}${named.length > 0 ? ` <- ${named.join(', ')}` : ''}`;
}

function nameOf({ header, body }: LogRecord): string {
  const strand = header.strand === '' ? '' : ` ${header.strand}`;
  if (header.joins > 0) return `joining${strand}`;
  if (body.kind === 'STEP' && body.activity !== undefined) return `${body.activity.name}${strand}`;
  return `${header.kind}${strand}`;
}

/* When an owner does not go on, what it says then, and what does not stop it. */
import { expect, it } from 'vitest';
import { EPOCH_MS, type ServiceModel, Simulation } from '../../src/adapters/sim/index.ts';
import { load } from '../../src/dsl/index.ts';
import {
  planCompiler,
  Runner,
  type RunnerOptions,
  startRecord,
  storedDefinition,
} from '../../src/runtime/index.ts';
import { draft, numbered } from '../../src/runtime/unit.ts';
import { decodeHeader, encodeRecord, FORMAT, uuidv7 } from '../../src/wire/index.ts';

const ok: ServiceModel = {
  call: ({ name }) => ({ latency: 10, outcome: { result: name }, applied: true }),
};
const { definition } = load(
  `document: {dsl: '1.0.3', namespace: test, name: stops, version: '1.0.0'}\ndo: [{a: {call: a}}]`,
  'stops.yaml',
);

/** A world of one partition; `before` prepares it, then a runner comes. */
function worldOf(options: Partial<RunnerOptions> = {}, before?: (simulation: Simulation) => void) {
  const simulation = new Simulation({ seed: 1, partitions: 1, services: new Map([['a', ok]]) });
  const complaints: string[] = [];
  before?.(simulation);
  simulation.process('runner').start((life) => {
    new Runner(simulation.portsFor(life), {
      name: 'runner',
      prefix: 'test',
      compile: planCompiler(() => () => undefined),
      onComplaint: (said) => complaints.push(said),
      ...options,
    }).start();
  });
  const run = uuidv7(EPOCH_MS, () => 0.5);
  const { namespace, name, version, hash } = definition!;
  const request = { run, definition: { namespace, name, version }, hash, time: EPOCH_MS };
  simulation.broker.land(0, [encodeRecord(startRecord(request))]);
  const until = (ms: number): string[] => {
    simulation.scheduler.run({ until: EPOCH_MS + ms });
    return simulation.broker.everything[0]!.map(({ bytes }) => decodeHeader(bytes).kind);
  };
  return { simulation, complaints, until };
}

function deployed({ definitions }: Simulation): void {
  definitions.deploy(storedDefinition(definition!));
}

it('stops when the Store has applied more than the Log has', () => {
  const { until, complaints } = worldOf({}, (simulation) => {
    deployed(simulation);
    simulation.store.fold(0, 0, 500, []);
  });
  expect(until(900)).not.toContain('STEP');
  expect(complaints[0]).toMatch(/applied the Log up to 500, and the Log ends at 2.*another Log/);
});

it('stops before it claims a Log that was begun with another number of partitions', () => {
  const { until, complaints } = worldOf({}, (simulation) => {
    deployed(simulation);
    const mark = { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 };
    const genesis = { prefix: 'test', partitions: 4, format: FORMAT };
    const body = { kind: 'CLAIM', mark, genesis, takeovers: new Map<number, number>() } as const;
    const place = { tenure: 0, nonce: 7, n: 0, unit: 0, unitSize: 1, targets: [], time: EPOCH_MS };
    simulation.broker.land(0, [encodeRecord(numbered(draft('CLAIM', body), place, FORMAT))]);
  });
  expect(until(60_000)).toEqual(['CLAIM', 'START']);
  expect(complaints[0]).toMatch(/begun with 4 partitions, and there are 1 now/);
});

it('goes on when whoever is told of an end fails', () => {
  const fails = (): void => {
    throw new Error('a bug of the program');
  };
  const { until, complaints } = worldOf({ onEnd: fails, onTransition: fails }, deployed);
  expect(until(900)).toContain('END');
  expect(until(5_000).at(-1)).toBe('MARK');
  expect(complaints.length).toBeGreaterThan(0);
  for (const said of complaints) expect(said).toMatch(/whoever was told has failed.*a bug of/s);
});

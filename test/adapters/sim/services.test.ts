import { expect, test } from 'vitest';
import type { ServiceModel } from '../../../src/adapters/sim/index.ts';
import type { ActivityAnswer } from '../../../src/ports/index.ts';
import type { Activity, Json } from '../../../src/wire/index.ts';
import { boot, type Driven, driven, strikeOnce } from './driven.ts';

const model: ServiceModel = {
  call: ({ attempt, random, request }) =>
    attempt === 1 && request === 'fails'
      ? {
          latency: 5,
          outcome: { error: { type: 'communication', status: 503, title: 'no' } },
          applied: false,
        }
      : { latency: 10, outcome: { result: Math.floor(random() * 1e6) }, applied: true },
};

function activity(key: string, argument: Json = 'x', attempt = 1): Activity {
  return {
    key,
    role: 'do',
    pointer: '/do/0/a',
    kind: 'function',
    name: 'pay',
    arguments: argument,
    attempt,
    timeout: 1_000,
  };
}

function world(): Driven {
  return driven({ services: new Map([['pay', model]]) });
}

function call(from: Driven['ports'], what: Activity): PromiseLike<ActivityAnswer> {
  // nothing is absent here
  const answer = from.activities.run(what, {
    run: 'r1',
    strand: '',
    definition: 'd',
    onAbort: () => {},
    heartbeat: () => {},
  });
  return answer as PromiseLike<ActivityAnswer>;
}

test('an effect is applied once per key, and repeated requests get the first answer', () => {
  const { outcome, ports, simulation } = world();
  const first = outcome(call(ports, activity('k1')));
  const second = outcome(call(ports, activity('k1', 'another request')));
  expect(second).toEqual(first);
  expect(simulation.services.ledger.map((entry) => entry.applied)).toEqual([true, false]);
  expect(simulation.services.ledger.map((entry) => entry.request)).toEqual([
    'x',
    'another request',
  ]);
});

test('two requests with one key at the same time apply it once', () => {
  const { outcome, ports, simulation } = world();
  const answers = [call(ports, activity('k1')), call(ports, activity('k1'))] as const;
  expect(outcome(answers[0])).toEqual(outcome(answers[1]));
  expect(simulation.services.ledger.filter((entry) => entry.applied)).toHaveLength(1);
});

test('a transient error is not an answer for the key', () => {
  const { outcome, ports, simulation } = world();
  expect(outcome(call(ports, activity('k1', 'fails')))).toHaveProperty('error');
  expect(outcome(call(ports, activity('k1', 'fails', 2)))).toHaveProperty('result');
  expect(simulation.services.ledger.map((entry) => entry.heard)).toEqual(['error', 'result']);
});

test('what a call does depends on run, name, request and attempt alone', () => {
  const alone = world();
  const after = world();
  after.outcome(call(after.ports, activity('k0', 'y')));
  after.process.crash('test', 0);
  const { ports } = boot(after.simulation, after.process);
  expect(after.outcome(call(ports, activity('k1')))).toEqual(
    alone.outcome(call(alone.ports, activity('k1'))),
  );
});

test('a lost answer: the service applied it, or not, or later', () => {
  for (const [fate, applied] of [
    ['landed', 1],
    ['lost', 0],
    ['late', 1],
    ['twice', 1],
  ] as const) {
    const { outcome, pass, ports, simulation } = world();
    strikeOnce(simulation, (point) => point.point === 'activity', {
      kind: 'unknown',
      fate,
      ms: 5_000,
      hears: 'nothing',
    });
    expect(outcome(call(ports, activity('k1')), 2_000), fate).toBe('pending');
    pass(60_000);
    const { ledger } = simulation.services;
    expect(
      ledger.filter((entry) => entry.applied),
      fate,
    ).toHaveLength(applied);
    expect(
      ledger.every((entry) => entry.heard === 'nothing'),
      fate,
    ).toBe(true);
    expect(ledger, fate).toHaveLength(fate === 'twice' ? 2 : applied);
  }
});

test('a broken connection is an error the workflow hears, an injected error never reaches the service', () => {
  const lost = world();
  strikeOnce(lost.simulation, (point) => point.activity?.name === 'pay', {
    kind: 'unknown',
    fate: 'landed',
    ms: 0,
    hears: 'error',
  });
  expect(lost.outcome(call(lost.ports, activity('k1')))).toMatchObject({ error: { status: 503 } });
  expect(lost.simulation.services.ledger).toHaveLength(1);
  const injected = world();
  const error = { type: 'communication', status: 500, title: 'injected' };
  strikeOnce(injected.simulation, (point) => point.point === 'activity', { kind: 'error', error });
  expect(injected.outcome(call(injected.ports, activity('k1')))).toEqual({ error });
  expect(injected.simulation.services.ledger).toHaveLength(0);
});

test('a crashed caller does not stop the service', () => {
  const { pass, ports, process, simulation } = world();
  void call(ports, activity('k1'));
  pass(3);
  process.crash('test', 0);
  pass(100);
  expect(simulation.services.ledger).toMatchObject([{ applied: true, heard: 'nothing' }]);
});

test('a function that can be stopped does nothing after that, and says so; another one goes on', () => {
  for (const stoppable of [true, false]) {
    const slow: ServiceModel = {
      call: () => ({
        latency: 500,
        outcome: { result: 'done' },
        applied: true,
        ...(stoppable ? { stoppable: true as const } : {}),
      }),
    };
    const { outcome, pass, ports, simulation } = driven({ services: new Map([['pay', slow]]) });
    for (const after of [0, 100]) {
      let abort = (): void => undefined;
      const answer = ports.activities.run(activity(`k${after}`), {
        run: 'r1',
        strand: '',
        definition: 'd',
        onAbort: (stop) => void (abort = stop),
        heartbeat: () => undefined,
      }) as PromiseLike<ActivityAnswer>;
      pass(after);
      abort();
      const heard = outcome(answer, 5_000);
      if (stoppable) expect(heard).toMatchObject({ error: { status: 500 } });
      else expect(heard).toEqual({ result: 'done' });
      // It is the caller who has heard nothing: the service has not answered.
      expect(simulation.services.ledger.at(-1)).toMatchObject({
        applied: !stoppable,
        heard: 'nothing',
      });
    }
  }
});

test('a function that no model serves is an error of the workflow', () => {
  const { outcome, ports } = driven();
  expect(outcome(call(ports, activity('k1')))).toMatchObject({ error: { status: 400 } });
});

/* Errors, timeouts, retries. */
import { describe, expect, test } from 'vitest';
import { drive } from '../../core/drive.ts';
import { proves } from '../../proofs/proves.ts';
import { type Answering, embeddedly, everywhere, failing, kindOf } from './everywhere.ts';

/** Fails so many times, then answers. */
const failingFirst =
  (times: number, status = 503): Answering =>
  (_request, { nth }) =>
    nth <= times ? failing(status) : { result: { nth } };

const retrying = (policy: string, more = ''): string => `do:
  - t:
      try: [{a: {call: f, with: {x: 1}}}]
      catch: {retry: ${policy}${more}}`;

async function times(policy: string, f: Answering): Promise<number[]> {
  const { calls } = await everywhere(retrying(policy), { functions: { f }, hours: true });
  return calls.map(({ at }) => at);
}

describe('standard errors', () => {
  test.each([
    ['configuration', 400],
    ['validation', 400],
    ['expression', 400],
    ['authentication', 401],
    ['authorization', 403],
    ['timeout', 408],
    ['communication', 500],
    ['runtime', 500],
  ])('%s travels as it is and can be caught', proves('try.filter'), async (type, status) => {
    const text = `do:
  - t:
      try: [{a: {call: f}}]
      catch:
        errors: {with: {type: 'https://serverlessworkflow.io/spec/1.0.0/errors/${type}', status: ${status}}}
        do: [{h: {set: {caught: '\${ $error.type | split("/") | last }'}}}]`;
    const functions = { f: () => failing(status, type) };
    expect((await everywhere(text, { functions })).output).toEqual({ caught: type });
  });
  test('a schema makes a validation error', proves('error.validation', 'error.shape'), async () => {
    const text = "do: [{a: {input: {schema: {document: {type: number}}}, set: '${ . }'}}]";
    const { error } = await everywhere(text, { input: 'x' });
    expect(error).toMatchObject({
      type: 'https://open-workflow-specification.org/spec/1.0.0/errors/validation',
      status: 400,
      title: 'Validation error',
      instance: '/do/0/a',
    });
    expect(error?.detail).toMatch(/number/);
  });
  test(
    'a function that nobody has makes a configuration error',
    proves('error.configuration'),
    async () => {
      const { error } = await embeddedly('do: [{a: {call: nobody}}]', { functions: {} });
      expect([kindOf(error), error?.status, error?.instance]).toEqual([
        'configuration',
        400,
        '/do/0/a',
      ]);
    },
  );
  test('an endless loop makes a runtime error', proves('error.runtime'), () => {
    const { error } = drive('do: [{a: {set: {x: 1}, then: a}}]').end;
    expect([kindOf(error), error?.status]).toEqual(['runtime', 500]);
  });
});

describe('timeouts', () => {
  const slow: Answering = () => ({ result: 1, after: 200 });

  test(
    'of a task stop what is in it, and may be caught around it',
    proves('timeout.task', 'error.timeout'),
    async () => {
      const text = `do:
  - t:
      try: [{scope: {do: [{a: {call: slow}}, {b: {call: slow}}], timeout: {after: PT0.05S}}}]
      catch: {errors: {with: {status: 408}}, do: [{h: {set: {at: '\${ $error.instance }', type: '\${ $error.type | split("/") | last }'}}}]}`;
      const { calls, output, at } = await everywhere(text, { functions: { slow } });
      expect(output).toEqual({ at: '/do/0/t/try/0/scope', type: 'timeout' });
      expect([calls.length, at]).toEqual([1, 50]);
    },
  );
  test('of a workflow end it, whoever would catch them', proves('timeout.workflow'), async () => {
    const text = `
timeout: {after: PT0.05S}
do: [{t: {try: [{a: {call: slow}}], catch: {do: [{h: {set: {caught: true}}}]}}}]`;
    const { error, at } = await everywhere(text, { functions: { slow } });
    expect([kindOf(error), error?.status, error?.instance, at]).toEqual(['timeout', 408, '', 50]);
  });
  test('have names', proves('timeout.named'), async () => {
    const text = `
use: {timeouts: {soon: {after: {milliseconds: 50}}}}
timeout: soon
do: [{a: {call: slow, timeout: soon}}]`;
    expect((await everywhere(text, { functions: { slow } })).at).toBe(50);
    const task = text.replace('timeout: soon\ndo', 'do');
    expect((await everywhere(task, { functions: { slow } })).error?.instance).toBe('/do/0/a');
  });
  const LONG = '[{w: {wait: PT1H}}]';
  test.each([
    ['do', `do: ${LONG}`],
    ['for', `for: {in: '[1, 2]'}, do: ${LONG}`],
    ['fork', 'fork: {branches: [{w: {wait: PT1H}}, {v: {wait: PT2H}}]}'],
    ['try', `try: ${LONG}, catch: {do: [{h: {set: {caught: true}}}], retry: {}}`],
    ['wait', 'wait: PT1H'],
    ['call', 'call: slow'],
    ['run', 'run: {shell: {command: "sleep 3600"}}'],
    ['invoke', 'call: own'],
  ])('stand on every task that takes time: %s', proves('timeout.task'), async (_kind, task) => {
    const hour: Answering = () => ({ result: 1, after: 3_600_000 });
    const functions = { slow: hour, 'shell a': hour };
    for (const timeout of ['{after: PT5S}', 'named', "{after: '${ .limit }'}"]) {
      const text = `
use: {functions: {own: {wait: PT1H}}, timeouts: {named: {after: '\${ "PT\\(.n)S" }'}}}
do: [{a: {${task}, timeout: ${timeout}}}]`;
      const input = { limit: 'PT5S', n: 5 };
      const { at, error } = await everywhere(text, { functions, input, hours: true });
      expect([timeout, kindOf(error), error?.instance, at]).toEqual([
        timeout,
        'timeout',
        '/do/0/a',
        5_000,
      ]);
    }
  });
  test('that cannot be evaluated are an error of the task, and not for its own catch', async () => {
    const text = `do:
  - o:
      try:
        - t:
            timeout: {after: '\${ .nothing }'}
            try: [{a: {call: f}}]
            catch: {do: [{h: {set: {by: itself}}}]}
      catch: {do: [{h: {set: {by: '\${ $error.instance }', status: '\${ $error.status }'}}}]}`;
    const { calls, output } = await everywhere(text, { functions: { f: failingFirst(0) } });
    expect(output).toEqual({ by: '/do/0/o/try/0/t', status: 400 });
    expect(calls).toEqual([]);
  });
  test('of a try cover all its attempts', proves('decided.try-timeout'), async () => {
    const text = `do:
  - t:
      try: [{a: {call: f}}]
      catch: {retry: {delay: PT1S, limit: {attempt: {count: 9}}}}
      timeout: {after: PT2.5S}`;
    const { at, calls, error } = await everywhere(text, {
      functions: { f: failingFirst(9) },
      hours: true,
    });
    expect([kindOf(error), error?.instance, at]).toEqual(['timeout', '/do/0/t', 2500]);
    expect(calls.map((call) => call.at)).toEqual([0, 1000, 2000]);
  });
});

describe('a retry', () => {
  test(
    'comes after its delay, with the same request',
    proves('try.retry', 'retry.delay'),
    async () => {
      const text = retrying('{delay: PT0.03S, limit: {attempt: {count: 2}}}');
      const { calls, output } = await everywhere(text, { functions: { f: failingFirst(1) } });
      expect(output).toEqual({ nth: 2 });
      expect(calls.map(({ at, attempt }) => [at, attempt])).toEqual([
        [0, 1],
        [30, 2],
      ]);
      expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    },
  );
  test('happens so often', proves('retry.count', 'decided.count'), async () => {
    const limit = '{delay: PT1S, limit: {attempt: {count: 2}}}';
    expect(await times(limit, failingFirst(9))).toEqual([0, 1000, 2000]);
    expect(await times('{limit: {attempt: {count: 0}}}', failingFirst(9))).toEqual([0]);
  });
  test(
    'has a constant, linear or exponential delay',
    proves('retry.constant', 'retry.linear', 'retry.exponential', 'decided.backoff'),
    async () => {
      const limit = 'limit: {attempt: {count: 3}}';
      const waits = (backoff: string): Promise<number[]> =>
        times(`{delay: PT2S, backoff: {${backoff}: {}}, ${limit}}`, failingFirst(9));
      expect(await waits('constant')).toEqual([0, 2000, 4000, 6000]);
      expect(await waits('linear')).toEqual([0, 2000, 6000, 12_000]);
      expect(await waits('exponential')).toEqual([0, 2000, 6000, 14_000]);
    },
  );
  test('has a jitter between its bounds', proves('retry.jitter'), () => {
    const many = drive(
      retrying('{jitter: {from: PT0.1S, to: PT0.5S}, limit: {attempt: {count: 30}}}'),
      {},
      { f: () => failing(503) },
    ).calls.map(({ at }) => at);
    const gaps = many.slice(1).map((at, i) => at - many[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(500);
    expect(new Set(gaps).size).toBeGreaterThan(10);
  });
  test('judges by when and exceptWhen', proves('retry.when'), async () => {
    const policy =
      '{when: $error.status >= 500, exceptWhen: $error.status == 504, limit: {attempt: {count: 1}}}';
    expect(await times(policy, failingFirst(9, 503))).toHaveLength(2);
    expect(await times(policy, failingFirst(9, 404))).toHaveLength(1);
    expect(await times(policy, failingFirst(9, 504))).toHaveLength(1);
  });
  test('bounds one attempt', proves('retry.attempt-duration'), async () => {
    const f: Answering = (_request, { nth }) => ({ result: nth, after: nth === 1 ? 500 : 1 });
    const text = retrying('{limit: {attempt: {count: 1, duration: PT0.05S}}}');
    const { calls, output } = await everywhere(text, { functions: { f } });
    expect(calls.map(({ at }) => at)).toEqual([0, 50]);
    expect(output).toBe(2);
  });
  test('bounds all of them', proves('retry.duration'), async () => {
    const policy = '{delay: PT10S, limit: {duration: PT25S}}';
    expect(await times(policy, failingFirst(99))).toEqual([0, 10_000, 20_000]);
  });
  test('has a policy by name', proves('retry.named', 'try.retry'), async () => {
    const text = `
use: {retries: {twice: {delay: PT1S, limit: {attempt: {count: 2}}}}}
${retrying('twice')}`;
    const { calls } = await everywhere(text, { functions: { f: failingFirst(9) }, hours: true });
    expect(calls.map(({ at }) => at)).toEqual([0, 1000, 2000]);
  });
  test('comes before catch.do', proves('decided.retry-first'), async () => {
    const text = retrying(
      '{delay: PT1S, limit: {attempt: {count: 2}}}',
      ", do: [{h: {call: note, with: {status: '${ $error.status }'}}}]",
    );
    const note: Answering = (request) => ({ result: request });
    const all = { f: failingFirst(9), note };
    const { calls, output } = await everywhere(text, { functions: all, hours: true });
    expect(calls.map(({ name }) => name)).toEqual(['f', 'f', 'f', 'note']);
    expect(output).toEqual({ status: 503 });
    const once = await everywhere(text, { functions: { ...all, f: failingFirst(2) }, hours: true });
    expect(once.calls.map(({ name }) => name)).toEqual(['f', 'f', 'f']);
  });
});

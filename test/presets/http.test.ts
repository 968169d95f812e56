/* Workflows with http calls on an embedded engine, with no further configuration. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load } from '../../src/dsl/index.ts';
import { type Engine, openEngine, type Result } from '../../src/presets/embedded.ts';
import type { Json } from '../../src/wire/index.ts';
import { json, Service } from '../activities/http-world.ts';

let service: Service;
let engine: Engine;
let calls = 0;

beforeAll(async () => {
  service = await Service.open(({ url, headers }, response) => {
    if (url === '/busy' && ++calls < 3) {
      response.writeHead(429, { 'retry-after': '1' }).end('busy');
    } else if (url.startsWith('/pet/')) json(response, { id: Number(url.slice(5)), name: 'Milou' });
    else if (url === '/hangs') return;
    else if (url === '/busy') json(response, { done: headers['idempotency-key'] ?? null });
    else json(response, { message: 'not found' }, 404);
  });
  engine = await openEngine({ file: ':memory:' });
});
afterAll(async () => {
  await engine.close();
  await service.close();
});

async function run(body: string, input: Json = {}): Promise<Result> {
  const head = `document: { dsl: 1.0.3, namespace: test, name: http, version: 1.0.0 }\n`;
  const { definition, problems, notes } = load(
    head + body.replaceAll('HOST', service.origin),
    'a.yaml',
  );
  expect([...problems, ...notes]).toEqual([]);
  await engine.deploy(definition!);
  return engine.result(await engine.start({ definition: definition!, input }));
}

describe('call: http', () => {
  test('a template in the endpoint takes properties of the input', async () => {
    const result = await run(
      'do: [ { a: { call: http, with: { method: get, endpoint: "HOST/pet/{id}" }, output: { as: .name } } } ]',
      { id: 7 },
    );
    expect(result).toEqual({ ended: 'completed', output: 'Milou' });
    expect(service.heard.at(-1)).toMatchObject({ method: 'GET', url: '/pet/7' });
  });

  test('an expression may give the whole endpoint, and is data: no template in it', async () => {
    const result = await run(
      `do: [ { a: { call: http, with: { method: get, endpoint: '\${ "HOST/pet/" + .path }' } } } ]`,
      { path: '8{id}', id: 1 },
    );
    expect(result).toMatchObject({ ended: 'completed' });
    expect(service.heard.at(-1)).toMatchObject({ url: '/pet/8%7Bid%7D' });
  });

  test('a property that is no plain value is an expression error', async () => {
    const body = 'do: [ { a: { call: http, with: { method: get, endpoint: "HOST/pet/{id}" } } } ]';
    expect(await run(body, { id: { a: 1 } })).toMatchObject({
      ended: 'faulted',
      error: { status: 400, type: expect.stringMatching(/expression$/), instance: '/do/0/a' },
    });
    await run(body, {});
    expect(service.heard.at(-1)).toMatchObject({ url: '/pet/' });
    await run(body, { id: "it's a/b" });
    expect(service.heard.at(-1)).toMatchObject({ url: '/pet/it%27s%20a%2Fb' });
  });

  test('429 is retried under the same key, and the error is what the catch sees', async () => {
    const from = service.heard.length;
    const result = await run(`
do:
  - t:
      try: [ { a: { call: http, with: { method: post, endpoint: HOST/busy, body: { n: 1 } } } } ]
      catch:
        errors: { with: { status: 429, type: https://serverlessworkflow.io/spec/1.0.0/errors/communication } }
        retry: { delay: { milliseconds: 10 }, limit: { attempt: { count: 5 } } }
`);
    const heard = service.heard.slice(from);
    const key = heard[0]!.headers['idempotency-key']!;
    expect(heard).toHaveLength(3);
    expect(new Set(heard.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([key]));
    expect(new Set(heard.map(({ headers }) => headers['traceparent'])).size).toBe(1);
    expect(result).toEqual({ ended: 'completed', output: { done: key } });
  });

  test('404 can be caught, with its place', async () => {
    const result = await run(`
do:
  - t:
      try: [ { a: { call: http, with: { method: get, endpoint: HOST/none } } } ]
      catch: { errors: { with: { status: 404 } }, as: err, do: [ { b: { set: '\${ $err }' } } ] }
`);
    expect(result).toMatchObject({
      ended: 'completed',
      output: {
        type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
        status: 404,
        title: 'Communication error',
        detail: 'GET HOST/none was answered with 404 Not Found: {"message":"not found"}'.replace(
          'HOST',
          service.origin,
        ),
        instance: '/do/0/t/try/0/a',
      },
    });
  });

  test('a service that does not answer meets the timeout of the task', async () => {
    const result = await run(
      'do: [ { a: { call: http, timeout: { after: { milliseconds: 150 } }, with: { method: get, endpoint: HOST/hangs } } } ]',
    );
    expect(result).toMatchObject({
      ended: 'faulted',
      error: { status: 408, type: expect.stringMatching(/timeout$/), instance: '/do/0/a' },
    });
  });

  test('a function of use is called with its arguments as input', async () => {
    const result = await run(
      `
use: { functions: { getPet: { call: http, with: { method: get, endpoint: "HOST/pet/{petId}" } } } }
do: [ { a: { call: getPet, with: { petId: '\${ .id }' } } } ]
`,
      { id: 69 },
    );
    expect(result).toEqual({ ended: 'completed', output: { id: 69, name: 'Milou' } });
  });
});

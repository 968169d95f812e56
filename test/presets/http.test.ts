/* Workflows with http calls on an embedded engine, with no further configuration. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RESULT_BYTES_MAX } from '../../src/activities/limits.ts';
import { load } from '../../src/dsl/index.ts';
import { type Engine, openEngine, type Result } from '../../src/presets/embedded.ts';
import type { Json } from '../../src/wire/index.ts';
import { type Heard, json, Service } from '../activities/http-world.ts';
import { proves } from '../proofs/proves.ts';

/** As large as an answer may be, of what does not compress. */
const LARGEST = randomBytes(RESULT_BYTES_MAX)
  .toString('base64url')
  .slice(0, RESULT_BYTES_MAX - 2);

let service: Service;
let engine: Engine;
let busy = 0;

/** What the service does with a path; everything else is not found. */
const routes: Record<string, (heard: Heard, response: ServerResponse) => void> = {
  '/echo': ({ method, url, headers, body }, response) =>
    json(response, { method, url, headers: headers as Json, body }),
  '/busy': ({ headers }, response) => {
    if (++busy < 3) response.writeHead(429, { 'retry-after': '1' }).end('busy');
    else json(response, { done: headers['idempotency-key'] ?? null });
  },
  '/text': (_heard, response) => response.setHeader('content-type', 'text/plain').end('hello'),
  '/bytes': (_heard, response) => response.setHeader('content-type', 'image/png').end('PNG'),
  '/moved': (_heard, response) => response.writeHead(302, { location: '/text' }).end(),
  '/circle': (_heard, response) => response.writeHead(302, { location: '/circle' }).end(),
  '/401': (_heard, response) => response.writeHead(401).end(),
  '/403': (_heard, response) => response.writeHead(403).end(),
  '/418': (_heard, response) => response.writeHead(418).end('a teapot'),
  '/no-json': (_heard, response) =>
    response.setHeader('content-type', 'application/json').end('<p>'),
  '/endless': (_heard, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(100_000))) continue;
    };
    response.on('drain', more).on('error', () => {});
    more();
  },
  '/breaks': (_heard, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setTimeout(() => response.destroy(), 20);
  },
  '/largest': (_heard, response) => json(response, LARGEST),
  '/hangs': () => {},
};

beforeAll(async () => {
  service = await Service.open((heard, response) => {
    const path = new URL(heard.url, 'http://x').pathname;
    if (path.startsWith('/pet/')) json(response, { id: path.slice(5), name: 'Milou' });
    else if (routes[path] !== undefined) routes[path](heard, response);
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
  const text = head + body.replaceAll('HOST', service.origin);
  const { definition, problems, notes } = load(text, 'a.yaml');
  expect([...problems, ...notes]).toEqual([]);
  await engine.deploy(definition!);
  return engine.result(await engine.start({ definition: definition!, input }));
}

/** A workflow of one call. */
function calling(given: string, input?: Json): Promise<Result> {
  return run(`do: [ { a: { call: http, with: { ${given} } } } ]`, input);
}

/** What the service heard of it. */
async function heard(given: string, input?: Json): Promise<Heard> {
  expect(await calling(given, input)).toMatchObject({ ended: 'completed' });
  return service.heard.at(-1)!;
}

const failed = (type: string, status: number, says = '') => ({
  ended: 'faulted',
  error: {
    type: `https://open-workflow-specification.org/spec/1.0.0/errors/${type}`,
    status,
    title: expect.any(String),
    detail: expect.stringContaining(says),
    instance: '/do/0/a',
  },
});

describe('the endpoint', () => {
  test('may be an expression, which is data', proves('endpoint.expression'), async () => {
    const given = `method: get, endpoint: '\${ "HOST/pet/" + .path }'`;
    expect((await heard(given, { path: '8{id}', id: 1 })).url).toBe('/pet/8%7Bid%7D');
  });

  test('may be an object', proves('endpoint.object', 'uri-template.names'), async () => {
    const given = "method: get, endpoint: { uri: 'HOST/pet/{id}?of={owner}' }";
    const { url } = await heard(given, { id: 7, owner: "it's a/b" });
    expect(url).toBe('/pet/7?of=it%27s%20a%2Fb');
  });

  test('takes properties by their whole name', proves('uri-template.dots'), async () => {
    const { url } = await heard("method: get, endpoint: 'HOST/pet/{a.b}'", {
      'a.b': true,
      a: { b: 'no' },
    });
    expect(url).toBe('/pet/true');
  });

  test('has nothing where a property is missing', proves('uri-template.missing'), async () => {
    const given = "method: get, endpoint: 'HOST/pet/x{id}'";
    expect((await heard(given, {})).url).toBe('/pet/x');
    expect((await heard(given, { id: null })).url).toBe('/pet/x');
    expect((await heard(given, 'no object')).url).toBe('/pet/x');
  });

  test('takes no lists and objects', proves('uri-template.wrong'), async () => {
    for (const id of [[1], { a: 1 }]) {
      const result = await calling("method: get, endpoint: 'HOST/pet/{id}'", { id });
      expect(result).toMatchObject(failed('expression', 400, '{id}'));
    }
  });
});

describe('a request', () => {
  test('of each method', proves('call.http.methods'), async () => {
    for (const method of ['get', 'PUT', 'Post', 'delete', 'patch', 'options']) {
      const { method: sent } = await heard(`method: ${method}, endpoint: HOST/echo`);
      expect(sent).toBe(method.toUpperCase());
    }
    expect(await calling('method: head, endpoint: HOST/echo')).toEqual({
      ended: 'completed',
      output: null,
    });
  });

  test('with headers', proves('call.http.headers'), async () => {
    const one = await heard(
      "method: get, endpoint: HOST/echo, headers: { X-A: a, X-B: '${ .n | tostring }' }",
      { n: 5 },
    );
    expect(one.headers).toMatchObject({ 'x-a': 'a', 'x-b': '5' });
    const other = await heard("method: get, endpoint: HOST/echo, headers: '${ .h }'", {
      h: { 'X-C': 'c' },
    });
    expect(other.headers).toMatchObject({ 'x-c': 'c' });
  });

  test('with a query', proves('call.http.query', 'decided.query'), async () => {
    const one = await heard(
      "method: get, endpoint: 'HOST/echo?z=1', query: { a: '${ .n }', b: true, c: null, d: x y }",
      { n: 5 },
    );
    expect(one.url).toBe('/echo?z=1&a=5&b=true&d=x%20y');
    const other = await heard("method: get, endpoint: HOST/echo, query: '${ .q }'", {
      q: { e: 1.5 },
    });
    expect(other.url).toBe('/echo?e=1.5');
  });

  test('with a body', proves('call.http.body'), async () => {
    const given =
      "method: post, endpoint: HOST/echo, body: { n: '${ .n + 1 }', of: [ '${ .none }' ] }";
    const { body, headers } = await heard(given, { n: 1 });
    expect(JSON.parse(body)).toEqual({ n: 2, of: [null] });
    expect(headers['content-type']).toBe('application/json');
    expect(
      (await heard("method: post, endpoint: HOST/echo, body: '${ .x }'", { x: 'ab' })).body,
    ).toBe('ab');
  });
});

describe('an answer', () => {
  test('as its content', proves('call.http.content'), async () => {
    const output = async (path: string): Promise<Json | undefined> => {
      const result = await calling(`method: get, endpoint: HOST${path}, output: content`);
      return result.ended === 'completed' ? result.output : undefined;
    };
    expect(await output('/pet/1')).toEqual({ id: '1', name: 'Milou' });
    expect(await output('/text')).toBe('hello');
    expect(await output('/bytes')).toBe(btoa('PNG'));
  });

  test('as its bytes', proves('call.http.raw'), async () => {
    expect(await calling('method: get, endpoint: HOST/text, output: raw')).toEqual({
      ended: 'completed',
      output: btoa('hello'),
    });
  });

  test('as all of the response', proves('call.http.response'), async () => {
    const given = "method: get, endpoint: 'HOST/pet/{id}', headers: { X-A: a }, output: response";
    expect(await calling(given, { id: 3 })).toMatchObject({
      ended: 'completed',
      output: {
        request: { method: 'GET', uri: `${service.origin}/pet/3`, headers: { 'x-a': 'a' } },
        statusCode: 200,
        headers: { 'content-type': 'application/json' },
        content: { id: '3', name: 'Milou' },
      },
    });
  });

  test('that leads elsewhere', proves('call.http.redirect', 'decided.redirect'), async () => {
    const refused = failed('communication', 302, 'redirect to /text');
    expect(await calling('method: get, endpoint: HOST/moved')).toMatchObject(refused);
    expect(await calling('method: get, endpoint: HOST/moved, redirect: false')).toMatchObject(
      refused,
    );
    expect(await calling('method: get, endpoint: HOST/moved, redirect: true')).toEqual({
      ended: 'completed',
      output: 'hello',
    });
  });
});

describe('an error', () => {
  test(
    'of a status',
    proves('call.http.error', 'error.communication', 'error.authentication', 'error.authorization'),
    async () => {
      const get = (path: string): Promise<Result> => calling(`method: get, endpoint: HOST${path}`);
      expect(await get('/none')).toMatchObject(failed('communication', 404, 'not found'));
      expect(await get('/418')).toMatchObject(failed('communication', 418, 'a teapot'));
      expect(await get('/401')).toMatchObject(failed('authentication', 401));
      expect(await get('/403')).toMatchObject(failed('authorization', 403));
    },
  );

  test('is caught with its place', async () => {
    const result = await run(`
do:
  - t:
      try: [ { a: { call: http, with: { method: get, endpoint: HOST/none } } } ]
      catch: { errors: { with: { status: 404 } }, as: err, do: [ { b: { set: '\${ $err }' } } ] }
`);
    expect(result).toMatchObject({
      ended: 'completed',
      output: {
        title: 'Communication error',
        detail: `GET ${service.origin}/none was answered with 404 Not Found: {"message":"not found"}`,
        instance: '/do/0/t/try/0/a',
      },
    });
  });

  test('is retried under the same key', proves('call.http.idempotency'), async () => {
    const from = service.heard.length;
    const result = await run(`
do:
  - t:
      try: [ { a: { call: http, with: { method: post, endpoint: HOST/busy, body: { n: 1 } } } } ]
      catch:
        errors: { with: { status: 429, type: https://serverlessworkflow.io/spec/1.0.0/errors/communication } }
        retry: { delay: { milliseconds: 10 }, limit: { attempt: { count: 5 } } }
`);
    const sent = service.heard.slice(from).map(({ headers }) => headers);
    const key = sent[0]!['idempotency-key']!;
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(sent.map((headers) => headers['idempotency-key'])).toEqual([key, key, key]);
    expect(new Set(sent.map((headers) => headers['traceparent'])).size).toBe(1);
    expect(result).toEqual({ ended: 'completed', output: { done: key } });
  });

  test('of a service that misbehaves', proves('call.http.stress'), async () => {
    const get = (path: string, more = ''): Promise<Result> =>
      run(
        `do: [ { a: { call: http, with: { method: get, endpoint: HOST${path}, redirect: true }, timeout: { after: { seconds: 5 } } ${more} } } ]`,
      );
    expect(await get('/no-json')).toMatchObject(failed('communication', 500, 'application/json'));
    expect(await get('/endless')).toMatchObject(failed('communication', 500, 'bytes'));
    expect(await get('/breaks')).toMatchObject(failed('communication', 500, 'broken'));
    expect(await get('/circle')).toMatchObject(failed('communication', 302, 'circle'));
    const slow = calling('method: get, endpoint: HOST/hangs');
    const timed = await run(
      'do: [ { a: { call: http, timeout: { after: { milliseconds: 150 } }, with: { method: get, endpoint: HOST/hangs } } } ]',
    );
    expect(timed).toMatchObject(failed('timeout', 408));
    service.closeConnections();
    expect(await slow).toMatchObject(failed('communication', 500));
  });
});

test('the largest answer there may be fits into records, and into the next request', async () => {
  const result = await run(`
do:
  - a: { call: http, with: { method: get, endpoint: HOST/largest }, export: { as: '{ got: . }' } }
  - b: { call: http, with: { method: post, endpoint: HOST/pet/1, body: '\${ . }' }, output: { as: '\${ $context.got | length }' } }
`);
  expect(result).toEqual({ ended: 'completed', output: LARGEST.length });
  expect(service.heard.at(-1)!.body).toBe(LARGEST);
});

test('a function of use is called with its arguments as input', async () => {
  const result = await run(
    `
use: { functions: { getPet: { call: http, with: { method: get, endpoint: "HOST/pet/{petId}" } } } }
do: [ { a: { call: getPet, with: { petId: '\${ .id }' } } } ]
`,
    { id: 69 },
  );
  expect(result).toEqual({ ended: 'completed', output: { id: '69', name: 'Milou' } });
});

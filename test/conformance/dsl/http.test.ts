/* call: http on the embedded engine, with a service of our own: endpoints, requests, answers, errors. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbedded } from '../../../src/adapters/sqlite/index.ts';
import { openEngine } from '../../../src/index.ts';
import { decodeRecord, type Json } from '../../../src/wire/index.ts';
import { type Handler, json, Service } from '../../activities/http-world.ts';
import { proves } from '../../proofs/proves.ts';
import { definitionOf, embeddedly, type Given, kindOf } from './everywhere.ts';

const routes: Readonly<Record<string, Handler>> = {
  '/text': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('grüß'),
  '/bytes': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([0, 255])),
  '/404': (_heard, response) => json(response, { message: 'no' }, 404),
  '/401': (_heard, response) => response.writeHead(401).end(),
  '/403': (_heard, response) => response.writeHead(403).end(),
  '/moved': (_heard, response) => response.writeHead(302, { location: '/text' }).end(),
  '/refuse': ({ body }, response) =>
    response.writeHead(422, { 'content-type': 'text/plain' }).end(`not ${body}`),
  '/no-json': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
};
let failures = 0;

let service: Service;
beforeAll(async () => {
  service = await Service.open((heard, response, request) => {
    const { body, headers, method, url } = heard;
    if (url === '/flaky' && failures++ === 0) return void response.writeHead(503).end();
    const route = routes[url];
    if (route !== undefined) return route(heard, response, request);
    const shown = Object.entries(headers).filter(([name]) =>
      /^(?:x-|content-type|authorization)/.test(name),
    );
    json(response, { method, url, headers: Object.fromEntries(shown) as Json, body });
  });
});
afterAll(() => service.close());

/** One http call; HOST stands for the service. */
async function calls(text: string, given: Given = {}, around = '') {
  return embeddedly(
    `${around}\ndo: [{a: {call: http, with: {${text}}}}]`.replaceAll('HOST', service.origin),
    given,
  );
}
const get = (path: string, more = ''): string => `method: get, endpoint: '${path}'${more}`;
const url = async (path: string, input: Json) => {
  const { output, error } = await calls(get(path), { input });
  return error ?? (output as { url: string }).url;
};

describe('the endpoint', () => {
  test('is an expression', proves('endpoint.expression'), async () => {
    const { output } = await calls('method: get, endpoint: \'${ .at + "/x" }\'', {
      input: { at: service.origin },
    });
    expect(output).toMatchObject({ url: '/x' });
  });
  test('is an object', proves('endpoint.object'), async () => {
    const { output } = await calls("method: get, endpoint: {uri: 'HOST/{n}'}", { input: { n: 1 } });
    expect(output).toMatchObject({ url: '/1' });
  });
  test('has names in the path and in the query', proves('uri-template.names'), async () => {
    expect(await url('HOST/{id}/x?q={q}', { id: 7, q: 'a b' })).toBe('/7/x?q=a%20b');
  });
  test('has names with dots', proves('uri-template.dots'), async () => {
    expect(await url('HOST/{pet.id}', { 'pet.id': 1, pet: { id: 2 } })).toBe('/1');
  });
  test('leaves out what is missing', proves('uri-template.missing'), async () => {
    expect(await url('HOST/a{none}b', {})).toBe('/ab');
  });
  test('takes no lists', proves('uri-template.wrong'), async () => {
    const error = await url('HOST/{l}', { l: [1] });
    expect(error).toMatchObject({ status: 400, instance: '/do/0/a' });
    expect(kindOf(error as never)).toBe('expression');
  });
});

describe('the request', () => {
  test.each(['get', 'post', 'PUT', 'patch', 'delete', 'options'])(
    'has a method: %s',
    proves('call.http.methods'),
    async (method) => {
      const { output } = await calls(`method: ${method}, endpoint: HOST/x`);
      expect(output).toMatchObject({ method: method.toUpperCase() });
    },
  );
  test('has headers', proves('call.http.headers'), async () => {
    const words = "headers: {x-a: fixed, X-B: '${ .b }'}";
    const { output } = await calls(get('HOST/x', `, ${words}`), { input: { b: 'given' } });
    expect(output).toMatchObject({ headers: { 'x-a': 'fixed', 'x-b': 'given' } });
    const one = await calls(get('HOST/x', ", headers: '${ .all }'"), {
      input: { all: { 'x-c': 'c' } },
    });
    expect(one.output).toMatchObject({ headers: { 'x-c': 'c' } });
  });
  test('has a query', proves('call.http.query', 'decided.query'), async () => {
    const words = "query: {a: fixed, b: '${ .b }', n: 3, yes: true}";
    const { output } = await calls(get('HOST/x', `, ${words}`), { input: { b: 'c d' } });
    expect(output).toMatchObject({ url: '/x?a=fixed&b=c%20d&n=3&yes=true' });
    const one = await calls(get('HOST/x', ", query: '${ .all }'"), { input: { all: { q: 1 } } });
    expect(one.output).toMatchObject({ url: '/x?q=1' });
  });
  test('has a body', proves('call.http.body'), async () => {
    const { output } = await calls(
      "method: post, endpoint: HOST/x, body: {n: '${ .n }', l: ['${ .n + 1 }']}",
      {
        input: { n: 1 },
      },
    );
    expect(output).toMatchObject({
      body: '{"l":[2],"n":1}',
      headers: { 'content-type': 'application/json' },
    });
  });
});

describe('the answer', () => {
  test('is decoded', proves('call.http.content'), async () => {
    expect(await calls(get('HOST/text'))).toEqual({ output: 'grüß' });
    expect((await calls(get('HOST/x'))).output).toMatchObject({ method: 'GET' });
    expect(await calls(get('HOST/bytes'))).toEqual({ output: 'AP8=' });
  });
  test('is raw', proves('call.http.raw'), async () => {
    const { output } = await calls(get('HOST/text', ', output: raw'));
    expect(Buffer.from(output as string, 'base64').toString()).toBe('grüß');
  });
  test('is whole', proves('call.http.response'), async () => {
    const { output } = await calls(get('HOST/text', ', output: response'));
    expect(output).toMatchObject({
      request: { method: 'GET', uri: `${service.origin}/text`, headers: {} },
      statusCode: 200,
      headers: { 'content-type': 'text/plain' },
      content: 'grüß',
    });
  });
  test(
    'is an error when it leads elsewhere',
    proves('call.http.redirect', 'decided.redirect'),
    async () => {
      expect((await calls(get('HOST/moved'))).error).toMatchObject({ status: 302 });
      expect(await calls(get('HOST/moved', ', redirect: true'))).toEqual({ output: 'grüß' });
    },
  );
  test(
    'is an error with its status',
    proves('call.http.error', 'error.communication'),
    async () => {
      const { error } = await calls(get('HOST/404'));
      expect(error).toMatchObject({ status: 404, instance: '/do/0/a' });
      expect(kindOf(error)).toBe('communication');
    },
  );
  test(
    'of 401 and 403 has errors of its own',
    proves('error.authentication', 'error.authorization'),
    async () => {
      const kinds = await Promise.all(
        ['401', '403'].map(async (path) => (await calls(get(`HOST/${path}`))).error),
      );
      expect(kinds.map((error) => [kindOf(error), error?.status])).toEqual([
        ['authentication', 401],
        ['authorization', 403],
      ]);
    },
  );
  test('that is not what it says is an error', proves('call.http.stress'), async () => {
    expect(kindOf((await calls(get('HOST/no-json'))).error)).toBe('communication');
    expect(kindOf((await calls(get('http://127.0.0.1:9/'))).error)).toBe('communication');
  });
  test('to a retry is one to the same key', proves('call.http.idempotency'), async () => {
    failures = 0;
    service.heard.length = 0;
    const text = `do: [{t: {try: [{a: {call: http, with: {${get('HOST/flaky')}}}}], catch: {retry: {limit: {attempt: {count: 1}}}}}}]`;
    const { output } = await embeddedly(text.replaceAll('HOST', service.origin));
    expect(output).toMatchObject({ url: '/flaky' });
    const sent = service.heard.map(({ headers }) => [
      headers['idempotency-key'],
      headers['traceparent'],
    ]);
    expect(sent).toHaveLength(2);
    expect(sent[0]).toEqual(sent[1]);
    expect(sent[0]![0]).toMatch(/^[0-9a-f]{16,}$/);
    expect(sent[0]![1]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe('who calls', () => {
  const policy = (text: string, more = ''): string =>
    `method: get, endpoint: {uri: 'HOST/x', authentication: {${text}}}${more}`;
  const sent = async (text: string, given: Given = {}, around = '') => {
    const { output, error } = await calls(text, given, around);
    return error ?? (output as { headers: { authorization?: string } }).headers.authorization;
  };
  const BASIC = `Basic ${Buffer.from('ada:lovelace').toString('base64')}`;

  test('with a name and a password', proves('auth.basic'), async () => {
    const text = policy("basic: {username: ada, password: '${ .p }'}");
    expect(await sent(text, { input: { p: 'lovelace' } })).toBe(BASIC);
  });
  test('with a token', proves('auth.bearer'), async () => {
    expect(await sent(policy('bearer: {token: t0}'))).toBe('Bearer t0');
  });
  test('by a policy that has a name', proves('auth.named'), async () => {
    const around = 'use: {authentications: {mine: {bearer: {token: t1}}}}';
    expect(await sent(policy('use: mine'), {}, around)).toBe('Bearer t1');
  });
  test('by a secret', proves('auth.secret', 'argument.secrets'), async () => {
    const around = 'use: {secrets: [login, token]}';
    const secrets = { login: { username: 'ada', password: 'lovelace' }, token: 'a-long-token' };
    const heard = async (text: string) => {
      // what comes back of it is masked
      expect(await sent(text, { secrets }, around)).toMatch(/ \*\*\*$/);
      return service.heard.at(-1)?.headers['authorization'];
    };
    expect(await heard(policy('basic: {use: login}'))).toBe(BASIC);
    expect(await heard(policy("bearer: {token: '${ $secrets.token }'}"))).toBe(
      'Bearer a-long-token',
    );
  });
  test('by what has become of it', proves('argument.authorization'), async () => {
    const text = policy(
      'bearer: {token: t3}',
      ', headers: {x-how: \'${ $authorization.scheme + "/" + $authorization.parameter }\'}',
    );
    const { output } = await calls(text);
    expect(output).toMatchObject({ headers: { 'x-how': 'Bearer/t3' } });
  });
  test(
    'with a secret that is missing',
    proves('secret.missing', 'error.authorization'),
    async () => {
      const error = await sent(policy('basic: {use: login}'), {}, 'use: {secrets: [login]}');
      expect(kindOf(error as never)).toBe('authorization');
      expect(error).toMatchObject({ status: 403, instance: '/do/0/a' });
    },
  );
  test('with a secret that nobody has declared', proves('secret.declared'), async () => {
    await expect(sent(policy('basic: {use: login}'))).rejects.toThrow(/use.secrets has no "login"/);
    await expect(
      sent(policy("bearer: {token: '${ $secrets.other }'}"), {}, 'use: {secrets: [login]}'),
    ).rejects.toThrow(/other/);
  });

  test(
    'with a secret that is in no record, answer or error',
    proves('secret.nowhere'),
    async () => {
      const HIDDEN = 'hidden-value-of-a-secret';
      const folder = mkdtempSync(join(tmpdir(), 'waybill-secret-'));
      const said: string[] = [];
      const file = join(folder, 'runs.db');
      const engine = await openEngine({
        file,
        secrets: { get: async () => HIDDEN },
        onTransition: (_run, transition) => void said.push(JSON.stringify(transition)),
        onComplaint: (complaint) => void said.push(complaint),
      });
      try {
        const text = `use: {secrets: [s]}
do:
  - t:
      try:
        - a: {call: http, with: {method: post, endpoint: 'HOST/echo?q={q}', headers: {x-s: '\${ $secrets.s }'}, body: {s: '\${ $secrets.s }'}}}
        - b: {call: http, with: {method: post, endpoint: 'HOST/refuse', body: '\${ $secrets.s }'}}
      catch: {as: e, retry: {limit: {attempt: {count: 1}}}, do: [{h: {set: {error: '\${ $e }', input: '\${ . }'}}}]}
  - w: {wait: PT0.1S}
  - c: {call: http, with: {method: get, endpoint: {uri: HOST/x, authentication: {bearer: {token: '\${ $secrets.s }'}}}, output: response}}`;
        const definition = definitionOf(text.replaceAll('HOST', service.origin));
        await engine.deploy(definition);
        const run = await engine.start({ definition, input: { q: 1 }, once: 'secret' });
        said.push(JSON.stringify(await engine.result(run)));
      } finally {
        await engine.close();
      }
      expect(said.join()).toContain('workflow-completed');
      expect(service.heard.filter((one) => JSON.stringify(one).includes(HIDDEN)).length).toBe(5);
      expect(said.filter((line) => line.includes(HIDDEN))).toEqual([]);
      const kept = await openEmbedded(file);
      try {
        let records = 0;
        for (let partition = 0; partition < kept.broker.partitions; partition++) {
          const { end } = await kept.broker.range(partition);
          for (const { bytes } of await kept.broker.fetch(partition, 0, end)) {
            records++;
            expect(inspect(decodeRecord(bytes), { depth: null })).not.toContain(HIDDEN);
          }
        }
        expect(records).toBeGreaterThan(6);
      } finally {
        kept.close();
      }
      for (const name of readdirSync(folder)) {
        expect(readFileSync(join(folder, name)).includes(HIDDEN), name).toBe(false);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  );
});

/* call: http on the wire: what is sent, what the answer becomes, and what goes wrong in which way. */
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { traceParent } from '../../src/activities/http/request.ts';
import { RESULT_BYTES_MAX } from '../../src/activities/limits.ts';
import type { Json } from '../../src/wire/index.ts';
import { proves } from '../proofs/proves.ts';
import { call, error, type Handler, json, KEY, result, RUN, Service, told } from './http-world.ts';

/** Path -> what the service does. */
const routes: Record<string, Handler> = {
  '/echo': ({ method, url, headers, body }, response) =>
    json(response, { method, url, headers: headers as Json, body }),
  '/json': (_heard, response) => json(response, { n: 1, list: [true, null] }),
  '/problem': (_heard, response) =>
    response
      .writeHead(200, { 'content-type': 'application/problem+json; charset=utf-8' })
      .end('{"a":1}'),
  '/text': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end('grüß'),
  '/latin1': (_heard, response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' })
      .end(Buffer.from('grüß', 'latin1')),
  '/xml': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'application/atom+xml' }).end('<a/>'),
  '/bytes': (_heard, response) =>
    response
      .writeHead(200, { 'content-type': 'application/octet-stream' })
      .end(Buffer.from([0, 255])),
  '/nothing': (_heard, response) => response.writeHead(204).end(),
  '/empty-json': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(),
  '/untyped': (_heard, response) => response.writeHead(200).end('plain'),
  '/untyped-bytes': (_heard, response) => response.writeHead(200).end(Buffer.from([255, 254, 0])),
  '/gzip': (_heard, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(gzipSync('{"packed":true}')),
  '/no-json': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
  '/big-integer': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":9007199254740993}'),
  '/surrogate': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('["\\ud800"]'),
  '/deep': (_heard, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('['.repeat(2_000) + ']'.repeat(2_000)),
  '/bad-charset': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'text/plain; charset=klingon' }).end('x'),
  '/not-utf8': (_heard, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([34, 255, 34])),
  '/404': (_heard, response) => json(response, { message: 'Pet not found' }, 404),
  '/401': (_heard, response) => response.writeHead(401).end(),
  '/403': (_heard, response) => response.writeHead(403).end(),
  '/429': (_heard, response) => response.writeHead(429, { 'retry-after': '30' }).end('slow down'),
  '/503': (_heard, response) =>
    response.writeHead(503, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }).end(),
  '/500-huge': (_heard, response) => {
    response.writeHead(500, { 'content-type': 'text/plain' });
    flood(response, 100_000_000);
  },
  '/302': (_heard, response) => response.writeHead(302, { location: '/json' }).end(),
  '/303': (_heard, response) => response.writeHead(303, { location: '/echo' }).end(),
  '/307': (_heard, response) => response.writeHead(307, { location: '/echo?x' }).end(),
  '/304': (_heard, response) => response.writeHead(304).end(),
  '/circle': (_heard, response) => response.writeHead(302, { location: '/circle/2' }).end(),
  '/circle/2': (_heard, response) => response.writeHead(302, { location: '/circle' }).end(),
  '/endless': ({ url }, response) =>
    response.writeHead(302, { location: `/endless?${url.length}${'x'.repeat(url.length)}` }).end(),
  '/nowhere': (_heard, response) => response.writeHead(302, { location: 'ftp://a/b' }).end(),
  '/huge': (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100000000' });
    flood(response, 100_000_000);
  },
  '/huge-chunked': (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    flood(response, 100_000_000);
  },
  '/bomb': (_heard, response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
      .end(gzipSync(Buffer.alloc(50_000_000))),
  '/almost': (_heard, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(Buffer.alloc(RESULT_BYTES_MAX - 10));
  },
  '/reset': (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
    response.write('half');
    setTimeout(() => response.destroy(), 20);
  },
  '/hangs': () => {},
  '/late': (_heard, response) => setTimeout(() => json(response, 'late'), 2_500),
  '/stalls': (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('and then');
  },
};

function flood(response: Parameters<Handler>[1], bytes: number): void {
  const chunk = Buffer.alloc(65_536, 'x');
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

let service: Service;
let other: Service;
let at: string;
beforeAll(async () => {
  const handler: Handler = (heard, response, request) => {
    const path = new URL(heard.url, 'http://x').pathname;
    if (path.startsWith('/away')) {
      const status = Number(path.slice('/away'.length));
      response.writeHead(status, { location: `${other.origin}/echo` }).end();
    } else routes[path]!(heard, response, request);
  };
  service = await Service.open(handler);
  other = await Service.open(handler);
  at = service.origin;
});
afterAll(async () => {
  await service.close();
  await other.close();
});

const get = (path: string, more: Record<string, Json> = {}): Promise<Json> =>
  result({ endpoint: at + path, ...more });
const fails = async (path: string, more: Record<string, Json> = {}) =>
  error({ endpoint: at + path, ...more });

describe('what is sent', () => {
  const sent = async (args: Record<string, Json>) => {
    const heard = (await result({ endpoint: `${at}/echo`, ...args })) as Record<string, Json>;
    return heard as { method: string; url: string; headers: Record<string, string>; body: string };
  };

  test('the effect key, the trace of the run, and who it is', async () => {
    const { headers, method } = await sent({});
    expect(method).toBe('GET');
    expect(headers['idempotency-key']).toBe(KEY);
    expect(headers['traceparent']).toBe(traceParent(RUN, KEY));
    expect(headers['traceparent']).toMatch(/^00-01a1f7b1c95d7e5391dfbd16cd29fac3-[0-9a-f]{16}-01$/);
    expect(headers['user-agent']).toBe('waybill');
  });

  test('the trace of another kind of run id is derived, and the span differs by key', () => {
    expect(traceParent('child/1', KEY)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(traceParent('child/1', KEY)).toBe(traceParent('child/1', KEY));
    expect(traceParent(RUN, KEY)).not.toBe(traceParent(RUN, `${KEY}x`));
  });

  test('headers of the document have their way', async () => {
    const { headers } = await sent({
      headers: {
        'X-One': 'a',
        'Idempotency-Key': 'mine',
        'X-Number': 1,
        'X-None': null,
        'X-List': ['a', 2],
      },
    });
    expect(headers).toMatchObject({
      'x-one': 'a',
      'idempotency-key': 'mine',
      'x-number': '1',
      'x-list': 'a, 2',
    });
    expect(headers).not.toHaveProperty('x-none');
  });

  test('query is added to what the URI has', async () => {
    const query = { q: 'a b&c=d+ü', n: 1, yes: true, none: null, list: ['x', 'y'] };
    expect(await sent({ endpoint: `${at}/echo?first=1`, query })).toMatchObject({
      url: '/echo?first=1&q=a%20b%26c%3Dd%2B%C3%BC&n=1&yes=true&list=x&list=y',
    });
  });

  test.each<[string, Record<string, Json>, string, string | undefined]>([
    ['an object', { body: { a: [1] } }, '{"a":[1]}', 'application/json'],
    ['a number', { body: 5 }, '5', 'application/json'],
    ['a text', { body: 'a "text"' }, 'a "text"', 'text/plain; charset=utf-8'],
    ['nothing', { body: null }, '', undefined],
    [
      'a text with a type of its own',
      { body: '<a/>', headers: { 'Content-Type': 'application/xml' } },
      '<a/>',
      'application/xml',
    ],
    [
      'a form',
      {
        body: { a: 'x y', b: [1, 2] },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      'a=x+y&b=1&b=2',
      'application/x-www-form-urlencoded',
    ],
    [
      'JSON of a vendor',
      { body: { a: 1 }, headers: { 'content-type': 'application/vnd.x+json' } },
      '{"a":1}',
      'application/vnd.x+json',
    ],
  ])('body: %s', async (_name, args, body, type) => {
    const heard = await sent({ method: 'POST', ...args });
    expect(heard.body).toBe(body);
    expect(heard.headers['content-type']).toBe(type);
  });

  test.each<[string, Record<string, Json>, string, string]>([
    ['a relative URI', { endpoint: '/pets' }, 'configuration 400', 'absolute'],
    ['another protocol', { endpoint: 'ftp://h/x' }, 'configuration 400', 'http and https'],
    [
      'credentials in the URI',
      { endpoint: 'http://u:p@h/x' },
      'configuration 400',
      'authentication',
    ],
    ['an endpoint that is no text', { endpoint: 5 }, 'expression 400', 'a number'],
    ['a GET with a body', { body: 'x' }, 'configuration 400', 'no body'],
    ['headers that are no object', { headers: [1] }, 'expression 400', 'a list'],
    ['a header that is an object', { headers: { a: {} } }, 'expression 400', 'headers.a'],
    ['a header with a line feed', { headers: { a: 'x\r\ny: z' } }, 'configuration 400', 'header a'],
    ['a name that is none', { headers: { 'a b': 'x' } }, 'configuration 400', '"a b"'],
    ['query that is no object', { query: 'a=b' }, 'expression 400', 'a string'],
    [
      'a body that does not fit its type',
      { method: 'POST', body: {}, headers: { 'content-type': 'text/csv' } },
      'configuration 400',
      'text/csv',
    ],
  ])('refused: %s', async (_name, args, kind, says) => {
    const before = service.heard.length;
    const refused = await error({ endpoint: `${at}/echo`, ...args });
    expect(told(refused)).toBe(kind);
    expect(refused.detail).toContain(says);
    expect(service.heard.length).toBe(before);
  });
});

describe('what the answer becomes', () => {
  test.each<[string, Json]>([
    ['/json', { n: 1, list: [true, null] }],
    ['/problem', { a: 1 }],
    ['/text', 'grüß'],
    ['/latin1', 'grüß'],
    ['/xml', '<a/>'],
    ['/bytes', 'AP8='],
    ['/nothing', null],
    ['/empty-json', null],
    ['/untyped', 'plain'],
    ['/untyped-bytes', '//4A'],
    ['/gzip', { packed: true }],
  ])('%s', async (path, value) => {
    expect(await get(path)).toEqual(value);
  });

  test('raw is the bytes in base64, whatever they are', async () => {
    expect(await get('/json', { output: 'raw' })).toBe(btoa('{"n":1,"list":[true,null]}'));
    expect(await get('/no-json', { output: 'raw' })).toBe(btoa('<html>'));
    expect(await get('/nothing', { output: 'raw' })).toBe('');
  });

  test('response has all of it', async () => {
    expect(await get('/json?a=1', { output: 'response', headers: { 'X-A': 'b' } })).toMatchObject({
      request: {
        method: 'GET',
        uri: `${at}/json?a=1`,
        headers: { 'x-a': 'b', 'idempotency-key': KEY },
      },
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      content: { n: 1, list: [true, null] },
    });
  });

  test.each([
    ['/no-json', 'application/json'],
    ['/big-integer', 'beyond 2^53'],
    ['/surrogate', 'surrogate'],
    ['/deep', 'deeper'],
    ['/bad-charset', 'klingon'],
    ['/not-utf8', 'utf-8'],
  ])('%s cannot be read', async (path, says) => {
    const refused = await fails(path);
    expect(told(refused)).toBe('communication 500');
    expect(refused.detail).toContain(says);
  });
});

describe('statuses', () => {
  test.each([
    ['/404', 'communication 404', 'Pet not found'],
    ['/401', 'authentication 401', '401 Unauthorized'],
    ['/403', 'authorization 403', '403 Forbidden'],
    ['/429', 'communication 429', 'Retry-After: 30'],
    ['/503', 'communication 503', 'Retry-After: Wed, 21 Oct'],
    ['/302', 'communication 302', 'redirect to /json'],
    ['/304', 'communication 304', '304'],
  ])('%s', async (path, kind, says) => {
    const refused = await fails(path);
    expect(told(refused)).toBe(kind);
    expect(refused.detail).toContain(says);
  });

  test('an error whose body never ends is told with its beginning', async () => {
    const began = performance.now();
    const refused = await fails('/500-huge');
    expect(told(refused)).toBe('communication 500');
    expect(refused.detail!.length).toBeLessThan(1_200);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('redirects', () => {
  const follow = { redirect: true };

  test('are followed where the document says so', async () => {
    expect(await get('/302', follow)).toEqual({ n: 1, list: [true, null] });
    expect(await get('/302', { ...follow, output: 'response' })).toMatchObject({
      request: { uri: `${at}/json` },
    });
    expect(await get('/304', { ...follow, output: 'response' })).toMatchObject({ statusCode: 304 });
  });

  test('303 turns a POST into a GET, 307 does not', async () => {
    const post = { method: 'POST', body: { a: 1 }, ...follow };
    expect(await get('/303', post)).toMatchObject({ method: 'GET', body: '' });
    expect(await get('/302', post)).toEqual({ n: 1, list: [true, null] });
    expect(await get('/307', post)).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      url: '/echo?x',
    });
  });

  test.each([
    ['/circle', 'communication 302', 'circle'],
    ['/endless', 'communication 302', 'more than 20'],
    ['/nowhere', 'communication 302', 'ftp://a/b'],
  ])('%s ends', async (path, kind, says) => {
    const refused = await fails(path, follow);
    expect(told(refused)).toBe(kind);
    expect(refused.detail).toContain(says);
  });

  test('secrets do not go to another origin', async () => {
    const secrets = { get: async (name: string) => `${name}-hunter2` };
    const leaves = [{ at: '/headers/x-api-key', text: '$secrets.token' }];
    const late = { leaves, secrets: ['token'], variables: {}, input: null };
    const args = {
      ...follow,
      headers: {
        'x-api-key': null,
        authorization: 'Bearer literal',
        cookie: 'a=b',
        'x-plain': 'p',
      },
    };
    const answer = await call({ arguments: { endpoint: `${at}/away302`, ...args }, late, secrets });
    expect(answer).toMatchObject({ result: { headers: { 'x-plain': 'p' } } });
    expect(service.heard.at(-1)!.headers).toMatchObject({
      'x-api-key': 'token-hunter2',
      authorization: 'Bearer literal',
    });
    const { headers } = other.heard.at(-1)!;
    for (const name of ['x-api-key', 'authorization', 'cookie']) {
      expect(headers).not.toHaveProperty(name);
    }

    const bodied = {
      method: 'POST',
      body: { key: null },
      redirect: true,
      endpoint: `${at}/away307`,
    };
    const before = other.heard.length;
    const refused = await call({
      arguments: bodied,
      late: { ...late, leaves: [{ at: '/body/key', text: '$secrets.token' }] },
      secrets,
    });
    expect(refused).toMatchObject({
      error: { status: 307, detail: expect.stringContaining('holds a secret') },
    });
    expect(other.heard.length).toBe(before);
  });
});

describe('under stress', () => {
  test.each(['/huge', '/huge-chunked', '/bomb'])(
    '%s is refused at its limit',
    proves('call.http.stress'),
    async (path) => {
      const before = process.memoryUsage().rss;
      const began = performance.now();
      const refused = await fails(path);
      expect(told(refused)).toBe('communication 500');
      expect(refused.detail).toContain(String(RESULT_BYTES_MAX));
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
    },
  );

  test('what fits as bytes may be too large as base64', async () => {
    const refused = await fails('/almost');
    expect(told(refused)).toBe('communication 500');
    expect(refused.detail).toContain('as content');
  });

  test(
    'a connection that breaks in the middle of the body',
    proves('call.http.stress'),
    async () => {
      const refused = await fails('/reset');
      expect(told(refused)).toBe('communication 500');
      expect(refused.detail).toContain('broken the connection off');
    },
  );

  test('a port where nobody listens, a host that is none', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    await new Promise((done) => server.close(done));
    const refused = await error({ endpoint: `http://127.0.0.1:${port}/` });
    expect(told(refused)).toBe('communication 500');
    expect(refused.detail).toContain('refuses the connection');
    const unknown = await error({ endpoint: 'http://nowhere.invalid/' });
    expect(told(unknown)).toBe('communication 500');
    expect(unknown.detail).toContain('nowhere.invalid');
  });

  test('something that is no HTTP', async () => {
    const server = createServer((socket) => socket.resume().end('220 mail.example ESMTP\r\n'));
    server.listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port } = server.address() as { port: number };
    const refused = await error({ endpoint: `http://127.0.0.1:${port}/` });
    expect(told(refused)).toBe('communication 500');
    await new Promise((done) => server.close(done));
  });

  test("what Node thinks is too long does not matter: the task's timeout decides", async () => {
    const key = Symbol.for('undici.globalDispatcher.1');
    const world = globalThis as unknown as Record<symbol, object>;
    const before = world[key]!;
    const Agent = before.constructor as new (options: object) => object;
    world[key] = new Agent({ headersTimeout: 100 });
    try {
      await expect(fetch(`${at}/late`)).rejects.toThrow('fetch failed');
      expect(await get('/late')).toBe('late');
    } finally {
      world[key] = before;
    }
  });

  test.each(['/hangs', '/stalls'])('%s is ended by an abort', async (path) => {
    let abort: (() => void) | undefined;
    const answer = call({
      arguments: { endpoint: at + path },
      abort: (stop) => (abort = stop),
    });
    setTimeout(() => abort?.(), 100);
    expect(await answer).toMatchObject({ error: { status: 500 } });
  });
});

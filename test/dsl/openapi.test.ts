/* OpenAPI documents: which request an operation makes of its parameters, and what is refused. */
import { describe, expect, test } from 'vitest';
import {
  OpenApiFault,
  type Operation,
  readOpenApi,
  requestOf,
  trimmed,
} from '../../src/dsl/index.ts';
import { operationOf } from '../../src/dsl/openapi/index.ts';
import type { Json, JsonObject } from '../../src/wire/index.ts';

const URI = 'https://docs.example/api/v3.yaml';

/** An OpenAPI 3 document with one operation. */
function openApi(operation: object, more: object = {}): JsonObject {
  return {
    openapi: '3.1.0',
    servers: [{ url: 'https://api.example/v1/' }],
    paths: { '/things/{id}': { post: { operationId: 'one', ...operation } } },
    ...more,
  } as unknown as JsonObject;
}

function swagger(operation: object, more: object = {}): JsonObject {
  return {
    swagger: '2.0',
    host: 'api.example',
    basePath: '/v2',
    schemes: ['http', 'https'],
    paths: { '/things/{id}': { get: { operationId: 'one', ...operation } } },
    ...more,
  } as unknown as JsonObject;
}

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

/** Both as it is, and as it is stored: they must make the same request. */
function request(document: JsonObject, values: JsonObject, uri = URI) {
  const stored = readOpenApi(trimmed(document, ['one'], uri));
  const made = requestOf(operationOf(document, 'one', uri), values);
  expect(requestOf(operationOf(stored, 'one', uri), values)).toEqual(made);
  return made;
}

function fault(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof OpenApiFault)
      return `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`;
    throw error;
  }
  return 'no fault';
}

describe('a document', () => {
  test('is JSON or YAML, of a version that is known', () => {
    expect(readOpenApi('{"openapi": "3.0.1"}')).toEqual({ openapi: '3.0.1' });
    expect(readOpenApi("swagger: '2.0'\nhost: a")).toEqual({ swagger: '2.0', host: 'a' });
    expect(fault(() => readOpenApi('openapi: 4.0.0'))).toMatch(/version is "4.0.0"/);
    expect(fault(() => readOpenApi('a: b'))).toMatch(/neither `openapi` nor `swagger`/);
    expect(fault(() => readOpenApi('{"a": '))).toMatch(/neither JSON nor YAML/);
    expect(fault(() => readOpenApi('a: [b'))).toMatch(/neither JSON nor YAML/);
  });
  test('says which operations it has', () => {
    expect(fault(() => operationOf(openApi({}), 'onn', URI))).toMatch(
      /no operation "onn" \(did you mean "one"/,
    );
    expect(fault(() => operationOf(openApi({}), 'other', URI))).toMatch(/it has one/);
    expect(fault(() => operationOf({ openapi: '3.0.0' }, 'one', URI))).toMatch(
      /no operation that has an id/,
    );
  });
  test('may refer to its own parts', () => {
    const document = openApi(
      { parameters: [{ $ref: '#/components/parameters/a~1b' }] },
      { components: { parameters: { 'a/b': { $ref: '#/components/parameters/id' }, id } } },
    );
    expect(request(document, { id: 7 }).endpoint).toBe('https://api.example/v1/things/7');
    const broken = (to: string, more: object = {}) =>
      fault(() => operationOf(openApi({ parameters: [{ $ref: to }] }, more), 'one', URI));
    expect(broken('#/components/parameters/x')).toMatch(/is not there/);
    expect(broken('other.yaml#/x')).toMatch(/another document/);
    expect(broken('#/x', { x: { $ref: '#/x' } })).toMatch(/circle/);
  });
  test('is stored without what no request needs', () => {
    const document = openApi(
      { parameters: [{ ...id, description: 'long' }], responses: { 200: { description: 'long' } } },
      { components: { schemas: { Large: {} } }, info: { title: 'T' } },
    );
    expect(JSON.parse(trimmed(document, ['one'], URI))).toEqual({
      openapi: '3.1.0',
      paths: {
        '/things/{id}': {
          post: {
            operationId: 'one',
            servers: [{ url: 'https://api.example/v1' }],
            parameters: [{ name: 'id', in: 'path', required: true }],
          },
        },
      },
    });
  });
});

describe('the server', () => {
  const server = (document: JsonObject, uri = URI) => operationOf(document, 'one', uri).server;
  test('of OpenAPI 3', () => {
    expect(server(openApi({}))).toBe('https://api.example/v1');
    expect(server(openApi({ servers: [{ url: 'https://own.example' }] }))).toBe(
      'https://own.example',
    );
    expect(server(openApi({}, { servers: [{ url: '../v4' }] }))).toBe('https://docs.example/v4');
    expect(server(openApi({}, { servers: [] }))).toBe('https://docs.example');
    const variables = { place: { default: 'eu' } };
    expect(server(openApi({}, { servers: [{ url: 'https://{place}.example', variables }] }))).toBe(
      'https://eu.example',
    );
    expect(
      fault(() => server(openApi({}, { servers: [{ url: '/v1' }] }), 'file:///api.yaml')),
    ).toMatch(/nothing says on which host/);
  });
  test('of Swagger 2.0', () => {
    expect(server(swagger({}))).toBe('https://api.example/v2');
    expect(server(swagger({}, { schemes: ['http'] }))).toBe('http://api.example/v2');
    expect(server(swagger({}, { schemes: undefined }), 'http://x/s.json')).toBe(
      'http://api.example/v2',
    );
    expect(server(swagger({}, { host: undefined }))).toBe('https://docs.example/v2');
  });
});

describe('parameters', () => {
  const written = (parameter: object, value: Json) => {
    const { endpoint, headers } = request(
      openApi({ parameters: [id, { name: 'p', ...parameter }] }),
      { id: 'x', p: value },
    );
    return (
      headers['p'] ?? headers['cookie'] ?? endpoint.slice('https://api.example/v1/things/x'.length)
    );
  };
  const list = ['a', 'b c', 3];
  const object = { r: 1, g: 'x y' };
  test.each([
    [{ in: 'query' }, 'a b&', '?p=a%20b%26'],
    [{ in: 'query' }, true, '?p=true'],
    [{ in: 'query' }, null, ''],
    [{ in: 'query' }, list, '?p=a&p=b%20c&p=3'],
    [{ in: 'query', explode: false }, list, '?p=a,b%20c,3'],
    [{ in: 'query', style: 'spaceDelimited', explode: false }, list, '?p=a%20b%20c%203'],
    [{ in: 'query', style: 'pipeDelimited', explode: false }, list, '?p=a%7Cb%20c%7C3'],
    [{ in: 'query' }, object, '?r=1&g=x%20y'],
    [{ in: 'query', explode: false }, object, '?p=r,1,g,x%20y'],
    [{ in: 'query', style: 'deepObject', explode: true }, object, '?p%5Br%5D=1&p%5Bg%5D=x%20y'],
    [{ in: 'query', allowReserved: true }, 'a/b c', '?p=a/b%20c'],
    [
      { in: 'query', content: { 'application/json': {} } },
      object,
      '?p=%7B%22r%22%3A1%2C%22g%22%3A%22x%20y%22%7D',
    ],
    [{ in: 'header' }, list, 'a,b c,3'],
    [{ in: 'header' }, object, 'r,1,g,x y'],
    [{ in: 'header', explode: true }, object, 'r=1,g=x y'],
    [{ in: 'cookie' }, 'c d', 'p=c%20d'],
  ] as const)('%j of %j', (parameter, value, expected) => {
    expect(written(parameter, value as Json)).toBe(expected);
  });
  const inPath = (style: object, value: Json) =>
    request(openApi({ parameters: [{ ...id, ...style }] }), { id: value }).endpoint.slice(
      'https://api.example/v1/things/'.length,
    );
  test.each([
    [{}, 'a/b', 'a%2Fb'],
    [{}, list, 'a,b%20c,3'],
    [{}, object, 'r,1,g,x%20y'],
    [{ explode: true }, object, 'r=1,g=x%20y'],
    [{ style: 'label' }, list, '.a,b%20c,3'],
    [{ style: 'label', explode: true }, list, '.a.b%20c.3'],
    [{ style: 'matrix' }, 'v', ';id=v'],
    [{ style: 'matrix' }, list, ';id=a,b%20c,3'],
    [{ style: 'matrix', explode: true }, list, ';id=a;id=b%20c;id=3'],
    [{ style: 'matrix', explode: true }, object, ';r=1;g=x%20y'],
  ] as const)('in the path %j of %j', (style, value, expected) => {
    expect(inPath(style, value as Json)).toBe(expected);
  });
  const collected = (format: string | undefined) =>
    request(
      swagger({
        parameters: [
          id,
          {
            name: 'p',
            in: 'query',
            type: 'array',
            ...(format === undefined ? {} : { collectionFormat: format }),
          },
        ],
      }),
      { id: 1, p: list },
    ).endpoint.split('?')[1];
  test.each([
    [undefined, 'p=a,b%20c,3'],
    ['csv', 'p=a,b%20c,3'],
    ['ssv', 'p=a%20b%20c%203'],
    ['tsv', 'p=a%09b%20c%093'],
    ['pipes', 'p=a%7Cb%20c%7C3'],
    ['multi', 'p=a&p=b%20c&p=3'],
  ])('of Swagger 2.0: %s', (format, expected) => {
    expect(collected(format)).toBe(expected);
  });
  test('of a path count for its operations, whose own win', () => {
    const document = openApi(
      {},
      {
        paths: {
          '/t/{id}': {
            parameters: [id, { name: 'q', in: 'query', style: 'form' }],
            get: { operationId: 'one', parameters: [{ name: 'q', in: 'query', explode: false }] },
          },
        },
      },
    );
    expect(request(document, { id: 1, q: [1, 2] }).endpoint).toBe(
      'https://api.example/v1/t/1?q=1,2',
    );
  });
  test('that are required and missing, or nested too deep, are said', () => {
    const document = openApi({ parameters: [id] });
    expect(fault(() => request(document, {}))).toBe('the parameter id is missing');
    expect(fault(() => request(document, { id: null }))).toBe('the parameter id is missing');
    expect(fault(() => request(document, { id: [[1]] }))).toMatch(/nested too deep/);
  });
});

describe('the body', () => {
  const body = (content: object, more: object = {}) =>
    openApi({ parameters: [id], requestBody: { content, ...more } });
  const parts = ({
    body: sent,
    headers,
  }: {
    body?: Json;
    headers: { readonly [name: string]: string };
  }) => [headers['content-type'], sent];
  test('is `body`, or what no parameter takes', () => {
    const document = body({ 'text/plain': {}, 'application/vnd.x+json': {} });
    expect(parts(request(document, { id: 1, body: [1] }))).toEqual([
      'application/vnd.x+json',
      '[1]',
    ]);
    expect(parts(request(document, { id: 1, body: 'text' }))[1]).toBe('"text"');
    const plain = body({ 'text/plain': {} });
    expect(parts(request(plain, { id: 1, body: 'text' }))).toEqual(['text/plain', 'text']);
    expect(parts(request(document, { id: 1, a: 2, b: 'c' }))).toEqual([
      'application/vnd.x+json',
      '{"a":2,"b":"c"}',
    ]);
    expect(parts(request(document, { id: 1 }))).toEqual([undefined, undefined]);
    expect(
      fault(() => request(body({ 'application/json': {} }, { required: true }), { id: 1 })),
    ).toMatch(/body is missing/);
  });
  test('is a form', () => {
    const document = body({ 'application/x-www-form-urlencoded': {} });
    expect(parts(request(document, { id: 1, a: 'b c', n: 2 }))).toEqual([
      'application/x-www-form-urlencoded',
      'a=b%20c&n=2',
    ]);
    const old = swagger({
      parameters: [
        id,
        { name: 'a', in: 'formData' },
        { name: 'l', in: 'formData', collectionFormat: 'multi' },
      ],
    });
    expect(parts(request(old, { id: 1, a: 'b', l: [1, 2] }))).toEqual([
      'application/x-www-form-urlencoded',
      'a=b&l=1&l=2',
    ]);
  });
  test('has a name in Swagger 2.0', () => {
    const old = swagger({
      consumes: ['application/xml', 'application/json'],
      parameters: [id, { name: 'pet', in: 'body', required: true }],
    });
    expect(parts(request(old, { id: 1, pet: { n: 1 } }))).toEqual(['application/json', '{"n":1}']);
    expect(fault(() => request(old, { id: 1 }))).toMatch(/body is missing/);
  });
  test('that cannot be sent is said', () => {
    expect(fault(() => operationOf(body({ 'multipart/form-data': {} }), 'one', URI))).toMatch(
      /takes multipart\/form-data/,
    );
    const file = swagger({ parameters: [{ name: 'f', in: 'formData', type: 'file' }] });
    expect(fault(() => operationOf(file, 'one', URI))).toMatch(/f is a file/);
  });
});

test('an operation is plain data', () => {
  const operation: Operation = operationOf(
    openApi({ parameters: [id], requestBody: { content: { 'application/json': {} } } }),
    'one',
    URI,
  );
  expect(JSON.parse(JSON.stringify(operation))).toEqual(operation);
});

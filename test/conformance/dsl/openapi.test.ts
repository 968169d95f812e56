/* call: openapi on the embedded engine: documents that are read at deploy, requests as they describe them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine, PinFailed } from '../../../src/index.ts';
import { CannotRun } from '../../../src/presets/deployable.ts';
import type { Json } from '../../../src/wire/index.ts';
import { json, Service } from '../../activities/http-world.ts';
import { proves } from '../../proofs/proves.ts';
import { definitionOf, embeddedly, type Given, kindOf } from './everywhere.ts';

const PARAMETERS = [
  { name: 'shelf', in: 'path', required: true, schema: { type: 'string' } },
  { name: 'tags', in: 'query', schema: { type: 'array' } },
  { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
];
const BOOKS = {
  openapi: '3.1.0',
  servers: [{ url: '/api' }],
  paths: {
    '/shelves/{shelf}/books': {
      parameters: PARAMETERS.slice(0, 1),
      get: { operationId: 'list', parameters: PARAMETERS.slice(1) },
      post: {
        operationId: 'add',
        requestBody: { required: true, content: { 'application/json': {} } },
      },
    },
    '/moved': { get: { operationId: 'moved' } },
    '/gone': { get: { operationId: 'gone' } },
  },
};

let service: Service;
beforeAll(async () => {
  service = await Service.open(({ body, headers, method, url }, response) => {
    const { host } = new URL(service.origin);
    if (url === '/books.json') return json(response, BOOKS as unknown as Json);
    if (url === '/old.json') {
      const paths = {
        '/shelves/{shelf}': {
          put: {
            operationId: 'replace',
            parameters: [
              { name: 'shelf', in: 'path', required: true, type: 'string' },
              { name: 'books', in: 'body', required: true, schema: {} },
            ],
          },
        },
      };
      return json(response, { swagger: '2.0', host, basePath: '/old', schemes: ['http'], paths });
    }
    if (url === '/api/moved') return void response.writeHead(302, { location: '/api/x' }).end();
    if (url === '/api/gone') return void response.writeHead(410).end();
    const { 'x-trace': trace = null, authorization = null, 'content-type': type = null } = headers;
    json(response, { method, url, body, trace, authorization, type });
  });
});
afterAll(() => service.close());

async function calls(operation: string, more = '', given: Given = {}, document = 'books.json') {
  const text = `do: [{a: {call: openapi, with: {document: {endpoint: '${service.origin}/${document}'}, operationId: ${operation}${more}}}}]`;
  return embeddedly(given.secrets === undefined ? text : `use: {secrets: [s]}\n${text}`, given);
}

describe('call openapi', () => {
  test(
    'of OpenAPI 3 writes the parameters where they belong',
    proves('call.openapi.3', 'call.openapi.parameters', 'resource.pinned'),
    async () => {
      const { output } = await calls(
        'list',
        ", parameters: {shelf: '${ .s }', tags: [a, '${ .t }'], X-Trace: '${ .s + \"!\" }'}",
        { input: { s: 'up/1', t: 'b c' } },
      );
      expect(output).toMatchObject({
        method: 'GET',
        url: '/api/shelves/up%2F1/books?tags=a&tags=b%20c',
        trace: 'up/1!',
        body: '',
      });
    },
  );
  test('sends a body', proves('call.openapi.3', 'call.openapi.parameters'), async () => {
    const rest = await calls('add', ", parameters: {shelf: x, title: T, year: '${ .y }'}", {
      input: { y: 1843 },
    });
    expect(rest.output).toMatchObject({
      method: 'POST',
      body: '{"title":"T","year":1843}',
      type: 'application/json',
    });
    const whole = await calls('add', ", parameters: {shelf: x, body: ['${ .y }']}", {
      input: { y: 1843 },
    });
    expect(whole.output).toMatchObject({ body: '[1843]' });
  });
  test(
    'of Swagger 2.0 names the body',
    proves('call.openapi.2', 'call.openapi.parameters'),
    async () => {
      const { output } = await calls(
        'replace',
        ', parameters: {shelf: x, books: [1, 2]}',
        {},
        'old.json',
      );
      expect(output).toMatchObject({ method: 'PUT', url: '/old/shelves/x', body: '[1,2]' });
    },
  );
  test('gives what call http would', proves('call.openapi.output'), async () => {
    const whole = await calls('list', ', parameters: {shelf: x}, output: response');
    expect(whole.output).toMatchObject({
      statusCode: 200,
      request: { uri: `${service.origin}/api/shelves/x/books` },
      content: { url: '/api/shelves/x/books' },
    });
    const raw = await calls('list', ', parameters: {shelf: x}, output: raw');
    expect(JSON.parse(Buffer.from(raw.output as string, 'base64').toString())).toMatchObject({
      method: 'GET',
    });
    expect((await calls('moved')).error).toMatchObject({ status: 302 });
    expect((await calls('moved', ', redirect: true')).output).toMatchObject({ url: '/api/x' });
    const { error } = await calls('gone');
    expect([kindOf(error), error?.status, error?.instance]).toEqual([
      'communication',
      410,
      '/do/0/a',
    ]);
  });
  test('authenticates, and keeps secrets', proves('call.openapi.authentication'), async () => {
    const more =
      ", parameters: {shelf: x, X-Trace: '${ $secrets.s + $authorization.scheme }'}, authentication: {bearer: {token: '${ $secrets.s }'}}";
    const { output } = await calls('list', more, { secrets: { s: 'hidden-value' } });
    expect(output).toMatchObject({ url: '/api/shelves/x/books' });
    expect(service.heard.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer hidden-value',
      'x-trace': 'hidden-valueBearer',
    });
    expect(JSON.stringify(output)).not.toContain('hidden-value');
  });
  test(
    'of a document beside the workflow',
    proves('call.openapi.3', 'resource.pinned'),
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'waybill-openapi-'));
      const servers = [{ url: `${service.origin}/api` }];
      writeFileSync(join(folder, 'books.yaml'), JSON.stringify({ ...BOOKS, servers }));
      const engine = await openEngine({ file: ':memory:', functions: {} });
      try {
        const definition = definitionOf(
          'do: [{a: {call: openapi, with: {document: {endpoint: ./books.yaml}, operationId: list, parameters: {shelf: x}}}}]',
        );
        await engine.deploy(definition, {
          base: pathToFileURL(join(folder, 'workflow.yaml')).href,
        });
        rmSync(folder, { recursive: true });
        const result = await engine.result(await engine.start({ definition }));
        expect(result).toMatchObject({
          ended: 'completed',
          output: { url: '/api/shelves/x/books' },
        });
      } finally {
        await engine.close();
      }
    },
  );
  test('is one effect with one key', proves('call.openapi.3'), async () => {
    await calls('list', ', parameters: {shelf: x}');
    expect(service.heard.at(-1)?.headers['idempotency-key']).toMatch(/^[0-9a-f]{16,}$/);
  });
  test('refuses what the document does not have', proves('call.openapi.parameters'), async () => {
    const said = async (operation: string, more = '') => {
      try {
        const { error } = await calls(operation, more);
        return error?.detail ?? 'it ran';
      } catch (error) {
        // an operation is looked for when the document is read, its parameters when the whole is compiled
        if (error instanceof PinFailed || error instanceof CannotRun) return error.message;
        throw error;
      }
    };
    expect(await said('lst')).toMatch(/has no operation "lst"/);
    expect(await said('list')).toMatch(/needs the parameter "shelf"/);
    expect(await said('list', ', parameters: {shelf: x, tag: a}')).toMatch(
      /has no parameter "tag"/,
    );
    expect(await said('list', ", parameters: {shelf: '${ null }'}")).toMatch(
      /the parameter shelf is missing/,
    );
  });
});

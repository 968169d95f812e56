/*
 * What a definition refers to is read when it is deployed, becomes part of it, and is never asked for
 * again; what cannot be had is said with its place.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load } from '../../src/dsl/index.ts';
import { type Definition, openEngine, PinFailed } from '../../src/index.ts';
import { pinned } from '../../src/presets/pin.ts';
import { proves } from '../proofs/proves.ts';

const SCHEMA = '{"type": "object", "required": ["n"]}';

let server: Server;
let origin: string;
let folder: string;
const pages = new Map<string, string>();
const asked: string[] = [];
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url === '/slow') return;
    if (url === '/moved') return void response.writeHead(302, { location: '/schema.json' }).end();
    const page = pages.get(url);
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'waybill-pin-'));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function needing(uri: string): Definition {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: pins, version: '1.0.0'}
input: {schema: {resource: {endpoint: '${uri}'}}}
do: [{a: {set: {ok: true}}}]`,
    'pins.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

async function complaint(definition: Definition, base?: string): Promise<string> {
  try {
    await pinned(definition, base === undefined ? {} : { base });
  } catch (error) {
    if (!(error instanceof PinFailed)) throw error;
    const [{ file, line, message, pointer } = { file: '', line: 0, message: '', pointer: '' }] =
      error.problems;
    return `${file}:${line} ${pointer} ${message}`;
  }
  return 'it was pinned';
}

describe('an external schema', () => {
  test(
    'is asked for once, and decides as it was then',
    proves('schema.external', 'resource.pinned'),
    async () => {
      pages.set('/schema.json', SCHEMA);
      asked.length = 0;
      const engine = await openEngine({ file: ':memory:', functions: {} });
      try {
        const definition = needing(`${origin}/schema.json`);
        const deployed = await engine.deploy(definition);
        expect(deployed.resources).toEqual({ [`${origin}/schema.json`]: SCHEMA });
        expect(deployed.hash).not.toBe(definition.hash);
        pages.set('/schema.json', '{"type": "string"}');
        const runs = await Promise.all([
          engine.start({ definition, input: { n: 1 } }),
          engine.start({ definition: deployed, input: {} }),
        ]);
        expect(await engine.result(runs[0])).toEqual({ ended: 'completed', output: { ok: true } });
        expect(await engine.result(runs[1])).toMatchObject({
          ended: 'faulted',
          error: { status: 400 },
        });
        expect(asked).toEqual(['/schema.json']);
      } finally {
        await engine.close();
      }
    },
  );
  test('may be YAML, behind a redirect, in a file beside the document', async () => {
    pages.set('/schema.json', SCHEMA);
    const moved = await pinned(needing(`${origin}/moved`));
    expect(Object.values(moved.resources)).toEqual([SCHEMA]);
    writeFileSync(join(folder, 'schema.yaml'), 'type: object\nrequired: [n]\n');
    const base = pathToFileURL(join(folder, 'workflow.yaml')).href;
    const engine = await openEngine({ file: ':memory:', functions: {} });
    try {
      const definition = needing('./schema.yaml');
      await engine.deploy(definition, { base });
      const run = await engine.start({ definition, input: {} });
      expect(await engine.result(run)).toMatchObject({ ended: 'faulted', error: { status: 400 } });
    } finally {
      await engine.close();
    }
  });
  test('that is none is refused', async () => {
    pages.set('/none.json', '{"type": "nothing"}');
    const engine = await openEngine({ file: ':memory:', functions: {} });
    try {
      const definition = needing(`${origin}/none.json`);
      await expect(engine.deploy(definition)).rejects.toThrow(
        /^test\/pins\/1.0.0 cannot be deployed: this is not a JSON Schema/,
      );
    } finally {
      await engine.close();
    }
  });
});

describe('what cannot be had is said with its place', () => {
  test('a page that is not there', async () => {
    expect(await complaint(needing(`${origin}/nowhere`))).toBe(
      `pins.yaml:2 /input/schema/resource/endpoint ${origin}/nowhere cannot be read: the server answers 404 Not Found`,
    );
  });
  test('a server that is not there', async () => {
    expect(await complaint(needing('http://127.0.0.1:1/x'))).toMatch(/ECONNREFUSED|bad port/);
  });
  test('a file that is not there, and one without a base', async () => {
    const base = pathToFileURL(join(folder, 'workflow.yaml')).href;
    expect(await complaint(needing('./none.yaml'), base)).toMatch(/there is no such file/);
    expect(await complaint(needing('./none.yaml'))).toMatch(/relative, and nothing says to what/);
  });
  test('an address of another kind', async () => {
    expect(await complaint(needing('ftp://host/x'))).toMatch(/ftp: addresses cannot be read/);
  });
  test('more than can be stored', async () => {
    pages.set('/large.json', `{"description": "${'x'.repeat(2_100_000)}"}`);
    expect(await complaint(needing(`${origin}/large.json`))).toMatch(/at most 2097152/);
    pages.set('/huge.json', 'x'.repeat(16 * 1024 * 1024 + 1));
    expect(await complaint(needing(`${origin}/huge.json`))).toMatch(/more than 16 MB/);
  });
  test('a text that is none', async () => {
    writeFileSync(join(folder, 'latin'), Buffer.from([0x63, 0xe9]));
    const address = pathToFileURL(join(folder, 'latin')).href;
    expect(await complaint(needing(address))).toMatch(/not UTF-8/);
  });
  test('what needs credentials', async () => {
    const definition = load(
      `document: {dsl: '1.0.3', namespace: test, name: pins, version: '1.0.0'}
input: {schema: {resource: {endpoint: {uri: '${origin}/schema.json', authentication: {bearer: {token: x}}}}}}
do: [{a: {set: {ok: true}}}]`,
      'pins.yaml',
    ).definition!;
    // while authentication is refused as such, it says so itself
    expect(await complaint(definition)).toMatch(/need credentials|it was pinned/);
  });
});

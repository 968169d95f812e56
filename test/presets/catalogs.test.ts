/* Functions of catalogs and URLs, from a server to a run; what a run never asks for again. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { interpret, simulatedLine } from '../../src/chaos/reference/index.ts';
import { load } from '../../src/dsl/index.ts';
import {
  type Definition,
  type Json,
  openEngine,
  PinFailed,
  type PinOptions,
} from '../../src/index.ts';
import { ResourceMissing, type Resources } from '../../src/ports/index.ts';
import { pinned } from '../../src/presets/pin.ts';
import { proves } from '../proofs/proves.ts';

let server: Server;
let origin: string;
let folder: string;
const pages = new Map<string, string>();
let asked: { url: string; authorization: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, authorization: headers.authorization });
    const page = pages.get(url);
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'waybill-catalogs-'));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  pages.clear();
});

const GREET = `input: {schema: {document: {type: object, required: [name]}}}
set: {greeting: '\${ "Hello, \\(.name)!" }'}
output: {as: .greeting}
`;

function definitionOf(text: string): Definition {
  const { definition, problems } = load(
    `document: {dsl: '1.0.3', namespace: test, name: catalogs, version: '1.0.0'}\n${text}`,
    'flow.yaml',
  );
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  return definition;
}

/** Deployed and run on the embedded engine; the reference must end alike. */
async function run(text: string, options: PinOptions = {}, input: Json = {}): Promise<Json> {
  const engine = await openEngine({
    file: ':memory:',
    functions: { echo: (given: Json) => given },
  });
  try {
    const definition = await engine.deploy(definitionOf(text), options);
    const reads = asked.length;
    const result = await engine.result(await engine.start({ definition, input }));
    expect(asked, 'a run has asked for something').toHaveLength(reads);
    const line = simulatedLine((_name, request) => ({ latency: 0, result: request }));
    const reference = interpret(definition, { run: 'run-1', input, at: 0, line });
    if (result.ended === 'completed') expect(reference.output).toEqual(result.output);
    else expect(result).toMatchObject({ error: { status: reference.error?.status } });
    return result.ended === 'completed' ? result.output : { ...result };
  } finally {
    await engine.close();
  }
}

async function refusal(text: string, options: PinOptions = {}): Promise<string> {
  try {
    await pinned(definitionOf(text), options);
    return 'it was pinned';
  } catch (error) {
    if (!(error instanceof PinFailed)) throw error;
    return error.problems
      .map(({ line, pointer, message }) => `${line} ${pointer} ${message}`)
      .join();
  }
}

describe('a function', () => {
  test('at a URL', proves('call.function.url', 'resource.pinned'), async () => {
    pages.set('/functions/greet.yaml', GREET);
    const text = `do: [{a: {call: '${origin}/functions/greet.yaml', with: {name: '\${ .who }'}}}]`;
    expect(await run(text, {}, { who: 'Ada' })).toBe('Hello, Ada!');
    expect(asked.map(({ url }) => url)).toEqual(['/functions/greet.yaml']);
    // its own schema holds for what it is given
    expect(await run(text.replace('name:', 'nobody:'), {}, { who: 'Ada' })).toMatchObject({
      ended: 'faulted',
      error: { status: 400, instance: '/do/0/a/call/0/function' },
    });
  });
  test(
    'of a catalog: NAME:VERSION@CATALOG',
    proves('call.function.catalog', 'catalog.layout'),
    async () => {
      pages.set('/catalog/functions/greet/1.2.0/function.yaml', GREET);
      const text = `use: {catalogs: {ours: {endpoint: {uri: '${origin}/catalog'}}}}
do: [{a: {call: 'greet:1.2.0@ours', with: {name: Grace}}}]`;
      expect(await run(text)).toBe('Hello, Grace!');
      expect(await refusal(text.replace('1.2.0', '2.0.0'))).toBe(
        `3 /do/0/a/call ${origin}/catalog/functions/greet/2.0.0/function.yaml cannot be read: the server answers 404 Not Found`,
      );
    },
  );
  test(
    'of the default catalog, which the deployer names',
    proves('call.function.default'),
    async () => {
      const text = "do: [{a: {call: 'greet:1.0.0@default', with: {name: Edsger}}}]";
      pages.set('/functions/greet/1.0.0/function.yaml', GREET);
      expect(await run(text, { catalog: origin })).toBe('Hello, Edsger!');
      const here = join(folder, 'functions', 'greet', '1.0.0');
      mkdirSync(here, { recursive: true });
      writeFileSync(join(here, 'function.yaml'), GREET.replace('Hello', 'Salve'));
      expect(await run(text, { catalog: pathToFileURL(folder).href })).toBe('Salve, Edsger!');
      expect(await refusal(text)).toMatch(
        /2 \/do\/0\/a\/call .*there is no default catalog; name one/,
      );
      // the same content is the same definition, wherever the catalog is
      writeFileSync(join(here, 'function.yaml'), GREET);
      const [one, two] = await Promise.all([
        pinned(definitionOf(text), { catalog: origin }),
        pinned(definitionOf(text), { catalog: pathToFileURL(folder).href }),
      ]);
      expect(one.hash).toBe(two.hash);
    },
  );
  test('called default in the workflow overrides the default catalog', async () => {
    pages.set('/mine/functions/greet/1.0.0/function.yaml', GREET);
    const text = `use: {catalogs: {default: {endpoint: '${origin}/mine'}}}
do: [{a: {call: 'greet:1.0.0@default', with: {name: Barbara}}}]`;
    expect(await run(text, { catalog: `${origin}/elsewhere` })).toBe('Hello, Barbara!');
  });
  test('calls others, reads what lies beside it, and uses what the workflow declares', async () => {
    pages.set(
      '/c/functions/both/1.0.0/function.yaml',
      `input: {schema: {resource: {endpoint: ./input.json}}}
do:
  - greet: {call: 'greet:1.0.0@c', with: {name: '\${ .name }'}, export: {as: '{greeting: .}'}}
  - own: {call: shout, with: {text: '\${ $context.greeting }'}}
  - host: {call: echo, with: {said: '\${ . }'}}
  - no: {if: .said == "", raise: {error: empty}}
`,
    );
    pages.set('/c/functions/both/1.0.0/input.json', '{"required": ["name"]}');
    pages.set('/c/functions/greet/1.0.0/function.yaml', GREET);
    const text = `use:
  catalogs: {c: {endpoint: '${origin}/c'}}
  errors: {empty: {type: 'https://example.com/empty', status: 422}}
  functions: {shout: {set: '\${ .text | ascii_upcase }'}}
do: [{a: {call: 'both:1.0.0@c', with: {name: Alan}}}]`;
    expect(await run(text)).toEqual({ said: 'HELLO, ALAN!' });
    expect(asked.map(({ url }) => url)).toEqual([
      '/c/functions/both/1.0.0/function.yaml',
      '/c/functions/both/1.0.0/input.json',
      '/c/functions/greet/1.0.0/function.yaml',
    ]);
  });
  test('is what it was when it was deployed, until it is deployed again', async () => {
    pages.set('/f.yaml', GREET);
    const text = `do: [{a: {call: '${origin}/f.yaml', with: {name: Ada}}}]`;
    const engine = await openEngine({ file: ':memory:', functions: {} });
    try {
      const first = await engine.deploy(definitionOf(text));
      pages.set('/f.yaml', GREET.replace('Hello', 'Goodbye'));
      const old = await engine.result(await engine.start({ definition: first }));
      const second = await engine.deploy(definitionOf(text));
      const now = await engine.result(await engine.start({ definition: second }));
      expect([old, now]).toMatchObject([{ output: 'Hello, Ada!' }, { output: 'Goodbye, Ada!' }]);
      expect(first.hash).not.toBe(second.hash);
    } finally {
      await engine.close();
    }
  });
});

describe('a catalog that asks who is there', () => {
  const text = (authentication: string, use = ''): string =>
    `use: {catalogs: {c: {endpoint: {uri: '${origin}/c', authentication: ${authentication}}}}${use}}
do: [{a: {call: 'greet:1.0.0@c', with: {name: Ada}}}]`;
  const secrets = {
    get: (name: string) =>
      Promise.resolve(name === 'login' ? { username: 'u', password: 'from a secret' } : undefined),
  };
  beforeEach(() => pages.set('/c/functions/greet/1.0.0/function.yaml', GREET));

  test.each([
    ['{basic: {username: user, password: "012345"}}', '', `Basic ${btoa('user:012345')}`],
    ['{bearer: {token: abc}}', '', 'Bearer abc'],
    ['{use: mine}', ', authentications: {mine: {bearer: {token: xyz}}}', 'Bearer xyz'],
    ['{basic: {use: login}}', ', secrets: [login]', `Basic ${btoa('u:from a secret')}`],
  ])('is told by %s', async (authentication, use, header) => {
    const definition = await pinned(definitionOf(text(authentication, use)), { secrets });
    expect(asked).toMatchObject([{ authorization: header }]);
    expect(definition.canonical).not.toContain('from a secret');
  });
  test('is not told what is not known', async () => {
    expect(await refusal(text('{bearer: {token: "${ $secrets.t }"}}', ', secrets: [t]'))).toMatch(
      /the token for it must be a text, or come from/,
    );
    expect(await refusal(text('{basic: {use: login}}', ', secrets: [login]'))).toMatch(
      /needs the secret login/,
    );
    expect(await refusal(text('{digest: {username: a, password: b}}'))).toMatch(
      /basic or bearer authentication, not with digest/,
    );
    expect(asked).toEqual([]);
  });
});

test('a tag is found where there is no branch of that name', async () => {
  const tried: string[] = [];
  const resources: Resources = {
    read: (uri) => {
      tried.push(uri);
      return uri.includes('/refs/heads/')
        ? Promise.reject(new ResourceMissing('the server answers 404'))
        : Promise.resolve(GREET);
    },
  };
  const text = `use: {catalogs: {g: {endpoint: 'https://github.com/o/r/tree/v1'}}}
do: [{a: {call: 'greet:1.0.0@g', with: {name: Ada}}}]`;
  expect(await run(text, { resources })).toBe('Hello, Ada!');
  expect(tried).toEqual([
    'https://raw.githubusercontent.com/o/r/refs/heads/v1/functions/greet/1.0.0/function.yaml',
    'https://raw.githubusercontent.com/o/r/v1/functions/greet/1.0.0/function.yaml',
  ]);
});

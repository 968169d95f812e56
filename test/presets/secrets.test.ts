/*
 * Secrets in workflows: which can be read, and that no value of one is ever kept - searched for in every
 * byte of the file, in every record and State once it is unpacked, and in all that is said and answered.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbedded } from '../../src/adapters/sqlite/index.ts';
import { load } from '../../src/dsl/index.ts';
import { openEngine, type Result } from '../../src/presets/embedded.ts';
import { decodeRecord, type Json, recordToJson } from '../../src/wire/index.ts';
import { Authority } from '../activities/auth-world.ts';
import { json, Service } from '../activities/http-world.ts';
import { proves } from '../proofs/proves.ts';

/** Every value; each is looked for in all its forms. */
const VALUES = {
  token: 'hunter2-äöü/token with a tail that jq cuts off when it shows it',
  basic: { username: 'jane-the-user', password: 'p4ss word+&=' },
  digest: { username: 'digest-user', password: 'digest-p4ssword' },
  bearer: { token: 'bearer-hunter2-token' },
  nested: { deep: [{ key: 'deep-hunter2-key', pin: 837465 }] },
} as const;

let folder: string;
let service: Service;
let authority: Authority;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-nowhere-'));
  // It sends back whatever it hears, as services that are being debugged do.
  service = await Service.open(({ url, method, headers, body }, response) => {
    const echo = { method, url, headers: headers as Json, body };
    if (url.startsWith('/text')) {
      response.setHeader('content-type', 'text/plain').end(JSON.stringify(echo));
    } else if (url.startsWith('/moved')) {
      response.writeHead(302, { location: `/echo${url.slice(6)}` }).end();
    } else if (url.startsWith('/breaks')) {
      response.writeHead(200, { 'content-length': '9999' }).write(JSON.stringify(echo));
      setTimeout(() => response.destroy(), 20);
    } else if (url.startsWith('/digest') && !headers['authorization']) {
      response
        .writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' })
        .end();
    } else json(response, echo, Number(/^\/(\d{3})/.exec(url)?.[1] ?? 200));
  });
  authority = await Authority.open();
});
afterAll(async () => {
  await service.close();
  await authority.service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every text that gives one away. */
function telltales(): string[] {
  // parts, too: jq shows the beginning of what it objects to
  const texts: string[] = ['token-number-', 'hunter2', 'p4ss', 'jane-the'];
  const visit = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    else texts.push(String(value));
  };
  visit(VALUES);
  const { username, password } = VALUES.basic;
  texts.push(Buffer.from(`${username}:${password}`).toString('base64'));
  return texts.flatMap((text) => [
    text,
    encodeURIComponent(text),
    new URLSearchParams({ v: text }).toString().slice(2),
    Buffer.from(text).toString('base64'),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('latin1'),
  ]);
}

function search(where: string, text: string): void {
  for (const [packed] of text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)) {
    searchPlain(`base64 in ${where}`, Buffer.from(packed, 'base64').toString('utf8'));
  }
  searchPlain(where, text);
}

function searchPlain(where: string, text: string): void {
  for (const value of telltales()) {
    const at = text.indexOf(value);
    if (at >= 0)
      expect.fail(`${where} has ${value}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
  }
}

/** All that is on disk: as it lies there, and every record unpacked. */
async function searchFile(file: string): Promise<number> {
  for (const name of readdirSync(join(file, '..'))) {
    const bytes = readFileSync(join(file, '..', name));
    search(name, bytes.toString('latin1'));
    search(name, bytes.toString('utf8'));
    search(name, bytes.toString('utf16le'));
  }
  const database = new Sqlite(file, { readonly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  for (const { name } of tables as { name: string }[]) {
    for (const row of database.prepare(`SELECT * FROM "${name}"`).all()) {
      search(`a row of ${name}`, JSON.stringify(row));
    }
  }
  database.close();
  const embedded = await openEmbedded(file, { mode: 'client' });
  const { broker } = embedded;
  let records = 0;
  for (let partition = 0; partition < broker.partitions; partition++) {
    const { begin, end } = await broker.range(partition);
    for (const { bytes } of await broker.fetch(partition, begin, end)) {
      search('a record', recordToJson(decodeRecord(bytes)));
      records += 1;
    }
  }
  embedded.close();
  return records;
}

const DOCUMENT = `
document: { dsl: '1.0.3', namespace: test, name: secrets, version: '1.0.0' }
use:
  secrets: [ token, basic, digest, bearer, nested, oauth ]
  authentications:
    named: { basic: { use: basic } }
    written: { basic: { username: '\${ $secrets.basic.username }', password: '\${ $secrets.basic.password }' } }
  functions:
    reusable:
      call: http
      with: { method: get, endpoint: HOST/echo, headers: { X-Token: '\${ $secrets.nested.deep[0].key }' } }
do:
  - everywhere:
      call: http
      input: { from: '{ key: $secrets.bearer.token, id: .id, all: $secrets.nested }' }
      with:
        method: post
        endpoint: { uri: 'HOST/echo/{key}?and={id}', authentication: { use: named } }
        headers: { X-Key: '\${ .key }', X-Authorization: '\${ "\\($authorization.scheme) \\($authorization.parameter)" }' }
        query: { q: '\${ $secrets.basic.password }', pin: '\${ .all.deep[0].pin }' }
        body: { all: '\${ .all }', secrets: '\${ $secrets | { basic, token } }', text: '\${ @base64 "\\(.key)" }' }
        output: response
      export: { as: '{ first: . }' }
  - raw:
      call: http
      with: { method: post, endpoint: HOST/text, body: '\${ $secrets.digest | tojson }', output: raw }
  - text:
      call: http
      with: { method: get, endpoint: HOST/text, headers: { X-A: '\${ $secrets.bearer.token }' } }
      export: { as: '$context + { text: . }' }
  - whole: { call: http, with: { method: get, endpoint: '\${ "HOST/echo?k=" + ($secrets.token | @uri) }', headers: '\${ { "X-All": ($secrets.nested | tojson) } }' } }
  - moved: { call: http, with: { method: get, redirect: true, endpoint: { uri: 'HOST/moved?x', authentication: { use: written } }, output: response } }
  - digested: { call: http, with: { method: get, endpoint: { uri: HOST/digest, authentication: { digest: { use: digest } } } } }
  - borne: { call: http, with: { method: get, endpoint: { uri: HOST/echo, authentication: { bearer: { use: bearer } } } } }
  - granted: { call: http, with: { method: get, endpoint: { uri: HOST/echo, authentication: { oauth2: { use: oauth } } } } }
  - used: { call: reusable }
  - hosted: { call: host, with: { token: '\${ $secrets.token }', more: '\${ $secrets.nested.deep[0] }' } }
  - shelled: { run: { shell: { command: 'echo "$1 $TOKEN"; cat; echo "$TOKEN" >&2', arguments: [ '\${ $secrets.token }' ], stdin: '\${ $secrets.bearer.token }', environment: { TOKEN: '\${ $secrets.nested.deep[0].key }' } }, return: all } }
  - scripted:
      input: { from: '{ key: $secrets.bearer.token }' }
      run: { script: { language: js, code: 'console.log(process.argv[2], process.env.TOKEN)', arguments: [ '\${ .key }' ], environment: { TOKEN: '\${ .key }' } } }
      export: { as: '$context + { scripted: . }' }
  - crashing:
      try: [ { crash: { run: { shell: { command: 'echo "$TOKEN" >&2; exit 3', environment: { TOKEN: '\${ $secrets.token }' } } } } } ]
      catch: { as: err, do: [ { keep: { set: '\${ $err }', export: { as: '$context + { crashed: $err }' } } } ] }
  - failing:
      for: { each: path, in: '["/401", "/403", "/404", "/500", "/breaks", "/302"]' }
      do:
        - t:
            try:
              - asked: { call: http, with: { method: put, endpoint: { uri: '\${ "HOST\\($path)?token=\\($secrets.token | @uri)" }', authentication: { use: named } }, body: '\${ $secrets.bearer }' } }
            catch: { as: err, do: [ { keep: { set: '\${ $err }', export: { as: '$context + { ($path): $err }' } } } ] }
  - throwing:
      try: [ { thrown: { call: throws, with: { token: '\${ $secrets.token }' } } } ]
      catch: { as: err, do: [ { keep: { set: '\${ $err }', export: { as: '$context + { thrown: $err }' } } } ] }
  - wrong:
      try: [ { odd: { call: host, with: { x: '\${ $secrets.token | keys }' } } } ]
      catch: { as: err, do: [ { keep: { set: '\${ $err }' } } ] }
  - nowhere:
      try: [ { lost: { call: http, with: { method: get, endpoint: '\${ "http://\\($secrets.bearer.token).invalid/" }' } } } ]
      catch: { as: err, do: [ { keep: { set: '\${ $err }', export: { as: '$context + { nowhere: $err }' } } } ] }
  - park:
      try: [ { busy: { call: http, with: { method: post, endpoint: { uri: HOST/503, authentication: { use: named } }, body: '\${ $secrets.token }' } } } ]
      catch: { retry: { delay: PT1H, limit: { attempt: { count: 3 } } } }
  - last: { set: '\${ $context }' }
`;

const PATIENT = 'catch: { retry: { delay: PT1H';
const GIVES_UP = 'catch: { errors: { with: { status: 100 } }, retry: { delay: PT0S';

function oauth(): Json {
  return {
    authority: authority.origin,
    grant: 'client_credentials',
    client: { id: 'client-hunter2-id', secret: 'client-hunter2-secret' },
  };
}

const functions = {
  host: (args: unknown) => ({ got: args, text: `it was ${JSON.stringify(args)}` }),
  throws: ({ token }: { token: string }) => {
    throw new Error(`no luck with ${token}, nor with ${encodeURIComponent(token)}`);
  },
};

describe('no value of a secret is kept', () => {
  test('not by an engine, whatever its services send back', proves('secret.nowhere'), async () => {
    const file = join(mkdtempSync(join(folder, 'engine-')), 'runs.db');
    const said: string[] = [];
    const values: Record<string, Json> = { ...VALUES, oauth: oauth() };
    const engine = await openEngine({
      file,
      functions: functions as never,
      secrets: { get: async (name) => values[name] },
      onTransition: (_run, transition) => said.push(JSON.stringify(transition)),
      onComplaint: (complaint) => said.push(complaint),
    });
    const text = DOCUMENT.replaceAll('HOST', service.origin);
    const { definition, problems, notes } = load(text, 'a.yaml');
    expect([...problems, ...notes]).toEqual([]);
    await engine.deploy(definition!);
    const run = await engine.start({ definition: definition!, input: { id: 7 }, once: 'one' });
    void engine.result(run).then((result) => said.push(JSON.stringify(result)));
    // It is parked for an hour at the last call, with everything in its State.
    const began = Date.now();
    while (!said.some((one) => one.includes('task-retried') && one.includes('/park'))) {
      if (Date.now() - began > 15_000) expect.fail(said.join('\n'));
      await new Promise((done) => setTimeout(done, 20));
    }
    const faulting = text.replace(PATIENT, GIVES_UP);
    const other = load(faulting.replace('name: secrets', 'name: faulting'), 'b.yaml').definition!;
    await engine.deploy(other);
    const result = await engine.result(await engine.start({ definition: other, input: { id: 8 } }));
    said.push(JSON.stringify(result));
    expect(result).toMatchObject({ ended: 'faulted', error: { status: 503 } });
    const completing = text
      .replace('HOST/503', 'x')
      .replace(`${service.origin}/503`, `${service.origin}/echo`);
    const third = load(
      completing.replace('name: secrets', 'name: completing'),
      'c.yaml',
    ).definition!;
    await engine.deploy(third);
    const completed = await engine.result(
      await engine.start({ definition: third, input: { id: 9 }, once: 'two' }),
    );
    said.push(JSON.stringify(completed));
    await engine.close();

    // The services have had them ...
    const heard = JSON.stringify(service.heard);
    for (const value of [
      'bearer-hunter2-token',
      'deep-hunter2-key',
      'digest-p4ssword',
      'token-number-',
    ]) {
      expect(heard).toContain(value);
    }
    // ... the workflow went on with what is left of the answers ...
    expect(completed).toMatchObject({ ended: 'completed' });
    const { output } = completed as Result & { readonly output: Record<string, Json> };
    expect(Object.keys(output)).toEqual(
      expect.arrayContaining([
        'first',
        'text',
        '/401',
        '/403',
        '/500',
        '/breaks',
        '/302',
        'scripted',
        'thrown',
        'nowhere',
      ]),
    );
    expect(JSON.stringify(output)).toContain('***');
    // ... and nobody else.
    search('what was told', said.join('\n'));
    expect(await searchFile(file)).toBeGreaterThan(60);
  });

  test('not by the command line', async () => {
    const home = mkdtempSync(join(folder, 'cli-'));
    const text = DOCUMENT.replaceAll('HOST', service.origin).replace(PATIENT, GIVES_UP);
    writeFileSync(join(folder, 'a.yaml'), text);
    const module = `export const host = ${String(functions.host)};\nexport const throws = ({ token }) => { throw new Error('no luck with ' + token); };\n`;
    writeFileSync(join(folder, 'functions.mjs'), module);
    const values: Record<string, Json> = { ...VALUES, oauth: oauth() };
    const environment = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        `WAYBILL_SECRET_${name.toUpperCase()}`,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
    const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
    const file = join(home, 'runs.db');
    const words = [main, 'run', join(folder, 'a.yaml'), '--state', file];
    const child = spawn(
      process.execPath,
      [...words, '--functions', join(folder, 'functions.mjs'), '--input', '{"id":1}'],
      { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining('503') });
    search('the output', out);
    expect(await searchFile(file)).toBeGreaterThan(20);
  });
});

describe('which secrets can be read', () => {
  async function run(body: string, given: Record<string, Json | Error>): Promise<Result> {
    const engine = await openEngine({
      file: ':memory:',
      functions: { host: ((args: Json) => args) as never },
      secrets: {
        get: async (name) => {
          const value = given[name];
          if (value instanceof Error) throw value;
          return value;
        },
      },
    });
    try {
      const head = 'document: { dsl: 1.0.3, namespace: test, name: which, version: 1.0.0 }\n';
      const { definition } = load(head + body, 'a.yaml');
      await engine.deploy(definition!);
      return await engine.result(await engine.start({ definition: definition! }));
    } finally {
      await engine.close();
    }
  }
  const host = (leaf: string): string =>
    `use: { secrets: [ one ] }\ndo: [ { a: { call: host, with: { x: '\${ ${leaf} }' } } } ]`;
  const forbidden = (says: string) => ({
    ended: 'faulted',
    error: {
      type: expect.stringMatching(/\/authorization$/),
      status: 403,
      detail: expect.stringContaining(says),
      instance: '/do/0/a',
    },
  });

  test(
    'those that the document declares',
    proves('secret.declared', 'argument.secrets'),
    async () => {
      const given = { one: 'the-first', two: 'the-second' };
      expect(await run(host('$secrets.one | length'), given)).toEqual({
        ended: 'completed',
        output: { x: 9 },
      });
      expect(await run(host('"two" as $n | $secrets[$n]'), given)).toMatchObject(
        forbidden('does not declare'),
      );
      const head = 'document: { dsl: 1.0.3, namespace: test, name: which, version: 1.0.0 }\n';
      expect(load(head + host('$secrets.two'), 'a.yaml').problems).toMatchObject([
        { code: 'unknown-reference' },
      ]);
    },
  );

  test('those that are there', proves('secret.missing'), async () => {
    expect(await run(host('$secrets.one'), {})).toMatchObject(forbidden('no secret "one"'));
    const closed = new Error('it cannot be read (EACCES)');
    expect(await run(host('$secrets.one'), { one: closed })).toMatchObject(forbidden('EACCES'));
    const policy = `use: { secrets: [ one ] }\ndo: [ { a: { call: http, with: { method: get, endpoint: { uri: http://127.0.0.1:9, authentication: { bearer: { use: one } } } } } } ]`;
    expect(await run(policy, {})).toMatchObject(forbidden('no secret "one"'));
  });
});

/* run: script and run: shell as real processes, from a document to what the task puts out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePlan, load } from '../../src/dsl/index.ts';
import { type Engine, openEngine, type Result } from '../../src/presets/embedded.ts';
import type { Json, WorkflowError } from '../../src/wire/index.ts';
import { proves } from '../proofs/proves.ts';

let engine: Engine;
let folder: string;
const records: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-processes-'));
  process.env['WAYBILL_SECRET_TOKEN'] = 'the-token-of-this-test';
  engine = await openEngine({
    file: join(folder, 'runs.db'),
    onTransition: (_run, transition) => records.push(JSON.stringify(transition)),
  });
});
afterAll(async () => {
  await engine.close();
  delete process.env['WAYBILL_SECRET_TOKEN'];
  rmSync(folder, { recursive: true, force: true });
});

async function run(body: string, input: Json = {}): Promise<Result> {
  const head = `document: { dsl: 1.0.3, namespace: test, name: processes, version: 1.0.0 }\n`;
  const { definition, problems, notes } = load(head + body, 'a.yaml');
  expect([...problems, ...notes]).toEqual([]);
  const base = pathToFileURL(join(folder, 'a.yaml')).href;
  const deployed = await engine.deploy(definition!, { base });
  return engine.result(await engine.start({ definition: deployed, input }));
}

async function output(body: string, input: Json = {}): Promise<Json> {
  const result = await run(body, input);
  return result.ended === 'completed' ? result.output : { ...result };
}

async function error(body: string): Promise<WorkflowError & { readonly kind: string }> {
  const result = await run(body);
  if (result.ended !== 'faulted') throw new Error(`it has ${result.ended}`);
  const found = result.error as unknown as WorkflowError;
  return { ...found, kind: found.type.split('/').at(-1)! };
}

describe('a shell command', () => {
  test('has arguments, environment and stdin', proves('run.shell'), async () => {
    const body = `do:
  - a:
      run:
        shell:
          command: |
            input=$(cat)
            echo "stdin: $input"
            echo "arguments: $1 $2 $#"
            echo "environment: $GREETING $NUMBER"
          stdin: '\${ .text }'
          arguments: [Foo, '\${ .n }', 'a b']
          environment: { GREETING: '\${ "hello \\(.text)" }', NUMBER: 5 }
`;
    expect(await output(body, { text: 'Hello World', n: 2 })).toBe(
      'stdin: Hello World\narguments: Foo 2 3\nenvironment: hello Hello World 5\n',
    );
  });
  test('is not given the environment of the engine, but who it runs for', async () => {
    const result = (await output('do: [{a: {run: {shell: {command: env}}}}]')) as string;
    const names = result.split('\n').map((line) => line.split('=')[0]);
    expect(names).toEqual(expect.arrayContaining(['PATH', 'WAYBILL_EFFECT_KEY', 'WAYBILL_RUN']));
    expect(result).not.toContain('the-token-of-this-test');
    expect(result).not.toMatch(/VITEST|NODE_ENV|npm_/);
    expect(/^WAYBILL_EFFECT_KEY=[0-9a-f]{32}$/m.test(result)).toBe(true);
    expect(/^WAYBILL_ATTEMPT=1$/m.test(result)).toBe(true);
  });
  test('may be an expression as a whole, and is never one in part', async () => {
    expect(
      await output(`do: [{a: {run: {shell: {command: '\${ "echo \\(.n)" }'}}}}]`, { n: 3 }),
    ).toBe('3\n');
    const part = `do: [{a: {run: {shell: {command: 'X=1; echo "\${X}"'}}}}]`;
    expect(await output(part)).toBe('1\n');
    // most commands mean something in jq as well
    expect(
      await output(`evaluate: {mode: loose}\n${part.replace('X=1; echo "${X}"', 'env')}`),
    ).toMatch(/WAYBILL_RUN=/);
  });
  test('reads nothing, or writes what is no UTF-8, and is no trouble', async () => {
    const large = `do: [{a: {run: {shell: {command: 'exec 0<&-; echo done', stdin: '\${ "x" * 300000 }'}}}}]`;
    expect(await output(large)).toBe('done\n');
    expect(await output(`do: [{a: {run: {shell: {command: 'printf "a\\377b"'}}}}]`)).toBe(
      'a\uFFFDb',
    );
  });
});

describe('a script', () => {
  test('in JavaScript is an ES module', proves('run.script.js', 'run.script.process'), async () => {
    const body = `do:
  - a:
      run:
        script:
          language: js
          stdin: Hello Workflow
          environment: { foo: bar }
          arguments: [hello, '\${ .n }']
          code: |
            import { readFileSync } from 'node:fs';
            const stdin = readFileSync(process.stdin.fd, 'utf8');
            const [_, __, ...args] = process.argv;
            await Promise.resolve();
            console.log(JSON.stringify({ stdin, args, foo: process.env.foo, groups: Object.groupBy([1, 2], (n) => n % 2) }));
      output: { as: fromjson }
`;
    expect(await output(body, { n: 7 })).toEqual({
      stdin: 'Hello Workflow',
      args: ['hello', '7'],
      foo: 'bar',
      groups: { 0: [2], 1: [1] },
    });
  });
  test('in Python', proves('run.script.python'), async () => {
    const body = `do:
  - a:
      run:
        script:
          language: python
          stdin: '\${ . }'
          environment: { FOO: bär }
          arguments: [hello]
          code: |
            import json, os, sys
            data = json.load(sys.stdin)
            print(json.dumps({'n': data['n'] + 1, 'args': sys.argv[1:], 'foo': os.environ['FOO']}))
      output: { as: fromjson }
`;
    expect(await output(body, { n: 1 })).toEqual({ n: 2, args: ['hello'], foo: 'bär' });
  });
  test(
    'may stand elsewhere, and is what it was at deploy',
    proves('run.script.source'),
    async () => {
      const file = join(folder, 'greet.mjs');
      writeFileSync(file, 'process.stdout.write(`Hello, ${process.argv[2]}`);');
      const body = `do: [{a: {run: {script: {language: js, source: {endpoint: ./greet.mjs}, arguments: [Ada]}}}}]`;
      expect(await output(body)).toBe('Hello, Ada');
      const { definition } = load(
        `document: { dsl: 1.0.3, namespace: test, name: pinned, version: 1.0.0 }\n${body}`,
        'a.yaml',
      );
      const deployed = await engine.deploy(definition!, { base: pathToFileURL(file).href });
      writeFileSync(file, 'process.stdout.write("changed")');
      const result = await engine.result(await engine.start({ definition: deployed }));
      expect(result).toEqual({ ended: 'completed', output: 'Hello, Ada' });
    },
  );
  test('leaves nothing behind, and its errors name no folder of this machine', async () => {
    const body = `do: [{a: {run: {script: {language: js, code: 'console.log(import.meta.filename); throw new Error("odd")'}}}}]`;
    const found = await error(body);
    expect(found).toMatchObject({ kind: 'runtime', status: 500, instance: '/do/0/a' });
    expect(found.detail).toMatch(/^the script ended with exit code 1: .*script\.mjs:1[^]*odd/);
    expect(found.detail).not.toContain(tmpdir());
  });
  test('in another language is refused', () => {
    const { definition } = load(
      `document: { dsl: 1.0.3, namespace: test, name: odd, version: 1.0.0 }
do: [{a: {run: {script: {language: pyhton, code: x}}}}]`,
      'a.yaml',
    );
    const { problems } = compilePlan(definition!, () => () => undefined);
    expect(problems).toMatchObject([
      { code: 'unknown-language', line: 2, hint: expect.stringContaining('python') },
    ]);
  });
});

describe('what a process gives', () => {
  const both = (more: string): string =>
    `do: [{a: {run: {shell: {command: 'echo out; echo err >&2; exit \${CODE:-0}', environment: {CODE: "0"}}${more}}}}]`;
  const failing = (more: string): string => both(more).replace('"0"', '"3"');

  test.each([
    ['', 'out\n'],
    [', return: stdout', 'out\n'],
    [', return: stderr', 'err\n'],
    [', return: code', 0],
    [', return: all', { code: 0, stdout: 'out\n', stderr: 'err\n' }],
    [', return: none', null],
  ])('%s', proves('run.return'), async (more, expected) => {
    expect(await output(both(more))).toEqual(expected);
  });
  test(
    'an exit code is data where it is asked for',
    proves('run.return', 'decided.exit-code'),
    async () => {
      expect(await output(failing(', return: code'))).toBe(3);
      expect(await output(failing(', return: all'))).toEqual({
        code: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      });
      const killed = `do: [{a: {run: {shell: {command: 'kill -9 $$'}, return: code}}}]`;
      expect(await output(killed)).toBe(137);
    },
  );
  test.each([', return: stdout', ', return: stderr', ', return: none'])(
    'and an error where it is not: %s',
    proves('decided.exit-code'),
    async (more) => {
      expect(await error(failing(more))).toMatchObject({
        kind: 'runtime',
        status: 500,
        detail: 'the shell command ended with exit code 3: err',
        instance: '/do/0/a',
      });
    },
  );
  test('a retry tries again, with the same key', async () => {
    const file = join(folder, 'attempts');
    const body = `do:
  - t:
      try:
        - a:
            run:
              shell:
                command: 'echo "$WAYBILL_ATTEMPT $WAYBILL_EFFECT_KEY" >> "$1"; test "$WAYBILL_ATTEMPT" = 3 && echo ok'
                arguments: ['${file}']
      catch: {retry: {limit: {attempt: {count: 3}}}}`;
    expect(await output(body)).toBe('ok\n');
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(lines.map(([attempt]) => attempt)).toEqual(['1', '2', '3']);
    expect(new Set(lines.map(([, key]) => key)).size).toBe(1);
  });
  test('more than can be kept is an error, unless nobody asks for it', async () => {
    const much = (more: string): string =>
      `do: [{a: {run: {shell: {command: 'yes | head -c 3000000; echo done >&2'}${more}}}}]`;
    const found = await error(much(''));
    expect(found).toMatchObject({ kind: 'runtime' });
    expect(found.detail).toMatch(/more than 400000 bytes to stdout/);
    expect(await output(much(', return: code'))).toBe(0);
    expect(await output(much(', return: stderr'))).toBe('done\n');
  });
  test('what cannot be started is a configuration error that says why', async () => {
    const nowhere = `do: [{a: {run: {script: {language: python, code: '1', environment: {PATH: /nowhere}}}}}]`;
    expect(await error(nowhere)).toMatchObject({
      kind: 'configuration',
      status: 400,
      detail:
        'the script cannot be started: python3 is not installed on this machine, or not in its PATH',
    });
    const odd = `do: [{a: {run: {shell: {command: ls, environment: {"A=B": c}}}}}]`;
    expect((await error(odd)).detail).toMatch(/"A=B" cannot name an environment variable/);
  });
});

describe('time', { timeout: 20_000 }, () => {
  test('a timeout ends the process and all that it has started', async () => {
    const file = join(folder, 'survivor');
    const body = `do:
  - a:
      timeout: {after: {milliseconds: 400}}
      run: {shell: {command: '(sleep 3; echo alive > "$1") & sleep 30', arguments: ['${file}']}}`;
    const began = Date.now();
    expect(await error(body)).toMatchObject({ kind: 'timeout', status: 408 });
    expect(Date.now() - began).toBeLessThan(5_000);
    await new Promise((done) => setTimeout(done, 3_500));
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
  });
  test('what a process leaves in the background ends with it, and does not keep the task', async () => {
    const file = join(folder, 'background');
    const body = `do: [{a: {run: {shell: {command: '(sleep 3; echo alive > "$1") & echo started', arguments: ['${file}']}}}}]`;
    const began = Date.now();
    expect(await output(body)).toBe('started\n');
    expect(Date.now() - began).toBeLessThan(2_500);
    await new Promise((done) => setTimeout(done, 3_500));
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
  });
  test(
    'await: false goes on at once, and leaves the process alone',
    proves('run.await'),
    async () => {
      const file = join(folder, 'detached');
      const body = `do:
  - a:
      input: {from: '{ n: .n }'}
      run:
        await: false
        shell: {command: 'sleep 3; cat > "$1"', arguments: ['${file}'], stdin: '\${ .n | tostring }'}
      output: {as: '. + { seen: true }'}`;
      const began = Date.now();
      expect(await output(body, { n: 5, more: 1 })).toEqual({ n: 5, seen: true });
      expect(Date.now() - began).toBeLessThan(2_500);
      await new Promise((done) => setTimeout(done, 3_500));
      expect(readFileSync(file, 'utf8')).toBe('5');
      // that it could be started is all that is known of it
      expect(await output(body.replace('sleep 3; cat > "$1"', 'exit 3'), { n: 1 })).toEqual({
        n: 1,
        seen: true,
      });
      const none = `do: [{a: {run: {await: false, script: {language: python, code: '1', environment: {PATH: /nowhere}}}}}]`;
      expect(await error(none)).toMatchObject({ kind: 'configuration' });
    },
  );
});

test('a secret reaches the process, and no record, result or error', async () => {
  const body = (command: string): string => `use: {secrets: [token]}
do:
  - a:
      run:
        shell:
          command: '${command}'
          environment: { TOKEN: '\${ $secrets.token }' }
          stdin: '\${ "\\($secrets.token) and \\(.n)" }'
`;
  expect(await output(body('cat; echo ":$TOKEN"'), { n: 1 })).toBe('*** and 1:***\n');
  expect((await error(body('echo "$TOKEN" >&2; exit 1'))).detail).toMatch(/: \*\*\*$/);
  expect(await output(body('printf "%s" "$TOKEN" | wc -c'))).toMatch(/^\s*22\n$/);
  for (const name of ['runs.db', 'runs.db-wal']) {
    expect(readFileSync(join(folder, name)).includes('the-token-of-this-test')).toBe(false);
  }
  expect(records.join()).not.toContain('the-token-of-this-test');
});

/* Host functions: results become JSON or a clear error, errors become problems, names are checked. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FunctionsModuleError,
  type HostContext,
  type HostFunctions,
  functionActivities,
  loadFunctions,
} from '../../src/activities/function.ts';
import type { ActivityAnswer, ActivityContext } from '../../src/ports/index.ts';
import type { Activity, Json, WorkflowError } from '../../src/wire/index.ts';

const TYPES = 'https://open-workflow-specification.org/spec/1.0.0/errors/';

function activity(name: string, args: Json = {}): Activity {
  return {
    key: 'ab'.repeat(32),
    role: 'do',
    pointer: '/do/0/x',
    kind: 'function',
    name,
    arguments: args,
    attempt: 2,
    timeout: 1_000,
  };
}

let beats = 0;
const context: ActivityContext = {
  run: 'run-1',
  strand: '1.0',
  definition: 'c0ffee',
  onAbort: () => {},
  heartbeat: () => {
    beats += 1;
  },
};

async function answer(
  functions: HostFunctions,
  name: string,
  args?: Json,
): Promise<ActivityAnswer> {
  return functionActivities(functions).run(activity(name, args), context);
}

async function resultOf(value: unknown): Promise<Json> {
  const answered = await answer({ f: () => value }, 'f');
  if ('error' in answered) throw new Error(answered.error.detail);
  return answered.result;
}

async function errorOf(thrower: () => unknown): Promise<WorkflowError> {
  const answered = await answer({ f: thrower }, 'f');
  if ('result' in answered) throw new Error('this was expected to fail');
  return answered.error;
}

function fails(thrown: unknown): Promise<WorkflowError> {
  return errorOf(() => {
    throw thrown;
  });
}

describe('what a function is given', () => {
  it('arguments, effect key, attempt, run, strand, a signal and a heartbeat', async () => {
    let seen: unknown;
    const f = (args: { id: string }, { signal, heartbeat, ...rest }: HostContext): string => {
      heartbeat();
      seen = { args, rest, aborted: signal.aborted };
      return 'done';
    };
    expect(await answer({ f }, 'f', { id: 'm-1' })).toEqual({ result: 'done' });
    expect(seen).toEqual({
      args: { id: 'm-1' },
      rest: { key: 'ab'.repeat(32), attempt: 2, run: 'run-1', strand: '1.0' },
      aborted: false,
    });
    expect(beats).toBe(1);
  });

  it('a copy of the arguments: changing them changes nothing else', async () => {
    const args = { list: [1, { deep: true }] };
    const f = (mine: { list: unknown[] }): number => mine.list.push('more');
    await answer({ f }, 'f', args);
    expect(args).toEqual({ list: [1, { deep: true }] });
  });

  it('a signal that is aborted when the runtime says so', async () => {
    let abort = (): void => {};
    const f = (_: unknown, { signal }: HostContext): Promise<string> =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve('stopped'));
      });
    const running = functionActivities({ f }).run(activity('f'), {
      ...context,
      onAbort: (stop) => {
        abort = stop;
      },
    });
    abort();
    expect(await running).toEqual({ result: 'stopped' });
  });
});

describe('results', () => {
  it('are copied as JSON', async () => {
    const shared = { b: 1 };
    const result = await resultOf({ a: [null, true, 'x', 1.5, -0], twice: [shared, shared] });
    expect(result).toEqual({ a: [null, true, 'x', 1.5, 0], twice: [{ b: 1 }, { b: 1 }] });
    shared.b = 2;
    expect((result as { twice: unknown }).twice).toEqual([{ b: 1 }, { b: 1 }]);
  });

  it('undefined is null; absent members stay absent', async () => {
    expect(await resultOf(undefined)).toBeNull();
    expect(await resultOf(Promise.resolve())).toBeNull();
    expect(await resultOf({ a: undefined, b: [undefined] })).toEqual({ b: [null] });
  });

  it('toJSON is honoured, own fields of class instances count', async () => {
    class Money {
      readonly #secret = 1;
      amount = 5;
      get secret(): number {
        return this.#secret;
      }
    }
    expect(await resultOf({ at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(await resultOf(new Money())).toEqual({ amount: 5 });
  });

  it('a member called __proto__ is a member', async () => {
    const result = await resultOf(JSON.parse('{"__proto__":{"x":1}}'));
    expect(Object.keys(result as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  const loop: { self?: unknown } = {};
  loop.self = [loop];
  let deep: unknown = 1;
  for (let i = 0; i < 20_000; i++) deep = [deep];
  const refused: readonly (readonly [title: string, value: unknown, message: RegExp])[] = [
    ['a BigInt', { a: [1n] }, /at \/a\/0 is not JSON: it is a BigInt/],
    ['NaN', { 'x/y': Number.NaN }, /at \/x~1y is not JSON: it is NaN/],
    ['Infinity', [-Infinity], /at \/0 .* -Infinity/],
    ['an integer beyond 2^53', { id: 2 ** 53 }, /at \/id .* 9007199254740992, an integer beyond/],
    ['a function', { f: () => 1 }, /at \/f .* a function/],
    ['a symbol', Symbol('x'), /the result is not JSON: it is a symbol/],
    ['a Map', { m: new Map() }, /at \/m .* a Map/],
    ['a Set', new Set(), /a Set/],
    ['bytes', { data: Buffer.from('x') }, /at \/data .* base64/],
    ['an Error', new Error('x'), /an Error; throw it/],
    ['a promise inside', { p: Promise.resolve(1) }, /at \/p .* await it/],
    ['a circle', loop, /at \/self\/0 .* contains itself/],
    ['a lone surrogate', { s: '\ud800' }, /at \/s .* lone surrogate/],
    ['a bottomless nest', deep, /nested deeper than 500/],
  ];
  for (const [title, value, message] of refused) {
    it(`${title} is a runtime error that names the place`, async () => {
      const error = await errorOf(() => value);
      expect(error).toMatchObject({ type: `${TYPES}runtime`, status: 500 });
      expect(error.detail).toMatch(message);
    });
  }

  it('numbers that are written with an exponent are floats', async () => {
    expect(await resultOf([1e300, Number.MAX_SAFE_INTEGER])).toEqual([1e300, 2 ** 53 - 1]);
  });
});

describe('what is thrown', () => {
  it('an Error is a runtime error with its message and without its stack', async () => {
    const runtime = { type: `${TYPES}runtime`, status: 500, title: 'Runtime error' };
    expect(await fails(new Error('no such order'))).toEqual({
      ...runtime,
      detail: 'no such order',
    });
    expect(await fails(new RangeError(''))).toEqual({ ...runtime, detail: 'RangeError' });
    expect(await fails('plain text')).toEqual({ ...runtime, detail: 'plain text' });
    expect((await fails(undefined)).detail).toBe('the function threw undefined');
    expect((await errorOf(() => Promise.reject(new Error('late')))).detail).toBe('late');
  });

  it('an object with type and status is used as such', async () => {
    const thrown = { type: 'https://shop.example/out-of-stock', status: 409, title: 'Sold out' };
    expect(await fails(thrown)).toEqual(thrown);
    const error = Object.assign(new Error('the last one is gone'), {
      type: 'out-of-stock',
      status: 409,
    });
    expect(await fails(error)).toEqual({
      type: `${TYPES}out-of-stock`,
      status: 409,
      title: 'out-of-stock',
      detail: 'the last one is gone',
    });
  });

  it('short standard types expand, with their status and title', async () => {
    expect(await fails({ type: 'communication', status: 503, detail: 'try later' })).toEqual({
      type: `${TYPES}communication`,
      status: 503,
      title: 'Communication error',
      detail: 'try later',
    });
    expect(await fails({ type: 'timeout' })).toEqual({
      type: `${TYPES}timeout`,
      status: 408,
      title: 'Timeout',
    });
  });

  it("a library's own `type` is not taken for a problem", async () => {
    const error = Object.assign(new Error('ECONNREFUSED'), { type: 'system' });
    expect(await fails(error)).toMatchObject({ type: `${TYPES}runtime`, detail: 'ECONNREFUSED' });
  });

  it('a long message is cut', async () => {
    expect((await fails(new Error('x'.repeat(1e6)))).detail?.length).toBeLessThan(5_000);
  });
});

describe('names', () => {
  it('an unknown function is a configuration error that names the known ones', async () => {
    const answered = await answer({ fetchKyc: () => 1, openAccount: () => 2 }, 'fetchKyk');
    expect(answered).toMatchObject({ error: { type: `${TYPES}configuration`, status: 400 } });
    const { detail } = (answered as { error: WorkflowError }).error;
    expect(detail).toBe(
      'there is no function "fetchKyk": registered are fetchKyc, openAccount; did you mean "fetchKyc"?',
    );
  });

  it('what every object has is no function of the host', async () => {
    for (const name of ['toString', 'constructor', '__proto__']) {
      expect(await answer({}, name)).toMatchObject({ error: { type: `${TYPES}configuration` } });
    }
  });

  it('what is not a function is refused at once', () => {
    const functions = { f: 1 } as unknown as HostFunctions;
    expect(() => functionActivities(functions)).toThrow('functions.f is not a function');
  });
});

describe('loadFunctions', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'waybill-functions-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function file(name: string, text: string): string {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  }

  async function refusal(path: string): Promise<FunctionsModuleError> {
    const error = await loadFunctions(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FunctionsModuleError);
    return error as FunctionsModuleError;
  }

  it('takes named exports and the entries of a default export object', async () => {
    const path = file(
      'both.ts',
      `export const LIMIT: number = 3;
       export function one(args: { n: number }): number { return args.n + LIMIT; }
       export const two = async () => 'two';
       export default { 'fetch-kyc': () => 'kyc', two };`,
    );
    const functions = await loadFunctions(path);
    expect(Object.keys(functions).sort()).toEqual(['fetch-kyc', 'one', 'two']);
    expect(await answer(functions, 'one', { n: 4 })).toEqual({ result: 7 });
    expect(await answer(functions, 'fetch-kyc')).toEqual({ result: 'kyc' });
  });

  it('a missing file, a directory', async () => {
    expect(await refusal(join(directory, 'nowhere.ts'))).toMatchObject({ code: 'missing' });
    expect(await refusal(directory)).toMatchObject({ code: 'missing', path: directory });
  });

  it('a module without functions', async () => {
    expect(await refusal(file('empty.ts', 'export const a = 1;'))).toMatchObject({ code: 'empty' });
  });

  it('a default export with something that is no function', async () => {
    const error = await refusal(file('mixed.ts', 'export default { a: () => 1, "b-c": 2 };'));
    expect(error).toMatchObject({ code: 'not-a-function' });
    expect(error.message).toContain('"b-c"');
  });

  it('two functions of one name', async () => {
    const text = 'export const a = () => 1; export default { a: () => 2 };';
    expect(await refusal(file('twice.ts', text))).toMatchObject({ code: 'ambiguous' });
  });

  it('a module that throws, or misses a dependency', async () => {
    const thrown = await refusal(file('throws.ts', 'throw new Error("no token");'));
    expect(thrown).toMatchObject({ code: 'failed' });
    expect(thrown.message).toContain('no token');
    const missing = await refusal(
      file('needs.ts', 'import "nope-nope"; export const a = () => 1;'),
    );
    expect(missing.message).toContain('nope-nope');
  });

  it('a syntax error is shown with its place, as Node sees it', () => {
    const bad = file('bad.ts', 'export const a = 1;\nexport function x( { return 1 }\n');
    const code = new URL('../../src/activities/function.ts', import.meta.url).href;
    const script = `const { loadFunctions } = await import(${JSON.stringify(code)});
      await loadFunctions(${JSON.stringify(bad)}).catch((e) => console.log(e.code + '|' + e.message));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^syntax\|.*bad\.ts: Expected/);
    expect(stdout).toContain('bad.ts:2\nexport const a = 1;\nexport function x( {');
  });
});

/*
 * Generated programs on generated inputs, here and in the jq binary: same outputs, same errors.
 * Needs jq 1.7 or newer on the PATH; older ones differ from 1.8 in too much to be asked.
 */
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, JqError, type Json, toJson } from '../../src/jq/index.ts';

const WANTED = [1, 7] as const;
const RUNS = 300;

/** Without node_modules/.bin, where a library that we measure against puts a `jq` of its own. */
const ENV = {
  ...process.env,
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
};

function reasonToSkip(): string | undefined {
  const { stdout, error } = spawnSync('jq', ['--version'], { encoding: 'utf8', env: ENV });
  if (error !== undefined) return 'there is no jq on the PATH';
  const [, major, minor] = /^jq-(\d+)\.(\d+)/.exec(stdout) ?? [];
  const [wantedMajor, wantedMinor] = WANTED;
  const isOld =
    Number(major) < wantedMajor || (Number(major) === wantedMajor && Number(minor) < wantedMinor);
  return isOld ? `${stdout.trim()} is older than jq ${WANTED.join('.')}` : undefined;
}

const key = fc.constantFrom('a', 'b', 'c');
const input: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, 1, -1, 2.5, '', 'a', 'b,c', 'é😀'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const TERMS = [
  '.',
  '.a',
  '.b',
  '.c',
  '.[0]',
  '.[-1]',
  '.[]?',
  '.[1:]',
  '1',
  '2',
  '"a"',
  'null',
  '[]',
  '{}',
];
const FUNCTIONS = [
  'length',
  'keys',
  'type',
  'not',
  'tostring',
  'tojson',
  'add',
  'any',
  'all',
  'sort',
  'unique',
  'reverse',
  'flatten',
  'to_entries',
  'min',
  'max',
  'floor',
  'ascii_upcase',
  'explode',
  'first',
  'last',
  'paths',
  'tostream',
  'values',
  'numbers',
  'transpose',
  '@base64',
  '@csv',
  '@html',
  '@uri',
  '@sh',
  'ltrimstr("a")',
  'split(",")',
  'test("a")',
  'has("a")',
  'index("a")',
  'contains("a")',
  'tonumber',
  'isempty(.[])',
  'empty',
  'error',
  'recurse',
];
const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
  '//',
  '|',
  ',',
];

const program: fc.Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...TERMS),
      fc.constantFrom(...FUNCTIONS),
      fc.tuple(inner, fc.constantFrom(...OPERATORS), inner).map(([l, o, r]) => `(${l} ${o} ${r})`),
      inner.map((e) => `[${e}]`),
      inner.map((e) => `(${e})?`),
      inner.map((e) => `map(${e})`),
      inner.map((e) => `select(${e})`),
      inner.map((e) => `try (${e}) catch .`),
      fc.tuple(inner, inner).map(([l, r]) => `{a: (${l}), b: (${r})}`),
      fc.tuple(inner, inner, inner).map(([i, t, e]) => `if ${i} then ${t} else ${e} end`),
      fc.tuple(inner, inner).map(([l, r]) => `(${l} as $x | ${r} | [., $x])`),
      fc.tuple(inner, inner).map(([l, r]) => `reduce (${l}) as $x (${r}; [., $x])`),
      fc.tuple(inner, inner).map(([l, r]) => `[limit(3; foreach (${l}) as $x (${r}; [., $x]))]`),
      fc
        .tuple(fc.constantFrom('.a', '.[0]', '.[]?', '.a.b', '.[1:]'), inner)
        .map(([p, e]) => `(${p} |= (${e}))`),
      fc.constantFrom('.a', '.[0]', '.[]?', '..').map((p) => `[paths, path(${p})]`),
    ),
  };
}).expression;

interface Outcome {
  readonly outputs: readonly string[];
  readonly error: string | undefined;
}

const OUTPUTS_MAX = 50;

function here(source: string, value: Json): Outcome {
  const outputs: string[] = [];
  try {
    compile(source).each(value, (output) => outputs.push(toJson(output)) >= OUTPUTS_MAX);
  } catch (error) {
    if (!(error instanceof JqError) || error.fuel) throw error;
    return { outputs, error: error.message };
  }
  return { outputs, error: undefined };
}

function there(source: string, value: Json): Outcome {
  const limited = `limit(${OUTPUTS_MAX}; ${source})`;
  const { stdout, stderr, status } = spawnSync('jq', ['-c', limited], {
    input: toJson(value),
    encoding: 'utf8',
    env: ENV,
  });
  const outputs = stdout.split('\n').filter((line) => line !== '');
  const message = /^jq: error(?: \(at [^)]*\))?:? ([\s\S]*)$/.exec(stderr.trim())?.[1];
  return { outputs, error: status === 0 ? undefined : (message ?? stderr) };
}

describe('like the jq binary', () => {
  test('on generated programs and inputs', (context) => {
    const reason = reasonToSkip();
    if (reason !== undefined) context.skip(reason);
    fc.assert(
      fc.property(program, input, (source, value) => {
        expect(here(source, value)).toEqual(there(source, value));
      }),
      { numRuns: RUNS },
    );
  });
});

test('generated programs compile, and end in outputs or in an error of their own', () => {
  fc.assert(
    fc.property(program, input, (source, value) => {
      expect(here(source, value).outputs.length).toBeLessThanOrEqual(OUTPUTS_MAX);
    }),
    { numRuns: RUNS },
  );
});

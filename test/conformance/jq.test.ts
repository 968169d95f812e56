/*
 * jq's own test cases, read in place from ../shared/data/jq; skipped where that folder is absent.
 *
 * A case with outputs passes when the outputs are those, whatever comes after them: jq's own runner
 * does not look at an error that follows either.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile, JqError, type Json } from '../../src/jq/index.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/jq');
const FILES = ['jq', 'man', 'manonig', 'onig', 'base64', 'uri', 'optional'];
const EXCEPTIONS_MAX = 25;

interface Case {
  readonly program: string;
  readonly input?: string;
  readonly outputs?: readonly string[];
  readonly compileError?: true;
}

/** What is not expected to pass, and why: the beginning of the program. */
const EXCEPTIONS: readonly { readonly program: string; readonly reason: string }[] = [
  { program: 'import "a" as foo; import "b" as bar;', reason: 'modules' },
  { program: 'import "c" as foo;', reason: 'modules' },
  { program: 'import "data" as $e;', reason: 'modules' },
  { program: 'import "data" as $a;', reason: 'modules' },
  { program: 'include "shadow1";', reason: 'modules' },
  { program: 'import "shadow1" as f;', reason: 'modules' },
  { program: 'modulemeta | .deps', reason: 'modules' },
  { program: 'modulemeta | .defs', reason: 'modules' },
  { program: 'import "test_bind_order"', reason: 'modules' },
];

const parse = compile('fromjson');

/** jq's values: numbers that differ in the last digit are one, NaN is printed as null. */
function same(got: Json, wanted: Json): boolean {
  if (typeof got === 'number' && typeof wanted === 'number') {
    return got === wanted || Math.abs(got - wanted) <= 1e-15 * Math.abs(wanted);
  }
  if (Number.isNaN(got)) return wanted === null || Number.isNaN(wanted);
  if (got === null || wanted === null || typeof got !== 'object' || typeof wanted !== 'object') {
    return got === wanted;
  }
  const keys = Object.keys(got);
  return (
    Array.isArray(got) === Array.isArray(wanted) &&
    keys.length === Object.keys(wanted).length &&
    keys.every((key) => Object.hasOwn(wanted, key) && same(at(got, key), at(wanted, key)))
  );
}

function at(value: Json[] | { [key: string]: Json }, key: string): Json {
  return (value as { [key: string]: Json })[key]!;
}

function run(given: Case): { readonly outputs: readonly Json[]; readonly error: string } {
  const program = compile(given.program, { allow: { env: true, debug: true, localTime: true } });
  const outputs: Json[] = [];
  try {
    const input = parse.first(given.input ?? 'null') as Json;
    program.each(input, (output) => void outputs.push(output), [], { env: { PAGER: 'less' } });
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    return { outputs, error: error.message };
  }
  return { outputs, error: '' };
}

describe.each(FILES)('%s', (file) => {
  const path = join(FOLDER, `${file}.json`);
  if (!existsSync(path)) {
    test('the cases', (context) => context.skip(`${path} is absent`));
    return;
  }
  const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly Case[];
  test.each(cases.map((given, i) => ({ given, name: `${i + 1}: ${given.program}` })))(
    '$name',
    ({ given }) => {
      const exception = EXCEPTIONS.find(({ program }) => given.program.startsWith(program));
      if (given.compileError === true || exception !== undefined) {
        expect(() => compile(given.program), exception?.reason).toThrow();
        return;
      }
      const { outputs, error } = run(given);
      const wanted = (given.outputs ?? []).map((text) => parse.first(text)!);
      const ok =
        outputs.length === wanted.length && outputs.every((got, i) => same(got, wanted[i]!));
      if (!ok) expect({ outputs, error }).toEqual({ outputs: wanted, error: '' });
    },
  );
});

test('the exceptions are few', () => {
  expect(EXCEPTIONS.length).toBeLessThanOrEqual(EXCEPTIONS_MAX);
});

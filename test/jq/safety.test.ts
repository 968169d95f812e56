/*
 * A program cannot hang, crash, mutate or leak out of its evaluation, whatever it says.
 */
import { describe, expect, test } from 'vitest';
import {
  compile,
  compareJson,
  DEFAULT_FUEL,
  JqError,
  JqSyntaxError,
  type Json,
} from '../../src/jq/index.ts';
import { jq } from './run.ts';

function failure(run: () => unknown): JqError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(JqError);
    return error as JqError;
  }
  throw new Error('nothing was thrown');
}

function nested(depth: number, wrap: (inner: Json) => Json): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

const deepArray = nested(100_000, (inner) => [inner]);
const deepObject = nested(100_000, (a) => ({ a }));

describe('fuel', () => {
  test.each([
    '[range(1e12)]',
    'last(repeat(1))',
    'until(false; .)',
    'last(recurse(.))',
    '[limit(1e9; repeat(1))]',
    'def f: f; f',
    'reduce range(1e9) as $i (0; .)',
    'try (def f: f; f) catch "caught"',
    '(def f: f; f)?',
    '(def f: f; f) // 1',
    'label $x | def f: f; f',
    'reduce range(100) as $i ("x"; . + .) | length',
    'reduce range(100) as $i ([1]; . + .) | length',
    'reduce range(100) as $i ([1]; [., .])',
    'reduce range(100) as $i ([1]; [., .]) | tojson',
    'reduce range(100) as $i ([1]; [., .]) as $x | $x == ($x | map(.))',
    'reduce range(100) as $i ([1]; [., .]) | flatten',
    'reduce range(100) as $i ([1]; [., .]) | [paths] | length',
    '"x" * 200000000',
    '.[300000000] = 1',
    'def f: 1, f; last(f)',
    'def f(g): g | f(g); f(.)',
    '[combinations(30)]',
  ])('%s stops with an error that the program cannot catch', (source) => {
    const program = compile(source);
    const error = failure(() => program.all([1, 2], [], { fuel: 1_000_000 }));
    expect(error.fuel).toBe(true);
    expect(error.source).toBe(source);
  });

  test('is the host’s to give, and is accounted', () => {
    const program = compile('[range(100)] | length');
    expect(program.first(null)).toBe(100);
    expect(program.lastFuel).toBeGreaterThan(100);
    expect(program.lastFuel).toBeLessThan(1_000);
    expect(failure(() => program.first(null, [], { fuel: 50 })).fuel).toBe(true);
    expect(compile('.a').first({ a: 1 }, [], { fuel: 5 })).toBe(1);
    expect(DEFAULT_FUEL).toBeGreaterThan(1_000_000);
  });

  test('is the same on every run', () => {
    const program = compile('[.[] | tojson | ascii_upcase] | sort | unique | length');
    const used = [1, 2, 3].map(() => {
      program.first(['b', 'a', { x: [1, 2] }]);
      return program.lastFuel;
    });
    expect(new Set(used).size).toBe(1);
  });

  test('the size of an output is bounded', () => {
    const program = compile('reduce range(40) as $i ([1]; [., .])');
    expect(failure(() => program.first(null)).message).toMatch(/too large/);
    const small = compile('[range(100)]');
    expect(failure(() => small.first(null, [], { outputNodes: 10 })).fuel).toBe(true);
  });
});

describe('depth', () => {
  test.each([
    ['def f: [f]; f', null],
    ['def f: {a: f}; f', null],
    ['def f: .[] | f; f', deepArray],
    ['def f: map(f); f', deepArray],
    ['walk(.)', deepArray],
    ['walk(.)', deepObject],
    ['last(recurse(.[]))', deepArray],
    ['path(def f: .[] | f; f)', deepArray],
    ['def f: reduce 1 as $x (0; f); f', null],
    ['def f: try error("x") catch f; f', null],
    ['def f: foreach (1, 2) as $x (0; 1; f); f', null],
  ] as [string, Json][])('%s is a clean error', (source, input) => {
    const error = failure(() => compile(source).all(input));
    expect(error.fuel).toBe(true);
    expect(error.message).toMatch(/recurses too deeply/);
  });

  test('values of any depth can be read, printed and compared', () => {
    expect(jq('[..] | length', deepArray)).toBe('100001');
    expect(jq('tojson | contains("<skipped: too deep>")', deepArray)).toBe('true');
    expect(jq('try (. == .) catch .', [deepArray])).toBe('"Equality check too deep"');
    expect(jq('try (. < .) catch .', [deepArray])).toBe('"Comparison too deep"');
    expect(jq('try contains(.) catch .', deepArray)).toBe('"Containment check too deep"');
    expect(jq('try (. * .) catch .', deepObject)).toBe('"Object merge too deep"');
    expect(jq('flatten', deepArray)).toBe('[1]');
  });

  test.each([
    '('.repeat(10_000) + '1' + ')'.repeat(10_000),
    '['.repeat(10_000) + ']'.repeat(10_000),
    '-'.repeat(10_000) + '1',
    '"\\('.repeat(5_000),
    '{a:'.repeat(5_000),
    '.a|'.repeat(20_000) + '.',
    '1' + '+1'.repeat(20_000),
    '.' + '.a'.repeat(20_000),
    '.' + '?'.repeat(20_000),
    'if 1 then '.repeat(3_000),
    'def f: '.repeat(3_000),
    '. as ' + '['.repeat(3_000),
    '.'.repeat(2_000_000),
  ])('%.20s... nests too deeply and says so', (source) => {
    expect(() => compile(source)).toThrow(JqSyntaxError);
  });

  test('what is long but not deep compiles', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => i).join(',');
    expect(jq(`[${many}] | length`)).toBe('5000');
    expect(jq(`1${'+1'.repeat(500)}`)).toBe('501');
  });
});

describe('values', () => {
  test('are never changed', () => {
    const input = JSON.parse('{"a":[{"b":1},{"b":2}],"c":{"d":[3]}}') as Json;
    const freeze = (value: Json): Json => {
      if (value !== null && typeof value === 'object') {
        Object.values(value).forEach(freeze);
        Object.freeze(value);
      }
      return value;
    };
    freeze(input);
    for (const source of [
      '.a[0].b = 5',
      '.a |= map(.b += 1)',
      'del(.a[0])',
      '.c.d += [4]',
      'walk(.)',
      '.a | sort_by(-.b)',
      '[.a, .a] | add',
      '.a | reverse',
      'to_entries | from_entries',
      '.. |= .',
      '.c * {d: 1}',
      'reduce .a[] as $x (.; .c.d += [$x])',
      '.a[1:] = []',
      '[.a[] | .b] | add',
      'pick(.a[1])',
      '.a | add',
    ]) {
      expect(() => compile(source).all(input), source).not.toThrow();
    }
  });

  test('constants cannot be changed by the host either', () => {
    const constant = compile('{a: [2]}').first(null) as { a: Json[] };
    expect(() => constant.a.push(3)).toThrow(TypeError);
  });

  test('keys that prototypes know are keys like all others', () => {
    const input = JSON.parse('{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3}') as Json;
    expect(jq('.__proto__.x, .constructor, .hasOwnProperty, .toString', input)).toBe('1 2 3 null');
    expect(jq('keys', input)).toBe('["__proto__","constructor","hasOwnProperty"]');
    expect(jq('with_entries(.value = 0) | tojson', input)).toBe(
      '"{\\"__proto__\\":0,\\"constructor\\":0,\\"hasOwnProperty\\":0}"',
    );
    expect(jq('map_values(1), (. + {}), (. * {}), walk(1)', input)).toContain('"__proto__":1');
    expect(jq('del(.__proto__) | keys | length', input)).toBe('2');
    expect(jq('{a: 1} | .x, has("toString")', null)).toBe('null false');
    expect(jq('"{\\"__proto__\\":1}" | fromjson | keys')).toBe('["__proto__"]');
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('the host', () => {
  test('an evaluation inside a callback leaves the outer one alone', () => {
    const inner = compile('[range(5)] | add');
    const outer = compile('[.[] | debug | . + $k] | add', {
      variables: ['k'],
      allow: { debug: true },
    });
    const seen: Json[] = [];
    const debug = (value: Json): void => void seen.push(inner.first(value) ?? null);
    expect(outer.first([1, 2], [10], { debug })).toBe(23);
    expect(seen).toEqual([10, 10]);
    const nestedCalls: Json[] = [];
    compile('range(3)').each(null, (value) => void nestedCalls.push(inner.first(value)!));
    expect(nestedCalls).toEqual([10, 10, 10]);
  });

  test('what its callbacks throw comes out as it is', () => {
    const boom = new Error('boom');
    const raise = (): never => {
      throw boom;
    };
    expect(() => compile('try . catch 1').each(1, raise)).toThrow(boom);
    expect(() =>
      compile('try debug catch 1', { allow: { debug: true } }).first(1, [], { debug: raise }),
    ).toThrow(boom);
    expect(compile('1 + 1').first(null)).toBe(2);
  });

  test('a sink that returns true ends the evaluation', () => {
    const seen: Json[] = [];
    compile('repeat(1)').each(null, (value) => seen.push(value) === 3);
    expect(seen).toEqual([1, 1, 1]);
  });

  test.each([
    '$ENV',
    'env',
    'debug',
    'debug("x")',
    'stderr',
    'input',
    'inputs',
    'input_filename',
    'localtime',
    'strflocaltime("%Y")',
    'halt',
    'modulemeta',
    'get_search_list',
    '$__prog_args',
    'input_line_number',
  ])('%s does not compile unless it is allowed', (source) => {
    expect(() => compile(source)).toThrow(JqSyntaxError);
  });
});

describe('variables', () => {
  test('are bound by slot; programs say which they read', () => {
    const program = compile('$b + $a', { variables: ['a', 'b', 'c'] });
    expect(program.first(null, [1, 10, 100])).toBe(11);
    expect([...program.reads].sort()).toEqual(['a', 'b']);
    expect(program.readsInput).toBe(false);
    expect(compile('. as $b | $b', { variables: ['b'] }).reads.size).toBe(0);
    expect(compile('.x').readsInput).toBe(true);
    expect(compile('$a | .x', { variables: ['a'] }).readsInput).toBe(false);
    expect(compile('def f: $a; 1', { variables: ['a'] }).reads.has('a')).toBe(true);
    expect(program.first(null, [1])).toBe(1);
  });

  test('an unknown one is an error with its column', () => {
    try {
      compile('.a + $Context.x', { variables: ['context'] });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(JqSyntaxError);
      const { column, message, source, hint } = error as JqSyntaxError;
      expect(column).toBe(6);
      expect(message).toBe('$Context is not defined (did you mean $context?)');
      expect(hint).toBe('did you mean $context?');
      expect(source).toBe('.a + $Context.x');
    }
  });
});

test('a run-time error knows its column and its value', () => {
  const column = (source: string, input: Json): number | undefined =>
    failure(() => compile(source).first(input)).column;
  expect(column('.a | .b + "x"', { a: { b: 1 } })).toBe(9);
  expect(column('1 + (.a | length)', { a: true })).toBe(11);
  expect(column('.a.b', { a: 1 })).toBe(3);
  expect(column('[.[] | tonumber]', ['1', 'x'])).toBe(8);
  expect(column('1 | 2 | ("x" | fromdate)', null)).toBe(16);
  expect(column('  nth(1)', {})).toBe(3);
  const error = failure(() => compile('error({code: 7})').first(null));
  expect(error.value).toEqual({ code: 7 });
  expect(error.fuel).toBe(false);
});

test('compareJson is the order of sort', () => {
  const sorted: Json[] = [
    null,
    false,
    true,
    -1,
    0,
    2,
    '',
    'a',
    '\uffff',
    '😀',
    [],
    [1],
    [1, 2],
    {},
    { a: 2 },
    { a: 1, b: 0 },
    { b: 0 },
  ];
  for (const [i, a] of sorted.entries()) {
    for (const [j, b] of sorted.entries())
      expect(Math.sign(compareJson(a, b))).toBe(Math.sign(i - j));
  }
});

/*
 * $secrets: where it may stand, and what of it is in a plan. The leaf waits for the call; what is
 * recorded for it is definition text and variables, never a value.
 */
import { describe, expect, test } from 'vitest';
import { compilePlan, fillIn, load, SecretNeeded } from '../../src/dsl/index.ts';
import { compileSchema } from '../../src/dsl/plan/json-schema.ts';
import type { Activity, Json, LateArguments } from '../../src/wire/index.ts';
import { drive, planOf } from '../core/drive.ts';

const USE = 'use: { secrets: [ token, "odd name" ] }\n';

function problemsOf(body: string, use = USE): readonly { code: string; pointer: string }[] {
  const head = 'document: { dsl: 1.0.3, namespace: test, name: sample, version: 1.0.0 }\n';
  const { definition, problems } = load(`${head}${use}${body}`, 'a.yaml');
  if (definition === undefined) return problems;
  return compilePlan(definition, compileSchema).problems;
}

/** The first activity of a document. */
function activityOf(body: string, input: Json = {}, use = USE): Activity {
  let first: Activity | undefined;
  const asked = new Proxy({} as Record<string, (activity: Activity) => { result: Json }>, {
    get: () => (activity: Activity) => {
      first ??= activity;
      return { result: null };
    },
  });
  drive(planOf(`${use}${body}`), input, asked);
  if (first === undefined) throw new Error('nothing was called');
  return first;
}

describe('where it may stand', () => {
  test.each([
    ['arguments', 'do: [ { a: { call: f, with: { x: "${ $secrets.token }" } } } ]'],
    ['input.from', 'do: [ { a: { call: f, input: { from: "{ k: $secrets.token }" } } } ]'],
    [
      'both, in a function of use',
      'do: [ { b: { call: g } } ]',
      'use: { secrets: [ token ], functions: { g: { call: f, with: { x: "${ $secrets.token }" } } } }\n',
    ],
  ])('%s', (_name, body, use = USE) => {
    expect(problemsOf(body, use)).toEqual([]);
  });

  test.each([
    ['set', 'do: [ { a: { set: { x: "${ $secrets.token }" } } } ]', '/do/0/a/set/x'],
    ['if', 'do: [ { a: { if: $secrets.token, call: f } } ]', '/do/0/a/if'],
    [
      'output.as',
      'do: [ { a: { call: f, output: { as: $secrets.token } } } ]',
      '/do/0/a/output/as',
    ],
    [
      'export.as',
      'do: [ { a: { call: f, export: { as: $secrets.token } } } ]',
      '/do/0/a/export/as',
    ],
    [
      'timeout',
      'do: [ { a: { call: f, timeout: { after: "${ $secrets.token }" } } } ]',
      '/do/0/a/timeout/after',
    ],
    [
      'input.from of a task that calls nothing',
      'do: [ { a: { set: { x: 1 }, input: { from: $secrets.token } } } ]',
      '/do/0/a/input/from',
    ],
    ['input of the workflow', 'input: { from: $secrets.token }\ndo: []', '/input/from'],
    ['output of the workflow', 'output: { as: $secrets.token }\ndo: []', '/output/as'],
    ['for.in', 'do: [ { a: { for: { in: $secrets.token }, do: [] } } ]', '/do/0/a/for/in'],
    [
      'raise',
      'do: [ { a: { raise: { error: { type: a:b, status: 400, detail: "${ $secrets.token }" } } } } ]',
      '/do/0/a/raise/error/detail',
    ],
    [
      'arguments of a function of use, which are its data',
      'do: [ { a: { call: g, with: { x: "${ $secrets.token }" } } } ]',
      '/do/0/a/with/x',
      'use: { secrets: [ token ], functions: { g: { call: f } } }\n',
    ],
  ])('not in %s', (_name, body, pointer, use = USE) => {
    expect(problemsOf(body, use)).toMatchObject([{ code: 'misplaced-secret', pointer }]);
  });

  test('not where the output or a timeout would read an input that holds it', () => {
    const from = 'input: { from: "{ k: $secrets.token }" }';
    expect(problemsOf(`do: [ { a: { call: f, ${from}, output: { as: $input } } } ]`)).toMatchObject(
      [{ code: 'misplaced-secret', pointer: '/do/0/a/input/from' }],
    );
    const timed = 'timeout: { after: "${ .k }" }';
    expect(problemsOf(`do: [ { a: { call: f, ${from}, ${timed} } } ]`)).toMatchObject([
      { code: 'misplaced-secret', pointer: '/do/0/a/timeout/after' },
    ]);
  });

  test('$authorization is not for what is stored', () => {
    expect(problemsOf('do: [ { a: { call: f, output: { as: $authorization } } } ]')).toMatchObject([
      { code: 'misplaced-secret', pointer: '/do/0/a/output/as' },
    ]);
  });

  test.each(['$secrets.tokn', '$secrets["nothing"]', '$secrets . other'])(
    '%s must be declared',
    (text) => {
      expect(problemsOf(`do: [ { a: { call: f, with: { x: '\${ ${text} }' } } } ]`)).toMatchObject([
        { code: 'unknown-reference', pointer: '/do/0/a/with/x' },
      ]);
    },
  );
});

describe('what is recorded', () => {
  test('null in the arguments, and the text with what it reads', () => {
    const { arguments: args, late } = activityOf(
      `do: [ { a: { call: f, with: { x: [ 1, '\${ "\\(.id) \\($context) \\($secrets.token)" }' ], y: "\${ .id }" } } } ]`,
      { id: 7 },
    );
    expect(args).toEqual({ x: [1, null], y: 7 });
    expect(late).toEqual({
      leaves: [{ at: '/x/1', text: '"\\(.id) \\($context) \\($secrets.token)"' }],
      secrets: ['token', 'odd name'],
      variables: { context: null },
      input: { id: 7 },
    });
  });

  test('no more of the input than is read, and the time only where it is read', () => {
    const { late } = activityOf('do: [ { a: { call: f, with: { x: "${ $secrets.token }" } } } ]', {
      large: 'x'.repeat(1000),
    });
    expect(late).toMatchObject({ input: null, variables: {} });
    expect(late).not.toHaveProperty('now');
    const timed = activityOf(
      'do: [ { a: { call: f, with: { x: "${ [now, $secrets.token] }" } } } ]',
    );
    expect(timed.late).toMatchObject({ now: 0 });
  });

  test('an input.from that reads secrets makes every leaf wait', () => {
    const { arguments: args, late } = activityOf(
      'do: [ { a: { call: f, input: { from: "{ k: $secrets.token, id: .id }" }, with: { x: "${ .id }", y: two } } } ]',
      { id: 7 },
    );
    expect(args).toEqual({ x: null, y: 'two' });
    expect(late).toMatchObject({ from: '{ k: $secrets.token, id: .id }', input: { id: 7 } });
  });

  test('in loose mode any text may be one that reads a secret', () => {
    const { arguments: args, late } = activityOf(
      'evaluate: { mode: loose }\ndo: [ { a: { call: f, with: { x: $secrets.token, y: "two words", z: .id } } } ]',
      { id: 7 },
    );
    expect(args).toEqual({ x: null, y: 'two words', z: 7 });
    expect(late).toMatchObject({ loose: true, leaves: [{ at: '/x', text: '$secrets.token' }] });
  });

  test('nothing where nothing reads a secret', () => {
    expect(activityOf('do: [ { a: { call: f, with: { x: "${ .id }" } } } ]')).not.toHaveProperty(
      'late',
    );
  });

  test('the text belongs to what is asked for: another text is another effect', () => {
    const key = (text: string): string =>
      activityOf(`do: [ { a: { call: f, with: { x: '\${ ${text} }' } } } ]`).key;
    expect(key('$secrets.token')).toBe(key('$secrets.token'));
    expect(key('$secrets.token')).not.toBe(key('$secrets["odd name"]'));
  });

  test('a retry with the same text keeps its key', () => {
    const keys: string[] = [];
    drive(
      planOf(
        `${USE}do: [ { t: { try: [ { a: { call: f, with: { x: "\${ $secrets.token }" } } } ], catch: { retry: { delay: PT1S, limit: { attempt: { count: 2 } } } } } } ]`,
      ),
      {},
      {
        f: ({ key }, nth) => {
          keys.push(key);
          return nth < 3 ? { error: { type: 'a:b', status: 500, title: 'no' } } : { result: null };
        },
      },
    );
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('filling in', () => {
  const late: LateArguments = {
    leaves: [],
    secrets: ['token', 'other'],
    variables: {},
    input: null,
  };
  const fill = (
    text: string,
    secrets: Record<string, Json>,
    more: Partial<LateArguments> = {},
  ): Json =>
    fillIn(
      { a: [null], b: 2 },
      { ...late, leaves: [{ at: '/a/0', text }], ...more },
      { secrets: new Map(Object.entries(secrets)) },
    );

  test('what is read stands in its place, and nothing else changes', () => {
    expect(fill('$secrets.token', { token: 't' })).toEqual({ a: ['t'], b: 2 });
    expect(fill('$secrets.token.user', { token: { user: 'u' } })).toEqual({ a: ['u'], b: 2 });
    expect(
      fill(
        '"\\(.x)-\\($secrets.token)-\\($y)"',
        { token: 't' },
        { input: { x: 1 }, variables: { y: 2 } },
      ),
    ).toEqual({
      a: ['1-t-2'],
      b: 2,
    });
  });

  test('only what is touched is asked for', () => {
    const needed = (text: string, secrets: Record<string, Json> = {}): unknown => {
      try {
        return fill(text, secrets);
      } catch (error) {
        if (!(error instanceof SecretNeeded)) throw error;
        return error.names;
      }
    };
    expect(needed('$secrets.token')).toEqual(['token']);
    expect(needed('[$secrets.token, $secrets.other]', { token: 1 })).toEqual(['other']);
    expect(needed('if .x then $secrets.other else $secrets.token end')).toEqual(['token']);
    expect(needed('$secrets')).toEqual(['token', 'other']);
    expect(needed('$secrets | keys')).toEqual(['token', 'other']);
    expect(needed('$secrets | to_entries', { other: 1 })).toEqual(['token']);
    expect(needed('try $secrets.token catch 1')).toEqual(['token']);
    expect(needed('$secrets.token? // 1')).toEqual(['token']);
    expect(needed('$secrets | tojson')).toEqual(['token', 'other']);
  });

  test('all of them are an object like any other', () => {
    const all = { token: 't', other: { n: 1 } };
    expect(fill('$secrets', all)).toEqual({ a: [all], b: 2 });
    expect(fill('$secrets | tojson', all)).toEqual({ a: ['{"token":"t","other":{"n":1}}'], b: 2 });
    expect(fill('$secrets | to_entries | length', all)).toEqual({ a: [2], b: 2 });
    expect(fill('$secrets | has("token")', all)).toEqual({ a: [true], b: 2 });
  });

  test('what is not declared cannot be read, by whatever way', () => {
    expect(() => fill('$secrets.x', { x: 1 })).toThrow('does not declare a secret "x"');
    expect(() => fill('$secrets["x"]', { x: 1 })).toThrow('does not declare');
    expect(() => fill('"x" as $n | $secrets[$n]?', { x: 1 })).toThrow('does not declare');
    expect(() => fill('$secrets | has("x")', { x: 1 })).toThrow('does not declare');
  });

  test('an error says nothing of the value', () => {
    const message = (text: string): string => {
      try {
        fill(text, { token: 'hunter2-hunter2' });
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error('this was expected to fail');
    };
    expect(message('$secrets.token | keys')).not.toContain('hunter');
    expect(message('error($secrets.token)')).not.toContain('hunter');
    expect(message('1 + $secrets.token')).toContain('1 + $secrets.token');
  });

  test('in loose mode what fails stays the text it is', () => {
    const loose = { loose: true } as const;
    expect(fill('$secrets.token', { token: 't' }, loose)).toEqual({ a: ['t'], b: 2 });
    expect(fill('$secrets.token | keys', { token: 't' }, loose)).toEqual({
      a: ['$secrets.token | keys'],
      b: 2,
    });
    const from = { word: 'two words', key: '$secrets.token', n: '.n' };
    expect(fill('[.word, .key, .n]', { token: 't' }, { ...loose, from, input: { n: 3 } })).toEqual({
      a: [['two words', 't', 3]],
      b: 2,
    });
  });

  test('input.from comes first, and templates see what it gives', () => {
    const more = { from: { k: '${ $secrets.token }', id: '${ .n }' }, input: { n: 5 } } as const;
    expect(fill('"\\(.k) \\($input.id)"', { token: 't' }, more)).toEqual({ a: ['t 5'], b: 2 });
    const leaves = [{ at: '/b', text: 'http://h/{id}?k={k}', template: true }] as const;
    expect(
      fillIn(
        { a: 1, b: null },
        { ...late, leaves, ...more },
        { secrets: new Map([['token', 't/']]) },
      ),
    ).toEqual({ a: 1, b: 'http://h/5?k=t%2F' });
  });
});

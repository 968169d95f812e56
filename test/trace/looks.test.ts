/*
 * Whether an expression looks at what was taken out, however it gets there: under other names, through
 * everything, in conditions, schemas, errors, answers and branches. Then nothing is called equal.
 */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Redactor } from '../../src/trace/redact.ts';
import type { Verdict } from '../../src/trace/replay.ts';
import { examined, plansOf, recorded, stageOf } from './traces.ts';

/** The long list, of which a few are tried in any run of the tests. */
const NIGHTLY = process.env['WAYBILL_TIER'] === 'nightly';

const INPUT = {
  id: 'o-1',
  card: '4111-2222-3333',
  pin: 7,
  nested: { a: { b: 'deep secret', c: [1, 2, 3] } },
  list: [
    { pin: 'aaaa1', n: 1 },
    { pin: 'bbbb2', n: 2 },
  ],
};
const SERVICES = {
  svc: { answer: '{ id: "o-1", was: .request }' },
  auth: { answer: '{ token: "tok-999", ok: true }' },
  slow: { latency: 3_000 },
};

const EVENTS = [
  {
    name: 'paid',
    after: [1_000, 2_000],
    event: '{ type: "paid", data: { order: .input.id } }',
  },
];

type Task = Readonly<Record<string, unknown>>;
const first: Task = {
  call: 'svc',
  with: { id: '${ .id }' },
  output: { as: '${ $input }' },
};
const last: Task = { call: 'svc', with: { all: '${ . }' } };
/** Other names for what is taken out, so that its own says nothing. */
const renamed: Task = { set: '${ { id, y: .card, k: .pin, z: .nested, rows: .list } }' };
const sets = (text: string): Task => ({ set: `\${ { id, n: (${text}) } }` });

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'waybill-looks-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function verdicts(redact: string, tasks: readonly Task[]): Promise<Set<Verdict['kind']>> {
  const file = join(home, 'looks.yaml');
  const document = { dsl: '1.0.3', namespace: 'test', name: 'looks', version: '1.0.0' };
  const named = tasks.map((task, index) => ({ [`t${index}`]: task }));
  const called = JSON.stringify(named);
  const scenario = {
    name: 'looks',
    summary: 'what is read of a value',
    workflow: { document, do: named },
    inputs: { cases: [{ name: 'one', value: INPUT }] },
    services: Object.fromEntries(
      Object.entries(SERVICES).filter(([name]) => called.includes(`"call":"${name}"`)),
    ),
    ...(called.includes('"listen"') ? { events: EVENTS } : {}),
  };
  writeFileSync(file, stringify(scenario));
  const stage = await stageOf(file);
  const redactor = new Redactor([redact], (text) =>
    createHmac('sha256', 'nobody knows').update(text).digest('hex'),
  );
  const plans = plansOf(stage, 1, 1, 'calm');
  const { judged } = examined(recorded(stage, plans, { redactor, redacted: [redact] }));
  return new Set(judged.map(({ verdict }) => verdict.kind));
}

const LOOKING: readonly (readonly [string, string, readonly Task[]])[] = [
  [
    'one member of all, by its value',
    '/card',
    [sets('[.[] | strings | select(test("^51[0-9]"))]')],
  ],
  ['another name, one value of many', '/pin', [sets('if .k > 333 and .k < 444 then 1 else 2 end')]],
  ['everything below', '/card', [sets('[..|strings|select(startswith("41"))]|length')]],
  ['another name in a pattern', '/card', [sets('.y | strings | test("^DE[0-9]{20}$")')]],
  ['nested, no name of its own', '/nested', [sets('try .z.a.b catch "no"')]],
  ['an iteration', '/pin', [sets('[.rows[]|select(.pin == "bbbb2")]|length')]],
  ['an order', '/pin', [sets('.rows|sort_by(.pin)|map(.n)')]],
  ['a table', '/card', [sets('{ "9999": "gold" }[.y]')]],
  ['a name made at the time', '/card', [sets('("y" + "") as $k | .[$k] == "x"')]],
  ['a condition', '/pin', [{ if: '${ .k > 3 }', set: { x: 1 } }]],
  ['input.from', '/card', [{ ...last, input: { from: '${ { n: (.y|length) } }' } }]],
  ['output.as', '/card', [{ ...last, output: { as: '${ { n: ($input.y|ascii_upcase) } }' } }]],
  [
    'export.as, read later',
    '/card',
    [
      { set: '${ . }', export: { as: '${ { s: .y } }' } },
      { if: '${ $context.s == "4111-2222-3333" }', set: { x: 1 } },
    ],
  ],
  [
    'a schema',
    '/card',
    [
      {
        ...last,
        input: {
          schema: {
            format: 'json',
            document: { type: 'object', properties: { y: { pattern: '^4111' } } },
          },
        },
      },
    ],
  ],
  [
    'the detail of an error',
    '/card',
    [
      {
        try: [
          {
            r: {
              raise: {
                error: {
                  type: 'https://x.example/no',
                  status: 400,
                  title: 'No',
                  detail: '${ .y }',
                },
              },
            },
          },
        ],
        catch: {
          as: 'e',
          when: '${ $e.detail == "4111-2222-3333" }',
          do: [{ h: { set: { x: 1 } } }],
        },
      },
    ],
  ],
  [
    'an answer',
    '/token',
    [
      { call: 'auth', with: {} },
      { if: '${ .token == "tok-999" }', set: { x: 1 } },
    ],
  ],
  [
    'the items of a loop',
    '/pin',
    [
      {
        for: { each: 'row', in: '.rows' },
        while: '${ $row.pin != "bbbb2" }',
        do: [{ c: { call: 'svc', with: {}, output: { as: '${ $input }' } } }],
      },
    ],
  ],
  [
    'the last step of a last branch',
    '/card',
    [
      {
        fork: {
          branches: [
            {
              a: {
                do: [
                  { p: { call: 'slow', with: {}, output: { as: '${ $input }' } } },
                  { q: sets('.y == "4111-2222-3333"') },
                ],
              },
            },
            { b: { call: 'svc', with: {} } },
          ],
        },
      },
    ],
  ],
];

describe('what looks is not called equal', () => {
  test.each(LOOKING)('%s', async (_, redact, tasks) => {
    const kinds = await verdicts(redact, [first, renamed, ...tasks, last]);
    expect(kinds).toContain('depends');
    expect(kinds).not.toContain('differs');
  });

  test.for(LOOKING)('%s, in a later step', async ([, redact, tasks], context) => {
    if (!NIGHTLY) return context.skip('the same from a State that has the markers: every night');
    const kinds = await verdicts(redact, [first, renamed, first, ...tasks, last]);
    expect(kinds).toContain('depends');
    expect(kinds).not.toContain('differs');
  });
});

const CARRYING: readonly (readonly [string, string, readonly Task[]])[] = [
  ['handed on', '/card', [{ set: '${ . }' }]],
  ['sent', '/card', [{ call: 'svc', with: { card: '${ .y }' } }]],
  ['beside what is looked at', '/card', [{ set: '${ . + { n: (.k > 3) } }' }]],
  ['in a list of which the length is told', '/pin', [{ set: '${ { rows, n: (.rows|length) } }' }]],
];

test.each(CARRYING)('%s: equal', async (_, redact, tasks) => {
  expect(await verdicts(redact, [first, renamed, ...tasks, last])).toEqual(new Set(['equal']));
});

test('a place at which the engine has what was taken out cannot be checked either', async () => {
  const listens: Task = {
    listen: {
      to: {
        one: {
          with: { type: 'paid' },
          correlate: { order: { from: '.data.order', expect: '${ .id }' } },
        },
      },
    },
  };
  const kinds = await verdicts('/order', [first, listens]);
  expect(kinds).toContain('depends');
  expect(kinds).not.toContain('differs');
});

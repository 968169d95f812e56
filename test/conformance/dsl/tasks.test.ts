/* The tasks that need nothing but the engine and functions of the host. */
import { describe, expect, test } from 'vitest';
import { proves } from '../../proofs/proves.ts';
import { everywhere, failing, kindOf } from './everywhere.ts';

describe('set', () => {
  test('takes an object', proves('set.object'), async () => {
    const text = "do: [{a: {set: {n: '${ .n }', deep: {list: [1, '${ .n + 1 }']}}}}]";
    expect((await everywhere(text, { input: { n: 1 } })).output).toEqual({
      n: 1,
      deep: { list: [1, 2] },
    });
  });
  test('takes an expression', proves('set.expression'), async () => {
    expect((await everywhere("do: [{a: {set: '${ [.n] }'}}]", { input: { n: 1 } })).output).toEqual(
      [1],
    );
  });
  test('replaces what was there', proves('set.replaces'), async () => {
    expect((await everywhere('do: [{a: {set: {m: 2}}}]', { input: { n: 1 } })).output).toEqual({
      m: 2,
    });
  });
});

describe('switch', () => {
  const choose = `do:
  - choose:
      switch:
        - big: {when: .n > 10, then: big}
        - other: {then: other}
        - even: {when: .n % 2 == 0, then: even}
  - big: {set: {is: big}, then: end}
  - even: {set: {is: even}, then: end}
  - other: {set: {is: other}, then: end}`;
  test('goes with the first case that holds', proves('switch.first'), async () => {
    expect((await everywhere(choose, { input: { n: 12 } })).output).toEqual({ is: 'big' });
    expect((await everywhere(choose, { input: { n: 4 } })).output).toEqual({ is: 'even' });
  });
  test('takes the case without condition last', proves('switch.default'), async () => {
    expect((await everywhere(choose, { input: { n: 3 } })).output).toEqual({ is: 'other' });
  });
  test('goes on as its own then says if nothing holds', proves('switch.none'), async () => {
    const text = `do:
  - choose: {switch: [{big: {when: .n > 10, then: end}}], then: last}
  - skipped: {set: {skipped: false}}
  - last: {set: '\${ . + {last: true} }'}`;
    expect((await everywhere(text, { input: { n: 1 } })).output).toEqual({ n: 1, last: true });
  });
});

describe('for', () => {
  test('has item and index', proves('for.in'), async () => {
    const text = `do: [{l: {for: {in: .l}, do: [{a: {set: {l: [], out: '\${ .out + [[$item, $index]] }'}}}]}}]`;
    expect((await everywhere(text, { input: { l: ['a', 'b'] } })).output).toEqual({
      l: [],
      out: [
        ['a', 0],
        ['b', 1],
      ],
    });
  });
  test('names them otherwise', proves('for.names'), async () => {
    const text = `do: [{l: {for: {each: x, at: i, in: '[5, 6]'}, do: [{a: {set: '\${ . + [$x * $i] }'}}]}}]`;
    expect((await everywhere(text, { input: [] })).output).toEqual([0, 6]);
  });
  test('hands the output of a turn to the next', proves('for.data'), async () => {
    const text = `do: [{l: {for: {in: '[1, 2, 3]'}, do: [{a: {set: {n: '\${ .n * 10 + $item }'}}}, {b: {set: '\${ . }'}}]}}]`;
    expect((await everywhere(text, { input: { n: 0 } })).output).toEqual({ n: 123 });
  });
  test('asks while before each turn', proves('for.while'), async () => {
    const text = `do: [{l: {for: {in: '[1, 2, 3]'}, while: '$item < 3 and .n < 100', do: [{a: {set: {n: '\${ .n + $item }'}}}]}}]`;
    expect((await everywhere(text, { input: { n: 0 } })).output).toEqual({ n: 3 });
    expect((await everywhere(text, { input: { n: 100 } })).output).toEqual({ n: 100 });
  });
  test('over nothing gives its input', proves('for.empty'), async () => {
    const text = "do: [{l: {for: {in: '[]'}, do: [{a: {set: {n: 1}}}]}}]";
    expect((await everywhere(text, { input: { n: 0 } })).output).toEqual({ n: 0 });
  });
  test('takes a list in the document', proves('for.inline'), async () => {
    const text = `do: [{l: {for: {in: [{v: 1}, {v: '\${ .n }'}]}, do: [{a: {set: {n: '\${ .n + $item.v }'}}}]}}]`;
    expect((await everywhere(text, { input: { n: 5 } })).output).toEqual({ n: 11 });
  });
});

describe('fork', () => {
  const branches = 'branches: [{a: {call: slow}}, {b: {set: {b: 1}}}, {c: {call: fast}}]';
  const slow = (): { result: string; after: number } => ({ result: 'slow', after: 60 });
  const fast = (): { result: string; after: number } => ({ result: 'fast', after: 5 });

  test('gives all outputs, as they stand', proves('fork.all'), async () => {
    const { output } = await everywhere(`do: [{f: {fork: {${branches}}}}]`, {
      functions: { slow, fast },
    });
    expect(output).toEqual(['slow', { b: 1 }, 'fast']);
  });
  test('competes', proves('fork.compete'), async () => {
    const text =
      'do: [{f: {fork: {compete: true, branches: [{a: {call: slow}}, {b: {call: bad}}, {c: {call: fast}}]}}}]';
    const functions = { slow, fast, bad: () => failing(500) };
    const { output, at } = await everywhere(text, { functions });
    expect([output, at]).toEqual(['fast', 5]);
  });
  test('stops what has lost', proves('fork.losers'), async () => {
    const text = `do: [{f: {fork: {compete: true, branches: [
      {a: {do: [{first: {call: slow}}, {second: {call: never}}]}}, {c: {call: fast}}]}}}, {w: {wait: PT0.2S}}]`;
    const never = (): { result: string } => ({ result: 'never' });
    const { calls } = await everywhere(text, { functions: { slow, fast, never } });
    expect(calls.map(({ name }) => name)).toEqual(['slow', 'fast']);
  });
  test('fails with a branch that fails, and stops the others', proves('fork.fault'), async () => {
    const text = `do:
  - t:
      try: [{f: {fork: {branches: [{a: {do: [{x: {call: slow}}, {y: {call: never}}]}}, {b: {call: bad}}]}}}]
      catch: {do: [{h: {set: {status: '\${ $error.status }', at: '\${ $error.instance }'}}}]}
  - w: {wait: PT0.2S}`;
    const bad = () => ({ ...failing(503), after: 10 });
    const functions = { slow, bad, never: () => ({ result: 'never' }) };
    const { output, calls } = await everywhere(text, { functions });
    expect(output).toEqual({ status: 503, at: '/do/0/t/try/0/f/fork/branches/1/b' });
    expect(calls.map(({ name }) => name)).toEqual(['slow', 'bad']);
  });
  test('keeps what its branches export to themselves', proves('decided.fork-output'), async () => {
    const text = `
output: {as: '{out: ., context: $context}'}
do:
  - s: {set: {n: 1}, export: {as: '{from: "before"}'}}
  - f:
      fork:
        branches:
          - a: {do: [{x: {set: {n: 2}, export: {as: '{from: "a"}'}}}, {y: {set: {saw: '\${ $context.from }'}}}]}
          - b: {set: {saw: '\${ $context.from }'}}`;
    expect((await everywhere(text)).output).toEqual({
      out: [{ saw: 'a' }, { saw: 'before' }],
      context: { from: 'before' },
    });
  });
});

describe('wait', () => {
  test('gives its input when the time has come', proves('wait'), async () => {
    const { output, at } = await everywhere('do: [{w: {wait: {milliseconds: 40}}}]', {
      input: { n: 1 },
    });
    expect([output, at]).toEqual([{ n: 1 }, 40]);
  });
  test('has as long as it takes', proves('wait.long'), async () => {
    const { at } = await everywhere('do: [{w: {wait: P2D}}]', { hours: true });
    expect(at).toBe(2 * 86_400_000);
  });
});

describe('raise', () => {
  test('an error of its own', proves('raise.inline', 'raise.instance', 'error.shape'), async () => {
    const text =
      "do: [{a: {raise: {error: {type: 'https://example.com/odd', status: 418, title: Odd, detail: very}}}}]";
    expect((await everywhere(text)).error).toEqual({
      type: 'https://example.com/odd',
      status: 418,
      title: 'Odd',
      detail: 'very',
      instance: '/do/0/a',
    });
  });
  test('one of the workflow', proves('raise.named'), async () => {
    const text = `
use: {errors: {odd: {type: 'https://example.com/odd', status: 418, title: Odd}}}
do: [{a: {raise: {error: odd}}}]`;
    expect((await everywhere(text)).error).toMatchObject({ status: 418, title: 'Odd' });
  });
  test('whose parts are expressions', proves('raise.expressions'), async () => {
    const text = `do:
  - a:
      raise:
        error:
          type: '\${ "https://example.com/\\(.kind)" }'
          status: 409
          title: '\${ .title }'
          detail: '\${ "n is \\(.n)" }'
          instance: '\${ "/\\(.kind)" }'`;
    const input = { kind: 'full', title: 'Full', n: 3 };
    expect((await everywhere(text, { input })).error).toEqual({
      type: 'https://example.com/full',
      status: 409,
      title: 'Full',
      detail: 'n is 3',
      instance: '/full',
    });
  });
});

describe('try', () => {
  const guarded = (caught: string): string => `do:
  - t:
      try: [{a: {call: bad, with: {x: 1}}}]
      catch: ${caught}
  - after: {set: '\${ . + {after: true} }'}`;
  const given = (status = 503) => ({
    input: { n: 1 },
    functions: { bad: () => failing(status) },
  });
  const handler = "do: [{h: {set: {caught: '${ $error.status }', had: '${ .n }'}}}]";

  test('handles an error', proves('try.catch', 'decided.as'), async () => {
    expect((await everywhere(guarded(`{${handler}}`), given())).output).toEqual({
      caught: 503,
      had: 1,
      after: true,
    });
  });
  test.each([
    ['type: https://open-workflow-specification.org/spec/1.0.0/errors/communication', true],
    ['type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime', false],
    ['status: 503', true],
    ['status: 500', false],
    ['instance: /do/0/t/try/0/a', true],
    ['instance: /do/0/t', false],
    ['title: It failed', true],
    ['title: It', false],
    ['detail: x', false],
    ['status: 503, title: It', false],
  ])('filters by %s', proves('try.filter', 'try.uncaught'), async (filter, caught) => {
    const { output, error } = await everywhere(
      guarded(`{errors: {with: {${filter}}}, ${handler}}`),
      given(),
    );
    if (caught) expect(output).toMatchObject({ caught: 503 });
    else expect(error).toMatchObject({ status: 503, instance: '/do/0/t/try/0/a' });
  });
  test('names the error', proves('try.as'), async () => {
    const text = guarded("{as: problem, do: [{h: {set: {at: '${ $problem.instance }'}}}]}");
    expect((await everywhere(text, given())).output).toEqual({
      at: '/do/0/t/try/0/a',
      after: true,
    });
  });
  test('judges by when and exceptWhen', proves('try.when'), async () => {
    const text = guarded(
      `{when: $error.status >= 500 and .n == 1, exceptWhen: $error.status == 504, ${handler}}`,
    );
    expect((await everywhere(text, given(503))).output).toMatchObject({ caught: 503 });
    expect((await everywhere(text, given(404))).error).toMatchObject({ status: 404 });
    expect((await everywhere(text, given(504))).error).toMatchObject({ status: 504 });
  });
  test('goes where catch.then says', proves('try.then'), async () => {
    const text = guarded(`{${handler}, then: end}`);
    expect((await everywhere(text, given())).output).toEqual({ caught: 503, had: 1 });
    const fine = { input: { n: 1 }, functions: { bad: () => ({ result: { fine: true } }) } };
    expect((await everywhere(text, fine)).output).toEqual({ fine: true, after: true });
  });
  test('lets what it does not catch go on outwards', proves('try.uncaught'), async () => {
    const text = `do:
  - outer:
      try:
        - inner: {try: [{a: {call: bad}}], catch: {errors: {with: {status: 418}}, do: [{no: {set: {no: 1}}}]}}
      catch: {do: [{h: {set: {outer: '\${ $error.status }'}}}]}`;
    expect((await everywhere(text, given())).output).toEqual({ outer: 503 });
  });
});

describe('call', () => {
  test('a function of the host', proves('call.function.host'), async () => {
    const text = "do: [{a: {call: add, with: {a: '${ .n }', b: [1, '${ .n + 1 }']}}}]";
    const functions = {
      add: (request: unknown) => ({ result: { got: request as never } }),
    };
    expect((await everywhere(text, { input: { n: 1 }, functions })).output).toEqual({
      got: { a: 1, b: [1, 2] },
    });
  });
  test('a function of the workflow', proves('call.function.use'), async () => {
    const text = `
use:
  functions:
    twice: {set: {n: '\${ .n * 2 }', seen: '\${ $input }'}}
    four: {do: [{one: {call: twice, with: {n: '\${ .n }'}}}, {two: {call: twice, with: {n: '\${ .n }'}}}]}
do: [{a: {call: four, with: {n: '\${ .x }'}}}]`;
    expect((await everywhere(text, { input: { x: 5 } })).output).toEqual({
      n: 20,
      seen: { n: 10 },
    });
  });
});

test(
  'an error that nobody catches ends the run',
  proves('try.uncaught', 'error.runtime'),
  async () => {
    const text = 'do: [{a: {call: bad}}, {b: {set: {never: true}}}]';
    const { error } = await everywhere(text, { functions: { bad: () => failing(500, 'runtime') } });
    expect([kindOf(error), error?.status, error?.instance]).toEqual(['runtime', 500, '/do/0/a']);
  },
);

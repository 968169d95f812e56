import { describe, expect, it } from 'vitest';
import { anyJson, effectKey, sha256Hex } from '../../src/wire/index.ts';
import { drive } from './drive.ts';

const fail = (status: number, type = 'communication') => ({
  error: { type: `https://serverlessworkflow.io/spec/1.0.0/errors/${type}`, status, title: 'no' },
});

describe('data flow', () => {
  it('replaces the data by what set says', () => {
    const { end } = drive('do: [{a: {set: {x: "${ .n + 1 }", y: "$input"}}}]', { n: 1 });
    expect(end).toEqual({ output: { x: 2, y: '$input' } });
  });
  it('goes input.from, task, output.as, export.as', () => {
    const { end } = drive(
      `
input: {from: .in}
output: {as: '{o: ., c: $context}'}
do:
  - a:
      input: {from: '{v: (. + 1)}'}
      set: {w: '\${ .v * 10 }'}
      output: {as: .w}
      export: {as: '{seen: ., was: $context, input: $input}'}
  - b: {set: '\${ . + $context.seen }'}
`,
      { in: 1 },
    );
    expect(end.output).toEqual({ o: 40, c: { seen: 20, was: null, input: { v: 2 } } });
  });
  it('checks the schema of the raw input and of the transformed output', () => {
    const document = `
input: {schema: {format: json, document: {type: object, required: [n]}}, from: .n}
do:
  - a:
      set: {v: '\${ . }'}
      output: {as: .v, schema: {document: {type: number}}}
`;
    expect(drive(document, { n: 3 }).end.output).toBe(3);
    expect(drive(document, {}).end.error).toMatchObject({
      status: 400,
      type: expect.stringMatching(/validation$/),
    });
    expect(drive(document, { n: 'x' }).end.error).toMatchObject({
      status: 400,
      instance: '/do/0/a',
    });
  });
  it('takes null for what an expression in a list gives', () => {
    const { end } = drive('do: [{a: {set: {x: [1, "${ .none }", "${ .n }"]}}}]', { n: 2 });
    expect(end.output).toEqual({ x: [1, null, 2] });
  });
  it('skips a task whose condition does not hold, without transforms', () => {
    const { end } = drive(
      'do: [{a: {if: .go, set: {x: 1}, output: {as: .nope}}}, {b: {set: {got: "${ . }"}}}]',
      {
        go: false,
      },
    );
    expect(end.output).toEqual({ got: { go: false } });
  });
  it('turns a failing expression into an error of the workflow', () => {
    const { end } = drive('do: [{a: {set: {x: "${ .n | keys }"}}}]', { n: 1 });
    expect(end.error).toMatchObject({
      status: 400,
      type: expect.stringMatching(/expression$/),
      instance: '/do/0/a',
    });
  });
});

describe('hostile expressions', () => {
  it('are errors of the workflow, whatever they try', () => {
    for (const source of [
      '[range(1e12)]',
      'def f: f; f',
      'reduce range(200000) as $i (0; [.])',
      '. as [$a] | $a.b.c | error(null)',
      'tojson | . * 1e9',
    ]) {
      const { end } = drive(
        `do: [{t: {try: [{a: {set: {x: '\${ ${source} }'}}}], catch: {do: [{h: {set: {s: '\${ $error.status }'}}}]}}}]`,
        [{ b: { c: 1 } }],
      );
      expect([source, end.error ?? end.output]).toEqual([source, { s: 400 }]);
    }
  });
});

describe('flow', () => {
  it('jumps, exits and ends', () => {
    const { end } = drive(`
do:
  - a: {set: {n: 0}}
  - loop:
      do:
        - inc: {set: {n: '\${ .n + 1 }'}}
        - again: {switch: [{more: {when: .n < 5, then: inc}}, {out: {then: exit}}]}
        - never: {set: {n: 100}}
  - last: {set: {n: '\${ .n * 2 }'}, then: end}
  - unreachable: {set: {n: -1}}
`);
    expect(end.output).toEqual({ n: 10 });
  });
  it('ends the workflow from deep inside', () => {
    const { end } = drive(`
output: {as: '{done: .}'}
do:
  - a:
      for: {in: '[1,2,3]'}
      do: [{t: {try: [{x: {set: {i: '\${ $item }'}, then: end}}], catch: {}}}]
  - b: {set: {no: true}}
`);
    expect(end.output).toEqual({ done: { i: 1 } });
  });
  it('loops over items with the output of one as the input of the next', () => {
    const { end } = drive(
      `
do:
  - sum:
      for: {each: x, in: .items, at: i}
      while: .total < 100
      do: [{add: {set: {total: '\${ .total + $x * ($i + 1) }', items: []}}}]
`,
      { items: [1, 2, 3, 200, 5], total: 0 },
    );
    expect(end.output).toEqual({ total: 814, items: [] });
  });
  it('yields a hop when fuel runs out and faults when nothing ever happens', () => {
    const { end, hops } = drive(`
do:
  - a: {set: {n: 0}}
  - b: {set: {n: '\${ .n + 1 }'}}
  - c: {switch: [{again: {when: .n < 2500, then: b}}]}
`);
    expect(end.output).toEqual({ n: 2500 });
    expect(hops).toBeGreaterThan(3);
    expect(drive('do: [{a: {set: {x: 1}, then: a}}]').end.error).toMatchObject({
      type: expect.stringMatching(/runtime$/),
    });
  });
});

describe('try', () => {
  it('retries with backoff and keeps the effect key', () => {
    const { end, calls } = drive(
      `
do:
  - t:
      try: [{a: {call: f, with: {x: 1}}}]
      catch:
        errors: {with: {type: https://open-workflow-specification.org/spec/1.0.0/errors/communication}}
        retry: {delay: {seconds: 1}, backoff: {exponential: {}}, limit: {attempt: {count: 3}}}
`,
      {},
      { f: (_a, nth) => (nth < 4 ? fail(503) : { result: 'ok' }) },
    );
    expect(end.output).toBe('ok');
    expect(calls.map(({ at, attempt }) => [at, attempt])).toEqual([
      [0, 1],
      [1000, 2],
      [3000, 3],
      [7000, 4],
    ]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
  });
  it('gives what completed inside a retried block a new key', () => {
    const { calls } = drive(
      `
do:
  - t:
      try: [{a: {call: one}}, {b: {call: two}}]
      catch: {retry: {limit: {attempt: {count: 1}}}}
`,
      {},
      { two: (_a, nth) => (nth === 1 ? fail(500) : { result: 2 }) },
    );
    expect(calls.map(({ name }) => name)).toEqual(['one', 'two', 'one', 'two']);
    expect(calls[0]!.key).not.toBe(calls[2]!.key);
    expect(calls[1]!.key).toBe(calls[3]!.key);
  });
  it('runs catch.do only when no retry is left, with the error bound', () => {
    const { end, calls } = drive(
      `
do:
  - t:
      try: [{a: {call: f}}]
      catch:
        as: problem
        retry: {limit: {attempt: {count: 2}}, delay: PT1S}
        do: [{h: {set: {status: '\${ $problem.status }', at: '\${ $problem.instance }', had: '\${ . }'}}}]
        then: end
  - no: {set: {no: 1}}
`,
      { in: 1 },
      { f: () => fail(418) },
    );
    expect(calls).toHaveLength(3);
    expect(end.output).toEqual({ status: 418, at: '/do/0/t/try/0/a', had: { in: 1 } });
  });
  it('waits for the delay even when the block meets no activity', () => {
    const { end, at } = drive(`
do:
  - t:
      try: [{r: {raise: {error: {type: 'x:y', status: 500, title: '\${ "at " + (now|tostring) }'}}}}]
      catch: {retry: {delay: {seconds: 2}, limit: {attempt: {count: 2}}}, do: [{h: {set: {t: '\${ $error.title }'}}}]}
`);
    expect(at).toBe(4000);
    expect(end.output).toEqual({ t: 'at 4' });
  });
  it('lets errors of the catch itself go on', () => {
    const { end } = drive(`
do:
  - t:
      try: [{r: {raise: {error: {type: 'x:y', status: 500, title: t}}}}]
      catch: {when: '.x | error("broken")'}
`);
    expect(end.error).toMatchObject({ type: expect.stringMatching(/expression$/) });
  });
  it('stops retrying at limit.duration', () => {
    const { calls, end } = drive(
      'do: [{t: {try: [{a: {call: f}}], catch: {retry: {delay: PT10S, limit: {duration: PT25S}}}}}]',
      {},
      { f: () => fail(500) },
    );
    expect(calls.map(({ at }) => at)).toEqual([0, 10_000, 20_000]);
    expect(end.output).toEqual({});
  });
});

describe('time', () => {
  it('waits', () => {
    const { end, at } = drive(
      'do: [{w: {wait: PT1H}}, {s: {set: {t: "${ now }", was: "${ . }"}}}]',
      { a: 1 },
    );
    expect(at).toBe(3_600_000);
    expect(end.output).toEqual({ t: 3600, was: { a: 1 } });
  });
  it('times a scope out, catchable outside of it', () => {
    const { end, at, calls } = drive(
      `
do:
  - t:
      try:
        - scope: {do: [{a: {call: slow}}], timeout: {after: PT60S}}
      catch: {errors: {with: {status: 408}}, do: [{h: {set: {late: '\${ $error.instance }'}}}]}
`,
      {},
      { slow: () => ({ result: 1, after: 90_000 }) },
    );
    expect(at).toBe(60_000);
    expect(calls).toHaveLength(1);
    expect(end.output).toEqual({ late: '/do/0/t/try/0/scope' });
  });
  it('lets no try catch the timeout of the workflow', () => {
    const { end, at } = drive(
      'timeout: {after: PT5S}\ndo: [{t: {try: [{w: {wait: PT1H}}], catch: {do: [{h: {set: {x: 1}}}]}}}]',
    );
    expect(at).toBe(5000);
    expect(end.error).toMatchObject({ status: 408 });
  });
  it('bounds one attempt by attempt.duration', () => {
    const { calls, end } = drive(
      'do: [{t: {try: [{a: {call: f}}], catch: {retry: {limit: {attempt: {count: 1, duration: PT3S}}}}}}]',
      {},
      { f: (_a, nth) => (nth === 1 ? { result: 1, after: 60_000 } : { result: 2, after: 1 }) },
    );
    expect(calls.map(({ at }) => at)).toEqual([0, 3000]);
    expect(end.output).toBe(2);
  });
});

describe('fork', () => {
  const branches = `
do:
  - f:
      fork:
        branches:
          - a: {call: slow}
          - b: {set: {b: 1}}
          - c: {call: fast}
`;
  it('joins once, results in declaration order', () => {
    const { end } = drive(
      branches,
      {},
      {
        slow: () => ({ result: 's', after: 10 }),
        fast: () => ({ result: 'f', after: 1 }),
      },
    );
    expect(end.output).toEqual(['s', { b: 1 }, 'f']);
  });
  it('faults when a branch faults', () => {
    const { end } = drive(
      branches,
      {},
      { slow: () => fail(500), fast: () => ({ result: 1, after: 5 }) },
    );
    expect(end.error).toMatchObject({ status: 500, instance: '/do/0/f/fork/branches/0/a' });
  });
  it('lets the first success of a compete win', () => {
    const { end, at } = drive(
      'do: [{f: {fork: {compete: true, branches: [{a: {call: slow}}, {b: {call: bad}}, {c: {call: fast}}]}}}]',
      {},
      {
        slow: () => ({ result: 's', after: 100 }),
        bad: () => fail(500),
        fast: () => ({ result: 'f', after: 50 }),
      },
    );
    expect([end.output, at]).toEqual(['f', 50]);
  });
  it('runs wide forks a window at a time, nested ones in their own strands', () => {
    const names = Array.from({ length: 600 }, (_, i) => `{b${i}: {call: f, with: {i: ${i}}}}`);
    const { end, calls } = drive(
      `do: [{f: {fork: {branches: [${names.join(', ')}]}}}]`,
      {},
      {
        f: ({ arguments: args }) => ({ result: args, after: 3 }),
      },
    );
    expect((end.output as unknown[]).length).toBe(600);
    expect((end.output as unknown[])[599]).toEqual({ i: 599 });
    expect(new Set(calls.map(({ key }) => key)).size).toBe(600);
    const nested = drive(
      `do: [{f: {fork: {branches: [{x: {fork: {branches: [{p: {call: f}}, {q: {wait: PT1S}}]}}}, {y: {for: {in: '[1,2]'}, do: [{c: {call: f, with: {v: '\${ $item }'}}}]}}]}}}]`,
      { n: 1 },
    );
    expect(nested.end.output).toEqual([[null, { n: 1 }], { v: 2 }]);
  });
});

describe('the key of an activity', () => {
  it('is a hash of the canonical text of all that is asked for, half characters and all', () => {
    for (const value of [
      null,
      1.5,
      'é"\n',
      { b: [1, -0, {}], a: { z: 1, y: [] } },
      'half \ud800',
      {},
    ]) {
      const { calls } = drive('do: [{a: {call: f, with: {b: "${ . }", a: 1}}}]', value, {
        f: () => ({ result: null }),
      });
      const [call] = calls;
      const asked = { arguments: call!.arguments, kind: 'function', name: 'f' };
      const digest = sha256Hex(anyJson(asked));
      expect(call!.key).toBe(effectKey(call!.run, '', 1, 'do', digest));
    }
  });
});

/* What expressions see at the edges of a task, and who catches what fails there. */
import { describe, expect, it } from 'vitest';
import { proves } from '../proofs/proves.ts';
import { drive } from './drive.ts';

const unavailable = {
  error: {
    type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
    status: 503,
    title: 'Unavailable',
  },
};

describe('a loop binds its variables in while and do only', () => {
  it('for.in sees the item of the loop around it, whatever its own is called', () => {
    const { end } = drive(
      `
do:
  - orders:
      for: {in: .orders}
      do:
        - lines:
            for: {in: $item.lines}
            do: [{add: {set: {seen: '\${ (.seen // []) + [$item] }', orders: '\${ .orders }'}}}]
  - only: {set: '\${ .seen }'}
`,
      { orders: [{ lines: [1, 2] }, { lines: [3] }] },
    );
    expect(end.output).toEqual([1, 2, 3]);
  });
  it('output.as and export.as of a loop see the variables around it', () => {
    const { end } = drive(`
output: {as: $context}
do:
  - outer:
      for: {in: '[10]'}
      do:
        - inner:
            for: {in: '[20, 30]'}
            do: [{a: {set: {n: 1}}}]
            export: {as: '{item: $item, index: $index}'}
`);
    expect(end.output).toEqual({ item: 10, index: 0 });
  });
  it('while sees what the turns have come to, and $input what the loop was given', () => {
    const { end } = drive(
      `do: [{l: {for: {in: '[1, 2, 3, 4]'}, while: '.n < $input.n + 2', do: [{a: {set: {n: '\${ .n + 1 }'}}}]}}]`,
      { n: 5 },
    );
    expect(end.output).toEqual({ n: 7 });
  });
});

describe('$context', () => {
  it('counts what a retried block has exported once for each attempt, although the retry is looked at ahead', () => {
    const { end } = drive(
      `output: {as: $context}
use: {retries: {soon: {delay: {seconds: 1}, limit: {attempt: {count: 2}}}}}
do: [{t: {try: [{n: {set: {x: 1}, export: {as: '{n: (($context.n // 0) + 1)}'}}}, {w: {wait: PT1S}}, {a: {call: a}}], catch: {retry: soon, do: [{over: {set: {done: true}}}]}}}]`,
      {},
      {
        a: () => ({ error: { type: 'https://example.com/no', status: 503, title: 'no' } }),
      },
    );
    expect(end.output).toEqual({ n: 3 });
  });
});

describe('$task', () => {
  it('has the raw output, also where $output is the transformed one', () => {
    const { end } = drive(`
output: {as: $context}
do:
  - a:
      set: {n: 1}
      output: {as: '{n: ($task.output.n + 1)}'}
      export: {as: '{output: $output, raw: $task.output}'}
`);
    expect(end.output).toEqual({ output: { n: 2 }, raw: { n: 1 } });
  });
});

describe('a task whose output fails', () => {
  it('is not caught or tried again by itself', () => {
    const { calls, end } = drive(
      `
do:
  - t:
      try: [{a: {call: f}}]
      catch: {retry: {limit: {attempt: {count: 3}}}, do: [{h: {set: {caught: true}}}]}
      output: {as: '.x | keys'}
`,
      {},
      { f: () => ({ result: { x: 1 } }) },
    );
    expect(calls).toHaveLength(1);
    expect(end.error).toMatchObject({ status: 400, instance: '/do/0/t' });
  });
  it('has completed its activity: a retry around it asks for a new effect', () => {
    const { calls } = drive(
      `
do:
  - t:
      try: [{a: {call: f, output: {as: 'if .n == 1 then error("no") else . end'}}}]
      catch: {retry: {limit: {attempt: {count: 1}}}}
`,
      {},
      { f: (_activity, nth) => ({ result: { n: nth } }) },
    );
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(2);
  });
});

describe('a catch that fails', () => {
  it('is blamed itself, whatever failed in its block', () => {
    const { end } = drive(`
do:
  - t:
      try: [{a: {if: '.n | keys', set: {x: 1}}}]
      catch: {when: '"a" | error'}
`);
    expect(end.error).toMatchObject({ status: 400, instance: '/do/0/t' });
  });
  it('leaves the activity that failed to the retry around it, with its key', () => {
    const { calls } = drive(
      `
do:
  - t:
      try:
        - i:
            try: [{a: {call: f}}]
            catch: {retry: {delay: '\${ "soon" }', limit: {attempt: {count: 1}}}}
      catch: {retry: {limit: {attempt: {count: 1}}}}
`,
      {},
      { f: (_activity, nth) => (nth === 1 ? unavailable : { result: 1 }) },
    );
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
  });
});

describe('limit.attempt.duration', () => {
  const document = (duration: string) => `
do:
  - outer:
      try:
        - t:
            try: [{a: {call: f}}]
            catch: {retry: {delay: PT1S, limit: {attempt: {count: 3, duration: '${duration}'}}}, do: [{h: {set: {caught: true}}}]}
      catch: {do: [{o: {set: {by: outer, at: '\${ $error.instance }', status: '\${ $error.status }'}}}]}
`;
  const faulty = { by: 'outer', at: '/do/0/outer/try/0/t', status: 400 };

  it(
    'that fails is not caught, nor tried again, by the try that it belongs to',
    proves('decided.attempt-duration'),
    () => {
      const { calls, end } = drive(document('${ .n | keys }'), { n: 1 });
      expect(calls).toEqual([]);
      expect(end.output).toEqual(faulty);
    },
  );
  it('nor when a retry is due, and then only', () => {
    const { calls, end, at } = drive(
      document('${ if now < 1 then "PT9S" else "soon" end }'),
      {},
      { f: () => unavailable },
    );
    expect(calls).toHaveLength(1);
    expect(end.output).toEqual(faulty);
    expect(at).toBe(1000);
  });
  it('cannot speak of an error: the first attempt begins before there is one', () => {
    const document = `
do:
  - t:
      try: [{a: {call: f}}]
      catch: {retry: {limit: {attempt: {count: 1, duration: '\${ "PT\\($error.status)S" }'}}}}
`;
    expect(() => drive(document)).toThrow(/unknown-variable/);
  });
});

/* for with metadata.parallel: iterations as strands, results in order. */
import { describe, expect, it } from 'vitest';
import { drive, planOf } from './drive.ts';

const loop = (items: string, max: number, body: string, more = ''): string =>
  `{for: {each: n, in: '${items}', at: i}, metadata: {parallel: {max: ${max}}}, do: [${body}]${more}}`;
const boom = (status: number) => ({
  error: { type: 'https://example.com/boom', status, title: 'Boom' },
});

describe('a parallel loop', () => {
  it('gives the outputs in order of the items, whoever is first', () => {
    const { calls, end } = drive(
      `do: [{l: ${loop('.list', 3, "{a: {call: f, with: {n: '${ $n }', i: '${ $i }', first: '${ .list[0] }'}}}")}}]`,
      { list: [30, 10, 20, 5] },
      { f: ({ arguments: given }) => ({ result: given, after: (given as { n: number }).n }) },
    );
    expect(end.output).toEqual([30, 10, 20, 5].map((n, i) => ({ n, i, first: 30 })));
    // the fourth begins when the first has ended
    expect(calls.map(({ at }) => at)).toEqual([0, 0, 0, 10]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(4);
  });
  it('of nothing gives nothing, and costs nothing', () => {
    const { end, hops } = drive(`do: [{l: ${loop('[]', 3, '{a: {call: f}}')}}]`, { x: 1 });
    expect(end.output).toEqual([]);
    expect(hops).toBe(1);
  });
  it('of pure iterations takes one hop, until fuel runs out', () => {
    const body = "{a: {set: {v: '${ $n * 2 }'}}}";
    const short = drive(`do: [{l: ${loop('[range(500)]', 4, body)}}]`);
    expect(short.end.output).toEqual(Array.from({ length: 500 }, (_, n) => ({ v: 2 * n })));
    expect(short.hops).toBe(1);
    const long = drive(`do: [{l: ${loop('[range(5000)]', 4, body)}}]`);
    expect(long.end.output).toEqual(Array.from({ length: 5_000 }, (_, n) => ({ v: 2 * n })));
  });
  it('keeps what an iteration does to itself: context, exit, and the ends of its tasks', () => {
    const { end } = drive(
      `output: {as: '{c: $context, o: .}'}
do: [{e: {set: {x: 0}, export: {as: '{k: 1}'}}}, {l: ${loop(
        '[1, 2]',
        2,
        "{a: {set: {v: '${ $n + $context.k }'}, export: {as: '{k: 9}'}, then: exit}}, {never: {set: {no: 1}}}",
      )}}]`,
    );
    expect(end.output).toEqual({ c: { k: 1 }, o: [{ v: 2 }, { v: 3 }] });
  });
  it('sees the variables of loops around it, and lets forks inside see its own', () => {
    const { end } = drive(
      `do: [{o: {for: {each: out, in: '[100]'}, do: [{l: ${loop(
        '[1, 2]',
        2,
        "{f: {fork: {branches: [{x: {call: g, with: {v: '${ $n + $i + $out }'}}}]}}}",
      )}}]}}]`,
    );
    expect(end.output).toEqual([[{ v: 101 }], [{ v: 103 }]]);
  });
  it('is faulted by the first error, which cancels the other iterations', () => {
    const { at, calls, end } = drive(
      `do: [{t: {try: [{l: ${loop('[5, 1, 9, 3]', 2, "{a: {call: f, with: {n: '${ $n }'}}}")}}], catch: {do: [{h: {set: {s: '\${ $error.status }', at: '\${ $error.instance }'}}}]}}}]`,
      {},
      {
        f: ({ arguments: given }) => {
          const { n } = given as { n: number };
          return n === 1 ? { ...boom(418), after: 1 } : { result: n, after: n };
        },
      },
    );
    expect(end.output).toEqual({ s: 418, at: '/do/0/t/try/0/l/do/0/a' });
    expect([at, calls.length]).toEqual([1, 2]);
  });
  it('is ended by `then: end`, and the workflow with it', () => {
    const { end } = drive(
      `do: [{l: ${loop('[5, 1]', 2, "{a: {call: f, with: {n: '${ $n }'}}}, {b: {if: $n == 1, set: {over: true}, then: end}}")}}, {never: {set: {no: 1}}}]`,
      {},
      { f: ({ arguments: given }) => ({ result: 0, after: (given as { n: number }).n }) },
    );
    expect(end.output).toEqual({ over: true });
  });
  it('needs a list', () => {
    const { end } = drive(`do: [{l: ${loop('.x', 2, '{a: {call: f}}')}}]`, { x: 7 });
    expect(end.error).toMatchObject({ status: 400, instance: '/do/0/l' });
  });
  it('runs children, each one a strand below its iteration', () => {
    const child = planOf(
      "document: {dsl: '1.0.3', namespace: test, name: child, version: '1.0.0'}\ndo: [{a: {call: f, with: {n: '${ .n }'}}}]",
    );
    const { end } = drive(
      `do: [{l: ${loop('[1, 2, 3]', 2, "{c: {run: {workflow: {namespace: test, name: child, version: latest, input: {n: '${ $n }'}}}}}")}}]`,
      {},
      { f: ({ arguments: given }) => ({ result: given, after: 5 }) },
      { definitions: { child } },
    );
    expect(end.output).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

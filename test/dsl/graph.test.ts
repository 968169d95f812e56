/*
 * The graph of a workflow: its items and edges, and its Mermaid form.
 */
import { describe, expect, test } from 'vitest';
import { buildGraph, type GraphGroup, type GraphItem } from '../../src/dsl/graph.ts';
import { load } from '../../src/dsl/load.ts';
import { toMermaid } from '../../src/dsl/mermaid.ts';

const HEAD = 'document: { dsl: 1.0.3, namespace: test, name: sample, version: 1.0.0 }\n';

function graphOf(text: string): ReturnType<typeof buildGraph> {
  const { definition, problems } = load(`${HEAD}${text}`, 'a.yaml');
  expect(problems).toEqual([]);
  return buildGraph(definition!.document);
}
/** `from -role-> to [label]`, with ids cut to what tells them apart. */
function edges(group: GraphGroup): string[] {
  const cut = (id: string): string => id.split('/').at(-1)!;
  return group.edges.map(({ from, to, role, label }) =>
    [`${cut(from)} -${role}-> ${cut(to)}`, label].filter(Boolean).join(' | '),
  );
}
function child(group: GraphGroup, label: string): GraphItem {
  return group.items.find((item) => item.label === label)!;
}

describe('the graph', () => {
  test('a sequence with jumps', () => {
    const { root } = graphOf(`do:
  - a: { set: { x: 1 } }
  - b: { set: { x: 1 }, then: a }
  - c: { set: { x: 1 }, then: end }
`);
    expect(edges(root)).toEqual([
      'do#start -flow-> a',
      'a -flow-> b',
      'b -flow-> a',
      'c -flow-> do#exit',
    ]);
  });

  test('a switch: its cases, and what happens when none matches', () => {
    const { root } = graphOf(`do:
  - a: { switch: [ { big: { when: .n > 5, then: c } }, { case2: { when: '\${ .n }', then: end } } ] }
  - b: { set: { x: 1 } }
  - c: { switch: [ { other: { then: exit } } ] }
`);
    expect(edges(root)).toEqual([
      'do#start -flow-> a',
      'a -case-> c | big: .n > 5',
      'a -case-> do#exit | .n',
      'a -case-> b | no match',
      'b -flow-> c',
      'c -case-> do#exit | else',
    ]);
  });

  test('a try: error path, retry loop, catch.then', () => {
    const { root } = graphOf(`do:
  - a:
      try: [ { x: { call: f } } ]
      catch: { errors: { with: { status: 503 } }, retry: { delay: PT3S, limit: { attempt: { count: 5 } } }, do: [ { y: { call: g } } ], then: c }
  - b: { set: { x: 1 } }
  - c: { set: { x: 1 } }
`);
    expect(edges(root)).toContain('a -error-> c | after catch');
    const group = child(root, 'a') as GraphGroup;
    expect(edges(group)).toEqual(['try -error-> catch | 503', 'try -retry-> try | retry ×5 · 3 s']);
    expect(group.items.map(({ role }) => role)).toEqual(['body', 'catch']);
  });

  test('a loop turns back, a fork has two bars', () => {
    const { root } = graphOf(`do:
  - a: { for: { each: pet, in: .pets }, do: [ { x: { call: f } }, { y: { call: f } } ] }
  - b: { fork: { branches: [ { p: { call: f } }, { q: { call: f } } ] } }
`);
    expect(edges(child(root, 'a') as GraphGroup)).toEqual([
      'x -flow-> y',
      'y -loop-> x | next pet',
    ]);
    expect(edges(child(root, 'b') as GraphGroup)).toEqual([
      'b#fork -flow-> p',
      'p -flow-> b#join',
      'b#fork -flow-> q',
      'q -flow-> b#join',
    ]);
  });

  test('leaving a nested scope and the workflow from inside', () => {
    const { root } = graphOf(`do:
  - a: { do: [ { x: { call: f, then: exit } }, { y: { call: f, then: end } }, { z: { call: f } } ] }
`);
    expect(edges(child(root, 'a') as GraphGroup)).toEqual([
      'x -flow-> do#exit',
      'y -flow-> y#end',
      'z -flow-> do#exit',
    ]);
  });

  test('nothing follows a raise, except when it is conditional', () => {
    const { root } = graphOf(`do:
  - a: { raise: { error: { type: http://a/b, status: 500 } }, if: .bad }
  - b: { raise: { error: { type: http://a/b, status: 500 } } }
  - c: { set: { x: 1 } }
`);
    expect(edges(root)).toEqual([
      'do#start -flow-> a',
      'a -flow-> b | otherwise',
      'c -flow-> do#exit',
    ]);
  });

  test('conditions, deadlines and compensations are badges', () => {
    const { root } = graphOf(`do:
  - a: { call: f, if: .x, timeout: { after: PT90S }, metadata: { compensate: { call: undo } } }
`);
    expect(child(root, 'a').badges).toEqual(['if .x', 'timeout 1 min 30 s', 'has compensation']);
  });
});

describe('Mermaid', () => {
  test('is a flowchart with nested groups', () => {
    const text = toMermaid(
      graphOf('do:\n  - a: { do: [ { x: { set: { "say \\"<hi>\\"": 1 } } } ] }\n'),
    );
    expect(text).toBe(`---
title: "sample"
---
flowchart TD
  n0(("start"))
  subgraph n1["a"]
    n2["x<br/>say #34;#60;hi#62;#34;"]
  end
  n3((("end")))
  n0 --> n1
  n1 --> n3
`);
  });

  test('an empty group gets something inside', () => {
    expect(toMermaid(graphOf('do:\n  - a: { do: [] }\n'))).toContain('["nothing"]');
  });
});

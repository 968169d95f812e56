/*
 * The SVG of a workflow: well-formed, escaped, deterministic, and nothing overlaps.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { buildGraph } from '../../src/dsl/graph.ts';
import { defineDocument, load } from '../../src/dsl/load.ts';
import { layoutGroup } from '../../src/report/graph-layout.ts';
import type { Picture, PlacedGroup } from '../../src/report/graph-model.ts';
import { graphSvg } from '../../src/report/graph-svg.ts';
import type { Json } from '../../src/wire/json.ts';

function picture(document: Json): Picture {
  const { definition, problems } = defineDocument(document);
  expect(problems).toEqual([]);
  return buildGraph(definition!.document);
}
const workflow = (tasks: Json, name = 'sample'): Json => ({
  document: { dsl: '1.0.3', namespace: 'test', name, version: '1.0.0' },
  do: tasks,
});

/** Items of a group lie inside it and apart from each other, all the way down. */
function expectNoOverlap(placed: PlacedGroup): void {
  for (const [index, { box, inside }] of placed.items.entries()) {
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(placed.width + 0.01);
    expect(box.y + box.height).toBeLessThanOrEqual(placed.height + 0.01);
    for (const { box: other } of placed.items.slice(index + 1)) {
      const apart =
        box.x + box.width <= other.x ||
        other.x + other.width <= box.x ||
        box.y + box.height <= other.y ||
        other.y + other.height <= box.y;
      expect(apart).toBe(true);
    }
    if (inside !== undefined) expectNoOverlap(inside);
  }
  for (const { labelAt } of placed.edges) {
    if (labelAt === undefined) continue;
    expect(labelAt.x).toBeLessThanOrEqual(placed.width);
    for (const { box } of placed.items) {
      const inside =
        labelAt.x > box.x &&
        labelAt.x < box.x + box.width &&
        labelAt.y > box.y &&
        labelAt.y < box.y + box.height;
      expect(inside).toBe(false);
    }
  }
}

/** Every tag that opens closes, in order. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, close, name, , self] of svg.matchAll(/<(\/?)([a-z]+)((?:\s[^<>]*?)?)(\/?)>/gi)) {
    if (self === '/') continue;
    if (close === '/') expect(open.pop()).toBe(name);
    else open.push(name!);
  }
  expect(open).toEqual([]);
}

const leaf = fc.constantFrom<Json>(
  { set: { a: 1 } },
  { call: 'someFunction', timeout: { after: 'PT1S' }, if: '.ready' },
  { wait: 'PT1H' },
  { raise: { error: { type: 'http://a/b', status: 500 } } },
  { emit: { event: { with: { type: 'com.example.a-rather-long-type-name.happened.v1' } } } },
  { set: { a: 1 }, then: 'exit' },
  { set: { a: 1 }, then: 'end' },
);
const { list } = fc.letrec<{ list: Json; task: Json }>((tie) => ({
  task: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    leaf,
    fc.record({ do: tie('list') }),
    fc.record({ for: fc.constant({ in: '.x' }), do: tie('list') }),
    fc.record({ fork: fc.record({ branches: tie('list') }) }),
    fc.record({
      try: tie('list'),
      catch: fc.record({ retry: fc.constant({ delay: 'PT1S' }), do: tie('list') }),
    }),
    fc
      .array(fc.tuple(fc.constantFrom('t0', 't1', 't2', 'exit', 'end'), fc.boolean()), {
        minLength: 1,
        maxLength: 4,
      })
      .map((cases) => ({
        switch: cases.map(([then], index) => ({ [`c${index}`]: { when: `.a == ${index}`, then } })),
      })),
  ),
  list: fc
    .array(tie('task'), { minLength: 1, maxLength: 4 })
    .map((tasks) => tasks.map((task, index) => ({ [`t${index}`]: task as Json }))),
}));

describe('the SVG', () => {
  test('nothing overlaps, whatever the workflow', () => {
    fc.assert(
      fc.property(list, (tasks) => {
        const { definition } = defineDocument(workflow(tasks));
        if (definition === undefined) return; // a random `then` may lead nowhere
        expectNoOverlap(layoutGroup(buildGraph(definition.document).root, true));
      }),
      { numRuns: 500 },
    );
  });

  test('is well-formed, escaped and the same every time', () => {
    const nasty = [{ 'a<b>&"c"': { set: { '</text><script>alert(1)</script>': 1 } } }];
    const svg = graphSvg(picture(workflow(nasty)));
    expect(svg).toBe(graphSvg(picture(workflow(nasty))));
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('a&lt;b&gt;&amp;&quot;c&quot;');
    expectWellFormed(svg);
  });

  test('needs nothing from outside', () => {
    const svg = graphSvg(picture(workflow([{ a: { set: { x: 1 } } }])));
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|@import|<image|href=/,
    );
    expect(svg).toContain('prefers-color-scheme:dark');
  });

  test('a thousand tasks are drawn in reasonable time', () => {
    const tasks = Array.from({ length: 1_000 }, (_, index) => ({
      [`task${index}`]: { set: { a: 1 } },
    }));
    const start = performance.now();
    expectWellFormed(graphSvg(picture(workflow(tasks))));
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  const examples = new URL('../../../shared/data/examples/', import.meta.url);
  test('draws every example of the specification', ({ skip }) => {
    skip(!existsSync(examples), 'the specification is not beside the project');
    for (const name of readdirSync(examples)) {
      const { definition } = load(
        readFileSync(new URL(encodeURIComponent(name), examples), 'utf8'),
        name,
      );
      const graph = buildGraph(definition!.document);
      expectNoOverlap(layoutGroup(graph.root, true));
      expectWellFormed(graphSvg(graph));
    }
  });
});

/*
 * Upgrade pre-flight where strands join: what was changed in a branch is found on the runs that came to it,
 * though the end of the last one has no record of its own; what does not matter is not reported.
 */
import { beforeAll, expect, test } from 'vitest';
import { defineDocument } from '../../src/dsl/index.ts';
import { compilePlan } from '../../src/dsl/plan/index.ts';
import { schemas } from '../../src/presets/schemas.ts';
import type { FindingGroup } from '../../src/trace/tally.ts';
import type { Json } from '../../src/wire/index.ts';
import { examined, plansOf, recorded, stageOf } from './traces.ts';

interface Enrich {
  readonly do: readonly [
    {
      readonly enrich: {
        readonly fork: { readonly branches: Record<string, { output?: Json }>[] };
      };
    },
  ];
}

let bytes: Uint8Array;
let document = '';
let runs = 0;

beforeAll(async () => {
  const stage = await stageOf('scenarios/data-enrichment.yaml');
  // Cut off, so that some are in flight.
  bytes = recorded(stage, plansOf(stage, 4, 11, 'calm'), { cut: 24 });
  document = JSON.stringify(stage.scenario.definition.document);
  const { tally } = examined(bytes);
  expect(tally.groups).toEqual([]);
  expect(tally.inFlight).toBeGreaterThan(1);
  ({ runs } = tally);
});

function against(from: string, to: string): readonly FindingGroup[] {
  const changed = document.replace(from, to);
  expect(changed).not.toBe(document);
  return tried(JSON.parse(changed) as Json);
}

function tried(changed: Json): readonly FindingGroup[] {
  const { definition } = defineDocument(changed);
  const { plan } = compilePlan(definition!, schemas);
  const name = `${definition!.namespace}/${definition!.name}`;
  return examined(bytes, new Map([[name, plan!]])).tally.groups;
}

const concerned = (groups: readonly FindingGroup[]): number =>
  groups.reduce((sum, group) => sum + group.runs, 0);

test('what a branch puts out is found, whether its end has a record or rides in the join', () => {
  const changed = JSON.parse(document) as Enrich;
  changed.do[0].enrich.fork.branches[1]!['credit']!.output = { as: '${ . + { v: 2 } }' };
  const groups = tried(changed as unknown as Json);
  const places = new Set(groups.map(({ first }) => first.differences[0]?.at.replace(/\d.*/, '')));
  expect(places).toEqual(new Set(['/ends/', '/end/output/v']));
  for (const { first } of groups) expect(first.responsible.task).toContain('/credit');
  expect(concerned(groups)).toBeLessThan(runs);
});

test('a branch that is gone breaks who stands in it', () => {
  const changed = JSON.parse(document) as Enrich;
  changed.do[0].enrich.fork.branches.pop();
  const groups = tried(changed as unknown as Json);
  const broken = groups.filter(({ kind }) => kind === 'breaks');
  expect(broken.length).toBeGreaterThan(0);
  expect(broken.every(({ inFlight, runs: all }) => inFlight === all)).toBe(true);
  expect(concerned(groups)).toBe(runs);
});

test('a race that is none any more breaks where it was won', () => {
  const groups = against('"compete":true', '"compete":false');
  expect(groups.map(({ kind }) => kind)).toEqual(['breaks']);
  expect(groups[0]!.first.responsible.task).toContain('/place');
});

test('the order of members, titles, versions, and how an expression is written do not matter', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).map(([key, part]) => [key, turned(part)]);
    return Object.fromEntries(members.reverse());
  };
  expect(tried(turned(JSON.parse(document)) as Json)).toEqual([]);
  expect(against('"version":"1.0.0"', '"version":"1.4.0","title":"another"')).toEqual([]);
  expect(against('place: .[3] }', 'place: .[3] } # in this order')).toEqual([]);
  expect(against('{ registry: .[0], credit', '{registry:.[0],credit')).toEqual([]);
});

/*
 * One step of a strand per kind of task: the answer of a call comes in, the task under test is passed, and
 * the next call is scheduled. The State weighs 1 KB.
 */
import { begin, step } from '../../src/core/index.ts';
import { compilePlan, load, type Plan } from '../../src/dsl/index.ts';
import type { Activity, Cause, Json, State } from '../../src/wire/index.ts';

const NOW = 1_763_615_990_000;
const ID = { run: '019aa8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b', strand: '' };
const RESULT = { ok: true, id: 'order-000123', amount: 12.5, note: 'a small json object' };

/** Kind of task -> what stands between the two calls. */
const BETWEEN: Readonly<Record<string, string>> = {
  call: '',
  set: '- x: { set: { id: "${ .id }", amount: "${ .amount * 2 }" } }',
  switch:
    '- x: { switch: [{ big: { when: .amount > 100, then: end } }, { small: { then: continue } }] }',
  'for, ten turns':
    '- x: { for: { each: n, in: "[range(10)]" }, do: [{ y: { set: { n: "${ $n }" } } }] }',
  'do of three':
    '- x: { do: [{ a: { set: { n: 1 } } }, { b: { set: { n: 2 } } }, { c: { set: { n: 3 } } }] }',
  'raise and catch':
    '- x: { try: [{ y: { raise: { error: { type: "https://example.com/no", status: 400, title: no } } } }], catch: { do: [{ z: { set: { n: 1 } } }] } }',
};

function planOf(between: string): Plan {
  const text = `
document: { dsl: '1.0.3', namespace: bench, name: micro, version: '1.0.0' }
do:
  - a: { call: step, export: { as: '$context + { last: .id }' } }
  ${between}
  - b: { call: step, with: { id: '\${ $context.last }' } }
  - c: { set: '\${ $context }' }
`;
  const { definition, problems } = load(text, 'micro.yaml');
  if (definition === undefined) throw new Error(problems.map(({ message }) => message).join());
  const { plan } = compilePlan(definition, () => {
    throw new Error('no schemas here');
  });
  if (plan === undefined) throw new Error('it does not compile');
  return plan;
}

/** A State that waits for the answer of its first call, with 1 KB of context. */
function waiting(plan: Plan): { readonly state: State; readonly activity: Activity } {
  const { next, state } = step(plan, ID, begin(NOW, { id: 'order-1' }), { kind: 'start' }, NOW);
  if (next.kind !== 'activity') throw new Error(`it is at a ${next.kind}`);
  const context: Json = {
    documents: Array.from({ length: 20 }, (_, i) => ({
      id: `doc-${i}`,
      kind: 'passport',
      pages: i,
    })),
  };
  return { state: { ...state, context }, activity: next.activity };
}

/** Kind of task -> a function that makes one step. */
export function stepsByKind(): ReadonlyMap<string, () => unknown> {
  const found = new Map<string, () => unknown>();
  for (const [kind, between] of Object.entries(BETWEEN)) {
    const plan = planOf(between);
    const { activity, state } = waiting(plan);
    const { attempt, key } = activity;
    const cause: Cause = { kind: 'activity', key, attempt, result: RESULT };
    const one = (): unknown => step(plan, ID, state, cause, NOW + 5);
    const { next } = step(plan, ID, state, cause, NOW + 5);
    if (next.kind !== 'activity') throw new Error(`${kind}: it came to a ${next.kind}`);
    found.set(kind, one);
  }
  return found;
}

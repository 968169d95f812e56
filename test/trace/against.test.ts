/*
 * Upgrade pre-flight: a definition that was changed in a way that matters is found on the runs that it
 * matters to, and only there; one that was not is not reported.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { defineDocument, type Definition } from '../../src/dsl/index.ts';
import { compilePlan, type Plan } from '../../src/dsl/plan/index.ts';
import { schemas } from '../../src/presets/schemas.ts';
import { pointerMap } from '../../src/trace/migrate.ts';
import { type Placed } from '../../src/trace/places.ts';
import type { ExamineOptions } from '../../src/trace/examine.ts';
import type { Json } from '../../src/wire/index.ts';
import { type Examined, examined, plansOf, recorded, stageOf } from './traces.ts';

let bytes: Uint8Array;
let definition: Definition;

beforeAll(async () => {
  const stage = await stageOf('scenarios/order-fulfilment.yaml');
  ({ definition } = stage.scenario);
  // Cut off early: many of its runs have not ended.
  bytes = recorded(stage, plansOf(stage, 12, 5, 'flaky'), { cut: 14 });
});

type Document = { [key: string]: unknown };

function planWith(change: (text: string) => string): ReadonlyMap<string, Plan> {
  const text = JSON.stringify(definition.document);
  const changed = change(text);
  const { definition: other, problems } = defineDocument(
    JSON.parse(changed) as Json,
    definition.resources,
  );
  if (other === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  const { plan } = compilePlan(other, schemas);
  return new Map([[`${other.namespace}/${other.name}`, plan!]]);
}

function against(
  change: (text: string) => string,
  options: Partial<ExamineOptions> = {},
): Examined {
  const text = JSON.stringify(definition.document);
  if (change(text) === text && options.map === undefined) throw new Error('nothing was changed');
  return examined(bytes, planWith(change), options);
}

/** Runs whose records concern a task. */
function runsAt(
  concerns: (record: Placed, body: Examined['judged'][number]['body']) => boolean,
): Set<string> {
  const { judged } = examined(bytes);
  return new Set(
    judged
      .filter(({ body, record }) => concerns(record, body))
      .map(({ record }) => record.header.run),
  );
}

function runsOf({ judged }: Examined): Set<string> {
  return new Set(
    judged
      .filter(({ verdict }) => verdict.kind === 'differs' || verdict.kind === 'breaks')
      .map(({ record }) => record.header.run),
  );
}

const holds = (_: Placed, body: Examined['judged'][number]['body']): boolean =>
  'activity' in body && body.activity?.name === 'payment-hold';
const isAt = (task: string) => (_: Placed, body: Examined['judged'][number]['body']) =>
  'state' in body &&
  (body.state.position.includes(`/${task}`) ||
    body.state.frames.some(({ pointer }) => pointer.includes(`/${task}`)));

test('the trace has runs in flight and runs that ended', () => {
  const { tally } = examined(bytes);
  expect(tally.groups).toEqual([]);
  expect(tally.inFlight).toBeGreaterThan(5);
  expect(tally.runs).toBeGreaterThan(tally.inFlight);
  expect(runsAt(holds).size).toBeGreaterThan(2);
});

describe('a change that does not matter is not reported', () => {
  test.each([
    ['another version', (text: string) => text.replace('"version":"1.0.0"', '"version":"1.0.1"')],
    [
      'a title',
      (text: string) => text.replace('"version":"1.0.0"', '"version":"1.0.0","title":"Orders"'),
    ],
    ['an expression that says the same', (text: string) => text.replace('| add }', '| add + 0 }')],
    [
      'the words of an error that nobody raised',
      (text: string) => text.replace('in spite of retries', 'in spite of all'),
    ],
  ])('%s', (_, change) => {
    const { tally } = against(change);
    expect(tally.groups).toEqual([]);
    expect(tally.equal).toBe(tally.hops);
  });
});

describe('a change that matters is found on the runs concerned, and only there', () => {
  test('another expression', () => {
    const found = against((text) => text.replace('| add }', '| add * 2 }'));
    expect(runsOf(found)).toEqual(runsAt(holds));
    const [group] = found.tally.groups;
    expect(group?.kind).toBe('differs');
    expect(group?.first.differences[0]?.at).toBe('/activity/arguments/amount');
    expect(group?.first.responsible.task).toMatch(/\/holdPayment\/try\/0\/callHold$/);
    expect(group?.first.responsible.expression?.at).toMatch(/callHold\/with\/amount$/);
  });

  test('a task has another name', () => {
    const found = against((text) => text.replace('"callHold":', '"placeHold":'));
    // Who is at the task stands nowhere; who has not come to it goes on.
    expect(runsOf(found)).toEqual(new Set([...runsAt(isAt('callHold'))]));
    expect(found.tally.groups.map(({ kind }) => kind)).toContain('breaks');
    expect(found.tally.groups[0]?.first.responsible.task).toContain('Hold');
  });

  test('... and a map says so', () => {
    const map = pointerMap(['callHold=placeHold']);
    const found = against((text) => text.replace('"callHold":', '"placeHold":'), { map });
    expect(found.tally.groups).toEqual([]);
  });

  test('a task was put in before the others: a map of pointers', () => {
    const change = (text: string): string => {
      const document = JSON.parse(text) as Document;
      const [begin, ...rest] = document['do'] as Document[];
      return JSON.stringify({ ...document, do: [begin, { noted: { set: '${ . }' } }, ...rest] });
    };
    const found = against(change);
    expect(found.tally.groups.length).toBeGreaterThan(0);
    const map = pointerMap(['/do/1/fulfil=/do/2/fulfil']);
    const mapped = against(change, { map });
    // A run that begins goes through one task more, and comes to the same.
    expect(mapped.tally.groups).toEqual([]);
  });

  test('the body of a loop is gone', () => {
    const found = against((text) => text.replace('"reserveLine":{"try"', '"reserveOther":{"try"'));
    expect(found.tally.groups.length).toBeGreaterThan(0);
    expect(runsOf(found)).toEqual(runsAt(isAt('reserveLine')));
  });

  test('a schema that its input does not meet', () => {
    const found = against((text) => {
      const document = JSON.parse(text) as Document;
      const schema = { document: { type: 'object', required: ['coupon'] } };
      return JSON.stringify({ ...document, input: { schema } });
    });
    const began = runsAt(({ header }) => header.hop === 1 && header.strand === '');
    expect(runsOf(found)).toEqual(began);
    expect(found.tally.groups[0]?.first.responsible.task).toBe('');
  });

  test('data that the runs under way have not kept', () => {
    const found = against((text) =>
      text
        .replace('{ orderId: $context.order.orderId }', '{ orderId: $workflow.input.orderId }')
        .replace('"outcome":"fulfilled"', '"outcome":"fulfilled","input":"${ $workflow.input }"'),
    );
    expect(found.tally.groups[0]?.first.differences.some(({ at }) => at === '/state/input')).toBe(
      true,
    );
  });
});

test('every run counts once, in one group', () => {
  const { tally } = against((text) => text.replaceAll('inventory-reserve', 'stock-reserve'));
  const counted = tally.groups.reduce((sum, { runs }) => sum + runs, 0);
  expect(counted).toBeLessThanOrEqual(tally.runs);
  expect(tally.groups[0]?.inFlight).toBeGreaterThan(0);
});

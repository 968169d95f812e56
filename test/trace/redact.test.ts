/*
 * What is taken out of a trace is nowhere in it, not even in a compressed block; what depended on it is
 * not called equal, and everything else still is.
 */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { defineDocument } from '../../src/dsl/index.ts';
import { compilePlan, type Plan } from '../../src/dsl/plan/index.ts';
import { schemas } from '../../src/presets/schemas.ts';
import { marker, pointersIn } from '../../src/trace/marker.ts';
import { Redactor, RedactError } from '../../src/trace/redact.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { canonicalJson, decodeRecord, type Json } from '../../src/wire/index.ts';
import type { Stage } from '../../src/chaos/stage.ts';
import { bytesOf, examined, plansOf, recorded, stageOf } from './traces.ts';

const digest = (text: string): string =>
  createHmac('sha256', 'a key that nobody knows').update(text).digest('hex');

let stage: Stage;
beforeAll(async () => {
  stage = await stageOf('scenarios/order-fulfilment.yaml');
});

function without(pointers: readonly string[], runs = 2, cut?: number): Uint8Array {
  const redactor = new Redactor(pointers, digest);
  const recording = { redactor, redacted: pointers, ...(cut === undefined ? {} : { cut }) };
  return recorded(stage, plansOf(stage, runs, 9), recording);
}

/** All that anyone could find in the file: its bytes, and its records unpacked and as texts. */
function everythingIn(bytes: Uint8Array): string {
  const parts = [Buffer.from(bytes).toString('latin1')];
  for (const { records } of new Trace(bytesOf(bytes)).units()) {
    for (const record of records) {
      parts.push(Buffer.from(record).toString('utf8'), JSON.stringify(decodeRecord(record).body));
    }
  }
  return parts.join('\n');
}

/** The values that stood at that name in the inputs of the runs. */
function valuesOf(name: string): Json[] {
  const found = new Set<Json>();
  for (const { records } of new Trace(bytesOf(recorded(stage, plansOf(stage, 2, 9)))).units()) {
    for (const record of records) {
      const { body } = decodeRecord(record);
      if (body.kind !== 'START') continue;
      const value = (body.input as { readonly [name: string]: Json })[name];
      if (value !== undefined) found.add(value);
    }
  }
  return [...found];
}

test('values and their copies are nowhere in the file, opened or not', () => {
  const cards = valuesOf('card').map(String);
  const addresses = valuesOf('address').map(String);
  expect(cards.length).toBeGreaterThan(1);
  const plain = everythingIn(recorded(stage, plansOf(stage, 2, 9)));
  const cleaned = everythingIn(without(['/card', '/address']));
  for (const secret of [...cards, ...addresses]) {
    expect(plain).toContain(secret);
    expect(cleaned).not.toContain(secret);
  }
});

test('equal values have equal markers: what is compared is still comparable', () => {
  const bytes = without(['/card']);
  const expectedMarkers = new Set(
    valuesOf('card').map((value) => marker('/card', digest(canonicalJson(value)))),
  );
  const text = everythingIn(bytes);
  for (const one of expectedMarkers) expect(text).toContain(one);
});

test('what only carries a value along is equal', () => {
  // The card is handed on to a service and read by no expression.
  const { tally } = examined(without(['/card']));
  expect(tally.groups).toEqual([]);
  expect(tally.equal).toBe(tally.hops);
});

test('what an expression reads is not checkable, and names the pointer', () => {
  const { judged, tally } = examined(without(['/price', '/quantity']));
  const kinds = new Set(judged.map(({ verdict }) => verdict.kind));
  expect(kinds).toEqual(new Set(['equal', 'depends']));
  const [group] = tally.groups;
  expect(group?.kind).toBe('depends');
  expect(['/price', '/quantity']).toContain(group?.first.said);
  // The amount is the sum of what was taken out.
  for (const { body, verdict } of judged) {
    const holds = 'activity' in body && body.activity?.name === 'payment-hold';
    const attempts = holds ? (body.activity?.attempt ?? 0) : 0;
    if (attempts === 1 && body.cause.kind !== 'timer') expect(verdict.kind).toBe('depends');
  }
});

describe('any way to read a value shows', () => {
  const reads = [
    '${ . + { big: (.card > 100) } }',
    '${ . + { gold: (.card == "gold") } }',
    '${ . + { length: (.card | length) } }',
    '${ if .card then . else {} end }',
    '${ . + { kind: (.card | type) } }',
    '${ . + { four: (.card | tostring | test("^4")) } }',
    '${ . + { seen: ([.card] | index("x")) } }',
    '${ . + { same: (.card == .orderId) } }',
    '${ . + { up: (.card | ascii_upcase) } }',
    '${ del(.card) + { n: ([.card, 3] | sort | .[0]) } }',
  ];
  test.each(reads)('%s', (expression) => {
    expect(verdictsWith(expression)).toContain('depends');
  });

  test.each([
    '${ . }',
    '${ { kept: .card, other: .orderId } }',
    '${ . + { list: [.card, .card] } }',
  ])('%s only carries it along', (expression) => {
    expect(verdictsWith(expression)).not.toContain('depends');
  });

  let few: Uint8Array | undefined;

  /** What the steps of the runs come to when their first task says this; only who reads is asked for. */
  function verdictsWith(expression: string): string[] {
    const { document } = stage.scenario.definition;
    const text = JSON.stringify(document).replace(
      '"begin":{"set":"${ . }"',
      `"begin":{"set":${JSON.stringify(expression)}`,
    );
    const { definition } = defineDocument(JSON.parse(text) as Json);
    const { plan } = compilePlan(definition!, schemas);
    const instead = new Map<string, Plan>([
      [`${definition!.namespace}/${definition!.name}`, plan!],
    ]);
    const { judged } = examined((few ??= without(['/card'], 1, 6)), instead);
    return judged
      .filter(({ record }) => record.header.hop === 1 && record.header.strand === '')
      .map(({ verdict }) => verdict.kind);
  }
});

test('a pointer that is none is refused', () => {
  for (const pointer of ['card', '', '/', '/a//b', '/a#b']) {
    expect(() => new Redactor([pointer], digest)).toThrow(RedactError);
  }
});

test('markers are found within texts and names', () => {
  const one = marker('/a/b', digest('x'));
  expect([...pointersIn({ x: [`so ${one}!`], [one]: 1 })]).toEqual(['/a/b']);
});

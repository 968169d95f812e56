/*
 * What of the DSL generated workflows have: every kind of task that this release runs, every way to call
 * and to run, and every word of the schema of documents, but for those below, each with its reason. Who
 * lands a feature deletes its row, and this test asks for workflows that have it.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { EVERYTHING, scenarioTexts } from '../../../src/chaos/workload/index.ts';
import { CALL_PROTOCOLS, TASK_KINDS, type WorkflowDocument } from '../../../src/dsl/document.ts';
import { WORKFLOW_SCHEMA } from '../../../src/dsl/schema/workflow.ts';
import { unsupportedFindings } from '../../../src/dsl/unsupported.ts';
import type { Json, JsonObject } from '../../../src/wire/json.ts';

/** A task of a kind that is refused, and the words that only such tasks have. */
const REFUSED: readonly (readonly [task: JsonObject, words: string])[] = [
  [{ call: 'grpc', with: {} }, 'proto service host port'],
  [{ call: 'a2a', with: {} }, 'agentCard server'],
  [{ call: 'mcp', with: {} }, 'protocolVersion transport client http options stdio'],
  [
    { call: 'asyncapi', with: {} },
    'channel operation protocol message subscription variables payload filter consume amount',
  ],
  [{ run: { container: {} } }, 'container image ports volumes lifetime pullPolicy cleanup'],
];
/** Words that change nothing about what a run does, or nothing that is compared. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'summary tags search': 'they are for people',
  'timezone durability schedule every cron on': 'they say when runs begin, not what those do',
  'days hours': 'the same as other parts of a duration, in worlds that last for minutes',
  'digest oauth2 oidc': 'how a simulated service is asked is in no request',
  'authority grant request issuers scopes audiences actor endpoints id secret assertion encoding':
    'parts of these',
  'revocation introspection': 'parts of these',
};
const split = (words: readonly string[]): string[] => words.flatMap((one) => one.split(' '));

function refused(task: JsonObject): boolean {
  const document = { document: {}, do: [{ task }] } as unknown as WorkflowDocument;
  return unsupportedFindings(document).length > 0;
}

/** The least that a task of the kind has. */
const LEAST: { readonly [kind: string]: JsonObject } = {
  do: { do: [] },
  emit: { emit: { event: { with: { type: 'told' } } } },
  for: { for: { in: '[]' }, do: [] },
  fork: { fork: { branches: [] } },
  listen: { listen: { to: { any: [] } } },
  switch: { switch: [] },
  try: { try: [], catch: {} },
};

/** Everything that is an object in `value`. */
function* objects(value: Json): Generator<JsonObject> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as JsonObject;
  for (const one of Object.values(value)) yield* objects(one as Json);
}

describe('generated workflows', () => {
  const words = new Set<string>();
  const calls = new Set<Json>();
  const runs = new Set<string>();
  beforeAll(() => {
    for (const text of fc.sample(scenarioTexts(EVERYTHING), { seed: 1, numRuns: 150 })) {
      const { files = {}, workflow, workflows = [] } = JSON.parse(text) as Record<string, Json>;
      const texts = Object.values(files as Record<string, string>);
      const all = [workflow!, workflows, texts.map((one) => JSON.parse(one) as Json)];
      for (const one of objects(all)) {
        for (const word of Object.keys(one)) words.add(word);
        const { call, run } = one;
        if (call !== undefined) calls.add(call);
        if (typeof run === 'object') for (const way of Object.keys(run!)) runs.add(way);
      }
    }
  });

  test.each(TASK_KINDS)('%s', (kind) => {
    expect(refused(LEAST[kind] ?? { [kind]: {} }) || words.has(kind)).toBe(true);
  });
  test.each(CALL_PROTOCOLS)('call: %s', (call) => {
    expect(refused({ call, with: {} }) || calls.has(call)).toBe(true);
  });
  test.each(['container', 'script', 'shell', 'workflow'])('run: %s', (way) => {
    expect(refused({ run: { [way]: {} } }) || runs.has(way)).toBe(true);
  });
  test.each(['compensate', 'saga', 'parallel'])('metadata.%s', (name) => {
    expect([...words]).toContain(name);
  });

  test('every word of the schema', () => {
    const known = new Set<string>();
    for (const { properties } of objects(WORKFLOW_SCHEMA as unknown as Json)) {
      if (typeof properties === 'object')
        for (const word of Object.keys(properties!)) known.add(word);
    }
    const left = new Set(split([...REFUSED.map(([, own]) => own), ...Object.keys(LEFT_OUT)]));
    expect([...known].filter((word) => !words.has(word) && !left.has(word))).toEqual([]);
    // What is generated after all needs no reason.
    expect([...left].filter((word) => words.has(word))).toEqual([]);
  });

  test.each(REFUSED)('%j is still refused', (task) => {
    expect(refused(task)).toBe(true);
  });
});

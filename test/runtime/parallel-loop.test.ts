/* Parallel loops in the runtime: what they write, and results that do not fit into a record together. */
import { expect, test } from 'vitest';
import { sha256Hex } from '../../src/wire/index.ts';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import { walk } from './calm-world.ts';

let calls = 0;
/** Answers that do not compress. */
const wordy: ServiceModel = {
  call: () => ({ latency: 10, outcome: { result: sha256Hex(String(++calls)) }, applied: true }),
};
const loop = (items: number): string =>
  `do: [{rows: {for: {in: '[range(${items})]'}, metadata: {parallel: {max: 4}}, do: [{a: {call: a}}]}}, {then: {call: a, output: {as: '$input'}}}]`;

test('the joining step, a step for each item, an end for each but the last', () => {
  const { lines } = walk(loop(10), { a: wordy });
  const counted = (word: RegExp): number => lines.filter((line) => word.test(line)).length;
  expect(counted(/^STEP joining/)).toBe(1);
  expect(counted(/^STEP 1\.\d+ a/)).toBe(10);
  expect(counted(/^END 1\./)).toBe(9);
  expect(counted(/^STEP a <-/)).toBe(1);
  expect(lines.at(-1)).toMatch(/^END <- a/);
});

test('what an iteration emits that begins with the end of another one is sent', () => {
  const body = `do: [{rows: {for: {each: i, in: '[range(10)]'}, metadata: {parallel: {max: 4}}, do: [
    {e: {input: {from: '{ i: $i }'}, emit: {event: {with: {type: begun, data: '\${ .i }'}}}}}, {a: {call: a}}]}}]`;
  const { events } = walk(body, { a: wordy });
  const begun = events.keptEvents().map(({ event }) => event.data);
  expect(new Set(begun)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  expect(begun).toHaveLength(10);
});

test('results that do not fit into a record are an error that says so', () => {
  const { records } = walk(loop(100), { a: wordy }, { limits: { recordBytesMax: 3_000 } });
  const { body } = records.findLast(({ header }) => header.kind === 'END')!;
  expect(body).toMatchObject({
    end: {
      error: {
        type: expect.stringMatching(/runtime$/) as string,
        detail: expect.stringMatching(
          /its State takes \d+ bytes and a record may have 3000: keep less in the data/,
        ) as string,
      },
    },
  });
});

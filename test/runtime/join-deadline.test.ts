/*
 * A fork that takes too long is given up when its time is over, not when one of its branches moves next.
 */
import { expect, it } from 'vitest';
import { ok, walk } from './calm-world.ts';

it.each([
  ['branches that wait', '{first: {wait: PT20S}}, {last: {wait: PT20S}}'],
  ['a branch that is parked', '{first: {call: a}}, {last: {wait: PT2H}}'],
])('gives up %s', (_what, branches) => {
  const body = `do: [{part: {timeout: {after: PT5S}, fork: {branches: [${branches}]}}}]`;
  const { records } = walk(body, { a: ok });
  const begun = records.find(({ header }) => header.kind === 'STEP')!;
  const ended = records.find(({ header }) => header.kind === 'END' && header.strand === '')!;
  const { body: end } = ended;
  expect(end.kind === 'END' && end.end.error).toMatchObject({
    status: 408,
    instance: '/do/0/part',
  });
  expect(ended.header.time - begun.header.time).toBeLessThan(6_000);
});

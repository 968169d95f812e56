/* A timeout that has struck a fork which settles stays struck: clocks of runners differ, and may be set back. */
import { describe, expect, it } from 'vitest';
import { begin, step } from '../../src/core/index.ts';
import { planOf } from './drive.ts';

const UNDONE = '{call: undo}';
const task = (name: string): string =>
  `{${name}: {call: ${name}, metadata: {compensate: ${UNDONE}}}}`;
const ID = { run: 'run-1', strand: '' };
const TIMED_OUT_MS = 5_000;

/** The fork of that task times out, its branches are cancelled, and it is joined when the clock shows `joinedAt`. */
function joinedAt(joinedAt: number): unknown {
  const plan = planOf(
    `document: {dsl: '1.0.3', namespace: t, name: t, version: '1.0.0', metadata: {saga: true}}
do: [{both: {timeout: {after: PT5S}, fork: {branches: [${task('left')}, ${task('right')}]}}}]`,
  );
  const begun = step(plan, ID, begin(0, {}), { kind: 'start' }, 0);
  const struck = step(plan, ID, begun.state, { kind: 'timer' }, TIMED_OUT_MS);
  expect(struck.next.kind).toBe('fork');
  const cancelled = { cancelled: true };
  const cause = { kind: 'joined', ends: { 0: cancelled, 1: cancelled }, order: [0, 1] } as const;
  const { next } = step(plan, ID, struck.state, cause, joinedAt);
  return next.kind === 'end' ? next.end : next;
}

describe('a fork that has timed out', () => {
  it('is over with the timeout, by whatever clock its branches have ended', () => {
    for (const now of [TIMED_OUT_MS, TIMED_OUT_MS + 60_000, TIMED_OUT_MS - 1, 0]) {
      expect(joinedAt(now)).toMatchObject({ error: { status: 408, instance: '/do/0/both' } });
    }
  });
});

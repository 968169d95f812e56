/* Membership without files: order of what it does, and confirmation. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Membership } from '../../../src/adapters/sqlite/membership.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function world(): { log: string[]; membership: Membership; free: { lock: boolean } } {
  const log: string[] = [];
  const free = { lock: true };
  const membership = new Membership({
    partitions: [0, 1],
    lock: () => {
      if (!free.lock) return undefined;
      log.push('lock');
      return () => log.push('unlock');
    },
    owning: () => log.push('owning'),
    settle: () => log.push('settle'),
  });
  return { log, membership, free };
}

it('locks, says who owns, assigns; on leaving it writes first and unlocks then', () => {
  const { log, membership } = world();
  const leave = membership.join({
    assigned: (partitions) => log.push(`assigned ${partitions.join()}`),
    revoked: () => log.push('revoked'),
  });
  expect(log).toEqual([]);
  vi.advanceTimersByTime(0);
  leave();
  expect(log).toEqual(['lock', 'owning', 'assigned 0,1', 'settle', 'unlock']);
  vi.advanceTimersByTime(60_000);
  expect(log).toHaveLength(5);
});

it('an assignment is confirmed every few seconds (M3)', () => {
  const { log, membership } = world();
  const leave = membership.join({
    assigned: () => log.push('assigned'),
    revoked: () => {},
  });
  vi.advanceTimersByTime(10_000);
  expect(log.filter((one) => one === 'assigned')).toHaveLength(4);
  leave();
});

it('members are served in order, one at a time, under one lock', () => {
  const { log, membership } = world();
  const leave = ['a', 'b', 'c'].map((name) =>
    membership.join({ assigned: () => log.push(name), revoked: () => {} }),
  );
  vi.advanceTimersByTime(100);
  leave[1]?.();
  leave[0]?.();
  vi.advanceTimersByTime(100);
  expect(log).toEqual(['lock', 'owning', 'a', 'settle', 'owning', 'c']);
});

it('while another process has the lock it is asked for again and again', () => {
  const { log, membership, free } = world();
  free.lock = false;
  membership.join({ assigned: () => log.push('assigned'), revoked: () => {} });
  vi.advanceTimersByTime(5_000);
  expect(log).toEqual([]);
  free.lock = true;
  vi.advanceTimersByTime(200);
  expect(log).toEqual(['lock', 'owning', 'assigned']);
  membership.close();
  expect(log.at(-1)).toBe('unlock');
});

it('a lock that cannot be asked for does not crash the process', () => {
  const log: string[] = [];
  let broken = true;
  const membership = new Membership({
    partitions: [0],
    lock: () => {
      if (broken) throw new Error('too many open files');
      return () => {};
    },
    owning: () => {},
    settle: () => {},
  });
  membership.join({ assigned: () => log.push('assigned'), revoked: () => {} });
  vi.advanceTimersByTime(1_000);
  expect(log).toEqual([]);
  broken = false;
  vi.advanceTimersByTime(200);
  expect(log).toEqual(['assigned']);
  membership.close();
});

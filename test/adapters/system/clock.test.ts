/* The clock of the machine: timers of any length, by the wall clock, which may be set both ways (P4). */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/system/index.ts';

const BEGIN = Date.UTC(2026, 0, 1);
/** What setTimeout can wait for at most, ms; anything longer fires at once. */
const SET_TIMEOUT_MAX = 2 ** 31 - 1;
/** How soon a timer notices that the clock was set, ms. */
const NOTICED_MS = 10_000;

let fired: number[];
const fire = (): void => void fired.push(Date.now());

beforeEach(() => {
  fired = [];
  vi.useFakeTimers({ now: BEGIN });
});
afterEach(() => vi.useRealTimers());

it('waits longer than setTimeout can', () => {
  const at = BEGIN + SET_TIMEOUT_MAX + 60_000;
  systemClock.at(at, fire);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(at - BEGIN - 2);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([at]);
});

it('fires soon after the clock was set past its time, and not before its time when it was set back', () => {
  systemClock.at(BEGIN + 3_600_000, fire);
  vi.setSystemTime(BEGIN + 7_200_000);
  vi.advanceTimersByTime(NOTICED_MS);
  expect(fired).toHaveLength(1);

  fired = [];
  const at = Date.now() + 5_000;
  systemClock.at(at, fire);
  vi.setSystemTime(at - 65_000);
  vi.advanceTimersByTime(64_999);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([at]);
});

it('does not fire once it was cancelled, however often it had been armed', () => {
  const cancel = systemClock.at(BEGIN + 3_600_000, fire);
  vi.advanceTimersByTime(60_000);
  cancel();
  vi.advanceTimersByTime(7_200_000);
  expect(fired).toEqual([]);
});

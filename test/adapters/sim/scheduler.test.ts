import { expect, test } from 'vitest';
import { EPOCH_MS, Later, Scheduler, stream } from '../../../src/adapters/sim/index.ts';

test('events run in order of time, then of scheduling', () => {
  const scheduler = new Scheduler();
  const ran: string[] = [];
  scheduler.after(5, () => ran.push('c'));
  scheduler.after(1, () => ran.push('a'));
  scheduler.after(1, () => ran.push('b'));
  expect(scheduler.run()).toBe('idle');
  expect(ran).toEqual(['a', 'b', 'c']);
  expect(scheduler.now).toBe(EPOCH_MS + 5);
  expect(scheduler.events).toBe(3);
});

test('a thousand events in random order come out sorted', () => {
  const scheduler = new Scheduler();
  const random = stream('heap');
  const seen: number[] = [];
  for (let index = 0; index < 1_000; index += 1) {
    const at = EPOCH_MS + Math.floor(random() * 300);
    const event = scheduler.at(at, () => seen.push(at));
    if (index % 7 === 0) scheduler.cancel(event);
  }
  scheduler.run();
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen).toHaveLength(857);
});

test('an event in the past runs now, time never goes back', () => {
  const scheduler = new Scheduler();
  const times: number[] = [];
  scheduler.after(10, () => {
    scheduler.at(EPOCH_MS, () => times.push(scheduler.now));
  });
  scheduler.run();
  expect(times).toEqual([EPOCH_MS + 10]);
});

test('run stops at its limits', () => {
  const scheduler = new Scheduler();
  const again = (): void => {
    scheduler.after(1, again);
  };
  again();
  expect(scheduler.run({ until: EPOCH_MS + 3 })).toBe('until');
  expect(scheduler.now).toBe(EPOCH_MS + 3);
  expect(scheduler.run({ maxEvents: 4 })).toBe('budget');
  expect(scheduler.run({ whileTrue: () => scheduler.now < EPOCH_MS + 9 })).toBe('false');
});

test('a Later calls back from the scheduler, not from the call, and can be awaited', async () => {
  const scheduler = new Scheduler();
  const soon = (fn: () => void): void => {
    if (scheduler.running) scheduler.after(0, fn);
    else fn();
  };
  const later = new Later<number>(soon);
  const heard: number[] = [];
  void later.then((value) => heard.push(value));
  void later.then((value) => heard.push(value + 1));
  scheduler.after(1, () => {
    later.resolve(7);
    void later.then((value) => heard.push(value * 10));
    expect(heard).toEqual([7, 8]);
  });
  scheduler.run();
  expect(heard).toEqual([7, 8, 70]);
  expect(await later).toBe(7);
  const failed = new Later<number>(soon);
  failed.reject(new Error('no'));
  await expect(Promise.resolve(failed)).rejects.toThrow('no');
});

test('a stream depends on its name alone', () => {
  const first = stream(1, 'a', 2);
  const other = stream(1, 'a', 3);
  const again = stream(1, 'a', 2);
  const draws = [first(), first(), first()];
  other();
  expect([again(), again(), again()]).toEqual(draws);
  expect(other()).not.toBe(draws[1]);
});

import { expect, test } from 'vitest';
import { boot, bytes, driven } from './driven.ts';

test('a crashed process hears nothing any more, and its calls do nothing', () => {
  const { outcome, pass, ports, process, simulation } = driven();
  const answer = ports.broker.append(0, [bytes('a')]);
  const fired: string[] = [];
  ports.clock.at(ports.clock.now() + 5, () => fired.push('timer'));
  process.crash('for the test', 0);
  expect(outcome(answer)).toBe('pending');
  expect(outcome(ports.broker.append(0, [bytes('b')]))).toBe('pending');
  pass(100);
  expect(fired).toEqual([]);
  // The append that was under way landed, the one after the crash did not.
  expect(simulation.broker.everything[0]).toHaveLength(1);
  const { life } = boot(simulation, process);
  expect(life.incarnation).toBe(2);
});

test('a paused process gets what it missed on resume, in order', () => {
  const { pass, ports, process, simulation } = driven();
  const heard: string[] = [];
  ports.clock.at(ports.clock.now() + 2, () => heard.push('timer'));
  pass(1);
  process.pause(false);
  pass(5_000);
  void ports.broker.append(0, [bytes('late')]).then(() => heard.push('appended'));
  pass(5_000);
  expect(heard).toEqual([]);
  // What a frozen process calls goes out only when it is resumed.
  expect(simulation.broker.everything[0]).toHaveLength(0);
  process.resume();
  pass(100);
  expect(heard).toEqual(['timer', 'appended']);
});

test('a callback that throws kills the process', () => {
  const { pass, ports, process, simulation } = driven();
  const seen: string[] = [];
  process.watch((_, __, change) => seen.push(change.event));
  ports.clock.at(ports.clock.now() + 1, () => {
    throw new Error('a bug');
  });
  pass(10);
  expect(seen).toEqual(['failed']);
  expect(process.state).toBe('down');
  expect(simulation.scheduler.run({ maxEvents: 100 })).toBe('idle');
});

test('callbacks cost time, so a process can fall behind', () => {
  const { life, pass, ports } = driven();
  const at: number[] = [];
  const due = ports.clock.now() + 1;
  ports.clock.at(due, () => life.charge(500));
  ports.clock.at(due, () => at.push(ports.clock.now()));
  pass(2_000);
  expect(at[0]).toBeGreaterThanOrEqual(due + 500);
});

test('timers follow the clock of the process when it jumps', () => {
  const { pass, ports, process } = driven();
  const start = ports.clock.now();
  const fired: [string, number][] = [];
  ports.clock.at(start + 60_000, () => fired.push(['forward', ports.clock.now()]));
  pass(1_000);
  process.jump(120_000);
  pass(10);
  expect(fired.map(([name]) => name)).toEqual(['forward']);
  ports.clock.at(start + 130_000, () => fired.push(['back', ports.clock.now()]));
  process.jump(-120_000);
  pass(20_000);
  expect(fired).toHaveLength(1);
  pass(120_000);
  expect(fired.map(([name]) => name)).toEqual(['forward', 'back']);
  expect(fired[1]?.[1]).toBeGreaterThanOrEqual(start + 130_000);
});

test('a cancelled timer does not fire, not even after a pause', () => {
  const { pass, ports, process } = driven();
  const fired: string[] = [];
  const cancel = ports.clock.at(ports.clock.now() + 2, () => fired.push('x'));
  const first = ports.clock.at(ports.clock.now() + 1, () => {
    fired.push('first');
    cancel();
  });
  process.pause(false);
  pass(50);
  process.resume();
  pass(50);
  expect(fired).toEqual(['first']);
  first();
});

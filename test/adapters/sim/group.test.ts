import { expect, test } from 'vitest';
import {
  type Life,
  type SimPorts,
  type SimProcess,
  Simulation,
} from '../../../src/adapters/sim/index.ts';
import { boot } from './driven.ts';

interface Member {
  readonly process: SimProcess;
  readonly life: Life;
  readonly ports: SimPorts;
  readonly said: string[];
  owned: readonly number[];
  leave: () => void;
}

function join(simulation: Simulation, process: SimProcess): Member {
  const { life, ports } = boot(simulation, process);
  const member: Member = { process, life, ports, said: [], owned: [], leave: () => {} };
  member.leave = ports.broker.join({
    assigned(partitions) {
      member.owned = partitions;
      member.said.push(`+${partitions.join()}`);
    },
    revoked(partitions) {
      member.owned = member.owned.filter((own) => !partitions.includes(own));
      member.said.push(`-${partitions.join()}`);
    },
  });
  return member;
}

function world(members: number, partitions: number): { simulation: Simulation; all: Member[] } {
  const simulation = new Simulation({ seed: 5, partitions });
  const all = Array.from({ length: members }, (_, index) =>
    join(simulation, simulation.process(`runner-${index + 1}`)),
  );
  simulation.scheduler.run({ until: simulation.scheduler.now + 100 });
  return { simulation, all };
}

function pass(simulation: Simulation, ms: number): void {
  simulation.scheduler.run({ until: simulation.scheduler.now + ms });
}

test('every partition is dealt to one member, evenly', () => {
  for (const [members, partitions] of [
    [1, 3],
    [2, 3],
    [3, 4],
    [3, 2],
    [3, 7],
  ] as const) {
    const { all } = world(members, partitions);
    const owned = all.flatMap((member) => member.owned).sort((a, b) => a - b);
    expect(owned).toEqual(Array.from({ length: partitions }, (_, index) => index));
    const sizes = all.map((member) => member.owned.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});

test('a member that leaves gives its partitions up at once and hears nothing more', () => {
  const { all, simulation } = world(2, 2);
  const [first, second] = all as [Member, Member];
  const before = first.said.length;
  first.leave();
  pass(simulation, 100);
  expect(first.said).toHaveLength(before);
  expect([...second.owned].sort((a, b) => a - b)).toEqual([0, 1]);
});

test('a crash is found out after the session timeout', () => {
  const { all, simulation } = world(2, 2);
  const [first, second] = all as [Member, Member];
  first.process.crash('test', 0);
  pass(simulation, 9_900);
  expect(second.owned).toHaveLength(1);
  pass(simulation, 200);
  expect(second.owned).toHaveLength(2);
});

test('a zombie does not hear that it was expelled until it is back; owners overlap', () => {
  const { all, simulation } = world(2, 2);
  const [zombie, heir] = all as [Member, Member];
  const had = zombie.owned;
  zombie.process.pause(false);
  pass(simulation, 10_100);
  expect(heir.owned).toHaveLength(2);
  expect(zombie.owned).toEqual(had);
  zombie.process.resume();
  pass(simulation, 5);
  expect(zombie.owned).toEqual(had);
  pass(simulation, 3_100);
  expect(zombie.said.some((said) => said === `-${had.join()}`)).toBe(true);
  // It joins again, and both are back to one partition each.
  expect(zombie.owned).toHaveLength(1);
  expect(heir.owned).toHaveLength(1);
});

test('a short pause changes nothing', () => {
  const { all, simulation } = world(2, 2);
  const [first] = all as [Member, Member];
  first.process.pause(false);
  pass(simulation, 5_000);
  first.process.resume();
  pass(simulation, 20_000);
  expect(first.said.some((said) => said.startsWith('-'))).toBe(false);
});

test('an expelling pause gives the partitions away at once', () => {
  const { all, simulation } = world(2, 2);
  const [first, second] = all as [Member, Member];
  first.process.pause(true);
  pass(simulation, 50);
  expect(second.owned).toHaveLength(2);
});

test('a forced rebalance moves partitions between healthy members', () => {
  const { all, simulation } = world(2, 2);
  const [first, second] = all as [Member, Member];
  const before = [first.owned, second.owned];
  simulation.broker.group.shake();
  pass(simulation, 50);
  expect([second.owned, first.owned]).toEqual(before);
});

test('owners hear their assignment confirmed at every heartbeat, which slows down in idle days', () => {
  const { all, simulation } = world(2, 2);
  const [first] = all as [Member, Member];
  const before = first.said.length;
  pass(simulation, 9_500);
  const heard = first.said.slice(before);
  expect(heard).toEqual(heard.map(() => `+${first.owned.join()}`));
  expect(heard.length).toBeGreaterThan(1);
  const day = first.said.length;
  pass(simulation, 24 * 3_600_000);
  expect(first.said.length - day).toBeGreaterThan(24 * 60 - 2);
  expect(first.said.length - day).toBeLessThan(24 * 60 + 60);
});

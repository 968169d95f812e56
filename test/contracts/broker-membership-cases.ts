/* B4: assignment is a suggestion; what it must do is come, be whole, and move when a member leaves. */
import { expect } from 'vitest';
import type { Broker } from '../../src/ports/index.ts';
import { READER } from '../../src/wire/index.ts';
import type { BrokerWorld } from './broker-contract.ts';
import { append, records } from './log-driver.ts';
import { type Cases, eventually } from './suite.ts';

/** A member that keeps what it believes to own. */
function joined(broker: Broker): {
  readonly owned: Set<number>;
  readonly calls: { count: number };
  readonly readers: Set<number>;
  readonly leave: () => void;
} {
  const owned = new Set<number>();
  const calls = { count: 0 };
  const readers = new Set<number>();
  const leave = broker.join({
    assigned: (partitions, reader) => {
      calls.count++;
      readers.add(reader);
      for (const partition of partitions) owned.add(partition);
    },
    revoked: (partitions) => {
      calls.count++;
      for (const partition of partitions) owned.delete(partition);
    },
  });
  return { owned, calls, readers, leave };
}

export const membershipCases: Cases<BrokerWorld> = {
  'a member that is alone is assigned every partition, after `join` has returned': async (
    world,
  ) => {
    const { owned, leave } = joined(world.broker);
    expect(owned.size).toBe(0);
    await eventually(world, 'all assigned', () => owned.size === world.broker.partitions);
    expect([...owned].sort((a, b) => a - b)).toEqual(
      Array.from({ length: world.broker.partitions }, (_, i) => i),
    );
    leave();
  },

  'two members settle on owning each partition once': async (world) => {
    const first = joined(world.broker);
    await eventually(world, 'the first is assigned', () => first.owned.size > 0);
    const second = joined(await world.another());
    const settled = (): boolean =>
      first.owned.size + second.owned.size === world.broker.partitions &&
      [...first.owned].every((partition) => !second.owned.has(partition));
    await world.pass(500);
    await eventually(world, 'each partition is owned once', settled);
    first.leave();
    second.leave();
  },

  'when a member leaves, the other gets everything': async (world) => {
    const first = joined(world.broker);
    await eventually(world, 'the first is assigned', () => first.owned.size > 0);
    const second = joined(await world.another());
    await world.pass(200);
    first.leave();
    const all = world.broker.partitions;
    await eventually(world, 'the second has all', () => second.owned.size === all, 60_000);
    second.leave();
  },

  'a member that has left is never called again': async (world) => {
    const first = joined(world.broker);
    await eventually(world, 'the first is assigned', () => first.owned.size > 0);
    first.leave();
    const { count } = first.calls;
    const second = joined(world.broker);
    await eventually(world, 'the second is assigned', () => second.owned.size > 0, 60_000);
    await world.pass(200);
    expect(first.calls.count).toBe(count);
    second.leave();
  },

  'a member that leaves before it is assigned is not assigned': async (world) => {
    const member = joined(world.broker);
    member.leave();
    await world.pass(500);
    expect(member.calls.count).toBe(0);
  },

  'a member is told what every member reads': async (world) => {
    const { owned, readers, leave } = joined(world.broker);
    await eventually(world, 'assigned', () => owned.size > 0);
    expect([...readers]).toEqual([READER]);
    leave();
  },

  'what a process declines goes to another one, for good': async (world) => {
    const first = joined(world.broker);
    const all = world.broker.partitions;
    await eventually(world, 'the first has all', () => first.owned.size === all);
    world.broker.decline(1);
    await world.pass(5);
    world.broker.decline(0);
    const given = (): boolean => !first.owned.has(0) && !first.owned.has(1);
    await eventually(world, 'the first has given them up', given);
    const second = joined(await world.another());
    const has = (): boolean => second.owned.has(0) && second.owned.has(1);
    await eventually(world, 'the second has them', has, 60_000);
    await world.pass(500);
    expect(given()).toBe(true);
    // nobody is left who would take it
    second.leave();
    await world.pass(1_000);
    expect(given()).toBe(true);
    first.leave();
  },

  'anyone may append and read without having joined': async (world) => {
    const member = joined(world.broker);
    await eventually(world, 'assigned', () => member.owned.size > 0);
    const other = await world.another();
    await world.settle(other.append(0, records(0, 1)));
    expect((await append(world, 0, records(1, 1))).base).toBe(1);
    expect(await world.settle(other.fetch(0, 0, 2))).toHaveLength(2);
    member.leave();
  },
};

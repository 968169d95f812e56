/* Which STARTs count (R17), as far as what was started before has been read, and no further. */
import { describe, expect, it } from 'vitest';
import type { Broker, StoredRecord } from '../../src/ports/index.ts';
import { StartBacklog } from '../../src/runtime/start-backlog.ts';
import { StartMemory } from '../../src/runtime/start-memory.ts';
import { startRecord } from '../../src/runtime/start-record.ts';
import { Timers } from '../../src/runtime/timers.ts';
import { encodeRecord, uuidv7 } from '../../src/wire/index.ts';

const NOON = 1_790_000_000_000;
const definition = { namespace: 'n', name: 'd' };
let made = 0;
const idAt = (time: number): string => uuidv7(time, () => (made++ % 1_000) / 1_000);
const bytesOf = (run: string, time: number): Uint8Array =>
  encodeRecord(startRecord({ run, definition, time }));

/** A Log with one START in each 100 ms up to noon, ids made at once; some answers fail, all hold 1,000 at most. */
async function world(count: number) {
  const log: StoredRecord[] = Array.from({ length: count }, (_, offset) => {
    const time = NOON - (count - offset) * 100;
    return { offset, time, bytes: bytesOf(idAt(time), time) };
  });
  let read = 0;
  let asked = 0;
  const fails = (): boolean => ++asked % 3 === 0;
  const broker = {
    range: async () => ({ begin: 0, end: log.length }),
    fetch: async (_: number, from: number, to: number) => {
      if (fails()) throw new Error('away');
      const records = log.slice(from, Math.min(to, from + 1_000));
      read += records.length;
      return records;
    },
  } as unknown as Broker;
  let now = NOON;
  const armed: (() => void)[] = [];
  const clock = {
    now: () => now,
    elapsed: () => now,
    at: (_: number, fire: () => void) => {
      armed.push(fire);
      return () => {};
    },
  };
  const backlog = new StartBacklog();
  const memory = new StartMemory(broker, 0, count, backlog, new Timers(clock), clock, {
    guard: (act) => act(),
    decided: () => {},
  });
  /** a START at the head of the Log */
  const admit = (run: string, time: number): string => {
    const position = { offset: log.length, tenure: -1, nonce: 0, n: 0 };
    log.push({ offset: log.length, time, bytes: bytesOf(run, time) });
    return backlog.admit(run, position, time, true);
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 500; i++) {
      await new Promise((done) => setImmediate(done));
      now += 500;
      for (const fire of armed.splice(0)) fire();
    }
  };
  const runAt = (offset: number): string =>
    /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(Buffer.from(log[offset]!.bytes).toString('latin1'))![0];
  return { admit, backlog, memory, runAt, settle, read: () => read };
}

describe('what was started before', () => {
  it('is read as far as a START that was made a moment ago needs it', async () => {
    const { admit, backlog, memory, read, settle } = await world(40_000);
    expect(admit(idAt(NOON), NOON)).toBe('waits');
    await settle();
    expect(read()).toBe(0); // not before it may begin
    memory.begin();
    await settle();
    expect(backlog.next(5)).toEqual([40_000]);
    expect(read()).toBe(5_000);
    // with nobody before it, the next one is decided when it comes
    expect(backlog.take(40_000)).toBeDefined();
    expect(admit(idAt(NOON + 5), NOON + 5)).toBe('open');
    expect(read()).toBe(5_000);
  });

  it('voids a second copy, however late it comes', async () => {
    const { admit, backlog, memory, read, runAt, settle } = await world(40_000);
    memory.begin();
    // made 80 s before noon, and 250 s before it
    for (const offset of [39_200, 37_500]) expect(admit(runAt(offset), NOON)).toBe('waits');
    expect(admit(idAt(NOON), NOON)).toBe('waits');
    memory.look();
    await settle();
    // in order: the new one waited for those before it
    expect(backlog.next(5)).toEqual([40_002]);
    expect(backlog.size).toBe(1);
    expect(backlog.wants).toBeUndefined();
    expect(read()).toBe(5_000);
  });

  it('is read to the end of what matters for an id that tells no time, and no further', async () => {
    const { admit, backlog, memory, read, settle } = await world(40_000);
    memory.begin();
    expect(admit('derived~1', NOON)).toBe('waits');
    memory.look();
    await settle();
    expect(backlog.next(5)).toEqual([40_000]);
    expect(read()).toBe(5_000); // 5 min 10 s are 3,100 of them
    const small = await world(300);
    small.memory.begin();
    expect(small.admit('derived~1', NOON)).toBe('waits');
    small.memory.look();
    await small.settle();
    expect(small.backlog.next(5)).toEqual([300]);
    expect(small.read()).toBe(300);
  });

  it('is not asked for when nobody comes', async () => {
    const { memory, read, settle } = await world(500);
    memory.begin();
    await settle();
    expect(read()).toBe(0);
  });
});

/*
 * Slots (metadata.limit): so many at once and no more, in order of arrival, and nobody blocks anybody.
 */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Slot, Slots } from '../../src/runtime/slots.ts';

/** A clock whose timers fire when they are told to. */
let due: (() => void)[];
const clock = {
  now: () => 0,
  elapsed: () => 0,
  at: (_: number, fire: () => void) => {
    due.push(fire);
    return () => undefined;
  },
};
function tick(): void {
  for (const fire of due.splice(0)) fire();
}

const pool = (name: string, max: number): { name: string; max: number } => ({ name, max });

describe('slots', () => {
  let slots: Slots;
  let ready: string[];
  const ask = (name: string, ...pools: readonly { name: string; max: number }[]): Slot =>
    slots.ask(pools, () => ready.push(name));

  beforeEach(() => {
    due = [];
    ready = [];
    slots = new Slots(clock);
  });

  it('gives as many as there are, and the others in order of arrival', () => {
    const two = pool('a', 2);
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ask(name, two));
    expect([a, b, c, d].map((slot) => slot!.granted)).toEqual([true, true, false, false]);
    a!.release();
    expect(c!.granted).toBe(false);
    tick();
    expect([c!.granted, d!.granted]).toEqual([true, false]);
    b!.release();
    c!.release();
    tick();
    expect(ready).toEqual(['c', 'd']);
  });

  it('is not overtaken by who comes when a place is free and not yet given out', () => {
    const one = pool('a', 1);
    const a = ask('a', one);
    const b = ask('b', one);
    a.release();
    const c = ask('c', one);
    expect(c.granted).toBe(false);
    tick();
    expect([b.granted, c.granted]).toEqual([true, false]);
  });

  it('forgets who waits no more, and gives each place back once', () => {
    const one = pool('a', 1);
    const a = ask('a', one);
    const b = ask('b', one);
    const c = ask('c', one);
    b.release();
    a.release();
    a.release();
    tick();
    expect(ready).toEqual(['c']);
    expect(c.granted).toBe(true);
    expect(ask('d', one).granted).toBe(false);
  });

  it('keeps nobody waiting for a place that its own pools do not need', () => {
    const all = pool('all', 3);
    const narrow = pool('narrow', 1);
    ask('a', narrow, all);
    expect(ask('b', narrow, all).granted).toBe(false);
    expect(ask('c', all).granted).toBe(true);
    expect(ask('d', all).granted).toBe(true);
    expect(ask('e', all).granted).toBe(false);
  });

  it('never exceeds the limit of whoever begins, where versions differ in it', () => {
    const a = ask('a', pool('p', 3));
    ask('b', pool('p', 3));
    const strict = ask('strict', pool('p', 1));
    expect(strict.granted).toBe(false);
    a.release();
    tick();
    expect(strict.granted).toBe(false);
  });

  it('keeps every limit and ends, whatever comes and goes', () => {
    const task = fc.record({ narrow: fc.constantFrom('x', 'y', 'z', undefined), stay: fc.nat(4) });
    const property = fc.property(
      fc.array(task, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      (tasks, max) => {
        due = [];
        slots = new Slots(clock);
        const limits = new Map([
          ['x', 1],
          ['y', 2],
          ['z', 3],
          ['all', max],
        ] as const);
        const begun = new Set<number>();
        const held = tasks.map(({ narrow }, i) => {
          const pools = [...(narrow === undefined ? [] : [narrow]), 'all' as const];
          const begin = (): void => {
            begun.add(i);
          };
          const slot = slots.ask(
            pools.map((name) => pool(name, limits.get(name)!)),
            begin,
          );
          if (slot.granted) begin();
          return { slot, pools, left: tasks[i]!.stay, over: false };
        });
        for (let round = 0; held.some(({ over }) => !over); round++) {
          // Nobody waits for ever: each round somebody is under way.
          expect(round).toBeLessThan(10 * tasks.length + 10);
          const active = held.filter(({ over }, i) => begun.has(i) && !over);
          expect(active.length).toBeGreaterThan(0);
          for (const [name, most] of limits) {
            const count = active.filter(({ pools }) => (pools as string[]).includes(name)).length;
            expect(count).toBeLessThanOrEqual(most);
          }
          for (const one of active) {
            if (one.left-- > 0) continue;
            one.over = true;
            one.slot.release();
          }
          tick();
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});

/* M1-M5: events that are kept, those who listen, and what they are matched with. */
import { expect } from 'vitest';
import type { Lookup, StoreChange, SubscriptionPlace } from '../../src/ports/index.ts';
import {
  consumed,
  keep,
  keptEvent,
  listen,
  lookup,
  matchOf,
  matched,
  parkListening,
  place,
} from './listening-rows.ts';
import { NOON, fold, parkedRow, resume, runId } from './parked-rows.ts';
import type { StoreWorld } from './store-contract.ts';
import type { Cases } from './suite.ts';

/** `PARTITION/IDENTITY.NTH` of what is found by each of these lookups. */
async function subscribed(
  world: StoreWorld,
  lookups: readonly (Lookup & { after?: SubscriptionPlace })[],
  limit = 100,
): Promise<string[][]> {
  const found = await world.settle(world.store.events.subscribed(lookups, limit));
  return found.map((rows) => rows.map((row) => `${row.partition}/${row.identity}.${row.nth}`));
}

async function kept(
  world: StoreWorld,
  of: Lookup,
  since = NOON,
  after?: { time: number; place: { partition: number; offset: number } },
  limit = 100,
): Promise<string[]> {
  const events = await world.settle(world.store.events.kept(of, since, after, limit));
  return events.map((one) => `${one.place.partition}/${one.place.offset}`);
}

async function heard(
  world: StoreWorld,
  runs: readonly number[],
  ...events: { partition: number; offset: number }[]
): Promise<string[]> {
  const rows = await world.settle(world.store.events.heard(runs.map(runId), events));
  return rows
    .map(({ event, run, strand }) => `${run}${strand} ${event.partition}/${event.offset}`)
    .sort((a, b) => (a < b ? -1 : 1));
}

export const eventCases: Cases<StoreWorld> = {
  'a subscription comes with its parked row, whole, and goes with it': async (world) => {
    const { store } = world;
    const first = listen({
      lookup: lookup('order.paid', '[".data.order"]', 'k7'),
      since: NOON - 5,
      subscription: {
        filters: [
          {
            with: {
              type: { is: 'order.paid' },
              data: { has: { kind: { matches: 'a.*\u0000é' } } },
            },
            correlate: { order: { from: { text: '.data.order', given: { x: [1] } }, expect: 7 } },
          },
        ],
        first: false,
      },
    });
    const parts = { run: runId(3), strand: '1.0' };
    await fold(world, 1, 0, 10, parkListening(4, [first, listen()], parts), {
      kind: 'park',
      row: parkedRow(5),
    });
    const [rows] = await world.settle(store.events.subscribed([first.lookup], 10));
    expect(rows).toEqual([{ ...first, ...parts, partition: 1, identity: 4, nth: 0 }]);
    expect(await subscribed(world, [first.lookup, lookup('order.paid'), lookup('')])).toEqual([
      ['1/4.0'],
      ['1/4.1'],
      [],
    ]);
    await fold(world, 1, 10, 20, resume(4));
    expect(await subscribed(world, [first.lookup, lookup('order.paid')])).toEqual([[], []]);
    expect((await matched(world, 1)).listening).toBe(false);
  },

  'a fold that is stale subscribes nobody': async (world) => {
    await fold(world, 0, 5, 10, parkListening(6, [listen()]));
    expect(await subscribed(world, [lookup('order.paid')])).toEqual([[]]);
    await fold(world, 0, 0, 10, parkListening(6, [listen()]));
    expect(await fold(world, 0, 0, 10, resume(6))).toEqual({ stale: 10 });
    expect(await subscribed(world, [lookup('order.paid')])).toEqual([['0/6.0']]);
  },

  'subscriptions are found in pages, in order of place': async (world) => {
    const many = [3, 1, 8, 5].map((identity) => parkListening(identity, [listen(), listen()]));
    await fold(world, 1, 0, 10, ...many);
    await fold(world, 0, 0, 10, parkListening(9, [listen()]));
    const of = lookup('order.paid');
    const all = ['0/9.0', ...['1', '3', '5', '8'].flatMap((i) => [`1/${i}.0`, `1/${i}.1`])];
    expect(await subscribed(world, [of])).toEqual([all]);
    expect(await subscribed(world, [of], 2)).toEqual([all.slice(0, 2)]);
    const after = { partition: 1, identity: 1, nth: 0 };
    expect(await subscribed(world, [{ ...of, after }, of], 3)).toEqual([
      all.slice(2, 5),
      all.slice(0, 3),
    ]);
    const last = { partition: 1, identity: 8, nth: 1 };
    expect(await subscribed(world, [{ ...of, after: last }], 3)).toEqual([[]]);
    expect(await world.settle(world.store.events.subscribed([], 3))).toEqual([]);
  },

  'it says by what the subscriptions for a type, or for any, are found': async (world) => {
    const of = (...lookups: Lookup[]) => lookups.map((one) => listen({ lookup: one }));
    await fold(
      world,
      0,
      0,
      10,
      parkListening(1, of(lookup('a', 'x', '1'), lookup('a', 'x', '2'), lookup('a'))),
      parkListening(2, of(lookup('a', 'y', '1'), lookup('b', 'z', '1'), lookup('', 'w', '1'))),
      parkListening(3, of(lookup('a', 'x', '1'), lookup('b'))),
    );
    const of2 = async (...types: string[]): Promise<string[]> =>
      (await world.settle(world.store.events.lookups(types)))
        .map(({ type, from }) => `${type}:${from}`)
        .sort((a, b) => (a < b ? -1 : 1));
    expect(await of2('a')).toEqual([':w', 'a:', 'a:x', 'a:y']);
    expect(await of2('b', 'b')).toEqual([':w', 'b:', 'b:z']);
    expect(await of2('c')).toEqual([':w']);
    expect(await of2()).toEqual([':w']);
  },

  'events are kept from where the correlator stands, once each': async (world) => {
    const { events } = world.store;
    expect(await world.settle(events.correlated(0))).toBeUndefined();
    const [a, b] = [keptEvent(place(0, 3), { id: 'a' }), keptEvent(place(0, 5), { id: 'b' })];
    expect(await keep(world, 4, a)).toBe('stale');
    expect(await keep(world, undefined, a, b)).toEqual(new Set([3, 5]));
    // again, with a further copy of one
    const copy = keptEvent(place(0, 6), { id: 'a' });
    expect(await keep(world, undefined, a, b, copy)).toEqual(new Set([3, 5]));
    expect(await world.settle(events.match([], { events: 0, from: undefined, to: 7 }))).toBe(
      'matched',
    );
    expect(await world.settle(events.correlated(0))).toBe(7);
    expect(await world.settle(events.correlated(1))).toBeUndefined();
    expect(await keep(world, undefined, keptEvent(place(0, 7)))).toBe('stale');
    expect(await keep(world, 7, keptEvent(place(0, 7), { id: 'b' }))).toEqual(new Set());
    const found = await world.settle(events.kept(lookup('order.paid'), 0, undefined, 10));
    expect(found).toEqual([a, b]);
  },

  'two events of one id and different sources are two': async (world) => {
    const one = keptEvent(place(0, 1), { id: 'a' });
    const other = keptEvent(place(0, 2), { id: 'a' });
    const elsewhere = { ...other, event: { ...other.event, source: 'https://other.example' } };
    expect(await keep(world, undefined, one, elsewhere)).toEqual(new Set([1, 2]));
  },

  'a match is made for whoever is there, once, with the next number': async (world) => {
    const { events } = world.store;
    await fold(
      world,
      0,
      0,
      10,
      parkListening(1, [listen(), listen()]),
      parkListening(2, [listen()]),
    );
    await keep(world, undefined, keptEvent(place(0, 1)), keptEvent(place(0, 2)));
    const both = [matchOf(0, 1, place(0, 1)), matchOf(0, 2, place(0, 2))];
    await world.settle(events.match([...both, matchOf(0, 9, place(0, 1)), ...both]));
    const first = await matched(world, 0);
    expect(first.matches).toEqual(['1: 0/1', '2: 0/2']);
    expect(first.listening).toBe(true);
    expect(first.upTo).toBeGreaterThanOrEqual(first.numbers[1] as number);
    await world.settle(events.match(both));
    expect((await matched(world, 0)).matches).toEqual(first.matches);
    expect((await matched(world, 0, first.upTo)).matches).toEqual([]);

    await world.settle(events.match([matchOf(0, 1, place(0, 2))]));
    const later = await matched(world, 0, first.upTo);
    expect(later.matches).toEqual(['1: 0/2']);
    expect(later.numbers[0]).toBeGreaterThan(first.upTo);
    expect((await matched(world, 1)).matches).toEqual([]);
  },

  'matches come in pages by number, with their events': async (world) => {
    const { events } = world.store;
    await fold(world, 1, 0, 10, ...[1, 2, 3, 4, 5].map((i) => parkListening(i, [listen()])));
    const event = keptEvent(place(0, 1), { data: { text: 'é\u0000' } });
    await keep(world, undefined, event);
    for (const identity of [3, 1, 4, 2, 5]) {
      await world.settle(events.match([matchOf(1, identity, place(0, 1))]));
    }
    const seen: string[] = [];
    let after = 0;
    for (let turn = 0; turn < 4; turn++) {
      const page = await matched(world, 1, after, 2);
      expect(page.matches.length).toBeLessThanOrEqual(2);
      seen.push(...page.matches);
      after = page.upTo;
    }
    expect(seen).toEqual([3, 1, 4, 2, 5].map((identity) => `${identity}: 0/1`));
    const { matches } = await world.settle(events.matches(1, undefined, 1));
    expect(matches.map(({ kept: one }) => one)).toEqual(Array(5).fill(event));
  },

  'matches that nobody waits for any more are passed over': async (world) => {
    const { events } = world.store;
    await fold(world, 0, 0, 10, ...[1, 2, 3].map((i) => parkListening(i, [listen()])));
    await keep(world, undefined, keptEvent(place(0, 1)));
    await world.settle(events.match([1, 2, 3].map((i) => matchOf(0, i, place(0, 1)))));
    await fold(world, 0, 10, 20, consumed(1, place(0, 1)), resume(2));
    expect((await matched(world, 0, 0, 1)).matches).toEqual([]);
    expect((await matched(world, 0, 0, 3)).matches).toEqual(['3: 0/1']);
    expect((await matched(world, 0)).matches).toEqual(['3: 0/1']);
  },

  'what a RESUME names stays heard, other matches of its strand do not': async (world) => {
    const { events } = world.store;
    const strands = { run: runId(1), strand: '1.0' };
    await fold(
      world,
      0,
      0,
      10,
      parkListening(1, [listen()], strands),
      parkListening(2, [listen()], { ...strands, strand: '1.1' }),
    );
    const three = [1, 2, 3].map((offset) => place(0, offset));
    await keep(world, undefined, ...three.map((at) => keptEvent(at)));
    await world.settle(
      events.match([1, 2].flatMap((identity) => three.map((at) => matchOf(0, identity, at)))),
    );
    // the second one is closed together with the first: it has consumed nothing
    await fold(world, 0, 10, 20, {
      kind: 'resume',
      identities: [1, 2],
      events: [place(0, 1), place(0, 3)],
    });
    expect(await heard(world, [1, 2], ...three)).toEqual([
      `${runId(1)}1.0 0/1`,
      `${runId(1)}1.0 0/3`,
    ]);
    expect(await heard(world, [1], place(0, 3))).toEqual([`${runId(1)}1.0 0/3`]);
    expect(await heard(world, [2], ...three)).toEqual([]);
    expect(await heard(world, [], ...three)).toEqual([]);
  },

  'what a schedule has fired by is no match any more, stays heard, and cannot be matched again':
    async (world) => {
      await fold(
        world,
        0,
        0,
        9,
        parkListening(2, [listen()], { run: runId(2) }),
        parkListening(3, [listen()], { run: runId(3) }),
      );
      const events = [1, 2, 3, 4].map((offset) => place(0, offset));
      await keep(world, undefined, ...events.map((at) => keptEvent(at)));
      const [first, second, third, fourth] = events;
      const all = [2, 3].flatMap((row) => events.map((at) => matchOf(0, row, at)));
      await world.settle(world.store.events.match(all));
      const fired = (identity: number, ...by: typeof events): StoreChange => {
        return { kind: 'fired', identity, events: by };
      };
      await fold(world, 0, 9, 12, fired(2, first!, third!), fired(3, fourth!));
      const left = ['2: 0/2', '2: 0/4', '3: 0/1', '3: 0/2', '3: 0/3'];
      expect((await matched(world, 0)).matches).toEqual(left);
      expect((await matched(world, 0, 0)).matches).toEqual(left);
      // ... whoever tries, and whenever
      await world.settle(world.store.events.match(all));
      expect((await matched(world, 0)).matches).toEqual(left);
      await fold(world, 0, 12, 14, fired(2, second!), fired(2, first!));
      expect((await matched(world, 0)).matches).toEqual(left.slice(1));
      expect(await heard(world, [2], ...events)).toHaveLength(4);
      // What it has consumed is known when the row is gone, also by the last FIRE of the same fold.
      await fold(world, 0, 14, 20, fired(3, third!), resume(2), resume(3));
      expect(await heard(world, [2], ...events)).toEqual(
        [1, 2, 3].map((n) => `${runId(2)} 0/${n}`),
      );
      expect(await heard(world, [3], ...events)).toEqual([3, 4].map((n) => `${runId(3)} 0/${n}`));
    },

  'an event that a schedule has fired by is forgotten like any other': async (world) => {
    await fold(world, 0, 0, 9, parkListening(2, [listen()], { run: runId(2) }));
    const events = [1, 2].map((offset) => place(0, offset));
    await keep(world, undefined, ...events.map((at) => keptEvent(at)));
    const matches = events.map((at) => matchOf(0, 2, at));
    const progress = { events: 0, from: undefined, to: 9 };
    await world.settle(world.store.events.match(matches, progress));
    await fold(world, 0, 9, 10, { kind: 'fired', identity: 2, events: [events[0]!] });
    // The other one is waited for.
    expect(await world.settle(world.store.events.purge(0, NOON + 100, 10))).toBe(1);
    expect(await kept(world, lookup('order.paid'))).toEqual(['0/2']);
    expect(await heard(world, [2], ...events)).toEqual([`${runId(2)} 0/2`]);
  },

  'nobody is matched after the end of its subscription': async (world) => {
    const { events } = world.store;
    await fold(world, 0, 0, 10, parkListening(1, [listen()]));
    await keep(world, undefined, keptEvent(place(0, 1)));
    await fold(world, 0, 10, 20, resume(1));
    await world.settle(events.match([matchOf(0, 1, place(0, 1))]));
    expect(await heard(world, [1], place(0, 1))).toEqual([]);
  },

  'a match and the end of its subscription at once leave nothing behind': async (world) => {
    const { events } = world.store;
    const identities = Array.from({ length: 20 }, (_, i) => i);
    await fold(world, 0, 0, 100, ...identities.map((i) => parkListening(i, [listen()])));
    await keep(world, undefined, keptEvent(place(0, 1)));
    const answers = identities.map((i) => [
      events.match([matchOf(0, i, place(0, 1))]),
      ...(i === 0 ? [world.store.fold(0, 100, 200, [resume(...identities)])] : []),
    ]);
    for (const answer of answers.flat()) await world.settle<unknown>(answer);
    expect(await heard(world, [1], place(0, 1))).toEqual([]);
    expect((await matched(world, 0)).matches).toEqual([]);
  },

  'matches and progress are made together or not at all': async (world) => {
    const { events } = world.store;
    await fold(world, 0, 0, 10, parkListening(1, [listen()]), parkListening(2, [listen()]));
    await keep(world, undefined, keptEvent(place(0, 1)));
    const one = [matchOf(0, 1, place(0, 1))];
    const ask = (...args: Parameters<typeof events.match>): Promise<string> =>
      world.settle(events.match(...args));
    expect(await ask(one, { events: 0, from: 3, to: 5 })).toBe('stale');
    expect(await ask(one, { looked: 0, from: 3, to: 5 })).toBe('stale');
    expect((await matched(world, 0)).matches).toEqual([]);
    expect(await ask(one, { events: 0, from: undefined, to: 5 })).toBe('matched');
    expect(await ask([matchOf(0, 2, place(0, 1))], { events: 0, from: undefined, to: 6 })).toBe(
      'stale',
    );
    expect(await ask([], { events: 0, from: 5, to: 6 })).toBe('matched');
    expect(await world.settle(events.correlated(0))).toBe(6);
    expect((await matched(world, 0)).matches).toEqual(['1: 0/1']);
    expect(await ask([], { looked: 0, from: 0, to: 2 })).toBe('matched');
    expect(await ask([matchOf(0, 2, place(0, 1))], { looked: 0, from: 0, to: 3 })).toBe('stale');
    expect((await matched(world, 0)).matches).toEqual(['1: 0/1']);
  },

  'what has not been compared with kept events is given in order, all rows of each': async (
    world,
  ) => {
    const { events } = world.store;
    const next = async (limit: number): Promise<{ from: number; to: number; rows: string[] }> => {
      const { rows, ...span } = await world.settle(events.unlooked(1, limit));
      return { ...span, rows: rows.map((row) => `${row.identity}.${row.nth}`) };
    };
    expect(await next(5)).toEqual({ from: 0, to: 0, rows: [] });
    await fold(
      world,
      1,
      0,
      30,
      parkListening(20, [listen()]),
      parkListening(4, [listen(), listen()]),
      parkListening(9, [listen()]),
    );
    await fold(world, 0, 0, 40, parkListening(5, [listen()]));
    expect(await next(2)).toEqual({ from: 0, to: 10, rows: ['4.0', '4.1', '9.0'] });
    expect(await next(3)).toMatchObject({ from: 0, rows: ['4.0', '4.1', '9.0', '20.0'] });
    expect(await next(4)).toEqual({ from: 0, to: 30, rows: ['4.0', '4.1', '9.0', '20.0'] });
    await world.settle(events.match([], { looked: 1, from: 0, to: 10 }));
    expect(await next(4)).toEqual({ from: 10, to: 30, rows: ['20.0'] });
    await world.settle(events.match([], { looked: 1, from: 10, to: 30 }));
    expect(await next(4)).toEqual({ from: 30, to: 30, rows: [] });
    await fold(world, 1, 30, 50, parkListening(31, [listen()]));
    expect(await next(4)).toEqual({ from: 30, to: 50, rows: ['31.0'] });
  },

  'kept events are found by type, and by what was drawn from them': async (world) => {
    await keep(
      world,
      undefined,
      keptEvent(place(0, 1), { lookup: lookup('a', 'x', '1') }),
      keptEvent(place(0, 2), { lookup: lookup('a', 'x', '2') }),
      keptEvent(place(0, 3), { lookup: lookup('b', 'x', '1') }),
      keptEvent(place(0, 4), { lookup: lookup('a') }),
      keptEvent(place(0, 5), { lookup: lookup('a', 'y', '1') }),
    );
    expect(await kept(world, lookup(''))).toEqual(['0/1', '0/2', '0/3', '0/4', '0/5']);
    expect(await kept(world, lookup('a'))).toEqual(['0/1', '0/2', '0/4', '0/5']);
    // not those of which is known that they are of another key
    expect(await kept(world, lookup('a', 'x', '1'))).toEqual(['0/1', '0/4', '0/5']);
    expect(await kept(world, lookup('a', 'z', '1'))).toEqual(['0/1', '0/2', '0/4', '0/5']);
    expect(await kept(world, lookup('c'))).toEqual([]);
  },

  'kept events come in the order of their arrival, from a time on, in pages': async (world) => {
    const at = (offset: number, ms: number) => keptEvent(place(0, offset), { time: NOON + ms });
    const there = (offset: number, ms: number) => keptEvent(place(1, offset), { time: NOON + ms });
    await keep(world, undefined, at(1, 30), at(2, 30), at(3, 50), at(4, 10));
    await keep(world, undefined, there(1, 30), there(2, 40), there(9, 20));
    const all = ['0/4', '1/9', '0/1', '0/2', '1/1', '1/2', '0/3'];
    for (const of of [lookup('order.paid'), lookup(''), lookup('order.paid', 'x', '1')]) {
      expect(await kept(world, of)).toEqual(all);
      expect(await kept(world, of, NOON + 20)).toEqual(all.slice(1));
      expect(await kept(world, of, NOON + 20.5)).toEqual(all.slice(2));
      expect(await kept(world, of, NOON, undefined, 3)).toEqual(all.slice(0, 3));
      const after = { time: NOON + 30, place: place(0, 1) };
      expect(await kept(world, of, NOON, after, 3)).toEqual(all.slice(3, 6));
      expect(await kept(world, of, NOON + 35, after, 3)).toEqual(all.slice(5));
    }
  },

  'old events are forgotten, with what was heard of them': async (world) => {
    const { events } = world.store;
    await fold(world, 0, 0, 10, parkListening(1, [listen()]), parkListening(2, [listen()]));
    const five = [1, 2, 3, 4, 5].map((offset) => place(0, offset));
    await keep(world, undefined, ...five.map((at) => keptEvent(at)));
    await keep(world, undefined, keptEvent(place(1, 1)));
    await world.settle(
      events.match([matchOf(0, 1, place(0, 1)), matchOf(0, 2, place(0, 2))], {
        events: 0,
        from: undefined,
        to: 5,
      }),
    );
    await fold(world, 0, 10, 20, consumed(1, place(0, 1)));
    const purge = (before: number, limit = 100): Promise<number> =>
      world.settle(events.purge(0, before, limit));
    expect(await purge(NOON + 1)).toBe(0);
    expect(await purge(NOON + 100, 1)).toBe(1);
    // of the second somebody is still to hear, the fifth was not correlated
    expect(await purge(NOON + 100)).toBe(2);
    expect(await purge(NOON + 100)).toBe(0);
    expect(await kept(world, lookup('order.paid'))).toEqual(['1/1', '0/2', '0/5']);
    expect(await heard(world, [1], ...five)).toEqual([`${runId(1)} 0/2`]);
    await fold(world, 0, 20, 30, resume(2));
    expect(await purge(NOON + 100)).toBe(1);
    // a copy that comes that late is a new event
    expect(await keep(world, 5, keptEvent(place(0, 6), { id: '0/1' }))).toEqual(new Set([6]));
  },

  'parked rows are found by identity, those that are there': async (world) => {
    const { store } = world;
    const rows = [4, 2, 9].map((identity) => parkedRow(identity, { due: NOON }));
    await fold(world, 1, 0, 10, ...rows.map((row) => ({ kind: 'park' as const, row })));
    expect(await world.settle(store.rows(1, [9, 3, 2, 9]))).toEqual([rows[1], rows[2]]);
    expect(await world.settle(store.rows(0, [9]))).toEqual([]);
    expect(await world.settle(store.rows(1, []))).toEqual([]);
  },
};

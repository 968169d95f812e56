/*
 * Events in the Store against the rows of the simulated database: random folds, events, matches and
 * questions, each asked of both. What comes without a promised order is compared as a set.
 */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { SimEventStore } from '../../src/adapters/sim/event-store.ts';
import { stream } from '../../src/adapters/sim/random.ts';
import type { KeptEvent, Lookup, Match, Progress } from '../../src/ports/index.ts';
import { listen, parkListening } from './listening-rows.ts';
import { NOON, fold, parkedRow, runId } from './parked-rows.ts';
import type { StoreWorld } from './store-contract.ts';
import type { Cases } from './suite.ts';

const partition = fc.constantFrom(0, 1);
const lookupOf: fc.Arbitrary<Lookup> = fc.record({
  type: fc.constantFrom('', 'a', 'b'),
  from: fc.constantFrom('', 'x', 'y'),
  key: fc.constantFrom('', '1', '2'),
});
const place = fc.record({ partition, offset: fc.nat(6) });
const listens = fc.record({ lookup: lookupOf, since: fc.nat(6).map((ms) => NOON + ms) });
/** an index into what is parked at the time */
const parked = fc.nat(7);

const actions = {
  park: fc.record({ partition, run: fc.nat(2), listens: fc.array(listens, { maxLength: 3 }) }),
  resume: fc.record({
    partition,
    rows: fc.array(parked, { maxLength: 3 }),
    events: fc.array(place),
  }),
  keep: fc.record({
    partition,
    stale: fc.nat(5).map((n) => n === 0),
    events: fc.array(
      fc.record({ offset: fc.nat(6), id: fc.nat(6), time: fc.nat(6), lookup: lookupOf }),
      { maxLength: 3 },
    ),
  }),
  match: fc.record({
    of: fc.array(fc.record({ partition, row: parked, nth: fc.nat(8) }), { maxLength: 4 }),
    moves: fc.constantFrom('nothing', 'events', 'looked'),
    partition,
    by: fc.nat(4),
    stale: fc.nat(5).map((n) => n === 0),
  }),
  purge: fc.record({ partition, before: fc.nat(8), limit: fc.nat(3) }),
  ask: fc.record({
    partition,
    lookup: lookupOf,
    after: fc.option(place),
    limit: fc.integer({ min: 1, max: 4 }),
  }),
} as const;

type Actions = {
  [Name in keyof typeof actions]: (typeof actions)[Name] extends fc.Arbitrary<infer What>
    ? What
    : never;
};

class Pair {
  readonly world: StoreWorld;
  readonly model: SimEventStore;
  readonly applied = [0, 0];
  readonly parked: { partition: number; identity: number }[] = [];
  readonly progress = { events: [undefined, undefined] as (number | undefined)[], looked: [0, 0] };

  constructor(world: StoreWorld) {
    this.world = world;
    this.model = new SimEventStore(
      { inserted: 0, updated: 0, deleted: 0 },
      stream(1, 'model'),
      (home) => this.applied[home] ?? 0,
    );
  }

  async park({ listens: rows, partition: home, run }: Actions['park']): Promise<void> {
    const from = this.applied[home]!;
    const given = rows.map((row) => listen(row));
    const row = parkedRow(from + 1, { run: runId(run) });
    const change = parkListening(row.identity, given, { run: runId(run) });
    expect(await fold(this.world, home, from, from + 3, change)).toBe('applied');
    this.applied[home] = from + 3;
    this.model.parked(home, row, given);
    this.parked.push({ partition: home, identity: row.identity });
  }

  async resume({ events, partition: home, rows }: Actions['resume']): Promise<void> {
    const here = this.parked.filter((row) => row.partition === home);
    const wanted = [...new Set(rows)].flatMap((i) => here[i] ?? []);
    if (wanted.length === 0) return;
    const identities = wanted.map(({ identity }) => identity);
    const from = this.applied[home]!;
    await fold(this.world, home, from, from + 3, { kind: 'resume', identities, events });
    this.applied[home] = from + 3;
    this.model.resumed(home, identities, events);
    for (const row of wanted) this.parked.splice(this.parked.indexOf(row), 1);
  }

  async keep({ events, partition: home, stale }: Actions['keep']): Promise<void> {
    const stands = this.progress.events[home];
    const from = stale ? (stands ?? 0) + 1 : stands;
    const kept = events.map(({ id, lookup, offset, time }): KeptEvent => {
      // what stands at an offset is always the same
      const at = (stands ?? 0) + offset;
      const event = { specversion: '1.0', id: `${id}`, source: 'here', type: 'a' };
      return { place: { partition: home, offset: at }, time: NOON + time, event, lookup };
    });
    const known = this.model.keptEvents();
    const taken = kept.filter(
      ({ place: at, event }, i) =>
        !known.some(
          (one) =>
            one.place.partition === at.partition &&
            one.place.offset === at.offset &&
            one.event.id !== event.id,
        ) && !kept.slice(0, i).some((one) => one.place.offset === at.offset),
    );
    const answer = await this.world.settle(this.world.store.events.keep(home, from, taken));
    expect(answer).toEqual(this.model.keep(home, from, taken));
  }

  async match({ by, moves, of, partition: home, stale }: Actions['match']): Promise<void> {
    const kept = this.model.keptEvents();
    const matches = of.flatMap(({ nth, partition: at, row }): Match[] => {
      const strand = this.parked.filter((one) => one.partition === at)[row];
      const event = kept[nth % (kept.length || 1)];
      return event === undefined
        ? []
        : [{ partition: at, identity: strand?.identity ?? 999, event: event.place }];
    });
    const progress = this.#progress(moves, home, by, stale);
    const answer = await this.world.settle(this.world.store.events.match(matches, progress));
    expect(answer).toBe(this.model.match(matches, progress));
    if (answer === 'stale' || progress === undefined) return;
    if ('events' in progress) this.progress.events[home] = progress.to;
    else this.progress.looked[home] = progress.to;
  }

  #progress(moves: string, home: number, by: number, stale: boolean): Progress | undefined {
    if (moves === 'nothing') return undefined;
    if (moves === 'events') {
      const from = this.progress.events[home];
      const to = (from ?? 0) + by;
      return { events: home, from: stale ? (from ?? 0) + 7 : from, to };
    }
    const from = this.progress.looked[home]!;
    return { looked: home, from: stale ? from + 7 : from, to: from + by };
  }

  async purge({ before, limit, partition: home }: Actions['purge']): Promise<void> {
    // any of those that are old may go first: all of them go, or none
    const all = limit === 0 ? 0 : 1_000;
    const answer = await this.world.settle(this.world.store.events.purge(home, NOON + before, all));
    expect(answer).toBe(this.model.purge(home, NOON + before, all));
  }

  async ask({ after, limit, lookup, partition: home }: Actions['ask']): Promise<void> {
    const { settle } = this.world;
    const { events } = this.world.store;
    const { model } = this;
    const runs = [0, 1, 2].map(runId);
    const from = after ?? undefined;
    expect(await settle(events.correlated(home))).toBe(model.correlated(home));
    const beyond = from && { partition: from.partition, identity: from.offset, nth: 0 };
    const asked = [{ ...lookup, ...(beyond && { after: beyond }) }, lookup];
    expect(await settle(events.subscribed(asked, limit))).toEqual(model.subscribed(asked, limit));
    const time = from && { time: NOON + limit, place: from };
    expect(await settle(events.kept(lookup, NOON + 1, time, limit))).toEqual(
      model.kept(lookup, NOON + 1, time, limit),
    );
    expect(await settle(events.unlooked(home, limit))).toEqual(model.unlooked(home, limit));
    const texts = (rows: readonly unknown[]): string[] =>
      rows.map((row) => JSON.stringify(row)).sort((a, b) => (a < b ? -1 : 1));
    const froms = (await settle(events.lookups([lookup.type]))).map(({ type, from: of }) => [
      type,
      of,
    ]);
    expect(texts(froms)).toEqual(
      texts(model.lookups([lookup.type]).map(({ type, from: of }) => [type, of])),
    );
    const places = model.keptEvents().map((kept) => kept.place);
    const heard = await settle(events.heard(runs.slice(1), places));
    const flat = (
      rows: readonly {
        run: string;
        strand: string;
        event: { partition: number; offset: number };
      }[],
    ) => texts(rows.map(({ event, run, strand }) => [run, strand, event.partition, event.offset]));
    expect(flat(heard)).toEqual(flat(model.heard(runs.slice(1), places)));
    // numbers are an adapter's own; what is matched, in which order, is not
    const answer = await settle(events.matches(home, undefined, limit));
    const expected = model.matches(home, undefined, limit);
    expect(answer.listening).toBe(expected.listening);
    const plain = (rows: typeof expected.matches) =>
      rows.map(({ identity, kept }) => ({ identity, kept }));
    expect(plain(answer.matches)).toEqual(plain(expected.matches));
    expect((await settle(events.matches(home, answer.upTo, limit))).matches).toEqual([]);
  }
}

const action = fc.oneof(
  ...(Object.keys(actions) as (keyof Actions)[]).map((name) =>
    (actions[name] as fc.Arbitrary<Actions[keyof Actions]>).map((what) => ({ name, what })),
  ),
);

export const eventModelCases: Cases<StoreWorld> = {
  'random events and listeners are answered for as the simulated database does': async (
    _,
    open,
  ) => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 30 }), async (steps) => {
        const world = await open();
        try {
          const pair = new Pair(world);
          for (const { name, what } of steps) await pair[name](what as never);
        } finally {
          await world.close();
        }
      }),
      { numRuns: Number(process.env['WAYBILL_MODEL_RUNS'] ?? 30) },
    );
  },
};

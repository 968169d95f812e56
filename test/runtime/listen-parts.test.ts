/* The small parts of listening, each held to the rule that it owns. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wants } from '../../src/dsl/index.ts';
import { goingOn, setParkedDead } from '../../src/runtime/hop-suspend.ts';
import { listened } from '../../src/runtime/listened.ts';
import {
  besides,
  HeardBefore,
  keyIn,
  listenRows,
  listensSince,
  typeOf,
} from '../../src/runtime/lookups.ts';
import type { Subject } from '../../src/runtime/unit.ts';
import {
  CLOCK_SKEW_MAX_MS,
  type CloudEvent,
  type EventFilter,
  type Json,
  type ParkBody,
  type Subscription,
  uuidv7,
} from '../../src/wire/index.ts';

const event = (more: Partial<CloudEvent> = {}): CloudEvent => ({
  specversion: '1.0',
  id: '1',
  source: 's',
  type: 'paid',
  ...more,
});
const is = (value: Json): { is: Json } => ({ is: value });
const order = (expect: Json): EventFilter => ({
  with: { type: is('paid') },
  correlate: { order: { from: { text: '.data.order' }, expect } },
});
const of = (...filters: EventFilter[]): Subscription => ({ filters, first: true });
const lookups = (...filters: EventFilter[]) =>
  listenRows(of(...filters), 5).map(({ lookup }) => lookup);

describe('lookups', () => {
  it('one row for each type, text and value; filters that share one stand in it together', () => {
    const rows = listenRows(of(order(7), { with: { type: is('paid') } }, order(8), order('7')), 5);
    expect(rows.map(({ subscription }) => subscription.filters)).toEqual([
      [order(7), order('7')],
      [{ with: { type: is('paid') } }],
      [order(8)],
    ]);
    expect(rows.every(({ since, subscription }) => since === 5 && subscription.first)).toBe(true);
    expect(new Set(rows.map(({ lookup }) => JSON.stringify(lookup))).size).toBe(3);
  });

  it('by nothing where there is no type, a pattern, a variable, or too long a text', () => {
    const nothing = { type: '', from: '', key: '' };
    expect(listenRows(of(), 0)[0]!.lookup).toEqual(nothing);
    expect(lookups({ with: { type: { matches: 'a.*' } } })).toEqual([nothing]);
    expect(lookups({ with: { subject: is('x') } })).toEqual([nothing]);
    expect(lookups({ with: { type: is('é'.repeat(500)) } })).toEqual([nothing]);
    const given = { text: '.data + $context', given: { context: 1 } };
    const variable = { with: { type: is('t') }, correlate: { c: { from: given, expect: 1 } } };
    const long = { text: `.data.${'x'.repeat(1_000)}` };
    const far = { with: { type: is('t') }, correlate: { c: { from: long, expect: 1 } } };
    expect(lookups(variable, far)).toEqual([{ type: 't', from: '', key: '' }]);
  });

  it('whatever fits is found by the lookup of its filter', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom('0', '1', 'é'),
      fc.boolean(),
    );
    const type = fc.constantFrom('paid', 'lost', 'x'.repeat(1_200));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(type, value), { minLength: 1, maxLength: 4 }),
        type,
        value,
        (all, t, v) => {
          const filters = all.map(([one, expected]): EventFilter => ({
            ...order(expected),
            with: { type: is(one) },
          }));
          const sent = event({ type: t, data: { order: v } });
          const found = listenRows(of(...filters), 0).filter(
            ({ lookup: { from, key, type: looked } }) =>
              (looked === '' || looked === typeOf(sent)) && keyIn(sent, from, 0) === key,
          );
          expect(found.some(({ subscription }) => wants(subscription, sent, 0))).toBe(
            wants(of(...filters), sent, 0),
          );
        },
      ),
    );
  });

  it('an event from which nothing can be drawn is found by nobody who expects something', () => {
    expect(keyIn(event(), '.data.order', 0)).toBeUndefined();
    expect(keyIn(event({ data: 1 }), '.data.order', 0)).toBeUndefined();
    expect(keyIn(event(), '', 0)).toBe('');
  });

  it('events count since the run was asked for or began, less the skew of clocks', () => {
    const run = uuidv7(1_000_000, () => 0.5);
    expect(listensSince({ run, time: 0 }, 2_000_000, 0)).toBe(1_000_000 - CLOCK_SKEW_MAX_MS);
    expect(listensSince({ run, time: 0 }, 900_000, 0)).toBe(900_000 - CLOCK_SKEW_MAX_MS);
    expect(listensSince({ run: 'x', time: 0 }, 900_000, 5)).toBe(900_000 - CLOCK_SKEW_MAX_MS);
    // its owner is a minute ahead of the broker
    const ahead = listensSince({ run, time: 2_060_000 }, 2_000_000, 2_000_000);
    expect(ahead).toBe(1_000_000 - 60_000 - CLOCK_SKEW_MAX_MS);
  });
});

describe('what was heard before', () => {
  it.each([
    ['1.0', '1.1', true],
    ['1.0/2.0', '1.1', true],
    ['1.0/2.0', '1.0/2.1/5.0', true],
    ['', '', false],
    ['1.0', '1.0', false],
    ['', '1.0', false],
    ['1.0', '1.0/2.0', false],
    ['1.0', '2.1', false],
    ['1.0/2.0', '1.0/3.0', false],
    ['1.0', '10.1', false],
  ])('%j and %j go on side by side: %j', (a, b, expected) => {
    expect(besides(a, b)).toBe(expected);
    expect(besides(b, a)).toBe(expected);
  });

  it('bars a run from hearing it again, and no other run', () => {
    const place = { partition: 0, offset: 3 };
    const before = new HeardBefore([{ run: 'r', strand: '1.0', event: place }]);
    expect(before.bars('r', '1.1', place)).toBe(false);
    expect(before.bars('r', '', place)).toBe(true);
    expect(before.bars('r', '1.0', place)).toBe(true);
    expect(before.bars('other', '1.0', place)).toBe(false);
    expect(before.bars('r', '1.0', { partition: 1, offset: 3 })).toBe(false);
    before.add('r', '2.0', place);
    expect(before.bars('r', '1.1', place)).toBe(true);
  });
});

describe('in words', () => {
  it('what each filter lets through', () => {
    expect(listened(of())).toEqual(['any event']);
    expect(
      listened(
        of(
          { with: { type: { matches: 'a.*' }, subject: is('b'), data: { has: { n: is(7) } } } },
          { with: { data: { holds: { text: '. > $x', given: { x: 1 } } } } },
          { with: { type: is('paid') }, correlate: { order: { from: { text: '.subject' } } } },
          order('o-7'),
        ),
      ),
    ).toEqual([
      '/a.*/ with subject = "b", data.n = 7',
      'any event with data: ${ . > $x }',
      'paid with .subject of one value',
      'paid with .data.order = "o-7"',
    ]);
  });

  it('never more than fits into a row', () => {
    const long = listened(of(...Array.from({ length: 50 }, (_, i) => order('x'.repeat(i * 100)))));
    expect(long).toHaveLength(6);
    expect(long.at(-1)).toBe('45 more');
    expect(Math.max(...long.map(({ length }) => length))).toBeLessThanOrEqual(160);
  });
});

describe('a listener that was given up', () => {
  const body: ParkBody = {
    kind: 'PARK',
    state: {
      status: 'waiting',
      position: '/do/0/l',
      entering: false,
      frames: [],
      startedAt: 0,
      activation: 1,
      pureHops: 0,
    },
    cause: { kind: 'start' },
    why: 'listen',
    subscription: of(order(7)),
    due: 50,
  };
  const subject: Subject = {
    run: 'r',
    strand: '',
    hop: 3,
    definition: 'd',
    name: { namespace: 'n', name: 'n' },
  };

  it('waits for nothing while it is dead, and listens on when somebody lets it', () => {
    const dead = setParkedDead({ run: 'r' }, body, 'it broke').body as ParkBody;
    expect(dead).toMatchObject({ why: 'dead', reason: 'it broke' });
    expect(dead.due).toBeUndefined();
    const on = goingOn(subject, dead, 10)!.body as ParkBody;
    expect(on).toMatchObject({ kind: 'PARK', why: 'listen', due: 50 });
    expect(on.subscription).toEqual(body.subscription);
  });

  it('others are stepped anew', () => {
    const { subscription: _, ...waits } = body;
    const dead = setParkedDead({ run: 'r' }, { ...waits, why: 'wait' }, 'x').body as ParkBody;
    expect(goingOn(subject, dead, 10)!.kind).toBe('STEP');
  });
});

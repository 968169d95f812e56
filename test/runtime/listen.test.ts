/*
 * Listening in the runtime, in a calm world: events from outside and of other runs go through the events
 * log, the correlator and the Store to whoever listens, once, and what is written is exact.
 */
import { describe, expect, it } from 'vitest';
import type { Json, LogRecord } from '../../src/wire/index.ts';
import { proves } from '../proofs/proves.ts';
import { ok, type Told, walk, type WalkOptions } from './calm-world.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const ONE = "{one: {with: {type: 'order.paid'}}}";
const listen = (to: string, more = ''): string => `do: [{l: {listen: {to: ${to}${more}}}}]`;
type Sent = NonNullable<WalkOptions['events']>[number];
const paid = (at: number, data: Json, more: Partial<Sent> = {}): Sent => ({
  at,
  type: 'order.paid',
  data,
  ...more,
});

function endOf(records: readonly LogRecord[]) {
  const end = records.find(({ header }) => header.kind === 'END' && header.strand === '')?.body;
  return end?.kind === 'END' ? end.end : undefined;
}

function told(body: string, events: readonly Sent[], more: WalkOptions = {}): Told {
  return walk(body, { a1: ok, b0: ok }, { events, ...more });
}

/** What comes out of it; undefined while it listens. */
function output(...args: Parameters<typeof told>): Json | undefined {
  const end = endOf(told(...args).records);
  expect(end?.error).toBeUndefined();
  return end?.output;
}

const rowsOf = ({ writes }: Told): number => writes.inserted + writes.deleted;

describe('one event', () => {
  it('costs two owner records and six row writes', proves('listen.one', 'listen.output'), () => {
    const world = told(listen(ONE), [paid(2 * HOUR, { order: 7 }), paid(3 * HOUR, 8)]);
    expect(world.lines).toEqual(['START', 'PARK <- START', 'RESUME', 'END']);
    expect(endOf(world.records)?.output).toEqual([{ order: 7 }]);
    // the second event is kept, one more
    expect(rowsOf(world)).toBe(6 + 1);
    expect(world.events.subscriptionRows()).toEqual([]);
    expect(world.events.heardRows()).toHaveLength(1);
  });

  it('is named by the RESUME, and is the cause of the record that follows', () => {
    const { records } = told(listen(ONE), [{ at: SECOND, type: 'other' }, paid(2 * SECOND, 1)]);
    const resume = records.find(({ header }) => header.kind === 'RESUME')!.body;
    const end = records.find(({ header }) => header.kind === 'END')!.body;
    expect(resume).toMatchObject({ why: 'listen', events: [{ partition: 0, offset: 1 }] });
    expect(end.kind === 'END' && end.cause).toMatchObject({
      kind: 'events',
      events: [{ id: 'e1', data: 1 }],
    });
  });

  it('that came before its listener is delivered', proves('listen.early'), () => {
    const body = `do: [{w: {wait: PT1H}}, {l: {listen: {to: ${ONE}}}}]`;
    const world = told(body, [paid(10 * SECOND, 'early'), paid(20 * SECOND, 'later')]);
    expect(endOf(world.records)?.output).toEqual(['early']);
    // two rows for the wait; of the kept events one was heard
    expect(rowsOf(world)).toBe(2 + 6 + 1);
  });

  it('that came before its run is for others, but for the skew of clocks', () => {
    const late = { startAt: HOUR };
    expect(output(listen(ONE), [paid(HOUR - 11 * SECOND, 1)], late)).toBeUndefined();
    expect(output(listen(ONE), [paid(HOUR - 9 * SECOND, 1)], late)).toEqual([1]);
  });

  it('that comes twice counts once', proves('listen.once'), () => {
    const same = { id: 'x', source: 'urn:shop' };
    const body = listen("{any: [{with: {type: 'order.paid'}}], until: '(. | length) > 1'}");
    const copies = [1, 2, 3].map((at) => paid(at * SECOND, at, same));
    const world = told(body, [...copies, paid(9 * SECOND, 'other')]);
    expect(endOf(world.records)?.output).toEqual([1, 'other']);
    // an id says nothing without its source
    const elsewhere = paid(4 * SECOND, 4, { ...same, source: 'urn:elsewhere' });
    expect(output(body, [...copies, elsewhere])).toEqual([1, 4]);
  });

  it('is heard by its run once, whoever listens in it', () => {
    const body = `do: [{l: {listen: {to: ${ONE}}}}, {m: {listen: {to: ${ONE}}}}, {f: {fork: {branches: [{x: {listen: {to: ${ONE}}}}]}}}]`;
    const events = [1, 2].map((at) => paid(at * SECOND, at));
    const world = told(body, events);
    expect(endOf(world.records)).toBeUndefined();
    expect(world.lines.filter((line) => line.startsWith('RESUME'))).toHaveLength(2);
    expect(output(body, [...events, paid(HOUR, 3)])).toEqual([[3]]);
  });

  it('is heard by all branches that go on side by side', () => {
    const branch = (name: string): string => `{${name}: {listen: {to: ${ONE}}}}`;
    const body = `do: [{f: {fork: {branches: [${branch('x')}, ${branch('y')}]}}}]`;
    expect(output(body, [paid(HOUR, 1)])).toEqual([[1], [1]]);
  });
});

describe('several events', () => {
  it('all: one for each filter, in any order', proves('listen.all'), () => {
    const body = listen('{all: [{with: {type: a}}, {with: {type: b}}]}');
    const [a, b] = [
      { type: 'a', data: 1 },
      { type: 'b', data: 2 },
    ] as const;
    expect(
      output(body, [
        { at: HOUR, ...b },
        { ...b, at: 2 * HOUR },
      ]),
    ).toBeUndefined();
    const world = told(body, [
      { at: HOUR, ...b },
      { at: 2 * HOUR, ...a },
    ]);
    expect(endOf(world.records)?.output).toEqual([2, 1]);
    expect(world.lines).toEqual(['START', 'PARK <- START', 'RESUME', 'PARK', 'RESUME', 'END']);
  });

  it('any: the first that fits one of them', proves('listen.any'), () => {
    const body = listen('{any: [{with: {type: a}}, {with: {type: b}}]}');
    expect(
      output(body, [
        { at: 1, type: 'c' },
        { at: HOUR, type: 'b', data: 2 },
      ]),
    ).toEqual([2]);
  });

  it(
    'any: [] until an event of a kind: whatever comes',
    proves('listen.any.every', 'listen.until.strategy'),
    () => {
      const body = listen('{any: [], until: {one: {with: {type: enough}}}}');
      const events = ['x', 'y', 'enough', 'z'].map((type, i) => ({ at: i * HOUR, type, data: i }));
      expect(output(body, events)).toEqual([0, 1]);
    },
  );

  it(
    'until the list of events so far is long enough',
    proves('listen.until.condition', 'decided.until'),
    () => {
      const body = listen("{any: [{with: {type: 'order.paid'}}], until: '(. | length) > 2'}");
      const events = Array.from({ length: 5 }, (_, i) => paid(i * SECOND, i));
      expect(output(body, events)).toEqual([0, 1, 2]);
    },
  );

  it(
    'foreach: one after the other, those that come meanwhile in their turn',
    proves('listen.foreach'),
    () => {
      const body = `do: [{l: {listen: {to: {any: [{with: {type: 'order.paid'}}], until: '(. | length) > 2'}}, foreach: {do: [{w: {wait: PT1M}}, {s: {set: {n: '\${ $item * 10 }', i: '\${ $index }'}}}]}}}]`;
      const events = Array.from({ length: 4 }, (_, i) => paid((10 + i) * SECOND, i));
      const world = told(body, events);
      expect(endOf(world.records)?.output).toEqual([0, 1, 2].map((i) => ({ n: 10 * i, i })));
      const resumes = world.records.flatMap(({ body: one }) =>
        one.kind === 'RESUME' && one.events !== undefined ? [one.events.length] : [],
      );
      expect(resumes).toEqual([1, 1, 1]);
    },
  );

  it('foreach: output and export of each', proves('listen.foreach.output'), () => {
    const body = `do: [{l: {listen: {to: {any: [{with: {type: 'order.paid'}}], until: '(. | length) > 1'}}, foreach: {output: {as: '.n'}, export: {as: '($context // 0) + .'}}}}, {s: {set: {all: '\${ . }', sum: '\${ $context }'}}}]`;
    const events = [3, 4].map((n) => paid(n * HOUR, { n }));
    expect(output(body, events)).toEqual({ all: [3, 4], sum: 7 });
  });
});

describe('read', () => {
  const encoded = Buffer.from('{"a":1}').toString('base64');
  const event: Sent = {
    at: SECOND,
    type: 'order.paid',
    data_base64: encoded,
    datacontenttype: 'application/json',
  };

  it('data, as it is meant', proves('listen.read.data'), () => {
    expect(output(listen(ONE), [event])).toEqual([{ a: 1 }]);
  });
  it('raw, as it came', proves('listen.read.raw'), () => {
    expect(output(listen(ONE, ', read: raw'), [event])).toEqual([encoded]);
  });
  it('envelope, the whole event', proves('listen.read.envelope'), () => {
    expect(output(listen(ONE, ', read: envelope'), [event])).toMatchObject([
      { id: 'e0', source: 'urn:outside', type: 'order.paid', data_base64: encoded },
    ]);
  });
});

describe('filters', () => {
  const first = (filter: string, ...events: Sent[]): Json | undefined =>
    output(listen(`{one: {${filter}}}`), events, { input: { order: 7 } });

  it('by literal values', proves('listen.filter.literal'), () => {
    const filter = "with: {type: 'order.paid', subject: b, data: {order: 7}}";
    const wrong = [
      paid(1, { order: 7 }, { subject: 'a' }),
      paid(2, { order: 8 }, { subject: 'b' }),
    ];
    expect(first(filter, ...wrong)).toBeUndefined();
    expect(first(filter, ...wrong, paid(3, { order: 7, n: 3 }, { subject: 'b' }))).toEqual([
      { order: 7, n: 3 },
    ]);
  });

  it('by regular expressions', proves('listen.filter.pattern'), () => {
    const filter = "with: {type: 'order\\..*'}";
    expect(first(filter, { at: 1, type: 'order' }, { at: 2, type: 'order.x', data: 2 })).toEqual([
      2,
    ]);
  });

  it('by expressions on the attribute', proves('listen.filter.expression'), () => {
    const filter = "with: {data: '${ .n > 38 and .order == $workflow.input.order }'}";
    const wrong = [
      paid(1, { n: 38, order: 7 }),
      paid(2, { n: 39, order: 8 }),
      paid(3, 'no object'),
    ];
    expect(first(filter, ...wrong)).toBeUndefined();
    expect(first(filter, ...wrong, paid(4, { n: 39, order: 7 }))).toEqual([{ n: 39, order: 7 }]);
  });

  it('that read the clock are judged by the strand alone', () => {
    const filter = "with: {data: '${ .until > now }'}";
    const wrong = paid(SECOND, { until: 0 });
    const right = paid(2 * SECOND, { until: 99_999_999_999 });
    expect(first(filter, wrong, right)).toEqual([{ until: 99_999_999_999 }]);
    // what it did not take leaves no record
    const { lines } = told(listen(`{one: {${filter}}}`), [wrong, right]);
    expect(lines).toEqual(['START', 'PARK <- START', 'RESUME', 'END']);
  });

  it('correlate with what is expected', proves('listen.correlate.expect'), () => {
    const filter =
      "with: {type: 'order.paid'}, correlate: {order: {from: '.data.order', expect: '${ .order }'}}";
    expect(first(filter, paid(1, { order: 8 }), paid(2, {}))).toBeUndefined();
    const world = told(
      listen(`{one: {${filter}}}`),
      [paid(1, { order: 8 }), paid(2, { order: 7 })],
      {
        input: { order: 7 },
      },
    );
    expect(endOf(world.records)?.output).toEqual([{ order: 7 }]);
  });

  it('correlate by the value that comes first', proves('listen.correlate.first'), () => {
    const part = (type: string): string =>
      `{with: {type: ${type}}, correlate: {order: {from: '.data.order'}}}`;
    const body = listen(`{all: [${part('a')}, ${part('b')}]}`, ', read: envelope');
    const event = (at: number, type: string, order: number): Sent => ({
      at,
      type,
      data: { order },
    });
    const events = [event(HOUR, 'a', 1), event(2 * HOUR, 'b', 2), event(3 * HOUR, 'b', 1)];
    const both = output(body, events) as readonly { readonly id: string }[];
    expect(both.map(({ id }) => id)).toEqual(['e0', 'e2']);
  });
});

describe('time', () => {
  const limited = `do: [{l: {listen: {to: ${ONE}}, timeout: {after: PT1H}}}]`;

  it('runs out: what comes then is for nobody', () => {
    const world = told(limited, [paid(HOUR + SECOND, 1)]);
    expect(endOf(world.records)?.error).toMatchObject({ status: 408 });
    expect(world.events.heardRows()).toEqual([]);
  });

  it('of an event is that at which it came', () => {
    const { records } = told(limited, [paid(HOUR - SECOND, 1)]);
    expect(endOf(records)?.output).toEqual([1]);
    const [end] = records.filter(({ header }) => header.kind === 'END');
    const [begun] = records.filter(({ header }) => header.kind === 'START');
    expect(end!.header.time - begun!.header.time).toBeLessThan(HOUR - SECOND + 10);
  });

  it('a run that is suspended hears what came meanwhile when it goes on', () => {
    const controls = [
      { at: SECOND, verb: 'suspend' as const },
      { at: 2 * HOUR, verb: 'resume' as const },
    ];
    const world = told(listen(ONE), [paid(HOUR, 1)], { controls });
    expect(endOf(world.records)?.output).toEqual([1]);
  });

  it('a run that is cancelled leaves no subscription behind', () => {
    const controls = [{ at: SECOND, verb: 'cancel' as const }];
    const world = told(listen(ONE), [paid(HOUR, 1)], { controls });
    expect(endOf(world.records)).toEqual({ cancelled: true });
    expect(world.events.subscriptionRows()).toEqual([]);
    expect(world.events.heardRows()).toEqual([]);
  });

  it('events are forgotten after a day, with who heard them', () => {
    const world = told(listen(ONE), [paid(HOUR, 1), paid(2 * HOUR, 2)], { ms: 24 * HOUR });
    expect(world.events.keptEvents()).toHaveLength(2);
    const later = told(listen(ONE), [paid(HOUR, 1), paid(2 * HOUR, 2)], { ms: 27 * HOUR });
    expect(later.events.keptEvents()).toEqual([]);
    expect(later.events.heardRows()).toEqual([]);
  });
});

describe('events of the engine', () => {
  it('one branch hears what another one emits', proves('emit.listener'), () => {
    const body = `do: [{f: {fork: {branches: [
      {x: {listen: {to: {one: {with: {type: hello}}}}}},
      {y: {do: [{w: {wait: PT1H}}, {e: {emit: {event: {with: {type: hello, data: {n: 1}}}}}}]}}]}}}]`;
    expect(output(body, [])).toMatchObject([[{ n: 1 }], { type: 'hello' }]);
  });
});

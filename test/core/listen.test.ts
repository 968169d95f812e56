import { describe, expect, it } from 'vitest';
import { begin, step } from '../../src/core/index.ts';
import type { CloudEvent, Json } from '../../src/wire/index.ts';
import { drive, type Functions, planOf, type Sent } from './drive.ts';

const ev = (type: string, data?: Json, more: Partial<Sent> = {}): Sent => ({
  type,
  ...(data === undefined ? {} : { data }),
  ...more,
});
const listening = (to: string, more = ''): string => `do: [{hear: {listen: {to: ${to}}${more}}}]`;
const ran = (text: string, sent: readonly Sent[], input: Json = {}, functions: Functions = {}) =>
  drive(text, input, functions, { sent });
const output = (...args: Parameters<typeof ran>): Json | undefined => {
  const { end } = ran(...args);
  expect(end.error).toBeUndefined();
  return end.output;
};
const stuck = (...args: Parameters<typeof ran>): void => {
  expect(() => ran(...args)).toThrow('stuck');
};

describe('strategies', () => {
  it('one: the first event that fits, as a list', () => {
    const sent = [ev('other', 1), ev('paid', 2), ev('paid', 3)];
    expect(output(listening('{one: {with: {type: paid}}}'), sent)).toEqual([2]);
    stuck(listening('{one: {with: {type: paid}}}'), [ev('other', 1)]);
  });

  it('all: each filter one event, in the order of their arrival', () => {
    const all = listening('{all: [{with: {type: a}}, {with: {type: b}}, {with: {type: a}}]}');
    expect(output(all, [ev('b', 1), ev('b', 2), ev('a', 3), ev('a', 4), ev('a', 5)])).toEqual([
      1, 3, 4,
    ]);
    stuck(all, [ev('b', 1), ev('a', 2)]);
    expect(output(listening('{all: []}'), [])).toEqual([]);
  });

  it('any: the first that fits one of them', () => {
    const any = listening('{any: [{with: {type: a}}, {with: {type: b}}]}');
    expect(output(any, [ev('c', 1), ev('b', 2), ev('a', 3)])).toEqual([2]);
    expect(output(listening('{any: []}'), [ev('whatever', 1), ev('a', 2)])).toEqual([1]);
  });

  it('any until a condition on the list of events', () => {
    const three = listening("{any: [], until: '( . | length ) > 2'}");
    expect(
      output(
        three,
        [1, 2, 3, 4].map((n) => ev('t', n)),
      ),
    ).toEqual([1, 2, 3]);
    const sum = listening("{any: [{with: {type: t}}], until: '${ add >= $input.limit }'}");
    expect(output(sum, [ev('t', 3), ev('u', 100), ev('t', 4), ev('t', 5)], { limit: 7 })).toEqual([
      3, 4,
    ]);
    const wrong = ran(listening('{any: [], until: \'error("no")\'}'), [ev('t')]);
    expect(wrong.end.error).toMatchObject({ status: 400, instance: '/do/0/hear' });
  });

  it('any until other events, which are not in the output', () => {
    const until = (what: string): string => listening(`{any: [{with: {type: t}}], until: ${what}}`);
    const sent = [ev('t', 1), ev('x', 2), ev('t', 3), ev('y', 4), ev('t', 5)];
    expect(output(until('{one: {with: {type: x}}}'), sent)).toEqual([1]);
    expect(output(until('{any: [{with: {type: z}}, {with: {type: y}}]}'), sent)).toEqual([1, 3]);
    expect(output(until('{all: [{with: {type: y}}, {with: {type: x}}]}'), sent)).toEqual([1, 3]);
    expect(output(until('{any: []}'), sent)).toEqual([]);
    // what is for `until` is not for the others
    const both = listening('{any: [], until: {all: [{with: {type: x}}, {with: {type: x}}]}}');
    expect(output(both, [ev('x', 1), ev('t', 2), ev('x', 3)])).toEqual([2]);
  });

  it('what never ends keeps nothing', () => {
    const plan = planOf(listening("{any: [], until: '${ false }'}"));
    const id = { run: 'r', strand: '' };
    const first = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const event: CloudEvent = { specversion: '1.0', id: '1', source: 's', type: 't', data: 'much' };
    const cause = { kind: 'events', events: [event, event] } as const;
    const next = step(plan, id, first.state, cause, 1);
    expect(next.taken).toEqual([0, 1]);
    expect(JSON.stringify(next.state)).not.toContain('much');
    expect(next.next).toEqual({ kind: 'listen', subscription: { filters: [], first: false } });
  });
});

describe('filters', () => {
  const fits = (filter: string, event: Sent, input: Json = {}): boolean => {
    try {
      ran(listening(`{one: {with: ${filter}}}`), [event], input);
      return true;
    } catch (error) {
      expect(String(error)).toContain('stuck');
      return false;
    }
  };
  const temperature = (n: number): Sent => ev('t', { temperature: n, unit: 'C' });

  it.each<[string, Sent, boolean]>([
    ['{type: t}', ev('t'), true],
    ['{type: t}', ev('tt'), false],
    ['{type: com.acme.paid}', ev('com.acme.paid'), true],
    ['{type: com.acme.paid}', ev('comXacmeXpaid'), false],
    ["{type: 'com[.]acme[.].*'}", ev('com.acme.paid'), true],
    ["{type: 'com[.]acme[.].*'}", ev('org.com.acme.paid'), false],
    ["{type: 'com[.]acme'}", ev('com.acme.paid'), false],
    ["{type: 'a|b'}", ev('b'), true],
    ["{type: 'a|b'}", ev('bb'), false],
    // no pattern at all: the text itself
    ["{type: 'C++'}", ev('C++'), true],
    ["{type: '(open'}", ev('(open'), true],
    ["{type: '(open'}", ev('open'), false],
    ['{source: "urn:outside"}', ev('t'), true],
    ['{source: "urn:inside"}', ev('t'), false],
    ['{subject: s}', ev('t', null, { subject: 's' }), true],
    ['{subject: s}', ev('t'), false],
    ['{ext: 7}', ev('t', null, { ext: 7 }), true],
    ['{ext: 7}', ev('t', null, { ext: '7' }), true],
    ['{ext: 7}', ev('t', null, { ext: 8 }), false],
    ['{ext: true}', ev('t', null, { ext: true }), true],
    ["{data: '${ .temperature > 38 }'}", temperature(39), true],
    ["{data: '${ .temperature > 38 }'}", temperature(38), false],
    // what fails does not fit
    ["{data: '${ .temperature > 38 }'}", ev('t', 'hot'), false],
    ["{data: '${ error }'}", ev('t', {}), false],
    ['{type: \'${ . == "t" or . == "u" }\'}', ev('u'), true],
    // a value is what the attribute must be
    ["{subject: '${ $input.who }'}", ev('t', null, { subject: 'me' }), true],
    ["{subject: '${ $input.who }'}", ev('t', null, { subject: 'you' }), false],
    ["{subject: '${ $input.nobody }'}", ev('t'), false],
    ['{data: {unit: C}}', temperature(1), true],
    ['{data: {unit: F}}', temperature(1), false],
    ['{data: {unit: C, nothing: 1}}', temperature(1), false],
    ["{data: {unit: 'C|F', temperature: '${ . < 2 }'}}", temperature(1), true],
    ["{data: {unit: 'C|F', temperature: '${ . < 2 }'}}", temperature(2), false],
    ["{data: {deep: {list: [1, '${ $input.two }']}}}", ev('t', { deep: { list: [1, 2] } }), true],
    ["{data: {deep: {list: [1, '${ $input.two }']}}}", ev('t', { deep: { list: [1, 3] } }), false],
    ['{data: {unit: C}}', ev('t', [1]), false],
    ['{data: plain}', ev('t', 'plain'), true],
    [
      "{data: '${ .n == 1 }'}",
      ev('t', undefined, { data_base64: Buffer.from('{"n":1}').toString('base64') }),
      true,
    ],
  ])('%s and %j: %j', (filter, event, expected) => {
    expect(fits(filter, event, { who: 'me', two: 2 })).toBe(expected);
  });
});

describe('correlation', () => {
  it('expects what it says, a constant or a value of the run', () => {
    const to = (expect: string): string =>
      listening(`{one: {with: {type: t}, correlate: {o: {from: .data.id, expect: ${expect}}}}}`);
    const sent = [ev('t', { id: 6 }), ev('t', {}), ev('t', { id: 7, n: 1 })];
    expect(output(to("'7'"), sent)).toEqual([{ id: 7, n: 1 }]);
    expect(output(to("'${ $input.order }'"), sent, { order: 7 })).toEqual([{ id: 7, n: 1 }]);
    const deep = [ev('t', { id: { a: 1, b: [2] } })];
    expect(output(to("'${ $input.o }'"), deep, { o: { b: [2], a: 1 } })).toHaveLength(1);
    expect(output(to("'${ .order }'"), sent, { order: 7 })).toEqual([{ id: 7, n: 1 }]);
    // what turns out to be nothing is not the same as nothing that is expected
    stuck(to("'${ $input.nothing }'"), [ev('t', {}), ev('t', { id: 'null' })]);
    stuck(to("'${ .nothing }'"), sent);
  });

  it('without expectation the first value counts for all', () => {
    const all = listening(
      `{all: [{with: {type: a}, correlate: {room: {from: .room}}},
        {with: {type: b}, correlate: {room: {from: .data.room}}}]}`,
    );
    const sent = [
      ev('a', 'nowhere'),
      ev('a', 'in 3', { room: 3 }),
      ev('b', { room: 2 }),
      ev('a', 'in 2', { room: 2 }),
      ev('b', { room: 3 }),
    ];
    expect(output(all, sent)).toEqual(['in 3', { room: 3 }]);
  });

  it('a value that was expected counts as well', () => {
    const all = listening(
      `{all: [{with: {type: a}, correlate: {room: {from: .room, expect: '3'}}},
        {with: {type: b}, correlate: {room: {from: .room}}}]}`,
    );
    const room = (type: string, at: number): Sent => ev(type, at, { room: at });
    expect(output(all, [room('a', 3), room('b', 2), room('b', 3)])).toEqual([3, 3]);
  });

  it('the subscription expects what has been fixed', () => {
    const plan = planOf(
      listening(
        "{any: [{with: {type: a}, correlate: {room: {from: .room}, who: {from: .who, expect: 'me'}}}], until: '(. | length) > 5'}",
      ),
    );
    const id = { run: 'r', strand: '' };
    const { state, next } = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const correlate = { room: { from: { text: '.room' } }, who: { from: { text: '.who' } } };
    const withMe = { ...correlate, who: { ...correlate.who, expect: 'me' } };
    const filter = { with: { type: { is: 'a' } }, correlate: withMe };
    expect(next).toEqual({ kind: 'listen', subscription: { filters: [filter], first: false } });
    const event = { specversion: '1.0', id: '1', source: 's', type: 'a', room: 3, who: 'me' };
    const later = step(plan, id, state, { kind: 'events', events: [event] }, 1);
    const fixed = { ...withMe, room: { ...correlate.room, expect: 3 } };
    expect(later.next).toMatchObject({ subscription: { filters: [{ correlate: fixed }] } });
  });
});

describe('the subscription', () => {
  const of = (to: string, input: Json = {}): unknown => {
    const plan = planOf(listening(to));
    const { next } = step(plan, { run: 'r', strand: '' }, begin(0, input), { kind: 'start' }, 0);
    return next.kind === 'listen' ? next.subscription : next;
  };

  it('is data, with what its expressions read', () => {
    const to = `{one: {with: {type: t, data: '\${ .n > $input.n and $context == null }'},
      correlate: {c: {from: '\${ .data.id + $input.n }', expect: '\${ $input.n * 2 }'}}}}`;
    expect(of(to, { n: 1 })).toEqual({
      filters: [
        {
          with: {
            type: { is: 't' },
            data: {
              holds: {
                text: '.n > $input.n and $context == null',
                given: { context: null, input: { n: 1 } },
              },
            },
          },
          correlate: {
            c: { from: { text: '.data.id + $input.n', given: { input: { n: 1 } } }, expect: 2 },
          },
        },
      ],
      first: true,
    });
  });

  it('leaves out what reads the clock, or much of the run', () => {
    const to = `{any: [{with: {type: t, data: {a: '\${ . < now }', b: '\${ . == $input.b }'}},
      correlate: {c: {from: '\${ $input.much | length }'}}}], until: {one: {with: {type: u}}}}`;
    expect(of(to, { b: 1, much: 'x'.repeat(5_000) })).toEqual({
      filters: [
        { with: { type: { is: 't' }, data: { has: {} } } },
        { with: { type: { is: 'u' } } },
      ],
      first: false,
    });
  });

  it('of all: what has no event yet', () => {
    const plan = planOf(listening('{all: [{with: {type: a}}, {with: {type: b}}]}'));
    const id = { run: 'r', strand: '' };
    const { state } = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const event = { specversion: '1.0', id: '1', source: 's', type: 'a' };
    const { next } = step(plan, id, state, { kind: 'events', events: [event] }, 1);
    const subscription = { filters: [{ with: { type: { is: 'b' } } }], first: true };
    expect(next).toEqual({ kind: 'listen', subscription });
  });
});

describe('reading', () => {
  const read = (how: string, event: Sent): Json | undefined =>
    output(`do: [{hear: {listen: {to: {any: []}, read: ${how}}}}]`, [event]);
  const encoded = (text: string, type?: string): Sent =>
    ev('t', undefined, {
      data_base64: Buffer.from(text).toString('base64'),
      ...(type === undefined ? {} : { datacontenttype: type }),
    });

  it('data', () => {
    expect(read('data', ev('t', { n: 1 }))).toEqual([{ n: 1 }]);
    expect(read('data', ev('t'))).toEqual([null]);
    expect(read('data', encoded('{"n":2}'))).toEqual([{ n: 2 }]);
    expect(read('data', encoded('{"n":2}', 'application/x+json; charset=utf-8'))).toEqual([
      { n: 2 },
    ]);
    expect(read('data', encoded('häh', 'text/plain'))).toEqual(['häh']);
    expect(read('data', encoded('häh', 'image/png'))).toEqual(['aMOkaA==']);
    expect(read('data', encoded('no json'))).toEqual(['bm8ganNvbg==']);
  });

  it('envelope and raw', () => {
    const event = { specversion: '1.0', id: 'sent-0', source: 'urn:outside', type: 't', data: [1] };
    expect(read('envelope', ev('t', [1]))).toEqual([event]);
    expect(read('raw', ev('t', [1]))).toEqual([[1]]);
    expect(read('raw', encoded('{"n":2}'))).toEqual(['eyJuIjoyfQ==']);
  });
});

describe('foreach', () => {
  const body = (more: string, until = "'(. | length) >= 3'"): string => `do:
  - hear:
      listen: {to: {any: [{with: {type: t}}], until: ${until}}}
      foreach: {${more}}`;
  const three = [1, 2, 3, 4].map((n) => ev('t', { n }));

  it('does its tasks for one event after the other', () => {
    const driven = ran(
      body(
        'do: [{work: {call: work, with: {got: "${ . }", item: "${ $item }", at: "${ $index }"}}}]',
      ),
      three,
      {},
      {
        work: (_activity, nth) => ({ result: nth * 10, after: 1_000 }),
      },
    );
    expect(driven.end.output).toEqual([10, 20, 30]);
    expect(driven.calls.map((call) => [call.at, call.arguments])).toEqual(
      [0, 1, 2].map((at) => [at * 1_000, { got: { n: at + 1 }, item: { n: at + 1 }, at }]),
    );
  });

  it('what comes meanwhile queues up', () => {
    const sent = [0, 10, 20, 5_000].map((at, n) => ev('t', n, { at }));
    const driven = ran(
      body(
        'item: event, at: i, do: [{pause: {wait: PT1S}}, {note: {call: note, with: {n: "${ $event }", i: "${ $i }"}}}]',
        "'(. | length) >= 4'",
      ),
      sent,
    );
    expect(driven.calls.map(({ at }) => at)).toEqual([1_000, 2_000, 3_000, 6_000]);
    expect(driven.calls.map((call) => call.arguments)).toEqual(
      [0, 1, 2, 3].map((n) => ({ n, i: n })),
    );
  });

  it('output.as and export.as make something of each', () => {
    const text = `${body("output: {as: '{n, at: $index}'}, export: {as: '($context // []) + [$output.n]'}")}
  - all: {set: {out: '\${ . }', context: '\${ $context }'}}`;
    expect(output(text, three)).toEqual({
      out: [1, 2, 3].map((n) => ({ n, at: n - 1 })),
      context: [1, 2, 3],
    });
  });

  it('until sees the events, whatever is made of them', () => {
    const text = body("do: [{a: {set: {made: '${ .n }'}}}]", "'map(.n) | add > 2'");
    expect(output(text, three)).toEqual([{ made: 1 }, { made: 2 }]);
  });

  it('a filter reads what the event before has exported, whether they come together or not', () => {
    const rising = `do:
  - hear:
      listen: {to: {any: [{with: {data: '\${ .n > ($context.last // 0) }'}}], until: '(. | length) >= 2'}}
      foreach: {export: {as: '{last: .n}'}}`;
    for (const apart of [0, 1_000]) {
      const sent = [2, 1, 2, 3].map((n, i) => ev('t', { n }, { at: i * apart }));
      expect(output(rising, sent), `${apart} ms apart`).toEqual([{ n: 2 }, { n: 3 }]);
    }
  });

  it('until may read what an iteration has exported', () => {
    const text = body("export: {as: '{last: .n}'}", "'$context.last == 2'");
    expect(output(text, three)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('schemas of output and export', () => {
    const schema = 'schema: {document: {type: string}}';
    for (const what of [`output: {${schema}}`, `export: {as: '.n', ${schema}}`]) {
      expect(ran(body(what), three).end.error).toMatchObject({
        status: 400,
        instance: '/do/0/hear',
      });
    }
  });

  it('exit ends the iteration, end the workflow', () => {
    const exit = body("do: [{a: {set: {x: '${ .n }'}, then: exit}}, {b: {set: {never: true}}}]");
    expect(output(exit, three)).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
    const end = body(
      "do: [{a: {switch: [{two: {when: '.n == 2', then: b}}, {no: {then: exit}}]}}, {b: {set: {x: 2}, then: end}}]",
    );
    expect(output(end, three)).toEqual({ x: 2 });
  });

  it('an error goes on outwards', () => {
    const text = `do:
  - safe:
      try:
        - hear:
            listen: {to: {any: [], until: 'length > 2'}}
            foreach: {do: [{a: {call: work}}]}
      catch: {do: [{b: {set: {caught: '\${ $error.status }'}}}]}`;
    const error = { type: 'about:blank', status: 503, title: 'no' };
    const work: Functions = { work: (_a, nth) => (nth === 2 ? { error } : { result: nth }) };
    expect(output(text, three, {}, work)).toEqual({ caught: 503 });
  });

  it('a retry repeats the call for its own event, not one for another', () => {
    // The second event's call fails; the first one of the retry, for another event, is a new effect.
    const text = `do:
  - safe:
      try:
        - hear:
            listen: {to: {any: [], until: 'length >= 2'}}
            foreach: {do: [{a: {call: work, with: {same: true}}}]}
      catch: {retry: {limit: {attempt: {count: 1}}}}`;
    const error = { type: 'about:blank', status: 503, title: 'no' };
    const work: Functions = { work: (_a, nth) => (nth === 2 ? { error } : { result: nth }) };
    const { calls } = ran(text, three, {}, work);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(3);
  });

  it('a listen in it hears what the outer one would', () => {
    const text = `do:
  - outer:
      listen: {to: {any: [{with: {type: t}}], until: 'length >= 2'}}
      foreach:
        do: [{inner: {listen: {to: {one: {with: {type: u}}}}, output: {as: '{of: $item.n, with: .[0]}'}}}]`;
    const sent = [ev('t', { n: 1 }), ev('t', { n: 2 }), ev('u', 'a'), ev('u', 'b')];
    expect(output(text, sent)).toEqual([
      { of: 1, with: 'a' },
      { of: 2, with: 'b' },
    ]);
  });
});

describe('within a run', () => {
  it('an event is heard once, by one task after the other', () => {
    const text = `do:
  - first: {listen: {to: {one: {with: {type: t}}}}, export: {as: '.'}}
  - second: {listen: {to: {one: {with: {type: t}}}}, output: {as: '$context + .'}}`;
    expect(output(text, [ev('t', 1), ev('t', 2)])).toEqual([1, 2]);
    stuck(text, [ev('t', 1)]);
  });

  it('branches that go on side by side hear the same event', () => {
    const text = `do:
  - both:
      fork:
        branches:
          - a: {listen: {to: {one: {with: {type: t}}}}}
          - b: {listen: {to: {any: []}}}`;
    expect(output(text, [ev('t', 1)])).toEqual([[1], [1]]);
  });

  it('a run hears what it has emitted itself', () => {
    const text = `do:
  - tell: {emit: {event: {with: {type: t, data: 1}}}}
  - hear: {listen: {to: {one: {with: {type: t}}}}}`;
    expect(output(text, [])).toEqual([1]);
  });

  it('a timeout strikes while it listens', () => {
    const text = `do:
  - safe:
      try: [{hear: {listen: {to: {one: {with: {type: t}}}}, timeout: {after: PT1H}}}]
      catch: {errors: {with: {status: 408}}, do: [{late: {set: {late: true}}}]}`;
    const late = ran(text, [ev('t', 1, { at: 3_600_000 })]);
    expect([late.end.output, late.at]).toEqual([{ late: true }, 3_600_000]);
    expect(output(text, [ev('t', 1, { at: 3_599_999 })])).toEqual([1]);
  });

  it('a compete is won by whatever comes first', () => {
    const text = `do:
  - race:
      fork:
        compete: true
        branches:
          - event: {listen: {to: {one: {with: {type: t}}}}}
          - day: {wait: PT24H, output: {as: '"nothing came"'}}`;
    expect(output(text, [ev('t', 1, { at: 1_000 })])).toEqual([1]);
    const day = 24 * 3_600_000;
    const late = ran(text, [ev('t', 1, { at: day + 1 })]);
    expect([late.end.output, late.at]).toEqual(['nothing came', day]);
  });

  it('a retry that begins with a listen waits for its time first', () => {
    const text = `do:
  - again:
      try:
        - hear: {listen: {to: {one: {with: {type: t}}}}}
        - work: {call: work, with: {got: '\${ . }'}}
      catch: {retry: {delay: PT10S, limit: {attempt: {count: 1}}}}`;
    const error = { type: 'about:blank', status: 503, title: 'no' };
    const work: Functions = { work: (_a, nth, at) => (nth === 1 ? { error } : { result: at }) };
    // the second attempt hears the second event
    expect(output(text, [ev('t', 1), ev('t', 2, { at: 3_000 })], {}, work)).toBe(10_000);
  });

  it('nothing is taken of what does not fit: nothing has happened', () => {
    const plan = planOf(listening('{one: {with: {type: t}}}'));
    const id = { run: 'r', strand: '' };
    const { state } = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const event = { specversion: '1.0', id: '1', source: 's', type: 'u' };
    const outcome = step(plan, id, state, { kind: 'events', events: [event] }, 1);
    expect([outcome.taken, outcome.next.kind]).toEqual([[], 'listen']);
    expect(outcome.state).toEqual(state);
  });

  it('is cancelled like any other', () => {
    const plan = planOf(listening('{one: {with: {type: t}}}'));
    const id = { run: 'r', strand: '' };
    const { state } = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const { next } = step(plan, id, state, { kind: 'control', verb: 'cancel' }, 1);
    expect(next).toEqual({ kind: 'end', end: { cancelled: true } });
  });
});

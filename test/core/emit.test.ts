import { describe, expect, it } from 'vitest';
import { eventIdOf, type WorkflowError } from '../../src/wire/index.ts';
import { drive } from './drive.ts';

const types = (driven: ReturnType<typeof drive>): string[] =>
  driven.emitted.map(({ type }) => type);
const unavailable = { error: { type: 'about:blank', status: 503, title: 'no' } };

describe('emit', () => {
  it('completes the event, and gives it as its output', () => {
    const driven = drive(
      `do:
  - tell: {emit: {event: {with: {type: shop.paid, subject: '\${ .id }', data: {amount: '\${ .n + 1 }', raw: '.n'}}}}}`,
      { id: 'o-1', n: 4 },
      {},
      { from: 1_767_323_045_678 },
    );
    expect(driven.emitted).toEqual([
      {
        specversion: '1.0',
        id: eventIdOf('run-1', '', 1),
        source: '/test/test/1.0.0',
        type: 'shop.paid',
        time: '2026-01-02T03:04:05.678Z',
        subject: 'o-1',
        data: { amount: 5, raw: '.n' },
      },
    ]);
    expect(driven.end.output).toEqual(driven.emitted[0]);
  });

  it('leaves what the author gives, and leaves out what turned out null', () => {
    const { emitted } = drive(
      'do: [{a: {emit: {event: {with: {id: mine, source: "urn:me", type: t, time: "2020-01-01T00:00:00Z", specversion: "1.0", subject: "${ .nope }", ext: 7, data: null}}}}}]',
    );
    expect(emitted).toEqual([
      {
        specversion: '1.0',
        id: 'mine',
        source: 'urn:me',
        type: 't',
        time: '2020-01-01T00:00:00Z',
        ext: 7,
        data: null,
      },
    ]);
  });

  it('costs no hop', () => {
    const tasks = Array.from(
      { length: 5 },
      (_, i) => `{e${i}: {emit: {event: {with: {type: t${i}}}}}}`,
    );
    const driven = drive(`do: [${tasks.join(', ')}]`);
    expect(driven.hops).toBe(1);
    expect(types(driven)).toEqual(['t0', 't1', 't2', 't3', 't4']);
    expect(new Set(driven.emitted.map(({ id }) => id)).size).toBe(5);
  });

  it('happens when a retry is due, in a branch as well, and decides no race before', () => {
    const driven = drive(
      `do:
  - t:
      try:
        - f: {fork: {compete: true, branches: [{e: {emit: {event: {with: {type: told}}}}}, {s: {set: {x: 1}}}]}}
        - c: {call: f, with: {of: '\${ .type // "s" }'}}
      catch: {retry: {delay: PT10S, limit: {attempt: {count: 1}}}}`,
      {},
      { f: (_activity, nth) => (nth === 1 ? unavailable : { result: 1 }) },
    );
    expect(driven.emitted.map(({ time }) => time)).toEqual([
      '1970-01-01T00:00:00.000Z',
      '1970-01-01T00:00:10.000Z',
    ]);
    expect(driven.calls.map(({ at, arguments: args }) => [at, args])).toEqual([
      [0, { of: 'told' }],
      [10_000, { of: 'told' }],
    ]);
  });

  it('is a validation error when no CloudEvent comes of it, and a try may catch that', () => {
    const { end, emitted } = drive(
      `do:
  - t:
      try: [{a: {emit: {event: {with: {type: '\${ .n }'}}}}}]
      catch: {do: [{b: {set: {kind: '\${ $error.type }', said: '\${ $error.detail }', at: '\${ $error.instance }'}}}]}`,
      { n: 3 },
    );
    expect(emitted).toEqual([]);
    expect(end.output).toMatchObject({
      kind: expect.stringMatching(/validation$/),
      said: 'this is no CloudEvent: type is 3, and a text that is not empty is needed',
      at: '/do/0/t/try/0/a',
    });
    const nested = drive('do: [{a: {emit: {event: {with: {type: t, ext: {a: 1}}}}}}]');
    expect(nested.end.error?.detail).toContain('ext is {"a":1}');
    const large = drive(
      'do: [{a: {emit: {event: {with: {type: t, data: "${ . }"}}}}}]',
      'x'.repeat(900_000),
    );
    expect(large.end.error?.detail).toContain('an event may have 800000');
  });

  it('emits in the order of the branches, once, whether or not they wait', () => {
    const driven = drive(
      `do:
  - before: {emit: {event: {with: {type: before}}}}
  - f:
      fork:
        branches:
          - a: {do: [{e: {emit: {event: {with: {type: a1}}}}}, {c: {call: c}}, {g: {emit: {event: {with: {type: a2}}}}}]}
          - b: {do: [{e: {emit: {event: {with: {type: b}}}}}]}
  - after: {emit: {event: {with: {type: after}}}}`,
    );
    expect(types(driven)).toEqual(['before', 'b', 'a1', 'a2', 'after']);
    expect(new Set(driven.emitted.map(({ id }) => id)).size).toBe(5);
  });

  it('emits nothing of branches that have not begun when one decides the fork at once', () => {
    const driven = drive(
      `do:
  - f:
      fork:
        compete: true
        branches:
          - a: {do: [{e: {emit: {event: {with: {type: a}}}}}, {c: {call: c}}]}
          - b: {do: [{e: {emit: {event: {with: {type: b}}}}}]}`,
    );
    expect(types(driven)).toEqual(['b']);
    expect(driven.calls).toEqual([]);
  });

  it('emits what the branches of a wide fork emit when they begin', () => {
    const branches = Array.from(
      { length: 260 },
      (_, i) => `{b${i}: {do: [{e: {emit: {event: {with: {type: t${i}}}}}}, {c: {call: c}}]}}`,
    );
    const driven = drive(`do: [{f: {fork: {branches: [${branches.join(', ')}]}}}]`);
    expect(types(driven)).toEqual(branches.map((_, i) => `t${i}`));
  });

  it('emits before a retry only when the retry is due', () => {
    const seen: number[] = [];
    const driven = drive(
      `do:
  - t:
      try: [{e: {emit: {event: {with: {type: tried}}}}}, {c: {call: c}}]
      catch: {retry: {delay: {seconds: 5}, limit: {attempt: {count: 3}}}}`,
      {},
      {
        c: (_, nth, at) => {
          seen.push(at);
          return nth < 3 ? (unavailable as { error: WorkflowError }) : { result: 1 };
        },
      },
    );
    expect(driven.end.output).toBe(1);
    expect(driven.emitted.map(({ time }) => time)).toEqual(
      [0, 5, 10].map((s) => new Date(1_000 * s).toISOString()),
    );
    expect(seen).toEqual([0, 5_000, 10_000]);
  });

  it('emits before a retry only when the retry is due, in a branch as well', () => {
    const driven = drive(
      `do:
  - t:
      try: [{f: {fork: {branches: [{e: {emit: {event: {with: {type: tried}}}}}]}}}, {c: {call: c}}]
      catch: {retry: {delay: {seconds: 5}, limit: {attempt: {count: 2}}}}`,
      {},
      { c: (_, nth) => (nth < 3 ? (unavailable as { error: WorkflowError }) : { result: 1 }) },
    );
    expect(driven.end.output).toBe(1);
    expect(driven.emittedAt).toEqual([0, 5_000, 10_000]);
  });
});

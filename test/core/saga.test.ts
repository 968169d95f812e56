import { describe, expect, it } from 'vitest';
import { proves } from '../proofs/proves.ts';
import { begin, cancelCause, step } from '../../src/core/index.ts';
import { drive, planOf } from './drive.ts';

const refused = { error: { type: 'https://example.com/no', status: 422, title: 'refused' } };
const broken = { error: { type: 'https://example.com/broken', status: 500, title: 'broken' } };

const step1 = (name: string, extra = ''): string =>
  `{${name}: {call: ${name}, with: {id: ${name}}, metadata: {compensate: {call: undo, with: {of: ${name}, in: '\${ $input }', out: '\${ $output }', certain: '\${ $certain }'}}}${extra}}}`;
const trip = (scope = 'document'): string => {
  const tasks = `[${['hotel', 'flight', 'car'].map((name) => step1(name)).join(', ')}]`;
  return scope === 'document'
    ? `document: {dsl: '1.0.3', namespace: test, name: trip, version: '1.0.0', metadata: {saga: true}}\ndo: ${tasks}`
    : `do: [{trip: {metadata: {saga: true}, ${scope}: ${tasks}${scope === 'try' ? ', catch: {do: [{said: {set: {sorry: true}}}]}' : ''}}}, {after: {set: '\${ {was: .} }'}}]`;
};
const undone = (calls: { name: string; arguments: unknown }[]) =>
  calls.filter(({ name }) => name === 'undo').map((call) => call.arguments);

describe('sagas', () => {
  it('undo what is done, newest first, when the workflow faults', proves('saga.reverse'), () => {
    const { end, calls, transitions } = drive(trip(), {}, { car: () => refused });
    expect(undone(calls)).toEqual([
      { of: 'flight', in: { id: 'hotel' }, out: { id: 'flight' }, certain: true },
      { of: 'hotel', in: {}, out: { id: 'hotel' }, certain: true },
    ]);
    expect(end.error).toMatchObject({ status: 422, instance: '/do/2/car' });
    expect(end.compensations).toMatchObject([
      { pointer: '/do/0/hotel', outcome: 'undone' },
      { pointer: '/do/1/flight', outcome: 'undone' },
    ]);
    expect(end.compensations?.[0]).not.toHaveProperty('input');
    expect(transitions.filter((one) => one.startsWith('task-compensated'))).toHaveLength(2);
  });
  it('undo what may be done, and say that it is not certain', proves('saga.maybe'), () => {
    const { calls } = drive(trip(), {}, { flight: () => broken });
    expect(undone(calls)).toEqual([
      { of: 'flight', in: { id: 'hotel' }, out: null, certain: false },
      { of: 'hotel', in: {}, out: { id: 'hotel' }, certain: true },
    ]);
  });
  it('give a compensation a key and a role of its own', () => {
    const { calls } = drive(trip(), {}, { car: () => refused });
    expect(new Set(calls.map(({ key }) => key)).size).toBe(calls.length);
  });
  it('do nothing when all goes well', () => {
    const { end, calls } = drive(trip());
    expect(undone(calls)).toEqual([]);
    expect(end).toEqual({ output: { id: 'car' } });
  });
  it('stay within their scope: what was done before it stays done', () => {
    const { calls } = drive(
      `do: [{first: {call: first}}, {trip: {metadata: {saga: true}, do: [${step1('hotel')}, {no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}]}}]`,
    );
    expect(undone(calls)).toHaveLength(1);
  });
  it('of a try run before its catch, which then goes on', () => {
    const { end, calls } = drive(trip('try'), {}, { car: () => refused });
    expect(undone(calls).map((one) => (one as { of: string }).of)).toEqual(['flight', 'hotel']);
    expect(end.output).toEqual({ was: { sorry: true } });
    expect(end.compensations).toHaveLength(2);
  });
  it('of a try run before each retry, which is a new effect', () => {
    const { end, calls } = drive(
      `do: [{trip: {metadata: {saga: true}, try: [${step1('hotel')}, ${step1('flight')}], catch: {retry: {delay: PT1S, limit: {attempt: {count: 3}}}}}}]`,
      {},
      { flight: (_activity, nth) => (nth === 1 ? broken : { result: nth }) },
    );
    expect(calls.map(({ name, at }) => `${name}@${at}`)).toEqual([
      'hotel@0',
      'flight@0',
      'undo@0',
      'undo@0',
      'hotel@1000',
      'flight@1000',
    ]);
    expect(calls[0]?.key).not.toBe(calls[4]?.key);
    expect(end.output).toBe(2);
  });
  it('keep the key of a call that an inner try retries, and undo it once', () => {
    const { calls } = drive(
      `do: [{trip: {metadata: {saga: true}, do: [{t: {try: [${step1('flight')}], catch: {retry: {delay: PT1S, limit: {attempt: {count: 3}}}}}}, {no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}]}}]`,
      {},
      { flight: (_activity, nth) => (nth < 3 ? broken : { result: nth }) },
    );
    expect(new Set(calls.filter(({ name }) => name === 'flight').map(({ key }) => key)).size).toBe(
      1,
    );
    expect(undone(calls)).toEqual([{ of: 'flight', in: {}, out: 3, certain: true }]);
  });
  it('leave alone what an inner scope has done well, unless there is an outer one', () => {
    const inner = `{inner: {metadata: {saga: true}, do: [${step1('hotel')}]}}`;
    const no = `{no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}`;
    expect(undone(drive(`do: [${inner}, ${no}]`).calls)).toEqual([]);
    const outer = `do: [{outer: {metadata: {saga: true}, do: [${inner}, ${no}]}}]`;
    expect(undone(drive(outer).calls)).toHaveLength(1);
  });
  it('defer a compensation that fails and go on with the others', proves('saga.deferred'), () => {
    const { end, calls } = drive(
      trip(),
      {},
      {
        car: () => refused,
        undo: ({ arguments: args }) =>
          (args as { of: string }).of === 'flight' ? broken : { result: null },
      },
    );
    expect(undone(calls)).toHaveLength(2);
    expect(end.error).toMatchObject({ status: 422 });
    expect(end.compensations).toMatchObject([
      { pointer: '/do/0/hotel', outcome: 'undone' },
      {
        pointer: '/do/1/flight',
        outcome: 'deferred',
        error: { status: 500 },
        output: { id: 'flight' },
      },
    ]);
  });
  it('ask anew for what undoes a later attempt, though the one before could not be undone', () => {
    // Each attempt books and fails; cancelling the same booking twice would be one effect under one key.
    const { calls } = drive(
      `do: [{again: {try: [{trip: {metadata: {saga: true}, do: [${step1('hotel')}, ${step1('car')}]}}],
        catch: {retry: {limit: {attempt: {count: 1}}}}}}]`,
      {},
      { car: () => refused, undo: () => broken },
    );
    const undos = calls.filter(({ name }) => name === 'undo');
    expect(undos.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(new Set(undos.map(({ key }) => key)).size).toBe(2);
  });
  it('undo the rest as well after a timeout, when a compensation of the inner scope has one, too', () => {
    const timed = step1('flight').replace('{call: undo,', '{timeout: {after: PT1H}, call: undo,');
    const inner = `{inner: {timeout: {after: PT1M}, metadata: {saga: true}, do: [${timed}, {w: {wait: PT1H}}]}}`;
    const { end, calls } = drive(
      `document: {dsl: '1.0.3', namespace: test, name: trip, version: '1.0.0', metadata: {saga: true}}
do: [${step1('hotel')}, ${inner}]`,
    );
    expect(undone(calls)).toMatchObject([{ of: 'flight' }, { of: 'hotel' }]);
    expect(end.compensations).toMatchObject([{ outcome: 'undone' }, { outcome: 'undone' }]);
  });
  it('let a compensation be retried by its own policy', () => {
    const { end, calls } = drive(
      `do: [{s: {metadata: {saga: true}, do: [
        {a: {call: a, metadata: {compensate: {try: [{u: {call: undo}}], catch: {retry: {delay: PT1S, limit: {attempt: {count: 2}}}}}}}},
        {no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}]}}]`,
      {},
      { undo: (_activity, nth) => (nth < 3 ? broken : { result: 1 }) },
    );
    expect(calls.filter(({ name }) => name === 'undo').map(({ at }) => at)).toEqual([
      0, 1000, 2000,
    ]);
    expect(end.compensations).toMatchObject([{ outcome: 'undone' }]);
  });
  it('undo each turn of a loop with what that turn had', () => {
    const { calls } = drive(
      `do: [{s: {metadata: {saga: true}, do: [
        {l: {for: {in: '[1,2,3]'}, do: [{a: {call: a, with: {v: '\${ $item }'}, metadata: {compensate: {call: undo, with: {v: '\${ $output.v }'}}}}}]}},
        {no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}]}}]`,
    );
    expect(undone(calls)).toEqual([{ v: 3 }, { v: 2 }, { v: 1 }]);
  });
  it('are not stopped by the timeout of what they leave', () => {
    const { end, calls } = drive(
      `timeout: {after: PT5S}\ndocument: {dsl: '1.0.3', namespace: t, name: t, version: '1.0.0', metadata: {saga: true}}\ndo: [${step1('hotel')}, ${step1('flight')}]`,
      {},
      {
        flight: () => ({ result: 1, after: 60_000 }),
        undo: () => ({ result: 1, after: 30_000 }),
      },
    );
    expect(end.error).toMatchObject({ status: 408 });
    expect(undone(calls)).toEqual([
      { of: 'flight', in: { id: 'hotel' }, out: null, certain: false },
      { of: 'hotel', in: {}, out: { id: 'hotel' }, certain: true },
    ]);
  });
  it('are undone when the timeout of a task around them strikes, and no inner try sees it', () => {
    const { end, calls } = drive(
      `do: [{outer: {try: [{late: {timeout: {after: PT2S}, do: [{s: {metadata: {saga: true}, try: [${step1('hotel')}, {w: {wait: PT9S}}], catch: {do: [{x: {set: {wrong: true}}}]}}}]}}], catch: {do: [{y: {set: {right: true}}}]}}}]`,
    );
    expect(undone(calls)).toHaveLength(1);
    expect(end.output).toEqual({ right: true });
  });
  it('of all scopes that a timeout leaves are undone, those of the outer ones, too', () => {
    const inner = `{inner: {metadata: {saga: true}, do: [${step1('flight')}, {w: {wait: PT9S}}]}}`;
    const { end, calls } = drive(
      `do: [{t: {try: [{late: {timeout: {after: PT2S}, do: [{outer: {metadata: {saga: true}, do: [${step1('hotel')}, ${inner}]}}]}}], catch: {do: [{y: {set: {right: true}}}]}}}]`,
    );
    expect(undone(calls).map((one) => (one as { of: string }).of)).toEqual(['flight', 'hotel']);
    expect(end.output).toEqual({ right: true });
  });
  it('leave alone what the catch of a scope has done, when that fails and somebody around it catches', () => {
    const no = `{no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}`;
    const scope = `{scope: {metadata: {saga: true}, try: [${step1('hotel')}, ${no}], catch: {do: [${step1('flight')}, ${no}]}}}`;
    const { end, calls } = drive(
      `document: {dsl: '1.0.3', namespace: t, name: t, version: '1.0.0', metadata: {saga: true}}
do: [{t: {try: [${scope}], catch: {do: [{y: {set: {right: true}}}]}}}]`,
    );
    expect(undone(calls).map((one) => (one as { of: string }).of)).toEqual(['hotel']);
    expect(end.output).toEqual({ right: true });
  });
  it('treat `then: end` in a compensation as its end', () => {
    const { end } = drive(
      `do: [{s: {metadata: {saga: true}, do: [
        {a: {call: a, metadata: {compensate: {do: [{u: {call: undo, then: end}}, {v: {call: never}}]}}}},
        {no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}]}}]`,
    );
    expect(end.error).toMatchObject({ status: 400 });
    expect(end.compensations).toMatchObject([{ outcome: 'undone' }]);
  });
  it('merge what branches did, in the order of their ends', () => {
    const { calls } = drive(
      `do: [{s: {metadata: {saga: true}, do: [
        {f: {fork: {branches: [${['slow', 'quick'].map((name) => step1(name)).join(', ')}]}}},
        {no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}]}}]`,
      {},
      { slow: () => ({ result: 1, after: 500 }), quick: () => ({ result: 2 }) },
    );
    expect(undone(calls).map((one) => (one as { of: string }).of)).toEqual(['slow', 'quick']);
  });
});

describe('a compensation that nobody would run', () => {
  it.each([
    [
      'outside any saga',
      'do: [{a: {set: {x: 1}, metadata: {compensate: {set: {y: 1}}}}}]',
      'compensation-without-saga',
    ],
    [
      'in a compensation',
      `do: [{s: {metadata: {saga: true}, do: [{a: {set: {x: 1}, metadata: {compensate: {set: {y: 1}, metadata: {compensate: {set: {z: 1}}}}}}}]}}]`,
      'compensation-in-compensation',
    ],
  ])('%s is refused', (_where, document, code) => {
    expect(() => planOf(document)).toThrow(code);
  });
});

describe('a task that settles', () => {
  it('leaves alone what a scope of a branch has done well, though the output of that is refused', () => {
    const schema = 'schema: {document: {type: string}}';
    const { calls, end } = drive(
      `do: [{both: {fork: {branches: [{a: {wait: PT1S}},
        {b: {metadata: {saga: true}, do: [${step1('hotel')}], output: {${schema}}}}]}}}]`,
    );
    expect(end.error).toMatchObject({ status: 400, instance: '/do/0/both/fork/branches/1/b' });
    expect(undone(calls)).toEqual([]);
  });

  const race = (compete: boolean): string => `do:
  - saga:
      metadata: {saga: true}
      do:
        - all:
            fork:
              compete: ${compete}
              branches: [{slow: {call: slow}}, {quick: {call: quick}}, ${step1('undoable')}]`;
  const slowly = { slow: () => ({ result: 'slow', after: 20 }) };
  it('is won by the first branch, whatever the others come to before they are stopped', () => {
    const quick = () => ({ result: 'quick', after: 10 });
    const undoable = () => ({ result: 'late', after: 30 });
    expect(drive(race(true), {}, { ...slowly, quick, undoable }).end.output).toBe('quick');
  });
  it('fails with the first error, whatever others come to', () => {
    const functions = {
      slow: () => ({ ...broken, after: 20 }),
      quick: () => ({ ...refused, after: 10 }),
      undoable: () => ({ result: 'late', after: 30 }),
    };
    expect(drive(race(false), {}, functions).end.error).toMatchObject({ status: 422 });
  });
});

describe('cancel', () => {
  const id = { run: 'r', strand: '' };
  it('ends a run that has nothing to undo', () => {
    const plan = planOf('do: [{a: {wait: PT1H}}]');
    const waiting = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const { next } = step(plan, id, waiting.state, cancelCause('run'), 1);
    expect(next).toEqual({ kind: 'end', end: { cancelled: true } });
  });
  it('undoes what is done, whatever scope it stands in, and ends as cancelled', () => {
    const plan = planOf(
      `do: [{s: {metadata: {saga: true}, do: [${step1('hotel')}, {w: {wait: PT1H}}]}}]`,
    );
    const first = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    if (first.next.kind !== 'activity') throw new Error('no activity');
    const answer = {
      kind: 'activity',
      key: first.next.activity.key,
      attempt: 1,
      result: 1,
    } as const;
    const waiting = step(plan, id, first.state, answer, 0);
    const undoing = step(plan, id, waiting.state, cancelCause('run'), 1);
    expect(undoing.next).toMatchObject({
      kind: 'activity',
      activity: { name: 'undo', role: 'compensate' },
    });
    if (undoing.next.kind !== 'activity') throw new Error('no activity');
    const done = step(
      plan,
      id,
      undoing.state,
      { kind: 'activity', key: undoing.next.activity.key, attempt: 1, result: null },
      2,
    );
    expect(done.next).toMatchObject({
      kind: 'end',
      end: { cancelled: true, compensations: [{ outcome: 'undone' }] },
    });
  });
  it('strikes what has cancelled its branches, even if the clock was set back since', () => {
    const branches = ['hotel', 'flight'].map((name) => step1(name)).join(', ');
    const plan = planOf(
      `do: [{s: {metadata: {saga: true}, do: [{both: {fork: {branches: [${branches}]}, timeout: {after: {seconds: 5}}}}]}}]`,
    );
    const first = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const struck = step(plan, id, first.state, { kind: 'timer' }, 5_000);
    expect(struck.next).toEqual({ kind: 'fork', strands: [] });
    const ends = { 0: { cancelled: true }, 1: { cancelled: true } };
    const cause = { kind: 'joined', ends, order: [0, 1] } as const;
    const { next } = step(plan, id, struck.state, cause, 3_000);
    expect(next).toMatchObject({ kind: 'end', end: { error: { status: 408 } } });
  });
  it('undoes itself what a branch did in a scope of its own, in the catch of another saga', () => {
    const own = `{own: {metadata: {saga: true}, do: [${step1('hotel')}, {slow: {call: slow}}]}}`;
    const both = `{both: {fork: {branches: [${own}, {other: {call: other}}]}}}`;
    const no = `{no: {raise: {error: {type: 'https://x.y/z', status: 400}}}}`;
    const plan = planOf(
      `do: [{t: {metadata: {saga: true}, try: [${no}], catch: {do: [${both}]}}}]`,
    );
    const { next } = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    const [branch] = next.kind === 'fork' ? next.strands : [];
    if (branch?.outcome.next.kind !== 'activity') throw new Error('no branch');
    const { key } = branch.outcome.next.activity;
    const its = { run: id.run, strand: branch.strand };
    const answer = { kind: 'activity', key, attempt: 1, result: 1 } as const;
    const second = step(plan, its, branch.outcome.state, answer, 1);
    const undoing = step(plan, its, second.state, cancelCause('run'), 2);
    expect(undoing.next).toMatchObject({ kind: 'activity', activity: { name: 'undo' } });
  });
  it('undoes a process that nobody waits for with what its task puts out', () => {
    const task = `{go: {run: {shell: {command: sleep}, await: false}, metadata: {compensate: {call: undo, with: {out: '\${ $output }'}}}}}`;
    const plan = planOf(`do: [{s: {metadata: {saga: true}, do: [${task}]}}]`);
    const first = step(plan, id, begin(0, { n: 1 }), { kind: 'start' }, 0);
    if (first.next.kind !== 'activity') throw new Error('no activity');
    const cancelling = { ...first.state, cancelling: 'run' } as const;
    const { key } = first.next.activity;
    const cause = { kind: 'activity', key, attempt: 1, result: 'started' } as const;
    const { next } = step(plan, id, cancelling, cause, 1);
    expect(next).toMatchObject({ kind: 'activity', activity: { arguments: { out: { n: 1 } } } });
  });
  it('waits for a call under way, then undoes it as certain, or as not certain', () => {
    const plan = planOf(`do: [{s: {metadata: {saga: true}, do: [${step1('hotel')}]}}]`);
    const first = step(plan, id, begin(0, {}), { kind: 'start' }, 0);
    if (first.next.kind !== 'activity') throw new Error('no activity');
    const cancelling = { ...first.state, cancelling: 'run' } as const;
    const { key } = first.next.activity;
    const arguments_ = (cause: Parameters<typeof step>[3]): unknown => {
      const { next } = step(plan, id, cancelling, cause, 1);
      return next.kind === 'activity' ? next.activity.arguments : next;
    };
    expect(arguments_({ kind: 'activity', key, attempt: 1, result: 7 })).toMatchObject({
      out: 7,
      certain: true,
    });
    expect(arguments_({ kind: 'timer' })).toMatchObject({ out: null, certain: false });
    expect(arguments_({ kind: 'activity', key, attempt: 1, ...refused })).toMatchObject({
      kind: 'end',
      end: { cancelled: true },
    });
  });
});

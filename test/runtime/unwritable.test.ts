/* What no record can hold: an error of the task that heard it, with a try around it and a saga (P7, P10). */
import { expect, test } from 'vitest';
import { sha256Hex, type Json, type LogRecord, type State } from '../../src/wire/index.ts';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import { Batch } from '../../src/runtime/batch.ts';
import { draft } from '../../src/runtime/unit.ts';
import { ok, walk } from './calm-world.ts';

/** Answers that do not compress. */
const noise = (chars: number, kind = 0): string => {
  let text = '';
  for (let i = 0; text.length < chars; i++) text += sha256Hex(`${kind} ${i}`);
  return text.slice(0, chars);
};
const answers = (result: Json): ServiceModel => ({
  call: () => ({ latency: 5, outcome: { result }, applied: true }),
});
const huge = answers(noise(1_000_000));
const endOf = (records: readonly LogRecord[]) => {
  const { body } = records.findLast(({ header }) => header.kind === 'END' && header.strand === '')!;
  if (body.kind !== 'END') throw new Error('no end');
  return body.end;
};
const undone = (records: readonly LogRecord[]): unknown =>
  endOf(records).compensations?.map(({ pointer, certain, outcome }) => [
    pointer.split('/').at(-1),
    certain,
    outcome,
  ]);
const TOO_LARGE =
  /^no record can hold its result: its State takes \d+ bytes and a record may have (?:880000|900000): keep less in the data and in \$context, or ask for less$/;

test('an answer that no record can hold is an error that a try catches', () => {
  const { lines, records } = walk(
    `do: [{t: {try: [{h: {call: huge}}], catch: {errors: {with: {type: 'https://open-workflow-specification.org/spec/1.0.0/errors/runtime'}}, as: e, do: [{s: {set: {caught: '\${ $e }'}}}]}}}, {a: {call: a1, output: {as: '$input'}}}]`,
    { a1: ok, huge },
  );
  expect(lines).toEqual(['START', 'STEP huge <- START', 'STEP a1 <- huge', 'END <- a1']);
  expect(endOf(records).output).toEqual({
    caught: {
      type: 'https://open-workflow-specification.org/spec/1.0.0/errors/runtime',
      status: 500,
      title: 'Runtime error',
      detail: expect.stringMatching(TOO_LARGE) as string,
      instance: '/do/0/t/try/0/h',
    },
  });
});

test('it is retried like any other error', () => {
  const { lines, records } = walk(
    'do: [{t: {try: [{h: {call: huge}}], catch: {errors: {with: {status: 500}}, retry: {limit: {attempt: {count: 2}}}}}}]',
    { huge },
  );
  expect(lines.filter((line) => line.startsWith('STEP huge'))).toHaveLength(3);
  expect(endOf(records).output).toEqual({});
});

test('a saga undoes what was done before it, and what may have been done', () => {
  const { records } = walk(
    'do: [{s: {metadata: {saga: true}, do: [{x: {call: a1, metadata: {compensate: {call: b1}}}}, {h: {call: huge, metadata: {compensate: {call: b2}}}}]}}]',
    { a1: ok, b1: ok, b2: ok, huge },
  );
  expect(undone(records)).toEqual([
    ['x', true, 'undone'],
    ['h', false, 'undone'],
  ]);
  expect(endOf(records).error?.detail).toMatch(TOO_LARGE);
});

test('what output.as makes small is no error, as long as the answer itself can be written', () => {
  const { records } = walk(
    "do: [{h: {call: large, output: {as: '${ length }'}}}, {a: {call: a1, output: {as: '$input'}}}]",
    { a1: ok, large: answers(noise(800_000)) },
  );
  expect(endOf(records).output).toBe(800_000);
});

test('branches that are too large together fail the last one, and the fork is caught and undone', () => {
  const branch = (name: string): string =>
    `{${name}: {call: ${name}, metadata: {compensate: {call: undo}, }}}`;
  const { records } = walk(
    `do: [{s: {metadata: {saga: true}, do: [{f: {fork: {branches: [${['p', 'q', 'r'].map(branch).join(', ')}]}}}]}}]`,
    {
      p: answers(noise(350_000)),
      q: answers(noise(350_001)),
      r: answers(noise(350_002)),
      undo: ok,
    },
  );
  expect(endOf(records).error?.detail).toMatch(TOO_LARGE);
  expect(undone(records)).toHaveLength(3);
});

test('a branch whose END could not tell all that is to be undone undoes it itself', () => {
  const branch =
    '{b: {do: [{x: {call: large, metadata: {compensate: {call: b1}}}}, {y: {call: a1, metadata: {compensate: {call: b2}}}}]}}';
  const { lines, records } = walk(
    `do: [{s: {metadata: {saga: true}, do: [{o: {call: a1, metadata: {compensate: {call: b3}}}}, {f: {fork: {branches: [${branch}, {c: {call: late}}]}}}]}}]`,
    {
      a1: ok,
      b1: ok,
      b2: ok,
      b3: ok,
      large: answers('z'.repeat(500_000)),
      late: { call: () => ({ latency: 4_000, outcome: { result: 1 }, applied: true }) },
    },
  );
  expect(undone(records)).toEqual([
    ['o', true, 'undone'],
    ['x', true, 'undone'],
    ['y', false, 'undone'],
  ]);
  expect(lines.filter((line) => line.includes('dead'))).toEqual([]);
});

test('what could not be undone is told without its data where no record could hold them', () => {
  const broken: ServiceModel = {
    call: () => ({
      latency: 5,
      outcome: { error: { type: 'https://a.b/c', status: 503, title: 'Away' } },
      applied: false,
    }),
  };
  const branch =
    '{b: {do: [{x: {call: large, metadata: {compensate: {call: broken}}}}, {y: {call: broken, metadata: {compensate: {call: broken}}}}]}}';
  const { lines, records } = walk(
    `do: [{s: {metadata: {saga: true}, do: [{f: {fork: {compete: true, branches: [${branch}, {c: {call: late}}]}}}]}}]`,
    {
      broken,
      large: answers('z'.repeat(500_000)),
      late: { call: () => ({ latency: 4_000, outcome: { result: 1 }, applied: true }) },
    },
  );
  expect(lines.filter((line) => line.includes('dead'))).toEqual([]);
  expect(undone(records)).toEqual([
    ['x', true, 'deferred'],
    ['y', false, 'deferred'],
  ]);
  expect(endOf(records).error).toBeUndefined();
  const [x] = endOf(records).compensations!;
  expect(x).toMatchObject({ error: { status: 503 } });
  expect(x).not.toHaveProperty('output');
});

test('a compensation that no record can hold is put off, the others run', () => {
  const at = (name: string, what: string): string =>
    `{${name}: {call: a1, output: {as: '$input'}, metadata: {compensate: {call: ${what}}}}}`;
  const { lines, records } = walk(
    `do: [{s: {metadata: {saga: true}, do: [${at('x', 'b1')}, ${at('y', "wide, with: {all: '${ [., ., ., ., .] }'}")}, ${at('z', 'b2')}, {h: {call: fails}}]}}]`,
    {
      a1: ok,
      b1: ok,
      b2: ok,
      wide: ok,
      fails: {
        call: () => ({
          latency: 1,
          outcome: { error: { type: 'urn:e', status: 400, title: 'no' } },
          applied: false,
        }),
      },
    },
    { input: noise(200_000) },
  );
  expect(lines.slice(4)).toEqual([
    'STEP fails <- a1',
    'STEP b2 <- fails',
    'STEP b1 <- b2',
    'END <- b1',
  ]);
  expect(undone(records)).toEqual([
    ['x', true, 'undone'],
    ['y', true, 'deferred'],
    ['z', true, 'undone'],
  ]);
  expect(endOf(records).compensations?.[1]?.error?.detail).toBe(
    'no record could hold what it asks for',
  );
});

test('a run whose State is as full as can be undoes all that it did', () => {
  const at = (name: string): string =>
    `{${name}: {call: wordy, metadata: {compensate: {call: b1}}}}`;
  const limits = { recordBytesMax: 10_000, lastBytesMax: 11_000 };
  const filled = (chars: number): { readonly isFull: boolean; readonly told: unknown } => {
    let calls = 0;
    const wordy: ServiceModel = {
      call: () => ({ latency: 5, outcome: { result: noise(chars, ++calls) }, applied: true }),
    };
    const error = { type: 'urn:e', status: 400, title: 'no', detail: noise(900) };
    const failing: ServiceModel = {
      call: () => ({ latency: 1, outcome: { error }, applied: false }),
    };
    const { lines, records } = walk(
      `do: [{s: {metadata: {saga: true}, do: [${['p', 'q', 'r', 's'].map(at).join(', ')}, {h: {call: failing, with: {}}}]}}]`,
      { b1: ok, wordy, failing },
      { limits },
    );
    const isFull = !lines.some((line) => line.startsWith('STEP failing'));
    return { isFull, told: undone(records) };
  };
  // The largest answers with which the last task is still asked for.
  let [fits, full] = [1_000, 4_000];
  while (full - fits > 1) {
    const chars = Math.floor((fits + full) / 2);
    if (filled(chars).isFull) full = chars;
    else fits = chars;
  }
  const all = ['p', 'q', 'r', 's'].map((name) => [name, true, 'undone']);
  expect(filled(fits)).toEqual({ isFull: false, told: all });
  const last = ['s', false, 'undone'];
  expect(filled(full)).toEqual({ isFull: true, told: [...all.slice(0, 3), last] });
});

test('a compensation that answers too much is deferred with that error', () => {
  const { records } = walk(
    'do: [{s: {metadata: {saga: true}, do: [{x: {call: a1, metadata: {compensate: {call: huge}}}}, {h: {call: huge}}]}}]',
    { a1: ok, huge },
  );
  expect(undone(records)).toEqual([['x', true, 'deferred']]);
});

test('a run that is put aside with such an answer goes on with the error', () => {
  const { lines, records } = walk(
    'do: [{t: {try: [{h: {call: huge}}], catch: {errors: {with: {status: 500}}, do: [{a: {call: slow}}]}}}]',
    {
      slow: { call: () => ({ latency: 3_000, outcome: { result: 1 }, applied: true }) },
      huge: {
        call: () => ({ latency: 5_000, outcome: { result: noise(1_000_000) }, applied: true }),
      },
    },
    {
      controls: [
        { at: 1_000, verb: 'suspend' },
        { at: 60_000, verb: 'resume' },
      ],
    },
  );
  expect(lines.slice(2)).toEqual([
    'CONTROL',
    'STEP slow <- huge',
    'PARK <- slow, CONTROL',
    'CONTROL',
    'RESUME <- CONTROL',
    'END',
  ]);
  expect(endOf(records).output).toBe(1);
});

test('a cancelled run whose activity answers too much undoes it, not knowing', () => {
  const { records } = walk(
    'do: [{s: {metadata: {saga: true}, do: [{h: {call: huge, metadata: {compensate: {call: b1}}}}]}}]',
    {
      b1: ok,
      huge: {
        call: () => ({ latency: 5_000, outcome: { result: noise(1_000_000) }, applied: true }),
      },
    },
    { controls: [{ at: 1_000, verb: 'cancel' }] },
  );
  expect(endOf(records).cancelled).toBe(true);
  expect(undone(records)).toEqual([['h', false, 'undone']]);
});

test('what goes on leaves room in its record for how it may end', () => {
  const limits = {
    batchRecordsMax: 10,
    batchBytesMax: 9_000,
    recordBytesMax: 2_000,
    lastBytesMax: 3_000,
  };
  const state: State = {
    status: 'running',
    position: '',
    entering: false,
    frames: [],
    startedAt: 0,
    activation: 0,
    pureHops: 0,
    data: noise(4_500),
  };
  const undo = {
    pointer: '/do',
    startedAt: 0,
    node: { kind: 'undo', floor: 0, current: 0 },
  } as const;
  const cause = { kind: 'timer' } as const;
  const error = { type: 'urn:e', status: 500, title: noise(2_300) };
  const added = (kind: 'STEP' | 'PARK' | 'END', body: Parameters<typeof draft>[1]): unknown =>
    new Batch({ tenure: 1, nonce: 1, n: 0 }, limits, 0, 1).add({
      targets: [],
      records: [draft(kind, body)],
    });
  const definition = { namespace: 'n', name: 'n', version: '1' };
  expect(added('STEP', { kind: 'STEP', state, cause })).toHaveProperty('refused');
  expect(added('PARK', { kind: 'PARK', state, cause, why: 'wait' })).toHaveProperty('refused');
  expect(
    added('END', { kind: 'END', end: { output: noise(2_300) }, cause, definition }),
  ).toHaveProperty('refused');
  expect(added('STEP', { kind: 'STEP', state: { ...state, frames: [undo] }, cause })).toBe('added');
  expect(added('STEP', { kind: 'STEP', state: { ...state, cancelling: 'run' }, cause })).toBe(
    'added',
  );
  expect(added('PARK', { kind: 'PARK', state, cause, why: 'dead' })).toBe('added');
  expect(added('END', { kind: 'END', end: { error }, cause, definition })).toBe('added');
});

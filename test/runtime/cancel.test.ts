/*
 * Cancel, record for record (PROTOCOL.md R18 and the write budget): idle or held 0 records more than the
 * run itself, running 1, parked 1, refused 1.
 */
import { describe, expect, it } from 'vitest';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import { ok, walk } from './calm-world.ts';
import { proves } from '../proofs/proves.ts';

const cancel = (at: number) => ({ controls: [{ at, verb: 'cancel' as const }] });
const slow = (latency: number): ServiceModel => ({
  call: ({ name }) => ({ latency, outcome: { result: name }, applied: true }),
});

describe('cancel', () => {
  it('ends a held run in one record', proves('status.phases'), () => {
    const { lines, writes } = walk('do: [{w: {wait: {seconds: 20}}}]', {}, cancel(5_000));
    expect(lines).toEqual([
      'START',
      'STEP held <- START',
      'CONTROL',
      'END cancelled <- STEP, CONTROL',
    ]);
    expect(writes).toMatchObject({ inserted: 0, deleted: 0 });
  });
  it('brings back a parked run to end it', () => {
    const { lines, writes } = walk('do: [{w: {wait: {hours: 1}}}]', {}, cancel(5_000));
    expect(lines).toEqual([
      'START',
      'PARK <- START',
      'CONTROL',
      'RESUME <- CONTROL',
      'END cancelled',
    ]);
    expect(writes).toMatchObject({ inserted: 1, deleted: 1 });
  });
  it('waits for a running activity that reacts', () => {
    const { lines } = walk('do: [{a: {call: aa}}]', { aa: slow(20_000) }, cancel(5_000));
    expect(lines).toEqual([
      'START',
      'STEP aa <- START',
      'CONTROL',
      'CANCELLING <- aa, CONTROL',
      'END cancelled <- CANCELLING',
    ]);
  });
  it('asks a running activity to stop, and waits no longer than that takes', () => {
    const stoppable: ServiceModel = {
      call: (call) => ({ ...slow(20_000).call(call), stoppable: true }),
    };
    const { lines, records } = walk('do: [{a: {call: aa}}]', { aa: stoppable }, cancel(5_000));
    expect(lines.slice(3)).toEqual(['CANCELLING <- aa, CONTROL', 'END cancelled <- CANCELLING']);
    const [cancelling, end] = records
      .map(({ header }) => header)
      .filter(({ kind }) => kind === 'CANCELLING' || kind === 'END');
    expect(end!.time - cancelling!.time).toBeLessThan(100);
  });
  it('is refused when there is no such run any more, and when it has moved on', () => {
    expect(walk('do: [{a: {set: {x: 1}}}]', {}, cancel(5_000)).lines).toEqual([
      'START',
      'END <- START',
      'CONTROL',
      'ANSWER refused <- CONTROL',
    ]);
    const { lines } = walk(
      'do: [{w: {wait: {seconds: 20}}}]',
      {},
      { controls: [{ at: 5_000, verb: 'cancel', hop: 7 }] },
    );
    expect(lines.slice(2, 4)).toEqual(['CONTROL', 'ANSWER refused <- CONTROL']);
    expect(lines.at(-1)).toBe('END <- STEP');
  });
  it('cancels every branch, then the run', () => {
    const { lines, writes } = walk(
      'do: [{f: {fork: {branches: [{b0: {call: b0}}, {b1: {wait: {seconds: 25}}}, {b2: {wait: {hours: 2}}}]}}}]',
      { b0: slow(20_000) },
      cancel(5_000),
    );
    expect(lines.slice(0, 7)).toEqual([
      'START',
      'STEP joining <- START',
      'STEP 1.0 b0',
      'STEP 1.1 held',
      'PARK 1.2',
      'CONTROL',
      'STEP joining <- joining, CONTROL',
    ]);
    expect(lines.at(-1)).toMatch(/^END cancelled <- /);
    expect(lines.filter((line) => line.startsWith('CANCELLING'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('RESUME'))).toHaveLength(1);
    expect(writes).toMatchObject({ inserted: 1, deleted: 1 });
  });
  it('undoes what is done', () => {
    const { lines } = walk(
      `do: [{s: {metadata: {saga: true}, do: [
        {a: {call: aa, metadata: {compensate: {call: ua}}}},
        {b: {call: bb, metadata: {compensate: {call: ub}}}}]}}]`,
      { aa: ok, bb: slow(10_000), ua: ok, ub: ok },
      cancel(5_000),
    );
    expect(lines).toEqual([
      'START',
      'STEP aa <- START',
      'STEP bb <- aa',
      'CONTROL',
      'CANCELLING <- bb, CONTROL',
      'STEP ub <- CANCELLING',
      'STEP ua <- ub',
      'END cancelled <- ua',
    ]);
  });
});

describe('sagas and branches', () => {
  const saga = (branches: string, compete = false): string =>
    `do: [{s: {metadata: {saga: true}, do: [{f: {fork: {compete: ${compete}, branches: [${branches}]}}}]}}]`;
  const undoable = (name: string): string =>
    `{${name}: {call: ${name}, metadata: {compensate: {call: u${name}}}}}`;
  const seq = (name: string): string =>
    `{s${name}: {do: [${undoable(`${name}1`)}, ${undoable(`${name}2`)}]}}`;

  it('wait for the other branches when one faults, then undo in reverse order of their ends', () => {
    const fails: ServiceModel = {
      call: () => ({
        latency: 1_000,
        outcome: { error: { type: 'x:y', status: 422, title: 'no' } },
        applied: false,
      }),
    };
    const names = ['a1', 'a2', 'c1', 'c2'];
    const { lines } = walk(saga([seq('a'), undoable('b'), seq('c')].join(', ')), {
      ...Object.fromEntries(names.map((name) => [name, slow(name === 'c1' ? 3_000 : 400)])),
      ...Object.fromEntries(names.map((name) => [`u${name}`, ok])),
      b: fails,
      ub: ok,
    });
    // a1 and a2 are done when b faults, c1 is under way and its answer counts
    const undone = lines.flatMap((line) => /^STEP (u\w+)/.exec(line)?.[1] ?? []);
    expect(undone).toEqual(['uc1', 'ua2', 'ua1']);
    expect(lines.at(-1)).toMatch(/^END <- ua1/);
  });
  it('let a loser of a race undo what it did before the race is over', () => {
    const { lines } = walk(saga([seq('a'), seq('b')].join(', '), true), {
      a1: slow(100),
      a2: slow(100),
      b1: slow(150),
      b2: slow(8_000),
      ua1: ok,
      ua2: ok,
      ub1: ok,
      ub2: ok,
    });
    const undone = lines.flatMap((line) => /^STEP \S+ (u\w+)/.exec(line)?.[1] ?? []);
    expect(undone).toEqual(['ub2', 'ub1']);
    expect(lines.at(-1)).toMatch(/^END <- /);
  });
  it('finish what they undo, and tell it, when another branch ends the workflow', () => {
    const undoing =
      '{try: [{g: {metadata: {saga: true}, do: [{a: {call: a1, metadata: {compensate: {call: ua}}}}, {b: {call: fails}}]}}], catch: {do: [{w: {wait: {hours: 2}}}]}}';
    const { lines, records } = walk(
      `do: [{f: {fork: {branches: [{s: ${undoing}}, {e: {do: [{x: {call: e1, then: end}}]}}]}}}]`,
      {
        a1: slow(100),
        ua: slow(5_000),
        e1: slow(1_000),
        fails: {
          call: () => ({
            latency: 100,
            outcome: { error: { type: 'x:y', status: 422, title: 'no' } },
            applied: false,
          }),
        },
      },
    );
    expect(lines.slice(5)).toEqual([
      'STEP 1.0 ua <- fails 1.0',
      'END 1.1 <- e1 1.1',
      'PARK 1.0 <- ua 1.0',
      'RESUME <- joining, END 1.1',
      'END',
    ]);
    const { body } = records.findLast(({ header }) => header.kind === 'END')!;
    expect(body).toMatchObject({
      end: { output: 'e1', compensations: [{ certain: true, outcome: 'undone' }] },
    });
  });
});

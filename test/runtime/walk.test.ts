/*
 * The walk at the end of PROTOCOL.md, record for record, and who may write what: the runtime in a calm
 * world, read back from the bytes of the Log.
 */
import { describe, expect, it } from 'vitest';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import { ok, walk } from './calm-world.ts';

const failsOnce: ServiceModel = {
  call: ({ nthForKey }) =>
    nthForKey === 1
      ? {
          latency: 5,
          outcome: { error: { type: 'x:y', status: 503, title: 'once' } },
          applied: false,
        }
      : { latency: 5, outcome: { result: 2 }, applied: true },
};

describe('the walk of PROTOCOL.md', () => {
  it('writes its twelve owner records, and two rows', () => {
    const { lines, writes } = walk(
      `
do:
  - a1: {call: a1}
  - t: {try: [{a2: {call: a2}}], catch: {retry: {delay: {seconds: 2}, limit: {attempt: {count: 3}}}}}
  - w: {wait: {hours: 1}}
  - f: {fork: {branches: [{b0: {call: b0}}, {b1: {call: b1}}, {b2: {call: b2}}]}}
`,
      { a1: ok, a2: failsOnce, b0: ok, b1: ok, b2: ok },
    );
    expect(lines).toEqual([
      'START',
      'STEP a1 <- START',
      'STEP a2 <- a1',
      'STEP a2 held <- a2',
      'PARK <- a2',
      'RESUME',
      'STEP joining',
      'STEP 3.0 b0',
      'STEP 3.1 b1',
      'STEP 3.2 b2',
      'END 3.0 <- b0 3.0',
      'END 3.1 <- b1 3.1',
      'END <- b2 3.2, joining, END 3.0, END 3.1',
    ]);
    expect(writes.inserted + writes.deleted).toBe(2);
  });

  it('writes n + 1 records and no row for n activities in a row', () => {
    for (const n of [1, 2, 7]) {
      const tasks = Array.from({ length: n }, (_, i) => `{t${i}: {call: a1}}`).join(', ');
      const { lines, writes } = walk(`do: [${tasks}]`, { a1: ok });
      expect(lines.length - 1).toBe(n + 1);
      expect(writes.inserted + writes.deleted).toBe(0);
    }
  });

  it('names the rows of parked branches when a fork is over without them', () => {
    const { lines, writes } = walk(
      'do: [{f: {fork: {compete: true, branches: [{w: {wait: PT2H}}, {b: {call: b0}}]}}}, {a: {call: a1}}]',
      { a1: ok, b0: ok },
    );
    expect(lines).toEqual([
      'START',
      'STEP joining <- START',
      'PARK 1.0',
      'STEP 1.1 b0',
      'RESUME <- b0 1.1, joining',
      'STEP a1',
      'END <- a1',
    ]);
    expect(writes.inserted + writes.deleted).toBe(2);
  });

  it('ends a strand whose State no record can hold, and goes on with the others', () => {
    const big = walk(
      'do: [{f: {fork: {branches: [{a: {call: a1}}, {b: {call: huge}}]}}}]',
      {
        a1: { call: () => ({ latency: 60_000, outcome: { result: 1 }, applied: true }) },
        huge: {
          call: () => ({ latency: 5, outcome: { result: 'x'.repeat(20_000) }, applied: true }),
        },
      },
      { limits: { recordBytesMax: 10_000 } },
    );
    expect(big.lines).toEqual([
      'START',
      'STEP joining <- START',
      'STEP 1.0 a1',
      'STEP 1.1 huge',
      'END <- huge 1.1, joining, a1 1.0',
    ]);
    const last = big.records.find(({ header }) => header.kind === 'END')!.body;
    expect(last.kind === 'END' && last.end.error?.detail).toMatch(
      /State takes \d+ bytes and a record may have 10000/,
    );
  });

  it('ends a parked strand whose State no record can hold when it comes back', () => {
    const { lines, records } = walk(
      'do: [{w: {wait: PT1H}}, {s: {set: {x: "${ \\"y\\" * 20000 }"}}}, {a: {call: a1, with: {x: "${ .x }"}}}]',
      { a1: ok },
      { limits: { recordBytesMax: 10_000 } },
    );
    expect(lines).toEqual(['START', 'PARK <- START', 'RESUME', 'END']);
    const last = records.find(({ header }) => header.kind === 'END')!.body;
    expect(last.kind === 'END' && last.end.error?.detail).toMatch(/State takes/);
  });

  it('refuses a unit of more records than a batch may have', () => {
    const four = (branch: string): string =>
      `{fork: {branches: [${['p', 'q', 'r', 's'].map((name) => `{${name}: ${branch}}`).join(', ')}]}}`;
    const { lines, records } = walk(
      `do: [{f: ${four(four('{call: a1}'))}}]`,
      { a1: ok },
      { limits: { batchRecordsMax: 20 } },
    );
    expect(lines).toEqual(['START', 'END <- START']);
    const last = records.find(({ header }) => header.kind === 'END')!.body;
    expect(last.kind === 'END' && last.end.error?.detail).toMatch(/strands at once/);
  });

  it('begins each branch of a wide fork once, also when pure ones end at once', () => {
    const branches = Array.from({ length: 300 }, (_, i) =>
      i < 257 ? `{b${i}: {call: a1}}` : `{b${i}: {set: {i: ${i}}}}`,
    );
    const { records } = walk(`do: [{f: {fork: {branches: [${branches.join(', ')}]}}}]`, { a1: ok });
    const ends = records.filter(({ header }) => header.kind === 'END');
    const strands = ends.map(({ header }) => header.strand);
    expect(new Set(strands).size).toBe(strands.length);
    const root = ends.find(({ header }) => header.strand === '')!.body;
    expect(root.kind === 'END' && (root.end.output as unknown[]).length).toBe(300);
  });

  it('makes of numbers that are not JSON what jq prints for them', () => {
    const { lines, records } = walk(
      'do: [{s: {set: {n: "${ nan }", i: "${ [infinite, -infinite] }"}}}, {a: {call: echo, with: {x: "${ .n }", i: "${ . }"}}}]',
      {
        echo: {
          call: ({ request }) => ({ latency: 5, outcome: { result: request }, applied: true }),
        },
      },
    );
    expect(lines.at(-1)).toBe('END <- echo');
    const last = records.find(({ header }) => header.kind === 'END')!.body;
    expect(last.kind === 'END' && last.end.output).toEqual({
      x: null,
      i: { n: null, i: [Number.MAX_VALUE, -Number.MAX_VALUE] },
    });
  });

  it('carries open records forward and takes the ends of a fork along', () => {
    const slow: ServiceModel = {
      call: () => ({ latency: 200_000, outcome: { result: 'late' }, applied: true }),
    };
    const steps = Array.from({ length: 30 }, (_, i) => `{s${i}: {call: a1}}`).join(', ');
    const { lines, records } = walk(
      `do: [{f: {fork: {branches: [{quick: {call: b0}}, {slow: {call: slow}}, {busy: {do: [${steps}]}}]}}}]`,
      { a1: ok, b0: ok, slow },
      { limits: { carryDistance: 12 }, ms: 3_600_000 },
    );
    const end = records.find(({ header }) => header.kind === 'END' && header.strand === '');
    expect(end?.body.kind === 'END' && end.body.end.output).toEqual(['b0', 'late', 'a1']);
    expect(lines.filter((one) => one.startsWith('CARRY')).length).toBeGreaterThan(1);
    expect(lines).toContain('CARRY <- END 1.0');
  });
});

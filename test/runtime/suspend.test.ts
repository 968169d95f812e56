/*
 * Suspend and resume, record for record: three records and two row writes where the run is held (write
 * budget); two records where its activity was under way, for the PARK stands in place of its next STEP.
 */
import { describe, expect, it } from 'vitest';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import { walk } from './calm-world.ts';
import { proves } from '../proofs/proves.ts';

const slow: ServiceModel = {
  call: ({ name }) => ({ latency: 4_000, outcome: { result: name }, applied: true }),
};
const asked = (suspend: number, resume?: number) => ({
  controls: [
    { at: suspend, verb: 'suspend' as const },
    ...(resume === undefined ? [] : [{ at: resume, verb: 'resume' as const }]),
  ],
});

describe('suspend', () => {
  it(
    'puts a held run aside; resume holds it for the rest of its time',
    proves('status.phases'),
    () => {
      const { lines, writes, records } = walk(
        'do: [{w: {wait: {seconds: 25}}}]',
        {},
        asked(5_000, 9_000),
      );
      expect(lines).toEqual([
        'START',
        'STEP held <- START',
        'CONTROL',
        'PARK <- STEP, CONTROL',
        'CONTROL',
        'RESUME <- CONTROL',
        'STEP held',
        'END <- STEP',
      ]);
      expect(writes).toMatchObject({ inserted: 1, deleted: 1 });
      const [start, end] = [
        records.find(({ header }) => header.kind === 'START'),
        records.findLast(({ header }) => header.kind === 'END'),
      ];
      expect(end!.header.time - start!.header.time).toBeGreaterThanOrEqual(25_000);
    },
  );
  it('lets its time pass', () => {
    const { lines } = walk('do: [{w: {wait: {seconds: 25}}}]', {}, asked(5_000, 900_000));
    expect(lines.slice(-3)).toEqual(['RESUME <- CONTROL', 'STEP held', 'END <- STEP']);
    expect(walk('do: [{w: {wait: {seconds: 25}}}]', {}, asked(5_000)).lines.at(-1)).toBe(
      'PARK <- STEP, CONTROL',
    );
  });
  it('keeps the answer of an activity that was under way', () => {
    const { lines } = walk(
      'do: [{a: {call: aa}}, {b: {call: bb}}]',
      { aa: slow, bb: slow },
      asked(2_000, 60_000),
    );
    expect(lines).toEqual([
      'START',
      'STEP aa <- START',
      'CONTROL',
      'PARK <- aa, CONTROL',
      'CONTROL',
      'RESUME <- CONTROL',
      'STEP bb',
      'END <- bb',
    ]);
  });
  it('parks what was parked anew, and back', () => {
    const { lines } = walk('do: [{w: {wait: {hours: 2}}}]', {}, asked(60_000, 120_000));
    expect(lines).toEqual([
      'START',
      'PARK <- START',
      'CONTROL',
      'RESUME <- CONTROL',
      'PARK',
      'CONTROL',
      'RESUME <- CONTROL',
      'PARK',
      'RESUME',
      'END',
    ]);
  });
  it('can be cancelled meanwhile', () => {
    const { lines } = walk(
      'do: [{w: {wait: {seconds: 25}}}]',
      {},
      {
        controls: [
          { at: 5_000, verb: 'suspend' },
          { at: 9_000, verb: 'cancel' },
        ],
      },
    );
    expect(lines.slice(-2)).toEqual(['RESUME <- CONTROL', 'END cancelled']);
  });
  it('is refused for what has ended, what has branches, and what is not suspended', () => {
    expect(walk('do: [{a: {set: {x: 1}}}]', {}, asked(5_000)).lines.at(-1)).toBe(
      'ANSWER refused <- CONTROL',
    );
    const forked = 'do: [{f: {fork: {branches: [{a: {call: aa}}, {b: {call: bb}}]}}}]';
    const { lines } = walk(forked, { aa: slow, bb: slow }, asked(1_000));
    expect(lines).toContain('ANSWER refused <- CONTROL');
    const resumed = walk(
      'do: [{w: {wait: {seconds: 25}}}]',
      {},
      {
        controls: [{ at: 5_000, verb: 'resume' }],
      },
    );
    expect(resumed.lines).toContain('ANSWER refused <- CONTROL');
  });
});

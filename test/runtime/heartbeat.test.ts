/*
 * Heartbeats (R18): an attempt may take five minutes from its last one. A timeout of the document is not
 * moved, and a process that has stopped beats for nobody.
 */
import { describe, expect, it } from 'vitest';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import { walk } from './calm-world.ts';

const MINUTE = 60_000;

const lasts = (minutes: number, heartbeat?: number): ServiceModel => ({
  call: () => ({
    latency: minutes * MINUTE,
    outcome: { result: 'done' },
    applied: true,
    ...(heartbeat === undefined ? {} : { heartbeat: heartbeat * MINUTE }),
  }),
});

function ended(
  body: string,
  service: ServiceModel,
): { readonly end: object; readonly after: number } {
  const { records } = walk(body, { long: service });
  const { header, body: end } = records.find(({ header: { kind } }) => kind === 'END')!;
  const began = records.find(({ header: { kind } }) => kind === 'STEP')!.header.time;
  return { end: end.kind === 'END' ? end.end : {}, after: (header.time - began) / MINUTE };
}

const timeout = { error: { status: 408, type: expect.stringMatching(/timeout$/) } };

describe('an activity that takes long', () => {
  it('has five minutes when it is silent', () => {
    const { after, end } = ended('do: [{a: {call: long}}]', lasts(60));
    expect(end).toMatchObject(timeout);
    expect(after).toBeCloseTo(5, 1);
  });

  it('has as long as it needs when it heartbeats', () => {
    const { after, end } = ended('do: [{a: {call: long}}]', lasts(60, 4));
    expect(end).toEqual({ output: 'done' });
    expect(after).toBeCloseTo(60, 1);
  });

  it('has five minutes from its last heartbeat', () => {
    const { after, end } = ended('do: [{a: {call: long}}]', lasts(60, 6));
    expect(end).toMatchObject(timeout);
    expect(after).toBeCloseTo(5, 1);
  });

  it('has no more than the document says, whatever it does', () => {
    const body = 'do: [{a: {call: long, timeout: {after: PT10M}}}]';
    const { after, end } = ended(body, lasts(60, 4));
    expect(end).toMatchObject(timeout);
    expect(after).toBeCloseTo(10, 1);
    expect(ended(body, lasts(9)).end).toEqual({ output: 'done' });
  });
});

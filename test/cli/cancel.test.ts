/*
 * `waybill cancel` and schedules on a server of an embedded file: what people ask of runs is carried out
 * or refused with the reason, and `get` says what was undone.
 */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ServeWorld } from './serve-world.ts';

vi.setConfig({ testTimeout: 60_000 });

let world: ServeWorld;

beforeEach(() => {
  world = new ServeWorld();
});
afterEach(() => world.close());

const AT = ['--store', 'runs.db'];

describe('requests to a server', () => {
  test('a run is cancelled and what it did is undone; what has ended is refused', async () => {
    writeFileSync(
      world.path('flows/trip.yaml'),
      `document: {dsl: '1.0.3', namespace: default, name: trip, version: '1.0.0', metadata: {saga: true}}
do:
  - book: {set: {booked: true}, metadata: {compensate: {set: {undone: true}}}}
  - nap: {wait: PT1H}
`,
    );
    const server = world.serve(...AT);
    await server.ready();
    const run = (await world.run(['start', 'trip', ...AT])).out.trim();
    const cancelled = await world.run(['cancel', run, '--wait', ...AT]);
    expect(cancelled).toMatchObject({ code: 0, out: 'cancelled\n' });
    const { out } = await world.run(['get', run, ...AT]);
    expect(out).toContain('cancelled');
    expect(out).toMatch(/undone +\/do\/0\/book/);
    const again = await world.run(['cancel', run, ...AT]);
    expect(again.code).toBe(1);
    expect(again.err).toContain('not cancelled: there is no such run here, or it has ended');
  });

  test('a workflow with a schedule begins by itself until it is told to end', async () => {
    writeFileSync(
      world.path('flows/tick.yaml'),
      `document: {dsl: '1.0.3', namespace: default, name: tick, version: '1.0.0'}
schedule: {every: PT0.5S}
do: [{a: {set: {x: 1}}}]
`,
    );
    const server = world.serve(...AT);
    await server.ready();
    expect(server.log).toContain('default/tick/1.0.0 has a schedule');
    const ticks = async (): Promise<number> => {
      const { out } = await world.run(['list', '--workflow', 'tick', ...AT]);
      return out.split('\n').filter((line) => line.includes('completed')).length;
    };
    await vi.waitFor(async () => expect(await ticks()).toBeGreaterThan(1), {
      timeout: 30_000,
      interval: 200,
    });
    expect(await world.run(['unschedule', 'tick', ...AT])).toMatchObject({
      code: 0,
      out: 'it fires no more\n',
    });
    const before = await ticks();
    await new Promise((done) => {
      setTimeout(done, 1_500);
    });
    expect((await ticks()) - before).toBeLessThanOrEqual(1);
    const again = await world.run(['unschedule', 'tick', ...AT]);
    expect(again).toMatchObject({ code: 1, err: 'nothing to end: it is not scheduled\n' });
  });
});

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Effect, Simulation, stream } from '../../../src/adapters/sim/index.ts';
import { bytes } from './driven.ts';

const EFFECTS: readonly Effect[] = [
  { kind: 'crash', when: 'before', down: 500 },
  { kind: 'crash', when: 'after', down: 500 },
  { kind: 'pause', when: 'before', ms: 15_000, expel: false },
  { kind: 'unknown', fate: 'late', ms: 400, hears: 'error' },
  { kind: 'unknown', fate: 'twice', ms: 400, hears: 'answer' },
  { kind: 'refused' },
  { kind: 'slow', ms: 300 },
  { kind: 'rebalance' },
  { kind: 'jump', ms: 5_000 },
];

/** A busy world under random faults; the hash is over every event that a process saw. */
function trace(seed: number): { hash: string; events: number } {
  const simulation = new Simulation({ seed, partitions: 3 });
  const { scheduler } = simulation;
  const hash = createHash('sha256');
  const draw = stream(seed, 'faults');
  simulation.gate.faults = {
    at: () =>
      draw() < 0.02 ? [EFFECTS[Math.floor(draw() * EFFECTS.length)] as Effect] : undefined,
  };
  for (let index = 0; index < 3; index += 1) {
    const process = simulation.process(`p${index}`);
    const say = (...words: readonly unknown[]): void => {
      hash.update(`${scheduler.now} ${process.name} ${JSON.stringify(words)}\n`);
    };
    const up = (): void => {
      process.start((life) => {
        const { broker, clock, entropy } = simulation.portsFor(life);
        broker.join({
          assigned: (owned) => say('+', owned),
          revoked: (owned) => say('-', owned),
        });
        const work = (): void => {
          const partition = entropy.uint32() % 3;
          void broker.append(partition, [bytes(String(entropy.uint32()))]).then(
            (appended) => say('appended', partition, appended),
            (error: unknown) => say('failed', String(error)),
          );
          clock.at(clock.now() + 20, work);
        };
        work();
        const reader = broker.reader(index, 0);
        const read = (): void => {
          void reader.next().then((records) => {
            say('read', records.length, reader.position);
            read();
          }, read);
        };
        read();
      });
    };
    process.watch((_, __, change) => {
      say(change);
      if (change.event === 'crashed') scheduler.after(change.down, up);
    });
    up();
  }
  scheduler.run({ maxEvents: 20_000 });
  return { hash: hash.digest('hex'), events: scheduler.events };
}

test('the same seed gives the same world, event for event; another seed another', () => {
  const first = trace(11);
  trace(12);
  expect(trace(11)).toEqual(first);
  expect(trace(12).hash).not.toBe(first.hash);
});

/* What is given up is parked with its reason and as it was, and is told of (P10); it is no retry (P3). */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { ParkBody } from '../../../src/wire/index.ts';
import { type Draft, end, MadeHistory, park, step } from './made-history.ts';

function said(made: MadeHistory, oracle = 'p10-dead-letters'): string {
  const { checked, violations } = checkAll(made.history());
  expect(checked[oracle]).toBeGreaterThan(0);
  return violations
    .filter((one) => one.oracle === oracle)
    .map((one) => one.said)
    .join('\n');
}

/** A run whose activity b, which came after a had failed, is given up; its owner goes on with another. */
function givenUp(change: Partial<ParkBody> = {}, told = true): MadeHistory {
  const made = new MadeHistory();
  const first = made.start('r1');
  const second = made.start('r2');
  made.claim();
  const a = made.hop([first], step('r1', 1, { call: 'a' }));
  made.serve('r1', 'a', { heard: 'error' });
  const due = step('r1', 2, { call: 'b', heard: 'a', failed: true });
  const b = made.hop([a], due);
  const dead = park('r1', 3, undefined, { heard: 'a', failed: true });
  if (dead.body.kind !== 'PARK' || due.body.kind !== 'STEP') throw new TypeError('a PARK, a STEP');
  const { activity } = due.body;
  const body = { ...dead.body, ...(activity === undefined ? {} : { activity }), ...change };
  const parked: Draft = { ...dead, body };
  made.row(made.hop([b], parked), parked);
  const c = made.hop([second], step('r2', 1, { call: 'c' }));
  made.hop([c], end('r2', 2, { heard: 'c' }));
  if (told) {
    made.complaints.push({ at: made.now, process: 'runner-1', said: 'r1 is parked as dead: why' });
  }
  return made;
}

describe('P10 dead letters', () => {
  it('accepts what is parked as it was', () => {
    expect(said(givenUp())).toBe('');
  });

  it('rejects one without a reason', () => {
    expect(said(givenUp({ reason: '' }))).toMatch(/gives run r1 up and does not say why/);
  });

  it('rejects one whose activity or State is another', () => {
    const { body } = step('r1', 2, { call: 'x' });
    if (body.kind !== 'STEP' || body.activity === undefined) throw new TypeError('it calls x');
    expect(said(givenUp({ activity: body.activity }))).toMatch(/given up another activity/);
    const state = { ...body.state, activation: 7 };
    expect(said(givenUp({ state }))).toMatch(/has not the State in which run r1 was given up/);
  });

  it('rejects that nobody is told, unless whoever knew of it is gone', () => {
    expect(said(givenUp({}, false))).toMatch(/gives run r1 up, and nobody was told/);
    const alone = new MadeHistory();
    const start = alone.start('r1');
    alone.claim();
    const a = alone.hop([start], step('r1', 1, { call: 'a' }));
    const dead = park('r1', 2, undefined, { call: 'a' });
    const { body } = step('r1', 1, { call: 'a' });
    if (dead.body.kind !== 'PARK' || body.kind !== 'STEP') throw new TypeError('a PARK, a STEP');
    const parked: Draft = { ...dead, body: { ...dead.body, activity: body.activity! } };
    alone.row(alone.hop([a], parked), parked);
    alone.claim();
    expect(said(alone)).toBe('');
  });
});

describe('P3 kept keys', () => {
  it('takes nothing for a retry that is given up', () => {
    expect(said(givenUp(), 'p3-one-effect')).not.toMatch(/follow attempt/);
  });
});

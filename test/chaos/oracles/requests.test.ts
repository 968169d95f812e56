/* What was asked of a run is done, or refused for a reason that the Log bears out (R18, P1). */
import { describe, expect, it } from 'vitest';
import type { History } from '../../../src/chaos/history.ts';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { Cause, ControlVerb } from '../../../src/wire/index.ts';
import { type Draft, end, MadeHistory, park, resume, step } from './made-history.ts';

const CONTROL: Cause = { kind: 'control', verb: 'cancel' };

function said(history: History): string {
  const { checked, violations } = checkAll(history);
  expect(checked['r18-requests-done']).toBeGreaterThan(0);
  return violations
    .filter(({ oracle }) => oracle === 'r18-requests-done')
    .map((one) => one.said)
    .join('\n');
}

function ask(made: MadeHistory, verb: ControlVerb = 'cancel', id = `${verb}-r1`): number {
  return made.land({
    header: { ...made.headerAt(0), kind: 'CONTROL', run: 'r1', time: made.now },
    body: { kind: 'CONTROL', id, verb },
  });
}

function refusal(verb: ControlVerb = 'cancel'): Draft {
  const reason = 'there is no such run here, or it has ended';
  const body = { kind: 'ANSWER', controlId: `${verb}-r1`, outcome: 'refused', reason } as const;
  return { run: 'r1', strand: '', hop: 0, body };
}

function cancelledEnd(hop: number): Draft {
  const draft = end('r1', hop, { cause: CONTROL });
  if (draft.body.kind !== 'END') throw new TypeError('an END is an END');
  return { ...draft, body: { ...draft.body, end: { cancelled: true } } };
}

/** A run that calls a, and has called it. */
function calling(): { made: MadeHistory; a: number } {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  return { made, a: made.hop([start], step('r1', 1, { call: 'a' })) };
}

describe('R18 requests done', () => {
  it('accepts a run that ends because it was cancelled', () => {
    const { made, a } = calling();
    made.hop([a, ask(made)], cancelledEnd(2));
    expect(said(made.history())).toBe('');
  });

  it('rejects a run that completes although its cancel was carried out', () => {
    const { made, a } = calling();
    const b = made.hop([a, ask(made)], step('r1', 2, { call: 'b', cause: CONTROL }));
    made.hop([b], end('r1', 3, { heard: 'b' }));
    expect(said(made.history())).toMatch(/run r1 completed all the same/);
    const { made: at, a: once } = calling();
    at.hop([once, ask(at)], end('r1', 2, { cause: CONTROL }));
    expect(said(at.history())).toMatch(/run r1 completed all the same/);
  });

  it('accepts a request that comes as the run ends, or later', () => {
    const { made, a } = calling();
    made.hop([a, ask(made)], end('r1', 2, { heard: 'a' }));
    made.hop([ask(made)], refusal());
    expect(said(made.history())).toBe('');
  });

  it('rejects the word that there is no such run', () => {
    const { made, a } = calling();
    made.hop([ask(made)], refusal());
    made.hop([a], end('r1', 2, { heard: 'a' }));
    expect(said(made.history())).toMatch(/it was there and nobody had cancelled it/);
  });

  it('accepts that a run which is being cancelled is not cancelled once more', () => {
    const { made, a } = calling();
    const { body } = step('r1', 2);
    if (body.kind !== 'STEP') throw new TypeError('a STEP is a STEP');
    const state = { ...body.state, cancelling: 'run' } as const;
    made.hop([a, ask(made, 'cancel', 'first')], {
      ...step('r1', 2),
      body: { kind: 'CANCELLING', state, cause: CONTROL, key: 'r1/a', until: made.now + 60_000 },
    });
    made.hop([ask(made)], refusal());
    expect(said(made.history())).toBe('');
  });

  it('rejects that nothing is to be resumed, while something is', () => {
    const { made, a } = calling();
    const row = made.hop([a], park('r1', 2, undefined, { call: 'a' }));
    made.hop([ask(made, 'resume')], refusal('resume'));
    expect(said(made.history())).toMatch(/PARK at \d+ of partition 0 had put it aside/);
    const { made: at, a: again } = calling();
    const gone = at.hop([again], park('r1', 2, undefined, { call: 'a' }));
    at.hop([], resume('r1', [gone]), step('r1', 3, { call: 'a' }));
    at.hop([ask(at, 'resume')], refusal('resume'));
    expect(said(at.history())).toBe('');
    expect(row).toBeGreaterThan(0);
  });

  it('rejects that only a part of what was put aside goes on', () => {
    const twice = (): { made: MadeHistory; rows: readonly [number, number] } => {
      const { made, a } = calling();
      const row = made.hop([a], park('r1', 2, undefined, { call: 'a' }));
      const other = made.hop([], { ...park('r1', 1, undefined, { call: 'b' }), strand: 'b' });
      return { made, rows: [row, other] };
    };
    const { made: half, rows } = twice();
    half.hop([ask(half, 'resume')], resume('r1', [rows[0]]), step('r1', 3, { call: 'a' }));
    expect(said(half.history())).toMatch(/was carried out, and PARK at \d+ .* is still put aside/);
    const { made: whole, rows: both } = twice();
    const asked = ask(whole, 'resume');
    const b = { ...step('r1', 2, { call: 'b' }), strand: 'b' };
    whole.hop([], resume('r1', [both[1]]), b);
    whole.hop([asked], resume('r1', [both[0]]), step('r1', 3, { call: 'a' }));
    expect(said(whole.history())).toBe('');
  });

  it('rejects a request that was acknowledged and is nowhere', () => {
    const { made, a } = calling();
    made.hop([a], end('r1', 2, { heard: 'a' }));
    const asked = { at: made.now, run: 'r1', partition: 0, id: 'lost', verb: 'cancel' } as const;
    const history = made.history();
    const controls = (outcome: 'acknowledged' | 'unknown'): History => ({
      ...history,
      controls: [{ ...asked, outcome }],
    });
    expect(said(controls('acknowledged'))).toMatch(/was acknowledged, and is not in the Log/);
    expect(checkAll(controls('unknown')).checked['r18-requests-done']).toBe(0);
  });
});

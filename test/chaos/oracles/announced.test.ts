/* What an earlier tenure had scheduled begins only after a MARK that lists it (R20). */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import { type Draft, end, MadeHistory, step } from './made-history.ts';

/** An activity that an owner has scheduled is called by its heir, which has listed so much. */
function inherited(running: readonly ('it' | 'other')[]): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  const a = made.hop([start], step('r1', 1, { call: 'a' }));
  made.wait(2_000).claim();
  const mark = { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 };
  const body = { kind: 'MARK', mark, running: running.map((one) => (one === 'it' ? a : 99)) };
  const listing: Draft = { run: '', strand: '', hop: 0, body: body as Draft['body'] };
  made.hop([], listing);
  made.wait(5_000).serve('r1', 'a');
  made.hop([a], end('r1', 2, { heard: 'a' }));
  return made;
}

function said(made: MadeHistory): string {
  return checkAll(made.history())
    .violations.filter(({ oracle }) => oracle === 'r20-takeovers')
    .map((one) => one.said)
    .join('\n');
}

describe('R20 announced', () => {
  it('accepts what a MARK has listed', () => {
    expect(said(inherited(['it']))).toBe('');
  });

  it('rejects what none has listed', () => {
    expect(said(inherited(['other']))).toMatch(
      /a of run r1 was called at \d+ by runner-1 for STEP at 2 of partition 0, which an earlier tenure had written and no MARK had listed/,
    );
  });

  it('says nothing of a world in which somebody slept', () => {
    const made = inherited([]);
    const about = { fault: 0, point: 'append', state: '', process: 'runner-1', said: 'it slept' };
    made.fired.push({ at: made.now, kind: 'pause-before', ...about });
    expect(said(made)).toBe('');
  });
});

/* P4: an attempt has all of its time, whatever clocks show. */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import { end, MadeHistory, step } from './made-history.ts';

const TIMEOUT = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/timeout',
  status: 408,
  title: 'Timeout',
  detail: 'a gave no answer in time',
} as const;

interface Late {
  /** the retry is held until so long after its record, ms */
  readonly held?: number;
  /** the service itself says so */
  readonly answered?: boolean;
}

/** An attempt that may take five minutes is given up so long after its record, ms. */
function given(up: number, { held, answered = false }: Late = {}): readonly string[] {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  const notBefore = held === undefined ? {} : { notBefore: made.now + held };
  const open = made.hop([start], step('r1', 1, { call: 'a', ...notBefore }));
  made.wait(held ?? 0);
  if (answered) made.serve('r1', 'a', { heard: 'error', answer: { ...TIMEOUT } });
  else made.serve('r1', 'a', { heard: 'nothing' });
  made.wait(up - (held ?? 0));
  const cause = { kind: 'activity', key: 'r1/a', attempt: 1, error: TIMEOUT } as const;
  made.hop([open], end('r1', 2, { cause, error: TIMEOUT }));
  return checkAll(made.history())
    .violations.filter(({ oracle }) => oracle === 'p4-timers')
    .map(({ said }) => said);
}

describe('P4 attempts', () => {
  it('rejects one that was given up before its time', () => {
    const early = expect.stringMatching(
      /^attempt 1 of a for run r1 may take 300000 ms and was given up after/,
    );
    expect(given(299_000)).toEqual([early]);
    expect(given(310_000, { held: 20_000 })).toEqual([early]);
  });

  it('accepts one that has had its time, and what the service has said itself', () => {
    expect(given(300_000)).toEqual([]);
    expect(given(320_000, { held: 20_000 })).toEqual([]);
    expect(given(5_000, { answered: true })).toEqual([]);
  });
});

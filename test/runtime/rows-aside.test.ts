/*
 * Parked rows whose Definition is not here yet: they wait for it as long as it takes, and no longer (PROTOCOL.md R21).
 */
import { describe, expect, it } from 'vitest';
import type { Clock, ParkedRow } from '../../src/ports/index.ts';
import type { PlanAnswer, Plans } from '../../src/runtime/plans.ts';
import { RowsAside } from '../../src/runtime/rows-aside.ts';
import { Timers } from '../../src/runtime/timers.ts';

const PLAN = { plan: {} } as unknown as PlanAnswer;
const UNKNOWN: PlanAnswer = { unknown: true };

/** Rows that are put aside while the Definitions answer so, one question after the other. */
function aside(answers: readonly (PlanAnswer | 'none')[]): {
  readonly rows: RowsAside;
  readonly back: number[];
  pass(ms: number): void;
} {
  let now = 0;
  let asked = 0;
  const due: { at: number; fire: () => void }[] = [];
  const clock = {
    now: () => now,
    at: (at: number, fire: () => void) => {
      const one = { at, fire };
      due.push(one);
      return () => void due.splice(due.indexOf(one), 1);
    },
  } as Partial<Clock> as Clock;
  const plans = {
    get: (_hash: string, then: (answer: PlanAnswer) => void, failed: () => void) => {
      const answer = answers[asked++] ?? PLAN;
      if (answer === 'none') failed();
      else then(answer);
    },
  } as Partial<Plans> as Plans;
  const back: number[] = [];
  const rows = new RowsAside(plans, clock, new Timers(clock), () => back.push(now));
  const pass = (ms: number): void => {
    const until = now + ms;
    for (;;) {
      const next = due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      due.splice(due.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.fire();
    }
    now = until;
  };
  return { rows, back, pass };
}

const row = (identity: number): ParkedRow => ({ definition: 'ab', identity }) as ParkedRow;

describe('rows whose Definition is not here', () => {
  it('come back once it is, however often it was asked for in vain', () => {
    const { back, pass, rows } = aside([UNKNOWN, 'none', UNKNOWN]);
    rows.put(row(1));
    rows.put(row(2));
    expect([...rows.identities()]).toEqual([1, 2]);
    pass(10_000);
    expect(back).toEqual([3_000]);
    expect([...rows.identities()]).toEqual([]);
  });

  it('stay where they are if this build cannot run it', () => {
    const { back, pass, rows } = aside([{ unfit: 'it is for a newer one' }]);
    rows.put(row(1));
    pass(60_000);
    expect(back).toEqual([]);
    expect([...rows.identities()]).toEqual([1]);
  });
});

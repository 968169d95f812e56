/* P5: who has lost takes back what he did, and goes no further than to where he hears of it. */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { Scenario } from '../../../src/chaos/scenario/format.ts';
import type { WorkflowDocument } from '../../../src/dsl/document.ts';
import type { State, StrandEnd } from '../../../src/wire/state.ts';
import { end, joined, MadeHistory, step } from './made-history.ts';

const FORKS = { activation: 1, total: 2, at: '/do/0/race' };

function scenarioOf(compete: boolean): Scenario {
  const head = { dsl: '1.0.3', namespace: 'test', name: 'made', version: '1.0.0' };
  const branches = ['left', 'right'].map((name) => ({ [name]: { call: name } }));
  const document = {
    document: head,
    do: [{ race: { fork: { compete, branches } } }, { rest: { wait: 'PT1S' } }],
  } as unknown as WorkflowDocument;
  return {
    document,
    workflows: [],
    services: new Map(),
    invariants: [],
    outcomes: [],
  } as Partial<Scenario> as Scenario;
}

function said(made: MadeHistory, compete = true): readonly string[] {
  return checkAll(made.history(), scenarioOf(compete))
    .violations.filter(({ oracle }) => oracle === 'p5-fork-joins-once')
    .map((one) => one.said);
}

/** A fork of two branches that call; the offset of its joining STEP. */
function begun(made: MadeHistory, cancelling?: State['cancelling']): number {
  const start = made.start('r1');
  made.claim();
  return made.hop(
    [start],
    step('r1', 1, { forks: FORKS, ...(cancelling === undefined ? {} : { cancelling }) }),
    step('r1', 1, { strand: '1.0', call: 'left' }),
    step('r1', 1, { strand: '1.1', call: 'right' }),
  );
}

type Undone = NonNullable<StrandEnd['compensations']>;

function done(outcome?: 'undone'): Undone {
  const entry = { pointer: '/do/0/right', activation: 2, certain: true, strand: '1.1' };
  return [outcome === undefined ? entry : { ...entry, outcome }];
}

/** The left branch wins; the right one ends later, with that log, in a record of its own or in that of the join. */
function lost(
  compensations: Undone,
  merged: boolean,
  cancelling?: State['cancelling'],
): MadeHistory {
  const made = new MadeHistory();
  const join = begun(made, cancelling);
  made.serve('r1', 'left', { strand: '1.0' }).serve('r1', 'right', { strand: '1.1' });
  const left = made.hop([join + 1], end('r1', 2, { strand: '1.0', heard: 'left' }));
  const right = { output: {}, compensations };
  if (merged) {
    const cause = { kind: 'activity', key: 'r1/right', attempt: 1, result: {} } as const;
    const last = { strand: '1.1', cause };
    made.hop(
      [join, join + 2, left],
      end('r1', 2, { cause: { ...joined({ 1: right }), last } as ReturnType<typeof joined> }),
    );
    return made;
  }
  const ended = made.hop(
    [join + 2],
    end('r1', 2, { strand: '1.1', heard: 'right', compensations }),
  );
  made.hop([join, left, ended], end('r1', 2, { cause: joined({}) }));
  return made;
}

describe('P5 losers', () => {
  it('rejects a loser that has ended after the winner and kept what it did', () => {
    for (const merged of [false, true]) {
      expect(said(lost(done(), merged))).toEqual([
        expect.stringMatching(/^branch 1.1 of run r1 had lost to 1.0 .* has not taken back/),
      ]);
    }
  });

  it('accepts one that took it back, one of a fork that does not compete, and one whose run is cancelled', () => {
    for (const merged of [false, true]) {
      expect(said(lost(done('undone'), merged))).toEqual([]);
      expect(said(lost(done(), merged), false)).toEqual([]);
      expect(said(lost(done(), merged, 'run'))).toEqual([]);
    }
  });

  /** The right branch goes on for so many activities once the left one has won. */
  const late = (activities: number, cancelling?: State['cancelling']): MadeHistory => {
    const made = new MadeHistory();
    const join = begun(made, cancelling);
    made.serve('r1', 'left', { strand: '1.0' }).serve('r1', 'right', { strand: '1.1' });
    if (cancelling === undefined) {
      made.hop([join + 1], end('r1', 2, { strand: '1.0', heard: 'left' }));
    }
    let open = join + 2;
    let heard = 'right';
    for (let n = 1; n <= activities; n += 1) {
      const call = `more${n}`;
      open = made.hop([open], step('r1', 1 + n, { strand: '1.1', call, heard }));
      made.serve('r1', call, { strand: '1.1' });
      heard = call;
    }
    return made;
  };

  it('rejects a branch that goes on when nobody needs it', () => {
    const goesOn = expect.stringMatching(/^branch 1.1 of run r1 goes on: .* is the 5th activity/);
    expect(said(late(4))).toEqual([]);
    expect(said(late(5))).toEqual([goesOn]);
    expect(said(late(5), false)).toEqual([]);
    // its run is cancelled
    expect(said(late(3, 'run'), false)).toEqual([]);
    expect(said(late(4, 'run'), false)).toEqual([goesOn]);
  });
});

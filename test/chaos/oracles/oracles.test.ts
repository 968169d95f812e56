/*
 * Every oracle accepts correct histories and rejects at least one that breaks its promise. What an
 * oracle would let pass if it looked at less is named in the title.
 */
import { describe, expect, it } from 'vitest';
import type { LedgerEntry, Violation } from '../../../src/chaos/history.ts';
import { checkAll, ORACLES } from '../../../src/chaos/oracles/index.ts';
import type { Invariant, Scenario } from '../../../src/chaos/scenario/format.ts';
import type { TaskList } from '../../../src/dsl/index.ts';
import {
  beganAnother,
  BEGUN,
  carriedFork,
  forked,
  parkedAnHour,
  retried,
  takenOver,
} from './correct-histories.ts';
import { heardOnce } from './made-listening.ts';
import {
  EPOCH,
  BOOM,
  end,
  joined,
  type MadeHistory,
  MadeHistory as Made,
  park,
  resume,
  step,
  TIMER,
} from './made-history.ts';

function violations(made: MadeHistory, scenario?: Scenario): Violation[] {
  return checkAll(made.history(), scenario).violations;
}

/** The oracle that must speak up, and what it must say. */
function rejects(made: MadeHistory, oracle: string, said: RegExp, scenario?: Scenario): void {
  const found = violations(made, scenario);
  const own = found.filter((violation) => violation.oracle === oracle);
  expect(own.map((violation) => violation.said).join('\n')).toMatch(said);
  expect(own.length).toBeGreaterThan(0);
}

/** As much of a scenario as oracles look at. */
function scenarioOf(tasks: TaskList): Scenario {
  const head = { dsl: '1.0.3', namespace: 'test', name: 'made', version: '1.0.0' };
  return {
    document: { document: head, do: tasks },
    workflows: [],
    services: new Map(),
    invariants: [],
    outcomes: [],
  } as Partial<Scenario> as Scenario;
}

describe('correct histories', () => {
  const correct = {
    retried,
    parkedAnHour,
    forked,
    carriedFork,
    takenOver,
    beganAnother,
    heardOnce: () => heardOnce(),
  };
  for (const [name, make] of Object.entries(correct)) {
    it(`accepts: ${name}`, () => {
      expect(violations(make())).toEqual([]);
    });
  }

  it('counts what every oracle evaluated', () => {
    const counts = [
      retried(),
      parkedAnHour(),
      forked(),
      carriedFork(),
      takenOver(),
      beganAnother(),
      heardOnce(),
    ].map((made) => checkAll(made.history()).checked);
    const idle = ORACLES.filter(({ name }) => counts.every((checked) => checked[name] === 0));
    // These need a scenario, a newer build, something that is lost, a cancel, or something emitted.
    expect(idle.map(({ name }) => name)).toEqual([
      'p4-schedules',
      'p6-jitter-drawn',
      'p7-compensations',
      'p10-dead-letters',
      'p11-write-budget',
      'r16-begun-by-events',
      'r18-cancels',
      'r18-requests-done',
      'r19-outputs',
      'r21-left-to-newer',
      'o19-declared-loss',
      'differential',
      'limits-kept',
      'scenario-invariants',
    ]);
  });

  it('names every oracle once', () => {
    expect(new Set(ORACLES.map(({ name }) => name)).size).toBe(ORACLES.length);
  });
});

describe('P1 begun once', () => {
  const broken = (made: MadeHistory, said: RegExp): void => rejects(made, 'p1-begun-once', said);

  it('rejects two runs for one coming to a task', () => {
    broken(beganAnother({}, 2), /activation 2 of strand "" of run r1 has begun two runs/);
  });

  it('rejects a run that begins in a unit of somebody else', () => {
    broken(beganAnother({ run: 'r9' }), /says that run r9 has begun it, of which its unit has no/);
  });

  it('rejects a run that begins away from home', () => {
    const made = beganAnother();
    const [log] = made.logs;
    const elsewhere = { ...made.history(), logs: [[], log!] };
    const found = checkAll(elsewhere).violations.filter(({ oracle }) => oracle === 'p1-begun-once');
    expect(found.map(({ said }) => said).join()).toContain(
      `run ${BEGUN} is at home in partition 0`,
    );
  });

  it('rejects a run that nobody has begun', () => {
    const made = retried();
    made.hop([], step('r7', 1, { call: 'x' }));
    broken(made, /is the first of run r7, which nobody has begun/);
  });
});

describe('P1 start never lost', () => {
  it('rejects an acknowledged start that is in no log', () => {
    const made = retried();
    made.client.push({ at: 0, run: 'ghost', partition: 0, input: {}, outcome: 'acknowledged' });
    rejects(made, 'p1-start-never-lost', /ghost was acknowledged, but no record/);
  });

  it('rejects a start that nobody took up', () => {
    const made = retried();
    made.start('r2');
    rejects(made, 'p1-start-never-lost', /nobody ever took up/);
  });

  it('says nothing of a start whose outcome the client does not know', () => {
    const made = retried();
    made.client.push({ at: 0, run: 'ghost', partition: 0, input: {}, outcome: 'unknown' });
    expect(violations(made)).toEqual([]);
  });
});

describe('P2 every transition once', () => {
  it('rejects a record that is resolved twice', () => {
    const made = takenOver();
    made.hop([2], step('r1', 3, { call: 'z', heard: 'a' }));
    rejects(made, 'p2-every-transition-once', /resolves 2 once more, after END/);
  });

  it('rejects a target that was never open', () => {
    const made = new Made();
    made.start('r1');
    made.claim();
    made.hop([77], end('r1', 1));
    rejects(made, 'p2-every-transition-once', /resolves 77, which was never open/);
  });

  it('rejects two ends of one run', () => {
    const made = retried();
    const again = made.start('r2');
    made.hop([again], end('r1', 5));
    rejects(made, 'p2-every-transition-once', /r1 ended 2 times/);
  });

  it('rejects a transition from nothing', () => {
    const made = new Made();
    made.claim();
    made.hop([], step('r1', 1, { call: 'a' }));
    rejects(made, 'p2-every-transition-once', /comes from nothing/);
  });

  it('rejects a hop that was skipped', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    made.serve('r1', 'a');
    made.hop([a], end('r1', 3, { heard: 'a' }));
    rejects(made, 'p2-every-transition-once', /from hop 1 to hop 3/);
  });

  it('rejects a parked strand that is resumed twice', () => {
    const made = parkedAnHour();
    made.hop([], resume('r1', [2]), step('r1', 4, { cause: TIMER }));
    rejects(made, 'p2-every-transition-once', /resolves 2 once more/);
  });
});

describe('P3 one effect', () => {
  it('rejects one key with two requests', () => {
    const made = takenOver();
    made.ledger[1] = { ...made.ledger[1]!, request: { other: true } };
    rejects(made, 'p3-one-effect', /different requests/);
  });

  it('rejects an attempt before its record is durable', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    made.serve('r1', 'a');
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    made.hop([a], end('r1', 2, { heard: 'a' }));
    rejects(made, 'p3-one-effect', /began too soon: STEP at 2 .* was appended only at/);
  });

  it('rejects an attempt whose record is void', () => {
    const made = takenOver();
    const old = { offset: 1, nonce: 100, n: 7 };
    made.hopOf(old, [], step('r1', 9, { call: 'z' }));
    made.serve('r1', 'z');
    rejects(made, 'p3-one-effect', /attempt 1 of z .* no valid record schedules it/);
  });

  it('rejects an effect that was applied twice', () => {
    const made = takenOver();
    made.ledger[1] = { ...made.ledger[1]!, applied: true };
    rejects(made, 'p3-one-effect', /a was applied 2 times/);
  });

  it('rejects a recorded result that the service never gave', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    made.serve('r1', 'a', { answer: { id: 1 } });
    made.hop([a], end('r1', 2, { heard: 'a', answer: { id: 2 } }));
    rejects(made, 'p3-one-effect', /records {"id":2} .* which the service never answered/);
  });

  it('rejects a second outcome after the result', () => {
    const made = retried();
    const start = made.start('r2');
    made.hop([start], end('r2', 1, { heard: 'r1/b', heardAttempt: 3 }));
    rejects(made, 'p3-one-effect', /had its result at 5, and END at \d+ .* another outcome/);
  });

  it('rejects an attempt that begins after the same tenure has settled it', () => {
    const made = retried();
    made.wait(5_000).serve('r1', 'b', { attempt: 2, applied: false });
    rejects(made, 'p3-one-effect', /began after END .* of the same tenure had settled it/);
  });

  it('... but not what a runner begins that has slept since, and has not heard of it', () => {
    const made = retried();
    const from = made.now;
    made.wait(5_000).serve('r1', 'b', { attempt: 2, applied: false });
    const slept = (at: number): boolean => {
      const process = made.history().ledger.at(-1)!.runner;
      const processes = [
        { at, process, event: 'paused' },
        { at: made.now, process, event: 'resumed' },
      ] as const;
      return checkAll({ ...made.history(), processes }).violations.every(
        ({ said }) => !said.includes('of the same tenure had settled it'),
      );
    };
    expect(slept(from)).toBe(true);
    expect(slept(from + 2_000)).toBe(false);
  });

  it('lets a runner that slept make the call of a strand that was put aside meanwhile', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    made.claim();
    const row = made.hop([a], park('r1', 2, undefined, { call: 'a' }));
    const again = made.hop([], resume('r1', [row]), step('r1', 3, { call: 'a' })) + 1;
    made.serve('r1', 'a').hop([again], end('r1', 4, { heard: 'a' }));
    made.wait(60_000).serve('r1', 'a', { applied: false, runner: 'runner-2' });
    const late = (): boolean =>
      violations(made).some(({ said }) => said.includes('of the same tenure had settled it'));
    expect(late()).toBe(false);
    made.hop([made.start('r2')], step('r2', 1, { call: 'a', key: 'r2/a' }));
    made.hop([made.end - 1], end('r2', 2, { heard: 'r2/a' }));
    made.wait(60_000).serve('r2', 'a');
    expect(late()).toBe(true);
  });

  it('lets a runner that slept make its call late', () => {
    const made = takenOver();
    made.serve('r1', 'a', { applied: false });
    expect(violations(made).filter(({ oracle }) => oracle === 'p3-one-effect')).toEqual([]);
  });
});

describe('P4 timers', () => {
  it('rejects a wait that ends early', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const held = made.hop([start], step('r1', 1, { notBefore: made.now + 20_000 }));
    made.wait(5_000).hop([held], end('r1', 2, { cause: TIMER }));
    rejects(made, 'p4-timers', /fired \d+ ms early/);
  });

  it('rejects a parked strand that comes back early, but not within the skew', () => {
    const make = (): MadeHistory => {
      const made = new Made();
      const start = made.start('r1');
      made.claim();
      const row = made.hop([start], park('r1', 1, made.now + 3_600_000));
      made.wait(3_500_000);
      made.hop([], resume('r1', [row]), end('r1', 2, { cause: TIMER }));
      return made;
    };
    rejects(make(), 'p4-timers', /due at \d+, fired \d+ ms early/);
    const skewed = make();
    skewed.skewMax = 200_000;
    expect(violations(skewed)).toEqual([]);
  });

  it('goes by when a record truly landed where that is known, else by its append time', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const row = made.hop([start], park('r1', 1, made.now + 3_600_000));
    made.wait(3_500_000);
    const back = made.hop([], resume('r1', [row]), end('r1', 2, { cause: TIMER }));
    const [log] = made.logs;
    // a broker whose clock leaps forward makes nothing due
    made.logs[0] = log!.map((record) => {
      const leapt = record.offset < back ? record.time : record.time + 200_000;
      return { ...record, landed: record.time, time: leapt };
    });
    rejects(made, 'p4-timers', /due at \d+, fired \d+ ms early/);
    made.logs[0] = log!;
    rejects(made, 'p4-timers', /due at \d+, fired \d+ ms early/);
  });

  describe('of a run that somebody puts aside', () => {
    const judged = (made: MadeHistory): string[] =>
      checkAll({
        ...made.history(),
        controls: [
          {
            at: EPOCH,
            id: 'c1',
            run: 'r1',
            partition: 0,
            verb: 'suspend',
            outcome: 'acknowledged',
          },
        ],
      })
        .violations.filter(({ oracle }) => oracle === 'p4-timers')
        .map(({ said }) => said);
    /** Two waits, one after the other: the second is parked, and its cause is the end of the first. */
    const waiting = (): { made: MadeHistory; row: number } => {
      const made = new Made();
      const start = made.start('r1');
      made.claim();
      const held = made.hop([start], step('r1', 1, { notBefore: made.now + 20_000 }));
      made.wait(20_000);
      const row = made.hop([held], park('r1', 2, made.now + 3_600_000, { cause: TIMER }));
      return { made: made.wait(5_000), row };
    };

    it('rejects a wait that ends early all the same', () => {
      const { made, row } = waiting();
      made.hop([], resume('r1', [row]), end('r1', 3, { cause: TIMER }));
      expect(judged(made)).toEqual([expect.stringMatching(/fired \d+ ms early/)]);
    });

    it('knows that being put aside is no end of the wait, though its cause is said once more', () => {
      const { made, row } = waiting();
      const { body, ...about } = park('r1', 3, undefined, { cause: TIMER });
      if (body.kind !== 'PARK') throw new Error('that is no PARK');
      const { reason: _, ...parked } = body;
      const aside = { ...about, body: { ...parked, why: 'suspend', was: 'wait' } as const };
      made.hop([], resume('r1', [row]), aside);
      expect(judged(made)).toEqual([]);
    });
  });

  it('rejects a retry that is called before its time', () => {
    const made = retried();
    made.ledger[2] = { ...made.ledger[2]!, at: made.ledger[2]!.at - 2_000 };
    rejects(made, 'p4-timers', /attempt 2 of b .* before its time/);
  });

  it('rejects a timer that was lost', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    made.hop([start], step('r1', 1, { notBefore: made.now + 20_000 }));
    made.endedAt = made.now + 3_600_000;
    rejects(made, 'p4-timers', /was lost/);
  });

  it('rejects a timer that is late although nothing is wrong any more', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const held = made.hop([start], step('r1', 1, { notBefore: made.now + 20_000 }));
    made.wait(3_600_000).hop([held], end('r1', 2, { cause: TIMER }));
    rejects(made, 'p4-timers', /was late/);
  });

  it('lets a deadline cut a wait short', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const deadline = made.now + 5_000;
    const held = made.hop([start], step('r1', 1, { notBefore: made.now + 20_000, deadline }));
    made.wait(5_000).hop([held], end('r1', 2, { cause: TIMER, error: BOOM }));
    expect(violations(made)).toEqual([]);
  });
});

describe('P5 fork joins once', () => {
  const spread = (compete: boolean): Scenario => {
    const branches = [0, 1, 2].map((branch) => ({ [`b${branch}`]: { call: `b${branch}` } }));
    return scenarioOf([{ spread: { fork: { branches, compete } } }]);
  };
  const early = (): MadeHistory => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const at = '/do/0/spread';
    const join = made.hop(
      [start],
      step('r1', 1, { forks: { activation: 1, total: 3, at } }),
      ...[0, 1, 2].map((branch) => step('r1', 1, { strand: `1.${branch}`, call: `b${branch}` })),
    );
    made.hop(
      [join, join + 1, join + 2, join + 3],
      end('r1', 2, { cause: joined({ 1: { output: 'one' } }), output: 'one' }),
    );
    return made;
  };

  it('rejects a join before all branches have ended, unless they compete', () => {
    rejects(early(), 'p5-fork-joins-once', /joined with 1 of 3 branches/, spread(false));
    expect(violations(early(), spread(true))).toEqual([]);
  });

  it('rejects results that are not in declaration order', () => {
    const made = forked();
    expect(violations(made, spread(false))).toEqual([]);
    const last = made.unit(
      { ...made.tenure!, n: made.tenure!.n - 1 },
      [2, 5, 6, 7],
      end('r1', 2, { cause: joined({ 2: { output: 'two' } }), output: ['one', 'zero', 'two'] }),
    );
    made.logs[0]!.pop();
    made.land(last[0]!);
    rejects(made, 'p5-fork-joins-once', /not its results in declaration order/, spread(false));
  });

  it('rejects a branch whose end is replaced', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const join = made.hop(
      [start],
      step('r1', 1, { forks: { activation: 1, total: 2 } }),
      step('r1', 1, { strand: '1.0', call: 'b0' }),
      step('r1', 1, { strand: '1.1', call: 'b1' }),
    );
    made.serve('r1', 'b0', { strand: '1.0', answer: 'zero' });
    const ended = made.hop(
      [join + 1],
      end('r1', 2, { strand: '1.0', heard: 'b0', answer: 'zero', output: 'zero' }),
    );
    made.hop(
      [join, join + 2, ended],
      end('r1', 2, { cause: joined({ 0: { output: 'other' }, 1: { output: 'one' } }) }),
    );
    rejects(made, 'p5-fork-joins-once', /joins branch 0 with "other"; it had ended with "zero"/);
  });

  it('rejects the end of a branch that the unit does not resolve', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const join = made.hop(
      [start],
      step('r1', 1, { forks: { activation: 1, total: 1 } }),
      step('r1', 1, { strand: '1.0', call: 'b0' }),
    );
    made.hop([join], end('r1', 2, { cause: joined({ 0: { output: 'made up' } }) }));
    rejects(made, 'p5-fork-joins-once', /of which it resolves nothing/);
  });

  it('awaits what a loop has begun that is being cancelled, and all of what it has begun', () => {
    const cancelled = (started: number): MadeHistory => {
      const made = new Made();
      const start = made.start('r1');
      made.claim();
      const forks = { activation: 1, total: 3, started, at: '/do/0/spread' };
      const join = made.hop(
        [start],
        step('r1', 1, { forks, cancelling: 'lost' }),
        ...[0, 1].map((branch) => step('r1', 1, { strand: `1.${branch}`, call: `b${branch}` })),
      );
      const ends = { 0: { cancelled: true } };
      const last = end('r1', 2, { cause: joined(ends) });
      if (last.body.kind !== 'END') throw new TypeError('an END is an END');
      const body = { ...last.body, end: { cancelled: true } };
      made.hop([join, join + 1, join + 2], { ...last, body });
      return made;
    };
    const said = (made: MadeHistory): string[] =>
      violations(made, spread(false))
        .filter(({ oracle }) => oracle === 'p5-fork-joins-once')
        .map((one) => one.said);
    expect(said(cancelled(1))).toEqual([]);
    expect(said(cancelled(2))).toEqual([expect.stringMatching(/joined with 1 of 2 branches/)]);
  });

  it('rejects a fork that is begun twice', () => {
    const made = forked();
    const start = made.start('r1');
    made.claim();
    made.hop([start], step('r1', 3, { forks: { activation: 1, total: 3 } }));
    rejects(made, 'p5-fork-joins-once', /second joining STEP/);
  });
});

describe('P6 retries within policy', () => {
  it('rejects an attempt that is scheduled again: its count was lost', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const b = made.hop([start], step('r1', 1, { call: 'b' }));
    made.serve('r1', 'b', { heard: 'error', answer: { ...BOOM } });
    made.hop([b], step('r1', 2, { call: 'b', heard: 'b', failed: true, attempt: 1 }));
    rejects(made, 'p6-retries-within-policy', /scheduled again .* the count was lost/);
  });

  it('rejects attempts beyond the policy, and counts every try around', () => {
    const block = (count: number): Scenario =>
      scenarioOf([
        { t: { try: [{ b: { call: 'b' } }], catch: { retry: { limit: { attempt: { count } } } } } },
      ]);
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const pointer = '/do/0/t/try/0/b';
    let open = made.hop([start], step('r1', 1, { call: 'b', pointer }));
    for (const attempt of [2, 3]) {
      made.serve('r1', 'b', { attempt: attempt - 1, heard: 'error', answer: { ...BOOM } });
      open = made.hop(
        [open],
        step('r1', attempt, {
          call: 'b',
          pointer,
          heard: 'b',
          heardAttempt: attempt - 1,
          failed: true,
          attempt,
        }),
      );
    }
    made.serve('r1', 'b', { attempt: 3 });
    made.hop([open], end('r1', 4, { heard: 'b', heardAttempt: 3 }));
    rejects(made, 'p6-retries-within-policy', /attempt 3 of b .* the policy allows 2/, block(1));
    expect(violations(made, block(2))).toEqual([]);
  });

  it('rejects more attempts than tenures', () => {
    const made = takenOver();
    made.ledger.push({ ...made.ledger[1]!, runner: 'runner-2' });
    rejects(made, 'p6-retries-within-policy', /was made 3 times in 2 tenures/);
  });
});

describe('P9 where it is', () => {
  it('rejects what is said of a run that the Log did not say while it was asked', () => {
    const made = retried();
    const history = made.history();
    const landed = history.logs[0]!.at(-1)!.time;
    const said = (status: string, asked: number, told: number): string => {
      const lookUps = [{ at: asked, run: 'r1', partition: 0, told: { at: told, status } }];
      return checkAll({ ...history, lookUps })
        .violations.filter(({ oracle }) => oracle === 'p9-everything-ends')
        .map((one) => one.said)
        .join();
    };
    expect(said('completed', landed + 1, landed + 2)).toBe('');
    expect(said('running', landed - 1, landed + 2)).toBe('');
    expect(said('completed', landed - 2, landed - 1)).toMatch(/is completed, and END .* landed/);
    expect(said('waiting to begin', landed + 1, landed + 2)).toMatch(
      /is waiting to begin, and END/,
    );
    expect(said('unknown', landed - 1, landed)).toMatch(/was told that nobody knows/);
  });
});

describe('P9 everything ends', () => {
  it('rejects a run that was left behind', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    made.hop([start], step('r1', 1, { call: 'a' }));
    rejects(made, 'p9-everything-ends', /r1 neither ended nor waits .*\n.*still open/);
  });

  it('accepts a strand that was given up, with its reason', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const given = park('r1', 1, undefined);
    made.row(made.hop([start], given), given);
    expect(violations(made)).toEqual([]);
  });

  it('rejects a world that was cut off', () => {
    const made = retried();
    made.quiescent = false;
    rejects(made, 'p9-everything-ends', /had not come to rest/);
  });

  it('rejects a Store that has not caught up', () => {
    const made = parkedAnHour();
    made.applied = [3];
    rejects(made, 'p9-everything-ends', /RESUME at 3 .* never reached the Store/);
  });
});

describe('P10 no complaint', () => {
  it('rejects a stopped partition', () => {
    const made = retried();
    made.complaints.push({
      at: 1,
      process: 'runner-1',
      said: 'partition 0 stopped: target 4 is not open',
    });
    rejects(made, 'p10-no-complaint', /partition 0 stopped/);
  });
});

describe('P10 and events that wait', () => {
  const waiting = (kind: string, point: string): MadeHistory => {
    const made = retried();
    const common = { at: EPOCH, process: 'runner-1' };
    made.fired.push({ ...common, fault: 0, kind, point, state: '', said: 'struck' });
    const said = 'events of partition 0 wait to be matched: the database is down';
    made.complaints.push({ ...common, said });
    return made;
  };

  it('accepts that a database which is down makes them wait, whatever call it was struck at', () => {
    expect(violations(waiting('store-down', 'fold'))).toEqual([]);
    expect(violations(waiting('refused', 'match'))).toEqual([]);
  });

  it('rejects that they wait for nothing', () => {
    rejects(waiting('crash-before', 'fold'), 'p10-no-complaint', /wait to be matched/);
  });
});

describe('R20 given up', () => {
  const after = (takeovers: number): MadeHistory => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    for (let turn = 0; turn < takeovers; turn += 1) made.claim({ computedAt: made.end });
    const given = park('r1', 2, undefined, { call: 'a', cause: { kind: 'start' } });
    made.row(made.hop([a], given), given);
    made.complaints.push({ at: 1, process: 'runner-1', said: 'r1 is parked as dead: 5 tenures' });
    return made;
  };

  it('accepts a strand that is parked as dead after five takeovers', () => {
    expect(violations(after(5))).toEqual([]);
  });

  it('rejects one that was given up sooner', () => {
    rejects(after(4), 'p10-no-complaint', /r1 is parked as dead/);
  });
  it('accepts that no record can hold what a run must remember, where a service gave it that much', () => {
    const run = '019b76da-a800-717e-9467-8b0e522b852d';
    const given = (bytes: number): string[] => {
      const made = new Made();
      made.start(run);
      const reason = 'its State takes 950000 bytes and a record may have 900000';
      const said = `${run} (2.0) is parked as dead: ${reason}`;
      made.complaints.push({ at: made.now, process: 'runner-1', said });
      made.serve(run, 'a', { answer: 'x'.repeat(bytes) });
      const { violations: found } = checkAll(made.history());
      return found.filter(({ oracle }) => oracle === 'p10-no-complaint').map((one) => one.said);
    };
    expect(given(300_000)).toEqual([]);
    expect(given(30_000).join()).toMatch(/is parked as dead: its State takes 950000 bytes/);
  });
});

describe('P11 write budget', () => {
  const budget = (records: Record<string, number>, rows: number): Scenario => ({
    ...scenarioOf([{ a: { call: 'a' } }]),
    outcomes: [
      {
        path: 'done',
        when: { source: 'true', evaluate: () => true },
        share: 0,
        writes: { records: new Map(Object.entries(records)), rows },
      },
    ],
  });

  it('rejects a record or a row too many', () => {
    const made = parkedAnHour();
    expect(violations(made, budget({ STEP: 1, PARK: 1, RESUME: 1, END: 1 }, 2))).toEqual([]);
    const said = /wrote 1 PARK; its budget is 0\n.*wrote 1 RESUME; its budget is 0\n.*cost 2 rows/;
    rejects(made, 'p11-write-budget', said, budget({ STEP: 1, END: 1 }, 0));
  });

  it('counts what the walk of PROTOCOL.md writes for its fork', () => {
    expect(violations(forked(), budget({ STEP: 4, END: 3 }, 0))).toEqual([]);
  });

  it('says nothing of runs in which a fault fired', () => {
    const made = parkedAnHour();
    made.fired.push({
      at: 0,
      fault: 0,
      kind: 'slow',
      point: 'append',
      state: '',
      process: '',
      said: '',
    });
    expect(violations(made, budget({}, 0))).toEqual([]);
  });
});

describe('P4 schedules', () => {
  const id = 'schedule:test/made~0';
  const every = 60_000;

  /** A schedule whose first tick is 100 ms after the beginning, then what it fires. */
  function fired(fires: readonly { tick: number; due?: number; run?: string }[]): MadeHistory {
    const made = new Made();
    made.claim();
    const rule = { every, anchor: EPOCH + 100 - every };
    const due = EPOCH + 100;
    const definition = { namespace: 'test', name: 'made', version: '1.0.0' };
    const about = { run: id, strand: '', hop: 0 };
    const row = made.hop([], {
      ...about,
      body: { kind: 'SCHEDULE', definition, rule, due },
    });
    for (const [index, { tick, due: next, run = `r${index}` }] of fires.entries()) {
      const fire = {
        kind: 'FIRE',
        row,
        tick: EPOCH + tick,
        ...(next === undefined ? {} : { due: EPOCH + next }),
      } as const;
      made.hop([], { ...about, body: fire }, step(run, 1, { call: 'a' }));
    }
    return made;
  }
  const found = (made: MadeHistory): string =>
    violations(made)
      .filter(({ oracle }) => oracle === 'p4-schedules')
      .map(({ said }) => said)
      .join('\n');

  it('rejects a tick that is early, fires twice, or was never due', () => {
    expect(found(fired([{ tick: 100, due: 60_100 }]))).toMatch(/ms early/);
    const twice = [
      { tick: 100, due: 60_100 },
      { tick: 100, due: 60_100 },
    ];
    expect(found(fired(twice))).toMatch(/fires \d+, and what was due is/);
    expect(found(fired([{ tick: 90, due: 60_100 }]))).toMatch(/fires \d+, and what was due is/);
  });
  it('rejects a next tick that the rule does not give', () => {
    expect(found(fired([{ tick: 100, due: 60_000 }]))).toMatch(/it is due at \d+, not \d+/);
    expect(found(fired([{ tick: 100 }]))).toMatch(/it is due at undefined, not \d+/);
  });
  it('rejects two firings that begin the same run', () => {
    const both = [
      { tick: 100, due: 60_100, run: 'r0' },
      { tick: 60_100, due: 120_100, run: 'r0' },
    ];
    expect(found(fired(both))).toMatch(/begins no run of its own/);
  });
});

describe('P7 compensations', () => {
  const undoable = (name: string) => ({
    [name]: { call: name, metadata: { compensate: { call: `undo-${name}` } } },
  });
  const saga = (): Scenario => {
    const scenario = scenarioOf([undoable('a'), undoable('b'), { c: { call: 'c' } }]);
    const { document } = scenario;
    return {
      ...scenario,
      document: { ...document, document: { ...document.document, metadata: { saga: true } } },
    };
  };
  const entry = (index: number, name: string, outcome?: 'undone' | 'deferred') => ({
    pointer: `/do/${index}/${name}`,
    activation: index + 1,
    certain: true,
    strand: '',
    ...(outcome === undefined ? {} : { outcome }),
  });
  const error = { type: 'x:no', status: 422, title: 'no' };

  /** a and b are done, c is refused; then what is undone, in that order, and what the END tells. */
  function left(undone: readonly string[], told: readonly ReturnType<typeof entry>[]): MadeHistory {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    let open = start;
    let heard: string | undefined;
    const pointers: Record<string, string> = { a: '/do/0/a', b: '/do/1/b', c: '/do/2/c' };
    const call = (name: string, pointer: string, role: 'do' | 'compensate', key: string): void => {
      open = made.hop(
        [open],
        step('r1', 1, {
          call: name,
          pointer,
          role,
          key: `r1/${key}`,
          ...(heard === undefined ? {} : { heard }),
        }),
      );
      heard = key;
    };
    for (const name of ['a', 'b', 'c']) call(name, pointers[name]!, 'do', name);
    for (const [index, name] of undone.entries()) {
      const pointer = `${pointers[name]}/metadata/compensate`;
      call(`undo-${name}`, pointer, 'compensate', `undo-${name}-${index}`);
    }
    made.hop([open], end('r1', 9, { error, heard: heard!, compensations: told }));
    return made;
  }
  const found = (made: MadeHistory): string[] =>
    violations(made, saga())
      .filter(({ oracle }) => oracle === 'p7-compensations')
      .map(({ said }) => said);

  it('accepts what is undone newest first, and what is deferred', () => {
    const told = [entry(0, 'a', 'deferred'), entry(1, 'b', 'undone')];
    expect(found(left(['b', 'a'], told))).toEqual([]);
  });
  it('rejects a step that is neither undone nor deferred', () => {
    const told = [entry(0, 'a'), entry(1, 'b', 'undone')];
    expect(found(left(['b'], told)).join()).toMatch(/\/do\/0\/a is neither undone nor deferred/);
  });
  it('rejects a step that nobody remembers', () => {
    const told = [entry(1, 'b', 'undone')];
    expect(found(left(['b'], told)).join()).toMatch(/completed \/do\/0\/a 1 times and undid 0/);
  });
  it('rejects the order in which things were done', () => {
    const told = [entry(0, 'a', 'undone'), entry(1, 'b', 'undone')];
    expect(found(left(['a', 'b'], told)).join()).toMatch(/newest first/);
  });
  it('rejects what a service has done when nobody remembers that it was asked', () => {
    const forgets = (told: readonly ReturnType<typeof entry>[]): string => {
      const made = new Made();
      const start = made.start('r1');
      made.claim();
      const a = made.hop([start], step('r1', 1, { call: 'a', pointer: '/do/0/a' }));
      made.serve('r1', 'a', { heard: 'nothing', applied: true });
      made.hop([a], end('r1', 2, { error, cause: TIMER, compensations: told }));
      return found(made).join();
    };
    expect(forgets([])).toMatch(/does not know that it has done \/do\/0\/a/);
    expect(forgets([{ ...entry(0, 'a', 'deferred'), certain: false }])).toBe('');
  });
  it('accepts a retry whose answer went into the join with the end of its branch', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const pointer = '/do/0/a';
    const a = made.hop([start], step('r1', 1, { call: 'a', pointer }));
    const retry = { call: 'a', pointer, attempt: 2, heard: 'a', failed: true, notBefore: made.now };
    const again = made.hop([a], step('r1', 2, retry));
    const undo = { call: 'undo-a', pointer: `${pointer}/metadata/compensate`, role: 'compensate' };
    const b = made.hop([again], step('r1', 3, { ...undo, role: 'compensate', cause: TIMER }));
    const told = [entry(0, 'a', 'undone')];
    made.hop([b], end('r1', 4, { error, heard: 'undo-a', compensations: told }));
    expect(found(made)).toEqual([]);
  });
  it('rejects a compensation that is run twice as two effects', () => {
    const told = [entry(0, 'a', 'undone'), entry(1, 'b', 'undone')];
    expect(found(left(['b', 'b', 'a'], told)).join()).toMatch(/undid \/do\/1\/b 2 times/);
  });
});

describe('scenario invariants', () => {
  const scenario = (check: Invariant['check']): Scenario => ({
    ...scenarioOf([{ a: { call: 'a' } }]),
    invariants: [{ name: 'mine', of: 'run', check }],
  });

  it('reports what an invariant says, with the run', () => {
    const made = parkedAnHour();
    expect(
      violations(
        made,
        scenario(() => []),
      ),
    ).toEqual([]);
    rejects(
      made,
      'scenario-invariants',
      /mine: so it is/,
      scenario(() => ['so it is']),
    );
  });

  it('speaks of what is left of a world where its runs know nothing of each other', () => {
    const bounds = { from: 1, to: 1 };
    const worldOf = (tasks: TaskList): Scenario => ({
      ...scenarioOf(tasks),
      invariants: [{ name: 'all', of: 'world', check: () => ['it is not'] }],
      faults: {
        profile: 'calm',
        instances: bounds,
        runners: bounds,
        partitions: bounds,
        faults: bounds,
      },
    });
    const alone = worldOf([{ a: { call: 'a' } }]);
    rejects(parkedAnHour(), 'scenario-invariants', /all: it is not/, alone);
    const history = parkedAnHour().history();
    const loss = { at: 0, what: 'tail', partition: 1, from: 0, records: [] } as const;
    const logs = [...history.logs, []];
    const store = { ...history.store, applied: [...history.store.applied, 0] };
    const left = (world: Scenario): string[] =>
      checkAll({ ...history, logs, store, losses: [loss] }, world)
        .violations.filter(({ oracle }) => oracle === 'scenario-invariants')
        .map(({ said }) => said);
    expect(left(alone)).toEqual(['all: it is not']);
    const listening = { hear: { listen: { to: { one: { with: { type: 'a' } } } } } };
    expect(left(worldOf([{ a: { call: 'a' } }, listening]))).toEqual([]);
    expect(left({ ...alone, scheduledFor: 60_000 })).toEqual([]);
    const { faults } = alone;
    expect(left({ ...alone, faults: { ...faults, instances: { from: 2, to: 3 } } })).toEqual([]);
  });

  it('rejects a run that ended on no known path', () => {
    const nowhere: Scenario = {
      ...scenario(() => []),
      outcomes: [
        {
          path: 'x',
          when: { source: 'false', evaluate: () => false },
          share: 0,
          writes: undefined,
        },
      ],
    };
    rejects(retried(), 'scenario-invariants', /r1 ended on no path/, nowhere);
  });
});

describe('limits kept', () => {
  const limited = (tasks: TaskList, max?: number, use = {}): Scenario => {
    const scenario = scenarioOf(tasks);
    const { document } = scenario.document;
    const head = max === undefined ? document : { ...document, metadata: { limit: { max } } };
    return { ...scenario, document: { ...scenario.document, document: head, use } };
  };
  const one: TaskList = [{ a: { call: 'a', metadata: { limit: { max: 1 } } } }];

  /** Two runs whose calls are under way from 100 to 300 and from `from` on, ms. */
  function two(from: number, more: Partial<LedgerEntry> = {}, pointer?: string): MadeHistory {
    const made = new Made();
    const starts = [made.start('r1'), made.start('r2')];
    made.claim();
    const call = pointer === undefined ? { call: 'a' } : { call: 'a', pointer };
    const a = made.hop([starts[0]!], step('r1', 1, call));
    const b = made.hop([starts[1]!], step('r2', 1, call));
    made.serve('r1', 'a', { at: EPOCH + 100, leftAt: EPOCH + 300 });
    made.serve('r2', 'a', { at: EPOCH + from, leftAt: EPOCH + from + 200, ...more });
    made.wait(1_000);
    made.hop([a], end('r1', 2, { heard: 'a' }));
    made.hop([b], end('r2', 2, { heard: 'a' }));
    return made;
  }

  it('accepts one call after the other', () => {
    expect(violations(two(300), limited(one))).toEqual([]);
    expect(checkAll(two(300).history(), limited(one)).checked['limits-kept']).toBe(2);
  });

  it('rejects two at once of a task', () => {
    rejects(
      two(299),
      'limits-kept',
      /a with 2 under way at once; .* made\/do\/0\/a is 1/,
      limited(one),
    );
  });

  it('rejects two at once of a workflow', () => {
    const free: TaskList = [{ a: { call: 'a' } }];
    expect(violations(two(200), limited(free, 2))).toEqual([]);
    rejects(two(200), 'limits-kept', /the limit of made is 1/, limited(free, 1));
  });

  it('rejects two at once of a function, wherever it is called', () => {
    const functions = { f: { call: 'a', metadata: { limit: { max: 1 } } } };
    const calls: TaskList = [{ x: { call: 'f' } }];
    const made = two(200, {}, '/do/0/x/call/0/f');
    rejects(made, 'limits-kept', /functions\/f is 1/, limited(calls, undefined, { functions }));
  });

  it('accepts two at once of two runners, and of one that has died in between', () => {
    expect(violations(two(200, { runner: 'runner-2' }), limited(one))).toEqual([]);
    const died = { ...two(200).history() };
    const processes = [{ at: EPOCH + 150, process: 'runner-1', event: 'crashed' } as const];
    expect(checkAll({ ...died, processes }, limited(one)).violations).toEqual([]);
  });
});

describe('R4 and R5 numbers', () => {
  it('rejects a gap in the numbers of the tenure in force', () => {
    const made = retried();
    made.tenure!.n += 1;
    made.hop([], end('r1', 9));
    rejects(
      made,
      'r4-numbers-without-gap',
      /has number 6 of the tenure in force, whose last valid number is 4/,
    );
  });

  it('rejects a record that nobody can read', () => {
    const made = retried();
    made.land(new Uint8Array([1, 2, 3]));
    rejects(made, 'r4-numbers-without-gap', /record at 6 of partition 0 cannot be read/);
  });

  it('rejects other content under a used number', () => {
    const made = retried();
    made.tenure!.n -= 1;
    made.hop([], end('r1', 9));
    rejects(made, 'r5-one-number-one-record', /number 4 of tenure 1 stands for two records/);
  });

  it('accepts the same bytes twice', () => {
    const made = retried();
    made.land(made.logs[0]!.at(-1)!.bytes);
    expect(violations(made)).toEqual([]);
  });
});

describe('R6 units whole', () => {
  it('rejects a unit of which a record is missing', () => {
    const made = retried();
    const start = made.start('r2');
    const [first] = made.unit(
      made.tenure!,
      [start],
      step('r2', 1, { forks: { activation: 1, total: 1 } }),
      step('r2', 1, { strand: '1.0', call: 'b0' }),
    );
    made.land(first!);
    rejects(made, 'r6-units-whole', /is torn: 1 of 2 records/);
  });

  it('rejects a unit with something in between', () => {
    const made = retried();
    const start = made.start('r2');
    const records = made.unit(made.tenure!, [start], resume('r2', []), step('r2', 1, {}));
    made.land(records[0]!);
    made.start('r3');
    made.land(records[1]!);
    rejects(made, 'r6-units-whole', /is torn/);
  });
});

describe('R10 marks are true', () => {
  it('rejects a mark that passes something open', () => {
    const made = new Made();
    const start = made.start('r1');
    const { nonce, offset } = made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    made.mark({ offset: 3, tenure: offset, nonce, n: 1, computedAt: 3 });
    made.serve('r1', 'a');
    made.hop([a], end('r1', 2, { heard: 'a' }));
    rejects(made, 'r10-marks-are-true', /nothing is open below 3 as of 3, but STEP at 2/);
  });

  it('rejects a mark that passes what the Store never applied', () => {
    const made = parkedAnHour();
    made.applied = [2];
    rejects(made, 'r10-marks-are-true', /but PARK at 2 .* never reached the Store/);
  });

  it('rejects a mark with the wrong number', () => {
    const made = retried();
    const { nonce, offset } = made.tenure!;
    made.mark({ offset: made.end, tenure: offset, nonce, n: 2, computedAt: made.end });
    rejects(made, 'r10-marks-are-true', /tenure 1 with number 2 .* it was tenure 1 with number 4/);
  });

  it('counts a carried record at its newest copy', () => {
    const made = new Made();
    const start = made.start('r1');
    const { nonce, offset } = made.claim();
    const a = step('r1', 1, { call: 'a' });
    const identity = made.hop([start], a);
    const [carried] = made.unit({ offset, nonce, n: 0 }, [start], a);
    const carry = { ...a, carries: identity };
    made.hop([], {
      ...carry,
      body: { kind: 'CARRY', header: carried!.header, body: carried!.body, takeovers: 0 },
    });
    made.mark({ offset: 3, tenure: offset, nonce, n: 1, computedAt: 4 });
    made.serve('r1', 'a');
    made.hop([identity], end('r1', 2, { heard: 'a' }));
    expect(violations(made)).toEqual([]);
  });
});

describe('R13 the Store is a fold', () => {
  it('rejects a row that was resumed long ago', () => {
    const made = parkedAnHour();
    made.row(2, park('r1', 1, made.now));
    rejects(made, 'r13-store-is-fold', /the row of PARK at 2 .* stands in the Store/);
  });

  it('rejects a row that is missing', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    made.hop([start], park('r1', 1, undefined));
    rejects(made, 'r13-store-is-fold', /has no row/);
  });

  it('rejects a journal with a gap, a row too many, and one that came after its activity', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = { ...step('r1', 1, { call: 'a' }), journal: true as const };
    const first = made.hop([start], a);
    rejects(made, 'r13-store-is-fold', /the journal has 0 rows of STEP at 2 .* should have 1/);
    made.journalled(first, made.now + 3);
    made.serve('r1', 'a');
    made.hop([first], end('r1', 2, { heard: 'a' }));
    expect(violations(made)).toEqual([]);
    made.journal[0] = { ...made.journal[0]!, keptAt: made.now + 1_000 };
    rejects(
      made,
      'r13-store-is-fold',
      /the activity of STEP at 2 .* began before the journal had it/,
    );
    made.journal.pop();
    made.journalled(first).journalled(first);
    rejects(made, 'r13-store-is-fold', /the journal has 2 rows of STEP at 2/);
    made.journal.pop();
    made.journalled(first + 1);
    rejects(made, 'r13-store-is-fold', /a row of run r1 where no valid record stands/);
  });

  it('rejects a row of a PARK that is void', () => {
    const made = takenOver();
    made.row(4, park('r1', 1, made.now));
    rejects(made, 'r13-store-is-fold', /has a row of run r1 for 4, where .* no valid PARK/);
  });
});

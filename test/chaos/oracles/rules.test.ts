/*
 * The oracles of the rules of the Log: each rejects a history that breaks its rule, and lets pass what
 * looks like it and is allowed. That they accept correct histories is in oracles.test.ts.
 */
import { describe, expect, it } from 'vitest';
import type { History, Violation } from '../../../src/chaos/history.ts';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import type { Activity, CloudEvent, RecordHeader } from '../../../src/wire/index.ts';
import { encodeEvent } from '../../../src/wire/index.ts';
import {
  carriedEnds,
  carriedFork,
  forked,
  parkedAnHour,
  retried,
  takenOver,
} from './correct-histories.ts';
import {
  type Draft,
  end,
  MadeHistory as Made,
  type MadeHistory,
  park,
  resume,
  step,
  TIMER,
} from './made-history.ts';

function of(history: History, oracle: string): Violation[] {
  return checkAll(history).violations.filter((violation) => violation.oracle === oracle);
}

function rejects(made: MadeHistory | History, oracle: string, said: RegExp): void {
  const history = made instanceof Made ? made.history() : made;
  expect(
    of(history, oracle)
      .map((one) => one.said)
      .join('\n'),
  ).toMatch(said);
}

function accepts(made: MadeHistory | History, oracle: string): void {
  const history = made instanceof Made ? made.history() : made;
  expect(of(history, oracle)).toEqual([]);
  expect(checkAll(history).checked[oracle]).toBeGreaterThan(0);
}

const MARK: Draft = {
  run: '',
  strand: '',
  hop: 0,
  body: {
    kind: 'MARK',
    mark: { offset: 0, tenure: -1, nonce: 0, n: 0, computedAt: 0 },
    running: [],
  },
};
const CLOSE: Draft = { run: '', strand: '', hop: 0, body: { kind: 'CLOSE' } };

function marked(running: readonly number[]): Draft {
  if (MARK.body.kind !== 'MARK') throw new TypeError('a MARK is a MARK');
  return { ...MARK, body: { ...MARK.body, running } };
}

describe('R1 homes', () => {
  it('rejects a record of a run that lives elsewhere', () => {
    const made = new Made(2);
    const home = [0, 1].find((partition) => {
      const tried = new Made(2);
      tried.start('r1', {}, { partition });
      return of(tried.history(), 'r1-homes').length === 0;
    });
    made.start('r1', {}, { partition: 1 - home! });
    rejects(made, 'r1-homes', /is of run r1, whose home is partition/);
  });

  it('rejects an owner that counts other partitions', () => {
    const made = retried();
    const claim = new Made(3);
    claim.claim();
    made.land(claim.logs[0]![0]!.bytes);
    rejects(made, 'r1-homes', /with 3 partitions/);
  });
});

describe('R2 inbox', () => {
  it('rejects an owner record without a number', () => {
    const made = retried();
    const record = made.unit({ offset: 0, nonce: 0, n: -1 }, [], step('r2', 1))[0]!;
    made.land({ ...record, header: { ...record.header, tenure: 0, nonce: 0, n: 0 } });
    rejects(made, 'r2-inbox', /STEP at \d+ .* has number 0 of tenure 0/);
  });

  it('lets strangers write what they like', () => {
    const made = retried();
    const record = made.unit({ offset: 0, nonce: 0, n: -1 }, [], step('r2', 1))[0]!;
    const offset = made.land({
      ...record,
      header: { ...record.header, tenure: 0, nonce: 0, n: 0 },
    });
    accepts({ ...made.history(), strangers: [{ partition: 0, offset }] }, 'r2-inbox');
  });
});

describe('R3 tenures', () => {
  it('rejects a record of a tenure that nobody claimed', () => {
    const made = retried();
    made.hopOf({ offset: 0, nonce: 100, n: 0 }, [], step('r1', 9));
    rejects(made, 'r3-tenures', /is of tenure 0, which no CLAIM before it began/);
  });

  it('rejects a record under the nonce of somebody else', () => {
    const made = retried();
    made.hopOf({ ...made.tenure!, nonce: 7 }, [], step('r1', 9));
    rejects(made, 'r3-tenures', /which no CLAIM before it began/);
  });

  it('rejects two claims with one nonce, but not two copies of one', () => {
    const made = retried();
    const first = made.logs[0]!.find(
      ({ bytes }) =>
        made.headerAt(made.logs[0]!.findIndex((one) => one.bytes === bytes)).kind === 'CLAIM',
    )!;
    made.land(first.bytes);
    accepts(made, 'r3-tenures');
    const other = new Made();
    other.now += 5;
    other.claim({ computedAt: 1 });
    made.land(other.logs[0]![0]!.bytes);
    rejects(made, 'r3-tenures', /two claims with one nonce/);
  });
});

describe('R7 acts on what is valid', () => {
  it('rejects a call that comes before its record', () => {
    const made = retried();
    made.ledger[0] = { ...made.ledger[0]!, at: made.ledger[0]!.at - 1_000 };
    rejects(made, 'r7-acts-on-valid', /a was called for run r1 at \d+, before STEP/);
  });

  it('rejects a call that only a void record schedules', () => {
    const made = takenOver();
    made.hopOf({ ...made.tenure!, n: 77 }, [], step('r1', 9, { call: 'z' }));
    made.serve('r1', 'z');
    rejects(made, 'r7-acts-on-valid', /z was called .* which no valid record schedules/);
  });

  it('rejects an event that only a void record has emitted', () => {
    const made = takenOver();
    const event = eventOf('told');
    const draft = end('r1', 9);
    if (draft.body.kind !== 'END') throw new TypeError('an END is an END');
    const body = { ...draft.body, emitted: [event] };
    made.hopOf({ ...made.tenure!, n: 77 }, [], { ...draft, body });
    rejects(withEvents(made, [event]), 'r7-acts-on-valid', /was published, which only END at/);
  });
});

describe('R9 closed is closed', () => {
  it('rejects a record after the CLOSE of its tenure', () => {
    const made = retried();
    made.hop([], CLOSE);
    accepts(made, 'r9-closed-is-closed');
    made.hop([], MARK);
    rejects(made, 'r9-closed-is-closed', /MARK at \d+ .* is of the tenure that CLOSE/);
  });

  it('rejects owners that outbid each other for ever', () => {
    const made = retried();
    made.wait(200_000);
    for (let claims = 0; claims < 9; claims += 1) made.claim();
    rejects(made, 'r9-closed-is-closed', /9 CLAIMs of partition 0 since all is well/);
  });
});

describe('R11 carries', () => {
  const carried = (change: (header: RecordHeader, activity: Activity) => object): MadeHistory => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const draft = step('r1', 1, { call: 'a', attempt: 2 });
    const a = made.hop([start], draft);
    if (draft.body.kind !== 'STEP' || draft.body.activity === undefined)
      throw new TypeError('a STEP with a call has an activity');
    const { header = {}, activity = {} } = change(made.headerAt(a), draft.body.activity) as {
      header?: object;
      activity?: object;
    };
    const body = { ...draft.body, activity: { ...draft.body.activity, ...activity } };
    made.hop([], {
      ...draft,
      carries: a,
      body: { kind: 'CARRY', header: { ...made.headerAt(a), ...header }, body, takeovers: 0 },
    });
    return made;
  };

  it('accepts a copy that says the same', () => {
    accepts(
      carried(() => ({})),
      'r11-carries',
    );
    accepts(carriedFork(), 'r11-carries');
  });

  it('rejects another attempt, another strand, another hop', () => {
    rejects(
      carried(() => ({ activity: { attempt: 1 } })),
      'r11-carries',
      /carries attempt 1 of a, .* it was attempt 2/,
    );
    rejects(
      carried(() => ({ activity: { key: 'other' } })),
      'r11-carries',
      /carries attempt/,
    );
    rejects(
      carried(() => ({ header: { strand: '1.0' } })),
      'r11-carries',
      /as STEP of strand "1.0"/,
    );
    rejects(
      carried(() => ({ header: { hop: 7 } })),
      'r11-carries',
      /hop 7/,
    );
  });

  it('rejects a joining STEP that is carried as if its branches had ended in another order', () => {
    accepts(carriedEnds([2, 0]), 'r11-carries');
    for (const order of [undefined, [0, 2]]) {
      rejects(carriedEnds(order), 'r11-carries', /of branches 0 2; so far 2 0 have ended/);
    }
  });

  it('rejects a joining STEP that is carried without the ends it folds', () => {
    const made = carriedFork();
    const log = made.logs[0]!;
    const at = log.findIndex((_, offset) => made.headerAt(offset).kind === 'CARRY');
    const { identity } = { identity: made.headerAt(at).carries };
    const draft = step('r1', 1, { forks: { activation: 1, total: 2, at: '/do/0/spread' } });
    log.length = at;
    const tenure = { ...made.tenure!, n: made.headerAt(at - 1).n };
    made.hopOf(tenure, [at - 1], {
      ...draft,
      joins: 0,
      carries: identity,
      body: { kind: 'CARRY', header: made.headerAt(identity), body: draft.body, takeovers: 0 },
    });
    rejects(made, 'r11-carries', /has the ends of branches none; so far \d have ended/);
  });
});

describe('R12 the Log is whole', () => {
  it('rejects a gap', () => {
    const history = retried().history();
    const gap = history.logs.map((log) => log.filter(({ offset }) => offset !== 3));
    rejects({ ...history, logs: gap }, 'r12-log-whole', /after 2 of partition 0 comes 4/);
  });
});

describe('R14 the Store is not behind', () => {
  it('rejects a mark that the Store never reached', () => {
    const made = parkedAnHour();
    accepts(made, 'r14-store-not-behind');
    made.applied = [1];
    rejects(made, 'r14-store-not-behind', /has its mark at \d+, and the Store has applied up to 1/);
  });
});

describe('R15 one resolver', () => {
  it('rejects a parked strand that moves without its RESUME', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    made.hop([start], park('r1', 1, made.now + 60_000));
    made.wait(60_000).hop([], step('r1', 2, { cause: TIMER }));
    rejects(made, 'r15-one-resolver', /moves strand "" of run r1, which is parked by PARK at 2/);
  });

  it('rejects a RESUME of the row of somebody else', () => {
    const made = new Made();
    const one = made.start('r1');
    const two = made.start('r2');
    made.claim();
    made.hop([one], park('r1', 1, made.now + 60_000));
    const row = made.hop([two], park('r2', 1, made.now + 60_000));
    made.wait(60_000).hop([], resume('r2', [row]), step('r1', 2, { cause: TIMER }));
    rejects(made, 'r15-one-resolver', /run r1, which is parked/);
  });
});

describe('R17 starts', () => {
  it('rejects a unit that takes up the second copy', () => {
    const made = retried();
    const again = made.start('r1');
    made.hop([again], step('r1', 5, { call: 'a' }));
    rejects(made, 'r17-starts', /takes up START at \d+ of partition 0, which is void/);
  });
});

describe('R18 cancels', () => {
  const asked = (made: MadeHistory, run: string): number =>
    made.land({
      header: { ...made.headerAt(0), kind: 'CONTROL', run, time: made.now },
      body: { kind: 'CONTROL', id: 'c1', verb: 'cancel' },
    });
  const cancelling = (until: number): Draft => {
    const { body, ...draft } = step('r1', 2, { heard: 'a' });
    if (body.kind !== 'STEP') throw new TypeError('a STEP is a STEP');
    const cause = { kind: 'control', verb: 'cancel' } as const;
    return { ...draft, body: { kind: 'CANCELLING', state: body.state, cause, key: 'r1/a', until } };
  };
  const under = (until: (now: number) => number): { made: MadeHistory; at: number } => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    const control = asked(made, 'r1');
    return { made, at: made.hop([a, control], cancelling(until(made.now))) };
  };

  it('rejects a request that nobody answers', () => {
    const made = retried();
    asked(made, 'r1');
    rejects(made, 'r18-cancels', /has asked something of run r1, and nobody has answered/);
  });

  it('rejects a request that a unit of another run resolves', () => {
    const made = retried();
    const control = asked(made, 'r1');
    const other = made.start('r2');
    made.hop([other, control], end('r2', 1));
    rejects(made, 'r18-cancels', /resolved by a unit that says nothing of run r1/);
  });

  it('rejects what goes on without the answer, before its time is over', () => {
    const early = under((now) => now + 60_000);
    early.made.hop([early.at], end('r1', 3, { cause: TIMER }));
    rejects(early.made, 'r18-cancels', /goes on at \d+ without an answer of r1\/a/);
    const late = under((now) => now + 60_000);
    late.made.wait(60_000).hop([late.at], end('r1', 3, { cause: TIMER }));
    accepts(late.made, 'r18-cancels');
    const answered = under((now) => now + 60_000);
    answered.made.serve('r1', 'a').hop([answered.at], end('r1', 3, { heard: 'a' }));
    accepts(answered.made, 'r18-cancels');
  });

  it('rejects an activity that begins when it is being cancelled', () => {
    const { made, at } = under((now) => now + 60_000);
    made
      .wait(5_000)
      .serve('r1', 'a')
      .hop([at], end('r1', 3, { heard: 'a' }));
    rejects(made, 'r18-cancels', /a was called at \d+ by runner-1, after CANCELLING/);
  });

  it('goes by when it was cancelled, whatever the clock of the broker said', () => {
    const { made, at } = under((now) => now + 60_000);
    const landed = made.now + 8_000;
    Object.assign(made.logs[0]![at]!, { landed });
    made
      .wait(8_000)
      .serve('r1', 'a')
      .hop([at], end('r1', 3, { heard: 'a' }));
    accepts(made, 'r18-cancels');
  });
});

describe('R19 outputs', () => {
  const emitting = (events: readonly CloudEvent[]): MadeHistory => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const draft = end('r1', 1);
    if (draft.body.kind !== 'END') throw new TypeError('an END is an END');
    made.hop([start], { ...draft, body: { ...draft.body, emitted: events } });
    return made;
  };
  const [one, two] = [eventOf('one'), eventOf('two')];

  it('accepts events in order, and copies of them', () => {
    accepts(withEvents(emitting([one, two]), [one, two, one]), 'r19-outputs');
  });

  it('rejects events out of order, and copies that say something else', () => {
    rejects(withEvents(emitting([one, two]), [two, one]), 'r19-outputs', /was published before/);
    rejects(
      withEvents(emitting([one]), [{ ...one, data: 'else' }]),
      'r19-outputs',
      /something else was published/,
    );
  });
});

describe('R20 takeovers', () => {
  /** An activity is listed as running, and its owner is gone; so many times. */
  const killed = (times: number): { made: MadeHistory; a: number } => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    for (let time = 0; time < times; time += 1) {
      made.hop([], marked([a]));
      made.serve('r1', 'a', { heard: 'nothing' });
      made.wait(2_000).claim();
    }
    return { made, a };
  };
  const given = (hop: number): Draft => {
    const draft = park('r1', hop, undefined, { call: 'a' });
    if (draft.body.kind !== 'PARK') throw new TypeError('a PARK is a PARK');
    return {
      ...draft,
      body: { ...draft.body, reason: '5 tenures ended while its activity a ran' },
    };
  };

  it('accepts five, and that it is then given up', () => {
    const { made, a } = killed(5);
    made.hop([a], given(2));
    accepts(made, 'r20-takeovers');
  });

  it('rejects a sixth beginning', () => {
    const { made, a } = killed(5);
    made
      .wait(2_000)
      .serve('r1', 'a')
      .hop([a], end('r1', 2, { heard: 'a' }));
    rejects(made, 'r20-takeovers', /a of run r1 was called once more .* after 5 tenures had ended/);
  });

  it('rejects that it is given up for less', () => {
    const { made, a } = killed(3);
    made.hop([a], given(2));
    rejects(made, 'r20-takeovers', /gives run r1 up after 3 takeovers/);
  });

  it('does not count a tenure that was closed', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    for (let time = 0; time < 5; time += 1) {
      made.hop([], marked([a]));
      made.hop([], CLOSE);
      made.claim();
    }
    made.hop([a], given(2));
    rejects(made, 'r20-takeovers', /after 0 takeovers/);
  });

  it('rejects two suspects at once', () => {
    const made = new Made();
    const [one, two] = [made.start('r1'), made.start('r2')];
    made.claim();
    const a = made.hop([one], step('r1', 1, { call: 'a' }));
    const b = made.hop([two], step('r2', 1, { call: 'b' }));
    for (let time = 0; time < 2; time += 1) {
      made.hop([], marked([a, b]));
      made.claim();
    }
    made.hop([], marked([a, b]));
    rejects(made, 'r20-takeovers', /lists \d+ and \d+ as running, which must run alone/);
  });
});

describe('R22 results', () => {
  const result = (value: string) => ({ run: 'r1', ended: 'completed', value }) as never;

  it('rejects a result that nobody asked for', () => {
    const history = forked().history();
    accepts(history, 'r22-results');
    rejects(
      { ...history, store: { ...history.store, results: [result('x')] } },
      'r22-results',
      /keeps a result of run r1, which nobody asked for/,
    );
  });

  it('rejects a result that is missing, or another one', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const draft = end('r1', 1, { output: 'ready' });
    if (draft.body.kind !== 'END') throw new TypeError('an END is an END');
    made.hop([start], { ...draft, body: { ...draft.body, caller: { keep: true } } });
    rejects(made, 'r22-results', /was to be kept and is not there/);
    const history = made.history();
    const kept = (value: string): History => ({
      ...history,
      store: { ...history.store, results: [result(value)] },
    });
    rejects(kept('other'), 'r22-results', /keeps another result of run r1/);
    accepts(kept('ready'), 'r22-results');
  });

  it('rejects an END that has forgotten who asked, and a row that says how else it ended', () => {
    const made = new Made();
    const first = made.start('r0');
    const asked = { definition: { namespace: 'test', name: 'made', version: '1.0.0' }, input: {} };
    const start = made.land({
      header: { ...made.headerAt(first), run: 'r1' },
      body: { kind: 'START', ...asked, caller: { keep: true } },
    });
    made.claim();
    made.hop([start], end('r1', 1, { output: 'ready' }));
    rejects(made, 'r22-results', /was to be kept and is not there/);
    const history = made.history();
    const results = [{ ...(result('ready') as object), ended: 'faulted' } as never];
    const faulted = { ...history, store: { ...history.store, results } };
    rejects(faulted, 'r22-results', /keeps another result of run r1/);
  });
});

function eventOf(id: string): CloudEvent {
  return { specversion: '1.0', id, source: '/made', type: 'made', data: id };
}

/** The same history, and what stands in the one partition of the events log. */
function withEvents(made: MadeHistory, published: readonly CloudEvent[]): History {
  const log = published.map((event, offset) => ({
    offset,
    time: made.now + offset,
    bytes: encodeEvent(event, made.now),
  }));
  return {
    ...made.history(),
    events: { logs: [log], sent: [], kept: [], subscriptions: [], heard: [] },
  };
}

/* Oracles of worlds that lose, upgrade and are intruded upon: each rejects what it is there for. */
import { describe, expect, it } from 'vitest';
import type { FiredFault, History, Violation } from '../../../src/chaos/history.ts';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import { decodeRecord, encodeRecord } from '../../../src/wire/index.ts';
import { retried, takenOver } from './correct-histories.ts';
import { MadeListening } from './made-listening.ts';
import {
  end,
  type MadeHistory,
  MadeHistory as Made,
  park,
  resume,
  step,
  TIMER,
} from './made-history.ts';

function found(history: History, oracle: string): string {
  const all: readonly Violation[] = checkAll(history).violations;
  return all
    .filter((one) => one.oracle === oracle)
    .map(({ said }) => said)
    .join('\n');
}

function fired(kind: string, point = 'append'): FiredFault {
  return { at: 0, fault: 0, kind, point, state: '', process: 'runner-1', said: '' };
}

/** Changes the record at an offset. */
function changed(
  made: MadeHistory,
  offset: number,
  header: { readonly definition?: string; readonly minReader?: number },
): History {
  const history = made.history();
  const record = decodeRecord(history.logs[0]![offset]!.bytes);
  const bytes = encodeRecord({ ...record, header: { ...record.header, ...header } });
  const log = history.logs[0]!.map((one) => (one.offset === offset ? { ...one, bytes } : one));
  return { ...history, logs: [log] };
}

describe('P8 definition pinned', () => {
  it('rejects a strand that goes on with another definition', () => {
    const made = retried();
    expect(found(made.history(), 'p8-definition-pinned')).toBe('');
    const last = made.end - 1;
    const history = changed(made, last, { definition: 'cd'.repeat(32) });
    expect(found(history, 'p8-definition-pinned')).toMatch(
      /strand "" of run r1 began with definition .* is of cdcdcdcdcdcd/,
    );
  });
});

describe('R21 left to newer', () => {
  it('rejects an older build that acts behind a record which it cannot read', () => {
    const made = new Made();
    const start = made.start('r1');
    made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    const b = made.hop([a], step('r1', 2, { heard: 'a', call: 'b' }));
    made.serve('r1', 'b');
    made.hop([b], end('r1', 3, { heard: 'b' }));
    const history = changed(made, a, { minReader: 2 });
    expect(found(history, 'r21-left-to-newer')).toMatch(
      /runner-1, of a build that reads format 1, called b at .* comes after record 2 for newer ones/,
    );
    const upgraded = { at: 0, process: 'runner-1', event: 'started', reader: 2 } as const;
    expect(found({ ...history, processes: [upgraded] }, 'r21-left-to-newer')).toBe('');
  });
});

/** Parked for newer ones, brought back for all; then it is called in the same tenure, or in the next. */
function broughtBack(isNext: boolean): History {
  const made = new Made();
  const start = made.start('r1');
  const first = made.claim();
  const row = made.hop([start], park('r1', 1, made.now + 60_000));
  const mark = made.mark({
    offset: made.end,
    tenure: first.offset,
    nonce: first.nonce,
    n: first.n,
    computedAt: made.end,
  });
  made.wait(60_000);
  if (!isNext) made.claim({ offset: mark });
  const back = made.hop([], resume('r1', [row]), step('r1', 2, { call: 'a', cause: TIMER }));
  if (isNext) made.claim({ offset: mark });
  made.serve('r1', 'a');
  made.hop([back + 1], end('r1', 3, { heard: 'a' }));
  return changed(made, row, { minReader: 2 });
}

describe('R21 and who has written what', () => {
  /** A record for newer ones, then a tenure that begins to read there, or behind it; `reader` writes in it. */
  function written(reader: number, from: 'before' | 'behind'): History {
    const made = new Made();
    const start = made.start('r1');
    const first = made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    const { nonce, offset: tenure } = first;
    const mark = { offset: a + 1, tenure, nonce, n: 1, computedAt: a };
    made.claim(from === 'before' ? {} : mark);
    const last = made.hop([a], end('r1', 2, { cause: TIMER }));
    const history = changed(made, a, { minReader: 2 });
    const by = (one: (typeof history.logs)[0][0]): object =>
      one.offset === last ? { ...one, reader } : one;
    return { ...history, logs: [history.logs[0]!.map(by) as (typeof history.logs)[0]] };
  }

  it('rejects what an older build writes in a tenure that has read a record for newer ones', () => {
    const r21 = 'r21-left-to-newer';
    expect(found(written(1, 'before'), r21)).toMatch(/END at 4 .* read record 2 for newer ones/);
    expect(found(written(2, 'before'), r21)).toBe('');
    expect(found(written(1, 'behind'), r21)).toBe('');
  });

  it('rejects an older build that goes on with a row for newer ones, whoever calls then', () => {
    const history = broughtBack(true);
    const by = (reader: number): History => ({
      ...history,
      logs: [history.logs[0]!.map((one) => ({ ...one, reader }))],
    });
    const said =
      /STEP at \d+ .* a build that reads format 1, of a row whose PARK .* is for newer ones/;
    expect(found(by(1), 'r21-left-to-newer')).toMatch(said);
    expect(found(by(2), 'r21-left-to-newer')).toBe('');
  });
});

describe('R21 and rows for newer builds', () => {
  it('rejects an older build that brings one back, and accepts one that goes on with what a newer did', () => {
    expect(found(broughtBack(false), 'r21-left-to-newer')).toMatch(/called a at .* for newer ones/);
    expect(found(broughtBack(true), 'r21-left-to-newer')).toBe('');
  });
});

describe('O19 declared loss', () => {
  /** An owner goes on above records that are gone, a minute later still. */
  function onTop(): History {
    const made = new Made();
    const start = made.start('r1');
    const tenure = made.claim();
    const a = made.hop([start], step('r1', 1, { call: 'a' }));
    const lost = made.logs[0]!.splice(a, 1);
    const at = made.now;
    made.wait(70_000);
    made.hopOf(tenure, [a], step('r1', 2, { heard: 'a', call: 'b' }));
    const loss = { at, what: 'tail', partition: 0, from: a, records: lost } as const;
    return { ...made.history(), losses: [loss] };
  }

  it('rejects a tenure that goes on writing on top of what is lost, and accepts one that says so', () => {
    expect(found(onTop(), 'o19-declared-loss')).toMatch(
      /partition 0 lost its records from 2 on .* still written on top of them, and nobody had noticed/,
    );
    const history = onTop();
    const said = 'partition 0 has stopped: the Log has lost its tail';
    const complaints = [{ at: history.losses![0]!.at + 1, process: 'runner-1', said }];
    expect(checkAll({ ...history, complaints }).violations).toEqual([]);
  });

  it('rejects a Store that stays where a failover has put it', () => {
    const made = retried();
    made.applied = [2];
    const loss = { at: 0, what: 'commits', partition: 0, from: 4, records: [] } as const;
    const history = { ...made.history(), losses: [loss] };
    expect(found(history, 'o19-declared-loss')).toMatch(/fell back to 4 and is at 2 still/);
    made.applied = undefined;
    expect(found({ ...made.history(), losses: [loss] }, 'o19-declared-loss')).toBe('');
  });

  it('leaves what was not lost to the other oracles', () => {
    const made = takenOver();
    const loss = { at: 0, what: 'retention', partition: 1, from: 0, records: [] } as const;
    made.complaints.push({ at: 0, process: 'runner-1', said: 'partition 1 has stopped: gone' });
    made.complaints.push({ at: 0, process: 'runner-1', said: 'partition 0 has stopped: a bug' });
    const history = { ...made.history(), losses: [loss] };
    const logs = [history.logs[0]!, []];
    const store = { ...history.store, applied: [...history.store.applied, 0] };
    expect(found({ ...history, logs, store }, 'p10-no-complaint')).toBe(
      'runner-1 at 0: partition 0 has stopped: a bug',
    );
  });
});

describe('R16 where a partition has lost records', () => {
  it('asks nothing of the subscriptions that are left of it, and of all others what it always asks', () => {
    const made = new MadeListening();
    made.subscribes(2, 'r1');
    const history = made.history();
    const logs = [[], []];
    const applied = [0, 0];
    const whole = { ...history, logs, store: { ...history.store, applied } };
    const lost = (partition: number): History => ({
      ...whole,
      losses: [{ at: 0, what: 'retention', partition, from: 0, records: [] }],
    });
    expect(found(lost(0), 'r16-heard-once')).toBe('');
    expect(found(lost(1), 'r16-heard-once')).toMatch(/run r1 stands .* for 0\/2, which is no PARK/);
  });
});

describe('P10 and what a world asks for', () => {
  it.each([
    ['unauthorised', 'partition 0 has stopped: an append was refused: this writer may not append'],
    ['hostile', 'partition 0: record 7 cannot be read and was passed over: too short'],
    ['store-failover', 'partition 0: it has lost commits; they are folded again from the Log'],
    ['upgrade', 'partition 0 is left to others: record 7 needs a runner that reads format 2'],
    ['store-down', 'events of partition 0 wait to be matched: the database is down'],
    ['store-down', 'lifecycle events of partition 0 wait: the database is down'],
    ['disk-full', 'the index of partition 0 does not get on: its disk is full'],
  ])('accepts what a fault of kind %s makes runners say, and only then', (kind, said) => {
    const made = retried();
    made.complaints.push({ at: 0, process: 'runner-1', said });
    expect(found(made.history(), 'p10-no-complaint')).toContain(said);
    made.fired.push(fired(kind));
    expect(found(made.history(), 'p10-no-complaint')).toBe('');
  });
});

describe('strangers', () => {
  it('may append what nobody can read, and runs of theirs are nobody’s promise', () => {
    const made = retried();
    made.land(new Uint8Array([1, 2, 3]));
    const offset = made.end - 1;
    expect(found(made.history(), 'r4-numbers-without-gap')).toMatch(/cannot be read/);
    const strangers = [{ partition: 0, offset }];
    expect(found({ ...made.history(), strangers }, 'r4-numbers-without-gap')).toBe('');
    made.start('r9', {}, { acknowledged: false });
    expect(found(made.history(), 'p9-everything-ends')).toMatch(/run r9 neither ended/);
    const theirs = [...strangers, { partition: 0, offset: made.end - 1, run: 'r9' }];
    expect(found({ ...made.history(), strangers: theirs }, 'p9-everything-ends')).not.toMatch(
      /run r9 neither ended/,
    );
  });
});

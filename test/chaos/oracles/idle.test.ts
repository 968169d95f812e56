/* P4 in worlds where nothing goes wrong, and R17 where a stranger has begun something out of its time. */
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../../src/chaos/oracles/index.ts';
import { encodeRecord, uuidv7 } from '../../../src/wire/index.ts';
import { startRecord } from '../../../src/runtime/index.ts';
import { end, EPOCH, MadeHistory, park, resume, step, TIMER } from './made-history.ts';

const MINUTE = 60_000;

/** Parked for a minute, and brought back `late` ms after that; another run works for the first `busy` ms of it. */
function late(ms: number, busy = 0): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  const other = made.start('r2');
  made.claim();
  const row = made.hop([start], park('r1', 1, made.now + MINUTE));
  const work = made.hop([other], step('r2', 1, { call: 'a' }));
  made.wait(MINUTE).serve('r2', 'a', { leftAt: made.now + busy });
  made.wait(busy);
  made.hop([work], end('r2', 2, { heard: 'a' }));
  made.wait(ms - busy);
  made.hop([], resume('r1', [row]), end('r1', 2, { cause: TIMER }));
  // The faulty phase is over when all has ended: to p4-timers, nothing was late.
  made.healedAt = made.now;
  return made;
}

function saidBy(made: MadeHistory, oracle: string): readonly string[] {
  return checkAll(made.history()).violations.flatMap((one) =>
    one.oracle === oracle ? [one.said] : [],
  );
}

describe('P4 idle', () => {
  it('rejects a row that waits while nobody does anything', () => {
    const made = late(5 * MINUTE);
    expect(saidBy(made, 'p4-idle').join()).toMatch(
      /run r1\) was due at \d+, and waited while nothing/,
    );
    expect(saidBy(made, 'p4-timers')).toEqual([]);
    expect(saidBy(late(8 * MINUTE, 4 * MINUTE), 'p4-idle')).toHaveLength(1);
  });
  it('rejects one that nobody has brought back at all', () => {
    const made = new MadeHistory();
    const start = made.start('r1');
    made.claim();
    made.hop([start], park('r1', 1, made.now + MINUTE));
    made.endedAt = made.now + 4 * MINUTE;
    expect(saidBy(made, 'p4-idle')).toHaveLength(1);
  });
  it('accepts one that waits for others, a short time, or where something has gone wrong', () => {
    for (const made of [late(5 * MINUTE, 4 * MINUTE), late(MINUTE)]) {
      expect(saidBy(made, 'p4-idle')).toEqual([]);
      expect(checkAll(made.history()).checked['p4-idle']).toBe(1);
    }
    const made = late(5 * MINUTE);
    const where = { fault: 0, point: 'append', state: 'STEP', process: 'runner-1', said: '' };
    made.fired.push({ at: made.now, kind: 'crash', ...where });
    expect(checkAll(made.history()).checked['p4-idle']).toBe(0);
  });
});

describe('R17 and strangers', () => {
  /** A START with an id that is made in a minute, at offset 0. */
  function early(taken: boolean) {
    const made = new MadeHistory();
    const run = uuidv7(EPOCH + MINUTE, () => 0.5);
    const definition = { namespace: 'elsewhere', name: 'none', version: '1.0.0' };
    made.land(encodeRecord(startRecord({ run, definition, input: null, time: made.now })));
    made.claim();
    if (taken) made.hop([0], end(run, 1));
    const strangers = [{ partition: 0, offset: 0, run }];
    return checkAll({ ...made.history(), strangers });
  }
  it('rejects that it is taken up', () => {
    const said = early(true).violations.flatMap((one) =>
      one.oracle === 'r17-starts' ? [one.said] : [],
    );
    expect(said).toEqual(['END at 2 of partition 0 takes up the START at 0, which is void']);
  });
  it('accepts that nobody looks at it', () => {
    expect(early(false).violations).toEqual([]);
  });
});

/* The small parts of the runtime, each held to the rule that it owns. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/runtime/batch.ts';
import { type Entry, isBelow, lineageOf } from '../../src/runtime/open-records.ts';
import { DEFAULT_LIMITS } from '../../src/runtime/runner.ts';
import { inTime, StartedRuns } from '../../src/runtime/started-runs.ts';
import { Takeovers } from '../../src/runtime/takeovers.ts';
import { Timers } from '../../src/runtime/timers.ts';
import { draft, numbered } from '../../src/runtime/unit.ts';
import { Validity } from '../../src/runtime/validity.ts';
import { LogView } from '../../src/runtime/view.ts';
import {
  type Activity,
  encodeRecord,
  FORMAT,
  type LogRecord,
  type RecordBody,
  type State,
  uuidv7,
} from '../../src/wire/index.ts';

const BEGINNING = { offset: 0, tenure: -1, nonce: 0, n: 0 };
const state: State = {
  status: 'running',
  position: '/do/0/a',
  entering: false,
  frames: [],
  startedAt: 0,
  activation: 1,
  pureHops: 0,
};
const activity: Activity = {
  key: 'ab'.repeat(16),
  role: 'do',
  pointer: '/do/0/a',
  kind: 'function',
  name: 'a',
  arguments: null,
  attempt: 1,
  timeout: 1_000,
};

interface Place {
  tenure?: number;
  nonce?: number;
  n?: number;
  targets?: readonly number[];
  time?: number;
  run?: string;
}

function record(body: RecordBody, place: Place = {}): LogRecord {
  const { tenure = 0, nonce = 0, n = 0, targets = [], time = 0, run = 'r' } = place;
  return numbered(
    draft(body.kind, body, { run, hop: 1 }),
    { tenure, nonce, n, unit: n, unitSize: 1, targets, time },
    FORMAT,
  );
}
const claim = (nonce: number, time = 0): LogRecord =>
  record(
    {
      kind: 'CLAIM',
      mark: { ...BEGINNING, computedAt: 0 },
      genesis: { prefix: 't', partitions: 1, format: 1 },
      takeovers: new Map(),
    },
    { nonce, time },
  );
const start = (run: string): LogRecord =>
  record({ kind: 'START', definition: { namespace: 'n', name: 'd' } }, { run });
const stepOf = (place: Place): LogRecord =>
  record({ kind: 'STEP', state, cause: { kind: 'start' }, activity }, place);

describe('R4 validity', () => {
  it('counts within the latest tenure only', () => {
    const validity = new Validity(BEGINNING);
    const admit = (one: LogRecord, offset: number): boolean => validity.admit(one.header, offset);
    expect(admit(stepOf({ tenure: 0, nonce: 7, n: 1 }), 0)).toBe(false);
    expect(admit(claim(7), 1)).toBe(true);
    expect(admit(stepOf({ tenure: 1, nonce: 7, n: 1 }), 2)).toBe(true);
    expect(admit(stepOf({ tenure: 1, nonce: 7, n: 1 }), 3)).toBe(false); // a second copy
    expect(admit(stepOf({ tenure: 1, nonce: 7, n: 3 }), 4)).toBe(false); // a gap
    expect(admit(stepOf({ tenure: 1, nonce: 8, n: 2 }), 5)).toBe(false); // somebody else
    expect(admit(start('r'), 6)).toBe(true);
    expect(admit(claim(9), 7)).toBe(true);
    expect(admit(stepOf({ tenure: 1, nonce: 7, n: 2 }), 8)).toBe(false); // a zombie
    expect(admit(stepOf({ tenure: 7, nonce: 9, n: 1 }), 9)).toBe(true);
    expect(validity.at(10)).toEqual({ offset: 10, tenure: 7, nonce: 9, n: 1 });
  });

  it('can be taken up anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.nat(4)), { maxLength: 60 }),
        fc.nat(60),
        (draws, cut) => {
          const claims: number[] = [];
          const log = draws.map(([kind, n], offset) => {
            if (kind > 0 || claims.length === 0) {
              const tenure = claims.at(-1 - (kind % 2)) ?? 0;
              if (claims.length > 0) return stepOf({ tenure, nonce: tenure, n });
            }
            claims.push(offset);
            return claim(offset);
          });
          const whole = new Validity(BEGINNING);
          const verdicts = log.map(({ header }, offset) => whole.admit(header, offset));
          const first = new Validity(BEGINNING);
          const at = Math.min(cut, log.length);
          log.slice(0, at).forEach(({ header }, offset) => first.admit(header, offset));
          const second = new Validity(first.at(at));
          expect(log.slice(at).map(({ header }, i) => second.admit(header, at + i))).toEqual(
            verdicts.slice(at),
          );
        },
      ),
    );
  });
});

describe('the view of a Log', () => {
  const read = (view: LogView, one: LogRecord, time = 0): ReturnType<LogView['read']> =>
    view.read(view.offset, time, encodeRecord(one));

  it('opens and resolves, and is sure that what is resolved was open', () => {
    const view = new LogView(BEGINNING, DEFAULT_LIMITS);
    view.backlog.decide();
    read(view, claim(7));
    read(view, start('r'));
    expect(view.open.size).toBe(1);
    read(view, stepOf({ tenure: 0, nonce: 7, n: 1, targets: [1] }));
    expect([...view.open.all()].map(({ identity }) => identity)).toEqual([2]);
    expect(() => read(view, stepOf({ tenure: 0, nonce: 7, n: 2, targets: [1] }))).toThrow(
      /not open/,
    );
  });

  it('does not judge what was resolved below the place where it began', () => {
    const view = new LogView({ offset: 50, tenure: 10, nonce: 7, n: 4 }, DEFAULT_LIMITS);
    expect(read(view, stepOf({ tenure: 10, nonce: 7, n: 5, targets: [12] })).valid).toBe(true);
  });

  it('keeps STARTs apart until it knows what was started before', () => {
    const view = new LogView({ offset: 50, tenure: 10, nonce: 7, n: 4 }, DEFAULT_LIMITS);
    const { backlog } = view;
    for (const run of ['known', 'new', 'begun', 'new', 'begun']) read(view, start(run));
    expect(view.open.size).toBe(0);
    expect(view.waitingStarts).toBe(5);
    expect(view.oldest()).toEqual({ offset: 50, tenure: 10, nonce: 7, n: 4 });
    expect(backlog.has('new')).toBe(true);
    // another owner, who knew, has resolved it
    read(view, stepOf({ tenure: 10, nonce: 7, n: 5, targets: [52], run: 'begun' }));
    backlog.started.admit('known', 0);
    backlog.decide();
    expect(backlog.next(10)).toEqual([51]);
    expect(view.oldest()?.offset).toBe(51);
    expect(read(view, start('new')).valid).toBe(false);
    // whoever comes later does not overtake it
    expect(read(view, start('newer')).added).toBeUndefined();
    expect(view.waitingStarts).toBe(2);
    expect(() => view.bring(51, 0, encodeRecord(start('another')))).toThrow(/no START of new/);
    expect(view.bring(57, 3, encodeRecord(start('newer')))?.position).toEqual({
      offset: 57,
      tenure: 10,
      nonce: 7,
      n: 5,
    });
    expect(view.bring(57, 3, encodeRecord(start('newer')))).toBeUndefined();
    expect(view.waitingStarts).toBe(1);
    expect(read(view, start('newest')).added?.identity).toBe(58);
  });

  it('has no more STARTs among its open records than it may', () => {
    const view = new LogView(BEGINNING, { ...DEFAULT_LIMITS, startsMax: 2 });
    view.backlog.decide();
    for (const run of ['a', 'b', 'c', 'd', 'e']) read(view, start(run));
    expect(view.open.size).toBe(2);
    expect(view.backlog.next(2)).toEqual([2, 3]);
    expect(view.oldest()?.offset).toBe(0);
  });

  it('refuses a Log with a gap', () => {
    const view = new LogView(BEGINNING, DEFAULT_LIMITS);
    expect(() => view.read(3, 0, encodeRecord(claim(1)))).toThrow(/gap/);
  });

  it('counts takeovers of what a tenure may have been running (R20)', () => {
    const view = new LogView(BEGINNING, DEFAULT_LIMITS);
    const takeovers = (): number[] => [...view.open.all()].map((entry) => entry.takeovers);
    read(view, claim(1, 0));
    read(view, stepOf({ tenure: 0, nonce: 1, n: 1, time: 10 })); // 1: may have begun
    read(view, claim(2, 100));
    expect(takeovers()).toEqual([1]);
    read(view, claim(3, 200)); // the second tenure never listed it
    expect(takeovers()).toEqual([1]);
    const mark = { ...BEGINNING, computedAt: 0 };
    read(
      view,
      record({ kind: 'MARK', mark, running: [1] }, { tenure: 3, nonce: 3, n: 1, time: 210 }),
    );
    read(view, claim(4, 300));
    expect(takeovers()).toEqual([2]);
    read(
      view,
      record({ kind: 'MARK', mark, running: [1] }, { tenure: 5, nonce: 4, n: 1, time: 310 }),
    );
    read(view, record({ kind: 'CLOSE' }, { tenure: 5, nonce: 4, n: 2, time: 320 }));
    read(view, claim(5, 400)); // left in good order
    expect(takeovers()).toEqual([2]);
  });
});

describe('R17 STARTs', () => {
  it('counts a run once, and only in time', () => {
    const runs = new StartedRuns();
    const run = uuidv7(1_000_000, () => 0.3);
    expect(runs.admit(run, 1_000_500)).toBe(true);
    expect(runs.admit(run, 1_200_000)).toBe(false);
    expect(inTime(run, 1_000_000 + 5 * 60_000)).toBe(true);
    expect(inTime(run, 1_000_001 + 5 * 60_000)).toBe(false);
    expect(inTime(run, 1_000_000 - 10_000)).toBe(true);
    expect(inTime(run, 1_000_000 - 10_001)).toBe(false);
    expect(inTime('derived-by-the-engine~3', 5)).toBe(true);
  });
});

describe('strands', () => {
  it('have paths that tell their lineage', () => {
    expect(lineageOf('3.12')).toEqual({ parent: '', activation: 3, branch: 12 });
    expect(lineageOf('3.1/2.0')).toEqual({ parent: '3.1', activation: 2, branch: 0 });
    expect(isBelow('3.1/2.0', '', 3)).toBe(true);
    expect(isBelow('31.0', '', 3)).toBe(false);
    expect(isBelow('3.1', '3.1', 2)).toBe(false);
    expect(isBelow('3.1/2.0/1.1', '3.1', 2)).toBe(true);
  });
});

describe('timers', () => {
  it('fire in order of time, never early, and not when cancelled', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.boolean()), { maxLength: 200 }), (wanted) => {
        let now = 0;
        let armed: { at: number; fire: () => void } | undefined;
        const timers = new Timers({
          now: () => now,
          elapsed: () => now,
          at: (at, fire) => {
            armed = { at, fire };
            return () => (armed = undefined);
          },
        });
        const fired: number[] = [];
        const cancels = wanted.map(([at]) =>
          timers.at(at, () => {
            expect(now).toBeGreaterThanOrEqual(at);
            fired.push(at);
          }),
        );
        wanted.forEach(([, cancelled], i) => cancelled && cancels[i]!());
        while (armed !== undefined) {
          const due: { at: number; fire: () => void } = armed;
          armed = undefined;
          now = Math.max(now, due.at);
          due.fire();
        }
        expect(fired).toEqual(
          wanted
            .filter(([, cancelled]) => !cancelled)
            .map(([at]) => at)
            .toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

describe('a batch', () => {
  const limits = {
    batchRecordsMax: 10,
    batchBytesMax: 20_000,
    recordBytesMax: 10_000,
    lastBytesMax: 10_000,
  };
  const made = (output: string, told: string): Batch => {
    const batch = new Batch({ tenure: 0, nonce: 0, n: 0 }, limits, 0, FORMAT);
    const last = {
      strand: '1.0',
      cause: { kind: 'activity', key: activity.key, attempt: 1, result: told },
    } as const;
    const cause = { kind: 'joined', ends: { 0: { output } }, last } as const;
    const step = draft('STEP', { kind: 'STEP', state, cause }, { run: 'r' });
    batch.add({ targets: [1], records: [step] });
    return batch;
  };

  it('says what the last branch was told, where that fits', () => {
    const [one] = made('a'.repeat(4_000), 'b'.repeat(4_000)).records;
    expect(one?.body).toHaveProperty('cause.last.cause.result');
  });

  it('leaves it out where it does not: a run does not fail for what only replay reads', () => {
    const [one] = made('a'.repeat(6_000), 'b'.repeat(6_000)).records;
    expect(one?.body).toHaveProperty('cause.ends');
    expect(one?.body).not.toHaveProperty('cause.last');
    expect(made('a'.repeat(12_000), 'b').records).toEqual([]);
  });
});

describe('takeovers', () => {
  it('count what may have begun until a CLAIM was appended, however long before it was written', () => {
    const counted = (written: number, appended: number): number => {
      const takeovers = new Takeovers(BEGINNING);
      takeovers.claim(8, 11_000, 11_010, []);
      takeovers.mark(13, 11_318, () => ({
        kind: 'MARK',
        mark: { ...BEGINNING, computedAt: 13 },
        running: [],
      }));
      const header = { kind: 'STEP', joins: 0, tenure: 8 };
      const wants = { activity: 'pay', notBefore: 11_609 };
      const entry = { identity: 11, header, wants, takeovers: 0 } as unknown as Entry;
      takeovers.claim(14, written, appended, [entry]);
      return entry.takeovers;
    };
    expect(counted(11_500, 11_510)).toBe(0);
    expect(counted(11_700, 11_710)).toBe(1);
    // the second copy of an older one
    expect(counted(10_197, 13_197)).toBe(1);
  });
});

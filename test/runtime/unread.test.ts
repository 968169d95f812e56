/* What was read and not decoded: nobody can tell, and what cannot be decoded is passed over when it is asked for. */
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../src/runtime/held-bodies.ts';
import { Inherited } from '../../src/runtime/inherited.ts';
import type { Entry } from '../../src/runtime/open-records.ts';
import { DEFAULT_LIMITS } from '../../src/runtime/runner.ts';
import { Timers } from '../../src/runtime/timers.ts';
import { draft, numbered } from '../../src/runtime/unit.ts';
import { LogView } from '../../src/runtime/view.ts';
import {
  encodeRecord,
  FORMAT,
  type LogRecord,
  type RecordBody,
  type StepBody,
} from '../../src/wire/index.ts';

const BEGINNING = { offset: 0, tenure: 0, nonce: 7, n: 0 };
const STEP: StepBody = {
  kind: 'STEP',
  state: {
    status: 'running',
    position: '/do/0/a',
    entering: false,
    frames: [],
    startedAt: 0,
    activation: 1,
    pureHops: 0,
    context: { padding: 'x'.repeat(400) },
  },
  cause: { kind: 'start' },
  notBefore: 5_000,
};

/** A valid record of the tenure that is in force where reading begins. */
function owned(n: number, body: RecordBody, about: object = {}): LogRecord {
  const place = { tenure: 0, nonce: 7, n, unit: n, unitSize: 1, targets: [], time: 0 };
  return numbered(draft(body.kind, body, { run: `r${n}`, hop: 1, ...about }), place, FORMAT);
}

/** As another party wrote it: the header is sound, and nobody can make anything of the body. */
function spoiled(record: LogRecord): Uint8Array {
  const bytes = encodeRecord(record);
  const at = Buffer.from(bytes).indexOf('running');
  const spoilt = Uint8Array.from(bytes);
  // the State says so: 7 bytes of text become 7 that are no UTF-8
  if (at >= 0) return spoilt.fill(0xff, at, at + 7);
  const text = Buffer.from(bytes).indexOf('xxxxxxxx');
  return spoilt.fill(0xff, text, text + 8);
}

function viewOf(limits: Partial<typeof DEFAULT_LIMITS> = {}): LogView {
  const view = new LogView(BEGINNING, { ...DEFAULT_LIMITS, ...limits });
  view.backlog.decide();
  return view;
}

const unreadIn = (view: LogView): number[] =>
  [...view.open.all()].filter(({ unread }) => unread).map(({ identity }) => identity);

describe('a record that was read', () => {
  it('is decoded when somebody asks, and is as it would have been', () => {
    const [lazy, eager] = [viewOf(), viewOf()];
    const record = owned(1, STEP);
    lazy.read(0, 3, encodeRecord(record));
    eager.own(0, 3, record);
    const [entry] = lazy.open.all();
    const [other] = eager.open.all();
    expect(unreadIn(lazy)).toEqual([0]);
    expect(lazy.open.bodies.size.count).toBe(0);
    expect(entry!.wants).toEqual(other!.wants);
    expect(unreadIn(lazy)).toEqual([]);
    expect(bodyOf(entry!, undefined)).toEqual(STEP);
    expect(lazy.open.bodies.size).toEqual(eager.open.bodies.size);
    expect(lazy.open.active).toEqual(eager.open.active);
    lazy.open.remove(0);
    expect(lazy.open.active).toEqual({ count: 0, bytes: 0 });
    expect(lazy.open.bodies.size).toEqual({ count: 0, bytes: 0 });
  });

  it('says what its newest copy says', () => {
    const view = viewOf();
    const carried = owned(1, STEP);
    const newer: StepBody = { ...STEP, notBefore: 9_000 };
    const body = { kind: 'CARRY', header: carried.header, body: newer, takeovers: 2 } as const;
    view.read(0, 3, encodeRecord(carried));
    view.read(1, 4, encodeRecord(owned(2, body, { carries: 0 })));
    const [entry] = view.open.all();
    expect(entry!.position.offset).toBe(1);
    expect(unreadIn(view)).toEqual([0]);
    expect(entry!.wants?.notBefore).toBe(9_000);
    // whoever begins to read behind the first copy
    const later = new LogView({ ...BEGINNING, offset: 1, n: 1 }, DEFAULT_LIMITS);
    later.read(1, 4, encodeRecord(owned(2, body, { carries: 0 })));
    const found = later.open.get(0)!;
    expect(found.unread).toBeDefined();
    expect([found.takeovers, found.header, found.wants?.notBefore]).toEqual([
      2,
      carried.header,
      9_000,
    ]);
  });

  it('is decoded early where its bytes would take too much memory', () => {
    const view = viewOf({ bodiesBytesMax: 4_000 });
    for (let i = 0; i < 30; i++) view.read(i, 3, encodeRecord(owned(i + 1, STEP)));
    const left = unreadIn(view);
    expect(left.length).toBeGreaterThan(1);
    expect(left.length).toBeLessThan(12);
    // the newest are left
    expect(left).toEqual(Array.from(left, (_, i) => 30 - left.length + i));
    expect(view.open.bodies.size.bytes).toBeLessThanOrEqual(4_000);
    for (const entry of view.open.all()) expect(entry.wants?.notBefore).toBe(5_000);
    expect(view.open.active.count).toBe(30);
  });

  it('is open no more when it cannot be decoded', () => {
    const view = viewOf();
    view.read(0, 3, spoiled(owned(1, STEP)));
    view.read(1, 3, encodeRecord(owned(2, STEP)));
    for (const entry of view.open.all()) void entry.wants;
    expect([...view.open.all()].map(({ identity }) => identity)).toEqual([1]);
    expect(view.open.unreadable).toEqual([{ offset: 0, reason: expect.stringMatching(/UTF-8/) }]);
    expect(view.open.active.count).toBe(1);
  });

  it('which is a START that waits, is passed over in its turn', () => {
    const view = new LogView(BEGINNING, DEFAULT_LIMITS);
    const body: RecordBody = {
      kind: 'START',
      definition: { namespace: 'n', name: 'd' },
      input: 'x'.repeat(40),
    };
    const bytes = [1, 2].map((n) => (n === 1 ? spoiled : encodeRecord)(owned(n, body)));
    bytes.forEach((one, offset) => view.read(offset, 0, one));
    view.backlog.decide();
    expect(view.backlog.next(5)).toEqual([0, 1]);
    expect(view.bring(0, 0, bytes[0]!)).toBeUndefined();
    expect(view.bring(1, 0, bytes[1]!)?.identity).toBe(1);
    expect(view.open.unreadable).toHaveLength(1);
    expect([view.waitingStarts, view.oldest()?.offset]).toEqual([1, 1]);
  });
});

describe('what a new owner finds open', () => {
  /** Looks at ten of them, two first; `turn` lets so much time go by. */
  function world() {
    const view = viewOf();
    for (let i = 0; i < 10; i++) view.read(i, 3, encodeRecord(owned(i + 1, STEP)));
    let now = 0;
    let armed: { readonly at: number; readonly fire: () => void } | undefined;
    const timers = new Timers({
      now: () => now,
      elapsed: () => now,
      at: (at, fire) => {
        armed = { at, fire };
        return () => (armed = undefined);
      },
    });
    const looked: number[] = [];
    const state = { waits: false, begun: 0, writes: true };
    const inherited = new Inherited(view.open.all(), 2, timers, {
      now: () => now,
      writes: () => state.writes,
      isOpen: (entry) => view.open.get(entry.identity) === entry,
      prepare: (entry: Entry) => looked.push(entry.identity),
      waits: () => state.waits,
      begun: () => state.begun++,
      prepared: () => {},
      guard: (act) => act(),
    });
    const turn = (): void => {
      const due = armed;
      armed = undefined;
      if (due === undefined) return;
      now = Math.max(now, due.at);
      due.fire();
    };
    return { view, inherited, looked, state, turn };
  }

  it('is looked at more and more at a time, without what is resolved meanwhile', () => {
    const { inherited, looked, state, turn, view } = world();
    inherited.prepareSlice();
    expect(looked).toEqual([0, 1]);
    view.open.remove(4);
    inherited.goOn();
    expect([looked.length, state.begun]).toEqual([5, 1]);
    turn();
    expect(looked).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
    expect([inherited.done, state.begun]).toEqual([true, 1]);
  });

  it('waits for what comes first, but not for ever', () => {
    const { inherited, looked, state, turn } = world();
    inherited.prepareSlice();
    state.waits = true;
    inherited.goOn();
    for (let i = 0; i < 10; i++) turn();
    expect([looked.length, state.begun]).toEqual([2, 0]);
    for (let i = 0; i < 45; i++) turn();
    expect(state.begun).toBe(1);
    for (let i = 0; i < 200; i++) turn();
    expect(looked).toHaveLength(10);
  });

  it('is left alone when the tenure is over', () => {
    const { inherited, looked, state } = world();
    inherited.prepareSlice();
    state.writes = false;
    inherited.goOn();
    expect([looked.length, state.begun]).toEqual([2, 0]);
  });
});

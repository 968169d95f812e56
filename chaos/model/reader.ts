/*
 * What a reader derives from the order of the records, and from nothing else: who is valid (R4), what is
 * open, what is parked (R6, R11, R17). A reader starts at the beginning of the Log or at a mark (R10).
 *
 * Invariant: a view is a function of (start, Log), made from the view of the Log before and one batch,
 * and never changes.
 */
import type { Kind, Logs, Node, Rec } from './log.ts';
import type { Broken } from './rules.ts';

/** Where reading starts, and what is known there: a mark, or what the Store keeps of what it applied. */
export interface Start {
  readonly offset: number;
  /** in force at the offset */
  readonly tenure: number;
  readonly n: number;
  /** only from here on does the reader know all that is open */
  readonly computedAt: number;
  /** below it nothing is open: the mark, for a reader that begins at a CLAIM before it (R12) */
  readonly floor: number;
  readonly time: number;
  /** runs that were started within the window before the offset, as bits (R17) */
  readonly started: number;
  /** tells it apart from any other */
  readonly key: string;
}

export function startOf(said: Omit<Start, 'key'>): Start {
  const { computedAt, floor, n, offset, started, tenure, time } = said;
  return { ...said, key: [offset, tenure, n, computedAt, floor, time, started].join() };
}

export const BEGINNING: Start = startOf({
  offset: 0,
  tenure: -1,
  n: 0,
  computedAt: 0,
  floor: 0,
  time: 0,
  started: 0,
});

export interface Open {
  readonly kind: Kind;
  readonly run: number;
  readonly at: string;
  readonly ends: number;
  /** tenure under which it was first written */
  readonly tenure: number;
  /** offset of the newest copy */
  readonly offset: number;
}

/** After so many windows a START is too late: its id was made at time 0. */
const LATE = 2;

export class View {
  readonly start: Start;
  tenure: number;
  n: number;
  time: number;
  started: number;
  /** nonce of the claim that is in force */
  nonce = 0;
  /** runs of which a unit has named the START, and whose root has ended, as bits */
  begun = 0;
  ended = 0;
  /** how it has ended, by run */
  readonly outcomes: string[];
  readonly open: Map<number, Open>;
  /** rows that a valid PARK made and no valid RESUME took */
  readonly parked: Map<number, Rec>;
  /** row -> offset of the RESUME */
  readonly resumed: Map<number, number>;
  /** by offset, from the start's on: valid; tenure and number in force before it */
  readonly valid: boolean[];
  readonly tenureAt: number[];
  readonly nAt: number[];
  /** a valid unit did what no unit may do: only a reader of the whole Log can say so */
  bad: string | undefined;

  constructor(from: Start | View) {
    if (from instanceof View) {
      this.start = from.start;
      this.nonce = from.nonce;
      this.begun = from.begun;
      this.ended = from.ended;
      this.outcomes = [...from.outcomes];
      this.open = new Map(from.open);
      this.parked = new Map(from.parked);
      this.resumed = new Map(from.resumed);
      this.valid = [...from.valid];
      this.tenureAt = [...from.tenureAt];
      this.nAt = [...from.nAt];
      this.bad = from.bad;
    } else {
      this.start = from;
      this.outcomes = [];
      this.open = new Map();
      this.parked = new Map();
      this.resumed = new Map();
      this.valid = [];
      this.tenureAt = [];
      this.nAt = [];
    }
    this.tenure = from.tenure;
    this.n = from.n;
    this.time = from.time;
    this.started = from.started;
  }

  isValid(offset: number): boolean {
    return this.valid[offset - this.start.offset] === true;
  }

  /** Place from which nothing that is open is missing. */
  get oldestOpen(): number {
    let oldest = Infinity;
    for (const { offset } of this.open.values()) if (offset < oldest) oldest = offset;
    return oldest;
  }
}

export class Readers {
  readonly #logs: Logs;
  readonly #broken: Broken;
  readonly #views = new Map<string, Map<number, View>>();

  constructor(logs: Logs, broken: Broken) {
    this.#logs = logs;
    this.#broken = broken;
  }

  whole(log: Node): View {
    return this.view(BEGINNING, log);
  }

  view(start: Start, log: Node): View {
    let views = this.#views.get(start.key);
    if (views === undefined) {
      views = new Map();
      this.#views.set(start.key, views);
    }
    return this.#derive(start, log, views);
  }

  /** Forgets the memory of views; they are made again when asked for. */
  forget(): void {
    this.#views.clear();
  }

  #derive(start: Start, log: Node, views: Map<number, View>): View {
    const known = views.get(log.id);
    if (known !== undefined) return known;
    let view: View;
    if (log.parent === undefined) view = new View(start);
    else {
      const before = this.#derive(start, log.parent, views);
      view = new View(before);
      log.batch.forEach((record, index) => this.#read(view, record, log.base + index));
    }
    views.set(log.id, view);
    return view;
  }

  #read(view: View, record: Rec, offset: number): void {
    if (offset < view.start.offset) return;
    view.tenureAt.push(view.tenure);
    view.nAt.push(view.n);
    const valid = this.#judge(view, record, offset);
    view.valid.push(valid);
    // A START below the mark has begun its run, or never will.
    if (valid && (record.kind !== 'START' || offset >= view.start.floor))
      enter(view, record, offset);
  }

  /** R4; inbox records are always valid, but for R17. */
  #judge(view: View, record: Rec, offset: number): boolean {
    const broken = this.#broken;
    const { kind } = record;
    if (kind === 'TIME') {
      view.time += 1;
      return true;
    }
    if (kind === 'CLAIM') {
      view.tenure = offset;
      view.nonce = record.nonce;
      view.n = 0;
      return true;
    }
    if (kind === 'START') {
      const bit = 1 << record.run;
      const again = (view.started & bit) !== 0 && !broken['starts-not-compared'];
      const late = view.time >= LATE && !broken['starts-have-no-window'];
      if (again || late) return false;
      view.started |= bit;
      return true;
    }
    if (kind === 'CONTROL' || record.tenure < 0) return true;
    const valid =
      (record.tenure === view.tenure || broken['tenure-ignored'] === true) &&
      (record.n === view.n + 1 || broken['numbers-ignored'] === true);
    if (valid) view.n = record.n;
    return valid;
  }

  /** The mark that says what `view` knows, reading from `offset` on. */
  startAt(log: Node, view: View, offset: number, computedAt: number): Start {
    const index = offset - view.start.offset;
    const whole = this.whole(this.#logs.upTo(log, offset));
    let started = 0;
    let time = 0;
    for (let at = 0; at < offset; at += 1) {
      const { kind, run } = this.#logs.at(log, at);
      if (kind === 'TIME') time += 1;
      // An id that is older than a window before here comes too late by itself.
      if (
        kind === 'START' &&
        whole.isValid(at) &&
        this.#timeAt(log, at) >= this.#timeAt(log, offset) - 1
      )
        started |= 1 << run;
    }
    return startOf({
      offset,
      floor: offset,
      tenure: view.tenureAt[index] ?? view.tenure,
      n: view.nAt[index] ?? view.n,
      computedAt,
      time,
      started: this.#broken['starts-known-from-the-mark'] ? 0 : started,
    });
  }

  #timeAt(log: Node, offset: number): number {
    let time = 0;
    for (let at = 0; at < offset; at += 1) if (this.#logs.at(log, at).kind === 'TIME') time += 1;
    return time;
  }
}

/** What a valid record changes. */
function enter(view: View, record: Rec, offset: number): void {
  const { ends, kind, rows, run, targets, tenure } = record;
  const bit = run < 0 ? 0 : 1 << run;
  for (const target of targets) {
    const open = view.open.get(target);
    if (open === undefined)
      fault(view, `P2 ${target} is resolved twice, the second time at ${offset}`);
    else if (open.kind === 'START') {
      if ((view.begun & bit) !== 0)
        fault(view, `P2 run ${run} begins twice, the second time at ${offset}`);
      view.begun |= bit;
    }
    view.open.delete(target);
  }
  for (const row of rows) {
    if (!view.parked.has(row))
      fault(view, `P2 row ${row} is resumed twice, the second time at ${offset}`);
    view.parked.delete(row);
    view.resumed.set(row, offset);
  }
  const open: Open = { kind, run, at: record.at, ends, tenure, offset };
  if (kind === 'START' || kind === 'CONTROL' || kind === 'STEP' || kind === 'CANCELLING')
    view.open.set(offset, open);
  else if (kind === 'PARK') view.parked.set(offset, record);
  else if (kind === 'CARRY') carry(view, record, offset);
  else if (kind === 'END' && record.at.startsWith('b')) view.open.set(offset, open);
  else if (kind === 'END') {
    if ((view.ended & bit) !== 0)
      fault(view, `P2 run ${run} ends twice, the second time at ${offset}`);
    view.ended |= bit;
    view.outcomes[run] = record.at;
    if (record.at === 'joined' && ends !== 3)
      fault(view, `P5 run ${run} is joined without the end of a branch, at ${offset}`);
  }
}

function carry(view: View, record: Rec, offset: number): void {
  const { at, carries, ends, run, tenure } = record;
  if (!view.open.has(carries))
    fault(view, `P2 ${carries} is carried at ${offset} and not open any more`);
  // Only STEPs are carried in the model.
  view.open.set(carries, { kind: 'STEP', run, at, ends, tenure, offset });
}

function fault(view: View, said: string): void {
  if (view.start.key === BEGINNING.key) view.bad ??= said;
}

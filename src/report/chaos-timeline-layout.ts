/*
 * Where everything of a timeline stands. Time runs to the right, but not evenly: what happens at once
 * is spread, and long silences are cut short and marked.
 *
 * Invariants: of two marks, the later one never stands further left; marks of one row never overlap;
 * equal data gives equal places.
 */
import type { Lane, Mark, Span, Timeline } from './chaos-model.ts';

export interface Placed {
  readonly lanes: readonly PlacedLane[];
  /** by index of the mark */
  readonly marks: readonly Box[];
  readonly spans: readonly Box[];
  readonly ticks: readonly Tick[];
  readonly silences: readonly Silence[];
  readonly healedX: number;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLane {
  readonly y: number;
  readonly height: number;
}

export interface Tick {
  readonly x: number;
  readonly at: number;
}

/** Nothing happened for so long. */
export interface Silence {
  readonly x: number;
  readonly width: number;
  readonly ms: number;
}

const START_X = 14;
const AXIS_HEIGHT = 26;
const SILENCE_MS = 5_000;
/** Words that belong to no lane stand below them. */
const FOOT_HEIGHT = 20;
const SILENCE_WIDTH = 64;
const TICK_SPACE = 110;
const MARK_SPACE = 4;
export const MARK_HEIGHT = 18;

/** Rows that marks of a lane may stand in, and its height. */
const ROWS: Readonly<Record<Lane['kind'], { readonly rows: number; readonly height: number }>> = {
  client: { rows: 1, height: 34 },
  runner: { rows: 1, height: 36 },
  partition: { rows: 1, height: 38 },
  store: { rows: 3, height: 40 },
  services: { rows: 4, height: 96 },
};

export function markWidth({ kind, label, minor }: Mark): number {
  if (kind === 'fault') return 14;
  if (minor) return 5;
  return Math.ceil(label.length * (kind === 'call' ? 5.7 : 6.4)) + 12;
}

export function layout(timeline: Timeline): Placed {
  const { endedAt, healedAt, lanes, marks, spans } = timeline;
  const placedLanes = placeLanes(lanes);
  const clock = new Axis();
  const rows = lanes.map(({ kind }) => Array.from({ length: ROWS[kind].rows }, () => -Infinity));
  // What happens between marks - ends of spans, the end of the faults - needs places in time as well.
  const times = [...spans.flatMap(({ from, to }) => [from, to]), healedAt, endedAt].sort(
    (a, b) => a - b,
  );
  let upTo = 0;
  const boxes = marks.map((mark): Box => {
    while (upTo < times.length && (times[upTo] as number) < mark.at) {
      clock.at(times[upTo] as number);
      upTo += 1;
    }
    return placeMark(mark, clock, rows, placedLanes, lanes);
  });
  for (; upTo < times.length; upTo += 1) clock.at(times[upTo] as number);
  const last = Math.max(...boxes.map(({ width, x }) => x + width), clock.x, 300);
  return {
    lanes: placedLanes,
    marks: boxes,
    spans: placeSpans(spans, clock, placedLanes),
    ticks: clock.ticks,
    silences: clock.silences,
    healedX: clock.xOf(healedAt),
    width: Math.ceil(Math.max(last + 24, (clock.ticks.at(-1)?.x ?? 0) + TICK_TEXT_WIDTH)),
    height: (placedLanes.at(-1)?.y ?? 0) + (placedLanes.at(-1)?.height ?? 0) + FOOT_HEIGHT,
  };
}

/** The time at the last tick is not cut off. */
const TICK_TEXT_WIDTH = 72;

function placeLanes(lanes: readonly Lane[]): PlacedLane[] {
  let y = AXIS_HEIGHT;
  return lanes.map(({ kind }) => {
    const { height } = ROWS[kind];
    const placed = { y, height };
    y += height;
    return placed;
  });
}

function placeMark(
  mark: Mark,
  clock: Axis,
  rows: readonly number[][],
  placed: readonly PlacedLane[],
  lanes: readonly Lane[],
): Box {
  const width = markWidth(mark);
  const own = rows[mark.lane] ?? [];
  const { y: top, height: tall } = placed[mark.lane] ?? { y: 0, height: 0 };
  let x = clock.at(mark.at);
  let row = 0;
  if (mark.kind !== 'life') {
    row = own.indexOf(Math.min(...own));
    x = clock.push(Math.max(x, (own[row] ?? 0) + MARK_SPACE));
    own[row] = x + width;
  }
  const height = mark.minor ? 10 : MARK_HEIGHT;
  const count = lanes[mark.lane]?.kind === 'store' ? 1 : own.length;
  const pitch = (tall - 8) / Math.max(1, count);
  return { x, y: top + 4 + pitch * (row + 0.5) - height / 2, width, height };
}

/** Frozen and up lie under the marks of their lane; rows of the Store lie beside each other. */
function placeSpans(spans: readonly Span[], clock: Axis, lanes: readonly PlacedLane[]): Box[] {
  const rows = new Map<number, number[]>();
  return spans.map(({ from, kind, lane, to }) => {
    const x = clock.xOf(from);
    const width = Math.max(3, clock.xOf(to) - x);
    const { height, y } = lanes[lane] ?? { y: 0, height: 0 };
    if (kind === 'up') return { x, y: y + height / 2 - 2, width, height: 4 };
    if (kind === 'frozen') return { x, y: y + height / 2 - 9, width, height: 18 };
    const own = rows.get(lane) ?? [-Infinity, -Infinity, -Infinity];
    rows.set(lane, own);
    const free = own.findIndex((end) => end < x);
    const row = free < 0 ? own.indexOf(Math.min(...own)) : free;
    own[row] = x + width + 2;
    return { x, y: y + 5 + row * 10.5, width, height: 9 };
  });
}

/** From virtual time to places, as far as it has been walked. */
class Axis {
  x = START_X;
  readonly ticks: Tick[] = [];
  readonly silences: Silence[] = [];
  private readonly times: number[] = [];
  private readonly places: number[] = [];
  private now = 0;
  private lastTick = -Infinity;

  /** The place of a time that is not before the last one. */
  at(time: number): number {
    const passed = Math.max(0, time - this.now);
    if (passed > 0) {
      const width = passed >= SILENCE_MS ? SILENCE_WIDTH : gap(passed);
      if (passed >= SILENCE_MS) this.silences.push({ x: this.x, width, ms: passed });
      this.x += width;
      this.now = time;
    }
    this.remember();
    return this.x;
  }

  /** What stands here needs to stand further right, and so does all that follows. */
  push(x: number): number {
    if (x > this.x) {
      this.x = x;
      this.remember();
    }
    return this.x;
  }

  /** The last place of a time; between two known times, in proportion. */
  xOf(time: number): number {
    let low = 0;
    let high = this.times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.times[middle] as number) <= time) low = middle;
      else high = middle - 1;
    }
    const [t0, x0] = [this.times[low] ?? 0, this.places[low] ?? START_X];
    const [t1, x1] = [this.times[low + 1], this.places[low + 1]];
    if (t1 === undefined || x1 === undefined || time <= t0 || t1 === t0) return x0;
    return x0 + ((x1 - x0) * (time - t0)) / (t1 - t0);
  }

  private remember(): void {
    if (this.times.at(-1) === this.now) this.places[this.places.length - 1] = this.x;
    else {
      this.times.push(this.now);
      this.places.push(this.x);
    }
    if (this.x - this.lastTick < TICK_SPACE) return;
    this.lastTick = this.x;
    this.ticks.push({ x: this.x, at: this.now });
  }
}

function gap(ms: number): number {
  return Math.min(44, 3 + 5 * Math.log2(1 + ms / 12));
}

/*
 * Charts of a bench page as SVG: lines over a scale of powers, and bars. Colours come from the page.
 */
import { escapeHtml } from './html.ts';

export interface Line {
  readonly name: string;
  /** which of the page's colours, from 0 */
  readonly colour: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Axis {
  readonly name: string;
  /** where lines are drawn, in order */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** even steps for equal factors */
  readonly log: boolean;
}

const WIDE = 560;
const HIGH = 300;
const LEFT = 62;
const RIGHT = 132;
const TOP = 14;
const BOTTOM = 44;
const LABEL_GAP = 15;

/** Lines with their names at their ends. */
export function lineChart(title: string, x: Axis, y: Axis, lines: readonly Line[]): string {
  const xs = scale(x, LEFT, WIDE - RIGHT);
  const ys = scale(y, HIGH - BOTTOM, TOP);
  const parts: string[] = [];
  for (const { at, text } of y.ticks) {
    const level = round(ys(at));
    parts.push(
      `<path class="grid" d="M${LEFT} ${level}H${WIDE - RIGHT}"/>`,
      `<text class="tick end" x="${LEFT - 8}" y="${level + 4}">${escapeHtml(text)}</text>`,
    );
  }
  for (const { at, text } of x.ticks) {
    const place = round(xs(at));
    parts.push(
      `<path class="grid" d="M${place} ${HIGH - BOTTOM}v4"/>`,
      `<text class="tick mid" x="${place}" y="${HIGH - BOTTOM + 19}">${escapeHtml(text)}</text>`,
    );
  }
  parts.push(
    `<text class="axis mid" x="${(LEFT + WIDE - RIGHT) / 2}" y="${HIGH - 6}">${escapeHtml(x.name)}</text>`,
  );
  const drawn = lines
    .map((line) => ({ ...line, points: line.points.filter((point) => isPlaced(point.y, y)) }))
    .filter(({ points }) => points.length > 0);
  for (const { colour, name, points } of drawn) {
    const places = points.map((point) => `${round(xs(point.x))} ${round(ys(point.y))}`);
    parts.push(`<path class="line c${colour}" d="M${places.join('L')}"/>`);
    for (const point of points) {
      const said = `${name}: ${figureText(point.y)} at ${figureText(point.x)}`;
      parts.push(
        `<circle class="dot c${colour}" cx="${round(xs(point.x))}" cy="${round(ys(point.y))}" r="3.5"><title>${escapeHtml(said)}</title></circle>`,
      );
    }
  }
  for (const { colour, name, place } of apart(drawn, ys)) {
    const last = Math.max(...drawn.flatMap(({ points }) => points.map((point) => xs(point.x))));
    parts.push(
      `<text class="name c${colour}" x="${round(last) + 10}" y="${round(place) + 4}">${escapeHtml(name)}</text>`,
    );
  }
  return frame(title, `${y.name} over ${x.name}`, WIDE, HIGH, parts);
}

/** What was not measured, or is nought on a scale of powers, has no place. */
function isPlaced(value: number, { log }: Axis): boolean {
  return Number.isFinite(value) && (!log || value > 0);
}

/** Names that would cover one another are moved apart. */
function apart(
  lines: readonly Line[],
  ys: (value: number) => number,
): readonly { readonly name: string; readonly colour: number; readonly place: number }[] {
  const places = lines
    .map(({ colour, name, points }) => ({ colour, name, place: ys(points.at(-1)!.y) }))
    .sort((a, b) => a.place - b.place);
  for (let i = 1; i < places.length; i++) {
    const least = places[i - 1]!.place + LABEL_GAP;
    if (places[i]!.place < least) places[i]!.place = least;
  }
  const below = (places.at(-1)?.place ?? 0) - (HIGH - BOTTOM);
  if (below > 0) for (const place of places) place.place -= below;
  return places;
}

export interface Bars {
  readonly name: string;
  readonly bars: readonly {
    readonly name: string;
    readonly colour: number;
    readonly value: number | null;
  }[];
}

const BAR_HIGH = 17;
const GROUP_GAP = 22;

/** Groups of bars that lie; what was not told is said so. */
export function barChart(title: string, groups: readonly Bars[], unit: string): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value ?? 0)), 1e-9);
  const left = 126;
  const wide = WIDE - left - 78;
  const parts: string[] = [];
  let y = 6;
  for (const group of groups) {
    parts.push(`<text class="group" x="0" y="${y + 12}">${escapeHtml(group.name)}</text>`);
    y += 20;
    for (const { colour, name, value } of group.bars) {
      const length = value === null ? 0 : round((value / most) * wide);
      const text = value === null ? 'not told' : value === 0 ? '0' : figureText(value);
      parts.push(
        `<text class="tick end" x="${left - 8}" y="${y + 12}">${escapeHtml(name)}</text>`,
        `<rect class="track" x="${left}" y="${y + 2}" width="${wide}" height="${BAR_HIGH - 6}" rx="3"/>`,
        length > 0
          ? `<rect class="bar c${colour}" x="${left}" y="${y + 2}" width="${Math.max(1.5, length)}" height="${BAR_HIGH - 6}" rx="3"/>`
          : '',
        `<text class="value" x="${left + Math.max(length, 0) + 7}" y="${y + 12}">${escapeHtml(text)}</text>`,
      );
      y += BAR_HIGH;
    }
    y += GROUP_GAP - BAR_HIGH + 8;
  }
  return frame(title, unit, WIDE, y, parts);
}

function frame(
  title: string,
  told: string,
  wide: number,
  high: number,
  parts: readonly string[],
): string {
  return `<svg viewBox="0 0 ${wide} ${high}" role="img" aria-label="${escapeHtml(`${title}: ${told}`)}">${parts.join('')}</svg>`;
}

function scale({ log, ticks }: Axis, from: number, to: number): (value: number) => number {
  const as = (value: number): number => (log ? Math.log(Math.max(value, 1e-9)) : value);
  const first = as(ticks[0]?.at ?? 0);
  const last = as(ticks.at(-1)?.at ?? 1);
  const span = last - first || 1;
  return (value) => from + ((as(value) - first) / span) * (to - from);
}

/** Ticks at powers of ten around all values, and at 2 and 5 of them where there are few. */
export function powers(values: readonly number[], unit = ''): Axis['ticks'] {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  const least = Math.floor(Math.log10(Math.min(...known, 1e9)));
  const most = Math.ceil(Math.log10(Math.max(...known, 1e-6)) - 1e-9);
  const factors = most - least <= 2 ? [1, 2, 5] : [1];
  const ticks: { at: number; text: string }[] = [];
  for (let power = least; power <= Math.max(most, least + 1); power++) {
    for (const factor of factors) {
      const at = factor * 10 ** power;
      if (at > 10 ** Math.max(most, least + 1)) break;
      ticks.push({ at, text: `${figureText(at)}${unit}` });
    }
  }
  return ticks;
}

/** 12k, 1.2M, 0.05 */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (value >= 10_000) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (value >= 1_000) return String(Math.round(value)).replace(/(\d)(\d{3})$/, '$1,$2');
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

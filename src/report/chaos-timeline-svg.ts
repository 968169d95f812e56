/*
 * A timeline as SVG: one lane under the other, marks, spans, arrows. It can be read without its
 * script, which adds the scrubber, the details and the tracing of one instance (chaos-script.ts).
 */
import type { Arrow, Lane, Mark, Span, Timeline } from './chaos-model.ts';
import { type Box, layout, type Placed } from './chaos-timeline-layout.ts';
import { escapeHtml, scriptJson, thousands, timeText } from './html.ts';

/** Colours of instances; further ones begin again. */
const HUES = 8;

/** The whole figure; `id` is unique in the page. */
export function timelineFigure(timeline: Timeline, id: string): string {
  const placed = layout(timeline);
  const details = timeline.marks.map(({ at, details: rows, instance, title }) => ({
    t: at,
    s: title,
    i: instance ?? -1,
    d: rows.map(({ name, value, was }) => (was === undefined ? [name, value] : [name, value, was])),
  }));
  const data = { marks: details, arrows: timeline.arrows.map(({ from, to }) => [from, to]) };
  const left =
    timeline.leftOut === 0
      ? ''
      : `<p class="hint">${thousands(timeline.leftOut)} marks of further instances are left out.</p>`;
  return `<figure class="timeline" id="${id}">
<div class="tools">${chips(timeline)}${LEGEND}</div>
<div class="stage">
<div class="names" style="height:${placed.height}px">${names(timeline.lanes, placed)}</div>
<div class="scroll" tabindex="0" role="group" aria-label="timeline; arrow keys go from mark to mark, f to the next fault, Home and End to the ends">${svg(timeline, placed, id)}</div>
</div>
<div class="scrub"><button type="button" data-go="-1" aria-label="previous mark">&#8249;</button><input type="range" min="0" max="${Math.max(0, timeline.marks.length - 1)}" value="0" aria-label="marks in order of time"><button type="button" data-go="1" aria-label="next mark">&#8250;</button></div>
<div class="detail" aria-live="polite"><p class="hint">Move the slider, point at a mark, or use the arrow keys.</p></div>
${left}
<script type="application/json">${scriptJson(data)}</script>
</figure>`;
}

function chips({ instances }: Timeline): string {
  const one = ({ id, label }: Timeline['instances'][number]): string =>
    `<button type="button" class="chip run${id % HUES}" data-run="${id}">${escapeHtml(label)}</button>`;
  if (instances.length < 2) return '';
  return `<div class="chips"><button type="button" class="chip on" data-run="-1">all</button>${instances.map(one).join('')}</div>`;
}

const LEGEND = `<ul class="legend"><li><i class="k-record"></i>record</li><li><i class="k-claim"></i>takes over</li><li><i class="k-void"></i>void</li><li><i class="k-call"></i>call</li><li><i class="k-fault"></i>fault</li><li><i class="k-frozen"></i>frozen</li><li class="keys"><kbd>&#8592;</kbd><kbd>&#8594;</kbd> step <kbd>f</kbd> next fault</li></ul>`;

function names(lanes: readonly Lane[], placed: Placed): string {
  return lanes
    .map(({ kind, label }, index) => {
      const { height, y } = placed.lanes[index] ?? { y: 0, height: 0 };
      return `<span class="${kind}" style="top:${y}px;height:${height}px">${escapeHtml(label)}</span>`;
    })
    .join('');
}

function svg(timeline: Timeline, placed: Placed, id: string): string {
  const { height, width } = placed;
  return [
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="what happened, by lane and time">`,
    `<defs><pattern id="${id}-ice" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ice" width="6" height="6"/><path class="ice-line" d="M0 0V6"/></pattern><marker id="${id}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path class="tip" d="M0 1L7 4L0 7Z"/></marker></defs>`,
    ...timeline.lanes.map((lane, index) => band(lane, placed, index)),
    ...placed.silences.map(
      ({ ms, width: wide, x }) =>
        `<g class="silence"><rect x="${n(x)}" y="24" width="${n(wide)}" height="${height - 24}"/><text x="${n(x + wide / 2)}" y="${height - 6}">${timeText(ms)}</text></g>`,
    ),
    ...placed.ticks.map(
      ({ at, x }) =>
        `<g class="tick"><path d="M${n(x)} 20V${height}"/><text x="${n(x + 3)}" y="14">${timeText(at)}</text></g>`,
    ),
    healed(timeline, placed),
    ...timeline.spans.map((span, index) => drawSpan(span, placed.spans[index], id)),
    `<g class="arrows">${timeline.arrows.map((arrow, index) => drawArrow(arrow, index, placed, id)).join('')}</g>`,
    ...timeline.marks.map((mark, index) => drawMark(mark, index, placed.marks[index])),
    `<path class="cursor" d="M0 20V${height}" visibility="hidden"/>`,
    '</svg>',
  ].join('');
}

function band({ kind }: Lane, { lanes, width }: Placed, index: number): string {
  const { height, y } = lanes[index] ?? { y: 0, height: 0 };
  return `<rect class="band ${kind}" x="0" y="${y}" width="${width}" height="${height}"/>`;
}

function healed({ endedAt, healedAt }: Timeline, { healedX, height }: Placed): string {
  if (healedAt <= 0 || healedAt > endedAt) return '';
  return `<g class="healed"><path d="M${n(healedX)} 20V${height}"/><text x="${n(healedX - 4)}" y="${height - 6}" text-anchor="end">faults end</text></g>`;
}

function drawSpan({ instance, kind, title }: Span, box: Box | undefined, id: string): string {
  if (box === undefined) return '';
  const fill = kind === 'frozen' ? ` fill="url(#${id}-ice)"` : '';
  const run = instance === undefined ? '' : ` run${instance % HUES}`;
  const of = instance === undefined ? '' : ` data-i="${instance}"`;
  return `<rect class="span ${kind}${run}"${of}${fill} x="${n(box.x)}" y="${n(box.y)}" width="${n(box.width)}" height="${n(box.height)}" rx="${kind === 'frozen' ? 3 : 2}"><title>${escapeHtml(title)}</title></rect>`;
}

function drawArrow({ from, kind, to }: Arrow, index: number, placed: Placed, id: string): string {
  const a = placed.marks[from];
  const b = placed.marks[to];
  if (a === undefined || b === undefined) return '';
  const start = `<path class="arrow ${kind}" data-a="${index}" marker-end="url(#${id}-tip)" d="`;
  return `${start}${a.y === b.y ? along(a, b) : across(a, b)}"/>`;
}

/** In one row: from the right side of one to the left side of the other. */
function along(a: Box, b: Box): string {
  const y = n(a.y + a.height / 2);
  return `M${n(a.x + a.width)} ${y}H${n(b.x - 1)}`;
}

/** From one lane to another: out below, in above, or the other way round. */
function across(a: Box, b: Box): string {
  const down = b.y > a.y;
  const [ax, ay] = [a.x + a.width / 2, down ? a.y + a.height : a.y];
  // Not to the middle: there the arrow would stand between two words.
  const [bx, by] = [b.x + Math.min(10, b.width / 2), down ? b.y - 1 : b.y + b.height + 1];
  const bend = (by - ay) / 2;
  return `M${n(ax)} ${n(ay)}C${n(ax)} ${n(ay + bend)} ${n(bx)} ${n(by - bend)} ${n(bx)} ${n(by)}`;
}

function drawMark(mark: Mark, index: number, box: Box | undefined): string {
  if (box === undefined) return '';
  const { accused, instance, kind, label, minor, title } = mark;
  const classes = ['mark', kind];
  if (instance !== undefined) classes.push(`run${instance % HUES}`);
  if (mark.void) classes.push('void');
  if (minor) classes.push('minor');
  if (accused) classes.push('accused');
  if (kind === 'record')
    classes.push(`rec-${(label.split(' ')[0] ?? '').toLowerCase().replaceAll(/\W/g, '')}`);
  if (kind === 'life') classes.push(`life-${label.replaceAll(/\W/g, '')}`);
  const of = instance === undefined ? '' : ` data-i="${instance}"`;
  return `<g class="${classes.join(' ')}" data-m="${index}"${of}><title>${escapeHtml(title)}</title>${shape(mark, box)}</g>`;
}

function shape(mark: Mark, { height, width, x, y }: Box): string {
  const middle = y + height / 2;
  if (mark.kind === 'fault') {
    const [cx, r] = [x + width / 2, width / 2];
    return `<path d="M${n(cx)} ${n(middle - r)}L${n(cx + r)} ${n(middle)}L${n(cx)} ${n(middle + r)}L${n(cx - r)} ${n(middle)}Z"/><path class="bolt" d="M${n(cx)} ${n(middle - 3.5)}V${n(middle + 1)}M${n(cx)} ${n(middle + 3.2)}V${n(middle + 3.4)}"/>`;
  }
  if (mark.kind === 'life') return `<circle cx="${n(x)}" cy="${n(middle)}" r="4"/>`;
  const radius = mark.kind === 'record' ? 3 : height / 2;
  const rect = `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(mark.minor ? 2 : radius)}"/>`;
  if (mark.minor) return rect;
  const strike = mark.void
    ? `<path class="strike" d="M${n(x - 2)} ${n(middle)}H${n(x + width + 2)}"/>`
    : '';
  return `${rect}<text x="${n(x + width / 2)}" y="${n(middle + 3.4)}">${escapeHtml(mark.label)}</text>${strike}`;
}

function n(value: number): string {
  return String(Number(value.toFixed(1)));
}

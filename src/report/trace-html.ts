/*
 * The page of one recorded run: lanes of its strands, a scrubber, what led to each step and what it waits
 * for, the difference of its State to the step before, and the tasks with those that are active.
 *
 * Invariant: one file, no requests; what comes from the data is text, never markup.
 */
import { escapeHtml, scriptJson } from './html.ts';
import { TRACE_SCRIPT } from './trace-script.ts';
import { TRACE_STYLE } from './trace-style.ts';

/** As much of a run as the page shows; plain data. */
export interface TracePage {
  readonly run: string;
  readonly workflow: string;
  readonly source: string;
  readonly ended: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly redacted: readonly string[];
  readonly strands: readonly string[];
  readonly steps: readonly TracePageStep[];
  readonly outline: readonly {
    readonly pointer: string;
    readonly name: string;
    readonly kind: string;
    readonly depth: number;
  }[];
}

export interface TracePageStep {
  readonly number: number;
  readonly at: number;
  readonly strand: string;
  readonly kind: string;
  readonly record: string;
  readonly because: string;
  readonly heard?: unknown;
  readonly now: string;
  readonly activity?: {
    readonly name: string;
    readonly arguments: unknown;
    readonly attempt: number;
  };
  readonly active: readonly string[];
  readonly task: string;
  readonly state: unknown;
  readonly changes: readonly {
    readonly at: string;
    readonly recorded?: unknown;
    readonly computed?: unknown;
  }[];
  readonly replay: string;
}

/** Where a trace comes from, in words. */
const FROM: Readonly<Record<string, string>> = {
  cut: 'a cut trace',
  kafka: 'brokers',
  embedded: 'an embedded file',
  simulator: 'the simulator',
};

export function traceHtml(page: TracePage): string {
  const { ended, redacted, run, source, steps, strands, workflow } = page;
  const equal = steps.every(({ replay }) => replay === 'equal');
  const without = redacted.length === 0 ? '' : ` · without ${redacted.join(' ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${workflow} ${run}`)}</title>
<style>${TRACE_STYLE}</style></head>
<body>
<header>
<p class="over">${escapeHtml(workflow)}</p>
<h1>${escapeHtml(run)}</h1>
<p class="sum"><b class="${escapeHtml(ended)}">${escapeHtml(ended)}</b> · ${steps.length} steps · ${strands.length} ${strands.length === 1 ? 'strand' : 'strands'} · from ${escapeHtml(FROM[source] ?? source)}${escapeHtml(without)} · replay: <b class="${equal ? 'completed' : 'faulted'}">${equal ? 'equal' : 'see the steps'}</b></p>
</header>
<section class="time" aria-label="Steps in time">
<div class="lanes"></div>
<div class="scrub"><button data-go="first" title="first step (Home)">«</button><button data-go="back" title="one step back (←)">◀</button><input type="range" min="1" max="${steps.length}" value="1" aria-label="step"><button data-go="on" title="one step on (→)">▶</button><button data-go="last" title="last step (End)">»</button><output></output></div>
</section>
<main>
<section class="tree"><h2>Tasks</h2><ol></ol></section>
<section class="step" aria-live="polite"><h2></h2><dl></dl><div class="values"></div></section>
<section class="state"><h2>State, and what the step changed</h2><div class="changes"></div><details><summary>All of it</summary><pre></pre></details></section>
</main>
<script type="application/json" id="trace">${scriptJson(page)}</script>
<script>${TRACE_SCRIPT}</script>
</body></html>
`;
}

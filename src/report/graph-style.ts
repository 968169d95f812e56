/*
 * How a graph looks: colours for light and dark, type, the icon of each kind of task.
 */

const KINDS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  call: ['#2f6fde', '#6ea0ff'],
  run: ['#5b5bd6', '#9a9aff'],
  set: ['#5f6b7a', '#9aa7b8'],
  switch: ['#b7791f', '#e8b25a'],
  for: ['#0f8a8a', '#4cc9c4'],
  fork: ['#7c4dc4', '#b692f0'],
  wait: ['#8a6d3b', '#cfae74'],
  emit: ['#1f8f4e', '#5fcf8e'],
  listen: ['#1f8f4e', '#5fcf8e'],
  raise: ['#cc3d3d', '#ff7d78'],
  try: ['#c2571a', '#f29a62'],
  do: ['#5f6b7a', '#9aa7b8'],
  catch: ['#cc3d3d', '#ff7d78'],
};

const accents = (index: 0 | 1): string =>
  Object.entries(KINDS)
    .map(([kind, colours]) => `.${kind}{--accent:${colours[index]}}`)
    .join('');

export const STYLE = `
svg{--paper:#fbfbfa;--ink:#1c2430;--soft:#667085;--line:#98a2b3;--card:#fff;--rim:#dfe3e8;--even:#f2f4f6;--odd:#fbfbfc;--scope:#d9dee5;--error:#cc3d3d;--retry:#b7791f;--loop:#0f8a8a;--accent:#5f6b7a}
${accents(0)}
@media (prefers-color-scheme:dark){svg{--paper:#12161c;--ink:#e8ecf2;--soft:#98a4b5;--line:#66748a;--card:#1d242e;--rim:#333d4b;--even:#181e26;--odd:#1b222c;--scope:#333d4a;--error:#ff7d78;--retry:#e8b25a;--loop:#4cc9c4}${accents(1)}}
text{font-family:Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
.paper{fill:var(--paper)}
.title{font-size:20px;font-weight:650;letter-spacing:-.01em}
.subtitle{font-size:12.5px;fill:var(--soft)}
.label{font-size:13.5px;font-weight:600}
.corner{font-size:11px;font-weight:600;letter-spacing:.04em;fill:var(--accent)}
.detail,.badge{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11.5px;fill:var(--soft)}
.badge{fill:var(--accent)}
.plate{fill:var(--even);stroke:var(--scope)}
.scope.odd>.plate{fill:var(--odd)}
.scope.body>.plate{fill:none;stroke:var(--scope);stroke-dasharray:4 4}
.scope.catch>.plate{fill:color-mix(in srgb,var(--error) 6%,var(--card));stroke:color-mix(in srgb,var(--error) 35%,var(--card))}
.card{fill:var(--card);stroke:var(--rim);filter:drop-shadow(0 1px 1.5px rgb(16 24 40/.07))}
.node.raise .card,.node.catch .card{stroke:color-mix(in srgb,var(--accent) 45%,var(--card))}
.icon>rect{fill:color-mix(in srgb,var(--accent) 14%,transparent)}
.icon path,.icon circle{fill:none;stroke:var(--accent);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.start{fill:var(--ink)}
.finish circle,.exit circle{fill:none;stroke:var(--ink);stroke-width:1.8}
.exit circle{stroke:var(--soft)}
.finish .dot{fill:var(--ink);stroke:none}
.exit .dot{fill:var(--soft);stroke:none}
.bar{fill:var(--ink);opacity:.75}
.end rect{fill:var(--card);stroke:var(--ink);stroke-width:1.4}
.end circle{fill:var(--ink)}
.end text{font-size:11px;font-weight:600}
.edge{fill:none;stroke:var(--line);stroke-width:1.5}
.edge.error{stroke:var(--error);stroke-dasharray:5 4}
.edge.retry{stroke:var(--retry);stroke-dasharray:2 3.5;stroke-linecap:round}
.edge.loop{stroke:var(--loop);stroke-dasharray:2 3.5;stroke-linecap:round}
.tag rect{fill:var(--card);stroke:var(--rim)}
.tag text{font-size:11px;text-anchor:middle;fill:var(--soft)}
.tag.error text{fill:var(--error)}.tag.retry text{fill:var(--retry)}.tag.loop text{fill:var(--loop)}
.tag.error rect{stroke:color-mix(in srgb,var(--error) 40%,var(--card))}
marker path{stroke:none}
#flow path{fill:var(--line)}#error path{fill:var(--error)}#retry path{fill:var(--retry)}#loop path{fill:var(--loop)}
`.trim();

const head = (id: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.6L7.6,4L0,7.4Z"/></marker>`;

export const DEFS = `<defs>${['flow', 'error', 'retry', 'loop'].map(head).join('')}</defs>`;

/** One 22 x 22 drawing per kind. */
export const ICONS: Readonly<Record<string, string>> = {
  call: '<path d="M6 11h9M12 7.5l3.5 3.5-3.5 3.5"/>',
  run: '<path d="M6.5 7.5l3.5 3.5-3.5 3.5M11.5 15h4.5"/>',
  set: '<path d="M6 8.5h10M6 13.5h10"/>',
  switch: '<path d="M11 5l6 6-6 6-6-6z"/>',
  for: '<path d="M16 8.5a5.6 5.6 0 1 0 .6 4.3M16.6 5.5v3.2h-3.2"/>',
  fork: '<path d="M11 17v-4M11 13c0-3-4-2.5-4-6.5M11 13c0-3 4-2.5 4-6.5"/>',
  wait: '<circle cx="11" cy="11" r="5.8"/><path d="M11 7.8V11l2.4 1.6"/>',
  emit: '<path d="M5.5 11.5L16.5 6l-3.2 10.5-2.6-4.2z"/>',
  listen:
    '<path d="M7 14.5c-1.3-3.6.2-8 4.2-8s5 4 3.4 6.4c-1.2 1.7-1.6 3.3-3.4 3.3M9.5 11c.2-1.3 2.6-1.6 2.8 0"/>',
  raise: '<path d="M11 5.5l6 10.5H5zM11 9.5v3M11 14.4v.1"/>',
  try: '<path d="M11 5l5 2v4c0 3.2-2.2 5.2-5 6-2.800-.8-5-2.800-5-6V7z"/>',
  do: '<path d="M7 6.500h8M7 11h8M7 15.500h8"/>',
  catch: '<path d="M6 8v3a5 5 0 0 0 10 0V8"/>',
};

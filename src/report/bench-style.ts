/* How the bench page looks: colours for light and dark, type, charts. */

const LIGHT =
  '--paper:#f7f7f5;--card:#fff;--ink:#1b2330;--soft:#667085;--rim:#e3e6ea;--faint:#f0f2f4;--good:#1a8a4a;--warn:#b7791f;--c0:#2f6fde;--c1:#d9662b;--c2:#1a8a4a;--c3:#8a4fd0;--c4:#b0348a;--c5:#6d7686';
const DARK =
  '--paper:#11151b;--card:#191f28;--ink:#e7ebf1;--soft:#97a3b4;--rim:#2d3643;--faint:#222a35;--good:#4cc97f;--warn:#e8b25a;--c0:#77a7ff;--c1:#f0945c;--c2:#4cc97f;--c3:#b995f2;--c4:#ec85c6;--c5:#97a3b4';

const colours = [0, 1, 2, 3, 4, 5]
  .map(
    (c) =>
      `.line.c${c}{stroke:var(--c${c})}.dot.c${c},.bar.c${c}{fill:var(--c${c})}.name.c${c}{fill:var(--c${c})}`,
  )
  .join('');

export const BENCH_STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
main,footer{max-width:1240px;margin:0 auto;padding:0 28px}
h1{font-size:clamp(27px,4.4vw,44px);line-height:1.12;letter-spacing:-.022em;margin:26px 0 10px;font-weight:680}
h2{font-size:17px;letter-spacing:-.008em;margin:0 0 2px;font-weight:650}
.lead{max-width:74ch;margin:0;color:var(--soft);font-size:16.5px}
.hint{color:var(--soft);font-size:13px;margin:0 0 10px;max-width:72ch}
.noisy{color:var(--warn);font-weight:600;margin:10px 0 0}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:10px;margin-top:26px}
.tile{background:var(--card);border:1px solid var(--rim);border-radius:12px;padding:13px 15px;display:flex;flex-direction:column}
.tile b{font-size:25px;letter-spacing:-.02em;line-height:1.25;font-variant-numeric:tabular-nums}
.tile span{font-weight:600}.tile small{color:var(--soft);font-size:12.5px;line-height:1.4;margin-top:2px}
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px;margin-top:26px}
figure{margin:0;background:var(--card);border:1px solid var(--rim);border-radius:12px;padding:16px 18px 12px;min-width:0}
figure svg{display:block;width:100%;height:auto}
section{margin-top:34px}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--rim);border-radius:12px}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:6px 10px;text-align:right;white-space:nowrap;border-top:1px solid var(--rim)}
thead th{border:0;color:var(--soft);font-weight:500;font-size:12.5px;text-align:right}
th:first-child,td:first-child{text-align:left;padding-left:16px}tbody th{font-weight:500;text-align:left}
td:last-child,th:last-child{padding-right:16px}
td.text{text-align:left;color:var(--soft)}
tr.new td,tr.new th{border-top:2px solid var(--rim)}
td b{font-weight:650}.reached{color:var(--good)}.missed{color:var(--warn)}
text{font:500 11.5px Inter,ui-sans-serif,system-ui,sans-serif;fill:var(--ink)}
text.tick,text.axis{fill:var(--soft)}text.end{text-anchor:end}text.mid{text-anchor:middle}
text.group{font-weight:650}text.value{fill:var(--ink);font-variant-numeric:tabular-nums}text.name{font-weight:650}
.grid{stroke:var(--rim);stroke-width:1}.line{fill:none;stroke-width:2.2;stroke-linejoin:round}
.track{fill:var(--faint)}
${colours}
footer{padding-top:18px;padding-bottom:48px;color:var(--soft);font-size:13px}
code{font:12.5px/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (max-width:860px){.charts{grid-template-columns:minmax(0,1fr)}.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}main,footer{padding:0 18px}}
`.trim();

/*
 * How the chaos page looks: colours for light and dark, type, the timeline.
 */

const RUNS = [212, 28, 150, 275, 340, 188, 55, 110];

const LIGHT = `--paper:#f7f7f5;--card:#fff;--ink:#1b2330;--soft:#667085;--rim:#e3e6ea;--faint:#f0f2f4;--good:#1a8a4a;--bad:#cf3232;--warn:#b7791f;--blue:#2f6fde;--ice:#d6e9fb;--ice-line:#6aa9e4;--band:#fafbfb;--l1:#fbe3d9;--l2:#f6c3ae;--l3:#ee9a7c;--l4:#e06c4c;--l5:#c2452a;--on3:#1b1210;--tint:84%;--shade:46%`;
const DARK = `--paper:#11151b;--card:#191f28;--ink:#e7ebf1;--soft:#97a3b4;--rim:#2d3643;--faint:#222a35;--good:#4cc97f;--bad:#ff7a74;--warn:#e8b25a;--blue:#77a7ff;--ice:#1e3a55;--ice-line:#4d8cc4;--band:#1c232d;--l1:#3a2a28;--l2:#5b352c;--l3:#854231;--l4:#b55437;--l5:#e2714f;--on3:#f7e9e4;--tint:22%;--shade:66%`;

const runs = RUNS.map((hue, index) => `.run${index}{--hue:${hue}}`).join('');

const PAGE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
.top,nav,article,footer{max-width:1240px;margin:0 auto;padding:0 28px}
.top{display:flex;gap:18px;padding-top:22px;color:var(--soft);font-size:13px;flex-wrap:wrap}
.top b{color:var(--ink)}.top span:first-of-type{margin-left:auto}
footer{padding-top:8px;padding-bottom:48px;color:var(--soft);font-size:13px}
nav ol{list-style:none;margin:20px 0 0;padding:0;border:1px solid var(--rim);border-radius:12px;background:var(--card);overflow:hidden}
nav li{display:flex;gap:14px;padding:9px 16px;border-top:1px solid var(--rim);align-items:baseline}
nav li:first-child{border:0}nav a{color:inherit;font-weight:600}nav span{margin-left:auto;color:var(--soft);font-size:13px}
nav b{color:var(--warn);width:7em;text-align:right}nav .held b{color:var(--good)}nav .broken b{color:var(--bad)}
article{padding-bottom:28px}
article+article{border-top:1px solid var(--rim);margin-top:28px}
section{margin-top:34px;min-width:0}
h1{font-size:clamp(27px,4.4vw,46px);line-height:1.12;letter-spacing:-.022em;margin:2px 0 12px;font-weight:680;overflow-wrap:anywhere}
h2{font-size:17px;letter-spacing:-.008em;margin:0 0 10px;font-weight:650}
h3{font-size:13.5px;color:var(--soft);font-weight:600;margin:20px 0 6px}
.failure h2:not(:first-child){margin-top:26px}
.headline{margin-top:30px}
.scenario{margin:0;font-weight:600;color:var(--good)}
.broken>.headline .scenario,.broken>.headline h1{color:var(--bad)}
.inconclusive>.headline .scenario,.nothing>.headline .scenario{color:var(--warn)}
.lead{max-width:70ch;margin:0;color:var(--soft);font-size:16.5px}
.figures{margin:10px 0 0;font-weight:600}
.hint{color:var(--soft);font-size:13px;margin:6px 0 10px}
code{font:12.5px/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.columns{display:grid;grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:0 44px}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:10px}
.tile.pace{grid-column:span 2}
.tile{background:var(--card);border:1px solid var(--rim);border-radius:12px;padding:13px 15px;display:flex;flex-direction:column;min-width:0}
.tile b{font-size:25px;letter-spacing:-.02em;line-height:1.2;font-variant-numeric:tabular-nums}
.tile span{font-weight:600}.tile small{color:var(--soft);font-size:12.5px;line-height:1.4;margin-top:2px}
.tile svg{width:100%;height:30px;margin-top:auto;padding-top:4px}.tile path{fill:var(--blue);opacity:.4}
table{border-collapse:collapse}
.promises{width:100%;background:var(--card);border:1px solid var(--rim);border-radius:12px;border-spacing:0;border-collapse:separate;overflow:hidden}
.promises td{padding:6px 8px;border-top:1px solid var(--rim);vertical-align:top}
.promises tr:first-child td{border:0}
.promises td:first-child{padding-left:14px}.promises td:last-child{padding-right:16px}
.promises .sign{width:1em;font-weight:700}.good .sign{color:var(--good)}.bad .sign{color:var(--bad)}
.promises .id{width:2.6em;color:var(--soft);font-variant-numeric:tabular-nums}
.promises .figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.promises em{color:var(--soft);font-size:13px;font-style:normal;white-space:normal}
.promises tr.idle{color:var(--soft)}.promises tr.bad td{background:color-mix(in srgb,var(--bad) 9%,var(--card))}
.promises tr.bad summary{font-weight:650}
summary{cursor:pointer}.promises summary{list-style:none}.promises summary::-webkit-details-marker{display:none}
.promises ul{margin:4px 0 4px;padding-left:16px;color:var(--soft);font-size:13px}.promises ul i{font-style:normal}
.bars,.counts{list-style:none;margin:0;padding:0}
.bars li{display:grid;grid-template-columns:1fr auto;gap:1px 12px;margin-bottom:9px}
.bars .value{font-variant-numeric:tabular-nums;font-weight:600}
.bars .track{grid-column:1/-1;position:relative;height:9px;background:var(--faint);border-radius:5px}
.bars i{position:absolute;inset:0 auto 0 0;border-radius:5px;min-width:2px}
.bars .fill{background:var(--blue)}.bars .fill.fault{background:var(--l4)}.bars .ghost{background:var(--l1)}
.bars i.least{width:2px;min-width:0;inset:-3px auto -3px;background:var(--ink);border-radius:0}
.bars small{grid-column:1/-1;color:var(--soft);font-size:12px}.bars em{color:var(--warn);font-style:normal;font-weight:600}
.bars.thin{columns:2;column-gap:26px}.bars.thin li{break-inside:avoid;margin-bottom:6px;font-size:13.5px}.bars.thin .track{height:6px}
.counts li{display:flex;gap:12px;padding:3px 0}.counts b{min-width:3.6em;text-align:right;font-variant-numeric:tabular-nums}.counts .none{color:var(--soft)}.counts.two{columns:2}.counts.two li{break-inside:avoid}.counts.two b{min-width:2.6em}
.stack{display:flex;height:22px;border-radius:8px;overflow:hidden;gap:2px}.stack i{min-width:4px;flex-basis:0}
.sweep .equal{background:var(--good)}.sweep .other{background:var(--blue)}.sweep .never{background:var(--soft)}.sweep .rest{background:var(--bad)}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:4px 26px;margin:10px 0 0;padding:0}.key i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:7px}.key b{font-variant-numeric:tabular-nums}
.groups ul{list-style:none;margin:0;padding:0;border:1px solid var(--rim);border-radius:12px;background:var(--card)}
.groups li{display:flex;gap:16px;padding:10px 16px;border-top:1px solid var(--rim);align-items:center}.groups li:first-child{border:0}
.groups li>b{min-width:2.6em;text-align:right;font-size:19px;color:var(--bad);font-variant-numeric:tabular-nums}.groups li>div{flex:1;min-width:0}.groups p{margin:0;overflow-wrap:anywhere}.groups button{white-space:nowrap}
.notes li{margin:3px 0}
.matrix{overflow-x:auto;background:var(--card);border:1px solid var(--rim);border-radius:12px;padding:10px 14px 14px}
.matrix th{font-weight:500;font-size:12.5px;text-align:left;white-space:nowrap;color:var(--soft)}
.matrix tbody th{position:sticky;left:-14px;background:var(--card);padding:0 14px 0 14px;margin-left:-14px;color:var(--ink);z-index:1}
.matrix .group{padding:0 0 4px 7px;font-size:12px;border-left:2px solid var(--rim);overflow:hidden;text-overflow:ellipsis;max-width:0}
.matrix .label{height:76px;vertical-align:bottom;padding:0}.matrix .label span{writing-mode:vertical-rl;transform:rotate(180deg);display:block;margin:0 auto;padding-top:4px;color:var(--ink)}
.matrix tbody td{width:42px;min-width:34px;height:27px;text-align:center;font-size:12px;font-variant-numeric:tabular-nums;border:2px solid var(--card);border-radius:7px;position:relative;background-clip:padding-box}
.matrix .l1{background-color:var(--l1)}.matrix .l2{background-color:var(--l2)}.matrix .l3{background-color:var(--l3);color:var(--on3)}.matrix .l4{background-color:var(--l4);color:#fff}.matrix .l5{background-color:var(--l5);color:#fff}
.matrix .never i{display:inline-block;width:9px;height:9px;border:1.5px dashed var(--soft);border-radius:50%;opacity:.75;vertical-align:middle}
.matrix .corner::after{content:"";position:absolute;top:2px;right:2px;border:4px solid;border-color:currentColor currentColor transparent transparent;opacity:.75}
.failure{border:1px solid color-mix(in srgb,var(--bad) 45%,var(--rim));border-left:5px solid var(--bad);background:var(--card);border-radius:12px;padding:20px 22px}
.violations{margin:0;padding:0;list-style:none}.violations li{margin:6px 0;overflow-wrap:anywhere;font-size:16px}.violations b{color:var(--bad)}.violations code{color:var(--soft)}
.story{margin:0;padding-left:26px}.story li{margin:4px 0;padding-left:4px}.story li::marker{font-weight:700;color:var(--bad)}.story.never{color:var(--soft)}.story.never li{list-style:"\\2013  "}.failure .told{margin:10px 0 0}
.told{margin:0 0 12px}.told summary{font-weight:600;font-size:14px}.told .story{margin-top:6px}
.copy{display:flex;gap:10px;align-items:center;background:var(--faint);border-radius:10px;padding:10px 12px;margin-top:16px;flex-wrap:wrap}
.copy b{white-space:nowrap}.copy code{flex:1 1 300px;min-width:0;overflow-wrap:anywhere;max-height:4.4em;overflow:auto}
button{font:inherit;font-size:13px;color:inherit;background:var(--card);border:1px solid var(--rim);border-radius:8px;padding:4px 11px;cursor:pointer}
button:hover{border-color:var(--soft)}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
@media (max-width:860px){.columns{grid-template-columns:minmax(0,1fr)}.top,nav,article,footer{padding-left:18px;padding-right:18px}.failure{padding:16px 14px}.bars.thin{columns:1}.tiles{grid-template-columns:repeat(3,minmax(0,1fr))}.tile.pace{grid-column:1/-1}}
@media (max-width:480px){.groups li{flex-wrap:wrap;gap:4px 12px}.groups li>b{min-width:1.4em}.groups li>div{flex:1 1 75%}.groups button{margin-left:auto}.tiles{grid-template-columns:1fr 1fr}.tile b{font-size:21px}.top span:first-of-type{margin-left:0}.promises td{padding:6px 5px}.promises em{font-size:12px}}
`;

const TIMELINE = `
${runs}
.timeline{margin:0;border:1px solid var(--rim);border-radius:12px;background:var(--card);overflow:hidden}
.failure .timeline{margin-top:4px}
.tools{display:flex;gap:10px 20px;flex-wrap:wrap;padding:10px 14px;border-bottom:1px solid var(--rim);align-items:center}
.chips{display:flex;gap:5px;flex-wrap:wrap}
.chip{border-radius:999px;padding:2px 11px;border-color:hsl(var(--hue,220) 45% 62%/.7)}
.chip[data-run="-1"]{border-color:var(--rim)}
.chip.on{background:var(--ink);color:var(--card);border-color:var(--ink)}
.legend{list-style:none;display:flex;gap:4px 14px;flex-wrap:wrap;margin:0 0 0 auto;padding:0;font-size:12.5px;color:var(--soft)}
.legend i{display:inline-block;width:15px;height:11px;border-radius:3px;margin-right:6px;vertical-align:-1px;border:1.5px solid var(--blue)}
.legend .keys{border-left:1px solid var(--rim);padding-left:14px}kbd{font:600 11px/1 ui-sans-serif,system-ui,sans-serif;border:1px solid var(--rim);border-bottom-width:2px;border-radius:4px;padding:1px 5px;margin-right:3px;background:var(--faint)}
.legend .k-claim{background:var(--ink);border-color:var(--ink)}.legend .k-void{border:1.5px dashed var(--soft);background:linear-gradient(to bottom,transparent 44%,var(--bad) 44% 58%,transparent 58%)}
.legend .k-call{border-radius:7px}.legend .k-fault{width:9px;height:9px;border:0;border-radius:1px;background:var(--bad);transform:rotate(45deg);margin:0 9px 0 4px;vertical-align:0}
.legend .k-frozen{border-color:var(--ice-line);background:repeating-linear-gradient(45deg,var(--ice) 0 3px,var(--ice-line) 3px 4px)}
.stage{display:flex}
.names{position:relative;flex:0 0 92px;border-right:1px solid var(--rim);font-size:12px;color:var(--soft)}
.names span{position:absolute;left:0;right:0;display:flex;align-items:center;padding-left:14px;white-space:nowrap}
.names .runner{color:var(--ink)}.names .partition{color:var(--ink);font-weight:600}
.scroll{flex:1;overflow-x:auto;min-width:0}
.timeline svg{display:block}
.timeline text{font:600 10.5px Inter,ui-sans-serif,system-ui,sans-serif;fill:var(--ink)}
.band{fill:none}.band.partition{fill:var(--band)}.band{stroke:var(--rim);stroke-width:.6}
.silence rect{fill:var(--faint);opacity:.75}.silence text{text-anchor:middle;font-weight:500;fill:var(--soft)}
.tick path{stroke:var(--rim);stroke-dasharray:1 4}.tick text{font-weight:500;fill:var(--soft)}
.healed path{stroke:var(--good);stroke-width:1.5;stroke-dasharray:5 4}.timeline .healed text{fill:var(--good)}
.ice{fill:var(--ice)}.ice-line{stroke:var(--ice-line);stroke-width:2}
.span.up{fill:var(--good);opacity:.45}.span.frozen{stroke:var(--ice-line)}
.span.parked{fill:hsl(var(--hue,220) 50% 55%/.45);stroke:hsl(var(--hue,220) 50% 50%)}
.mark{cursor:pointer}
.mark rect{fill:color-mix(in srgb,hsl(var(--hue,220) 75% 50%) 15%,var(--card));stroke:hsl(var(--hue,220) 55% var(--shade));stroke-width:1.2}
.timeline .mark text{text-anchor:middle;font-size:10px;letter-spacing:.01em}
.call rect{fill:var(--card)}.timeline .call text{font-weight:500}
.rec-claim rect{fill:var(--ink);stroke:var(--ink)}.timeline .rec-claim text{fill:var(--card)}
.rec-end rect{fill:hsl(var(--hue,220) 60% var(--shade))}.timeline .rec-end text{fill:var(--card)}
.rec-mark rect,.rec-close rect{fill:var(--soft);stroke:none;opacity:.55}
.rec-cancelling rect,.rec-control rect{stroke:var(--warn);stroke-dasharray:none;fill:color-mix(in srgb,var(--warn) 14%,var(--card))}
.rec-schedule rect,.rec-fire rect{stroke:var(--good);fill:color-mix(in srgb,var(--good) 13%,var(--card))}
.rec-park rect,.rec-resume rect{stroke-width:1.2;fill:color-mix(in srgb,hsl(var(--hue,220) 50% 50%) 34%,var(--card))}
.mark.void rect{fill:none;stroke:var(--soft);stroke-dasharray:3 2.5}.timeline .mark.void text{fill:var(--soft)}
.strike{stroke:var(--bad);stroke-width:1.6}.call .strike{stroke:var(--warn)}
.fault path{fill:var(--bad);stroke:var(--card);stroke-width:1.5}.fault .bolt{stroke:#fff;stroke-width:1.6;stroke-linecap:round}
.life circle{fill:var(--card);stroke:var(--soft);stroke-width:1.5}.life-started circle,.life-resumed circle{stroke:var(--good)}.life-crashed circle,.life-failed circle{fill:var(--bad);stroke:var(--bad)}
.accused rect{stroke:var(--bad);stroke-width:3}
.arrow{fill:none;stroke:var(--soft);stroke-width:1;opacity:.45}.arrow.calls{stroke:var(--blue)}.arrow.answers{stroke:var(--good)}
.tip{fill:var(--soft)}
.arrow.on{opacity:1;stroke-width:2}
.dim{opacity:.13}
.mark.at rect,.mark.at circle{stroke:var(--ink);stroke-width:2.4}.mark.at.fault path:first-of-type{stroke:var(--ink)}
.mark.accused rect{stroke:var(--bad)}
.cursor{stroke:var(--blue);stroke-width:1.2;pointer-events:none}
.scrub{display:flex;gap:8px;padding:9px 14px;border-top:1px solid var(--rim);align-items:center}
.scrub input{flex:1;min-width:0;accent-color:var(--blue)}.scrub button{padding:0 10px;font-size:18px;line-height:26px}
.detail{padding:2px 16px 14px;min-height:214px;border-top:1px solid var(--rim)}
.detail h4{margin:10px 0 8px;font-size:14.5px;overflow-wrap:anywhere}.detail h4 time{color:var(--soft);font-weight:500;margin-right:10px;font-variant-numeric:tabular-nums}
.detail dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 18px;margin:0;font-size:13px}
.detail dt{color:var(--soft)}.detail dd{margin:0;overflow-wrap:anywhere;font:12.5px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.detail del{color:var(--bad);text-decoration-thickness:1px;opacity:.8;margin-right:8px}
.timeline>.hint{padding:0 16px 10px;margin:0}
@media (hover:none){.legend .keys{display:none}}
@media (max-width:480px){.names{flex-basis:74px;font-size:11px}.names span{padding-left:9px}.legend{margin-left:0}.detail dl{gap:3px 10px}}
`;

export const STYLE = `${PAGE}${TIMELINE}`.trim();

/* How the page of a recorded run looks: colours for light and dark, lanes, the task tree, differences. */

const LIGHT = `--paper:#f7f7f5;--card:#fff;--ink:#1b2330;--soft:#667085;--rim:#e3e6ea;--faint:#f0f2f4;--good:#1a8a4a;--bad:#cf3232;--warn:#a86a10;--blue:#2f6fde;--add:#e4f5ea;--cut:#fbe9e7;--here:#e2ecfd`;
const DARK = `--paper:#11151b;--card:#191f28;--ink:#e7ebf1;--soft:#97a3b4;--rim:#2d3643;--faint:#222a35;--good:#4cc97f;--bad:#ff7a74;--warn:#e8b25a;--blue:#77a7ff;--add:#173526;--cut:#3c2223;--here:#1d2f4d`;

export const TRACE_STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,.time,main{max-width:1360px;margin:0 auto;padding:0 24px}
header{padding-top:22px}
.over{margin:0;color:var(--soft);font-weight:600}
h1{font:600 clamp(17px,2.6vw,27px)/1.2 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;letter-spacing:-.02em;margin:2px 0 6px;overflow-wrap:anywhere}
h2{font-size:14px;margin:0 0 10px;font-weight:650}
.sum{margin:0;color:var(--soft)}.sum b{font-weight:650}
.completed{color:var(--good)}.faulted{color:var(--bad)}.cancelled,.running{color:var(--warn)}
.time{position:sticky;top:0;z-index:2;background:var(--paper);padding-top:14px;padding-bottom:10px}
.lanes{background:var(--card);border:1px solid var(--rim);border-radius:12px 12px 0 0;padding:8px 0;max-height:34vh;overflow:auto}
.lane{display:flex;align-items:center;height:26px}
.lane>span{flex:0 0 92px;padding-left:14px;font-size:12.5px;color:var(--soft);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.lane>div{flex:1;position:relative;height:100%;margin-right:18px}
.lane>div::before{content:"";position:absolute;left:0;right:0;top:50%;border-top:1px solid var(--rim)}
.life{position:absolute;top:calc(50% - 2px);height:4px;border-radius:2px;background:var(--rim)}
.mark{position:absolute;top:50%;width:12px;height:12px;margin:-6px 0 0 -6px;border-radius:50%;border:2px solid var(--card);background:var(--soft);padding:0;cursor:pointer}
.mark.PARK{border-radius:3px;background:var(--warn)}.mark.END{background:var(--good)}.mark.failed{background:var(--bad)}.mark.call{background:var(--blue)}
.mark.on{outline:3px solid var(--blue);outline-offset:0;z-index:1}
.scrub{display:flex;gap:8px;align-items:center;background:var(--card);border:1px solid var(--rim);border-top:0;border-radius:0 0 12px 12px;padding:8px 14px}
.scrub input{flex:1;min-width:0;accent-color:var(--blue)}
.scrub button{border:1px solid var(--rim);background:var(--faint);color:var(--ink);border-radius:7px;min-width:34px;height:30px;cursor:pointer;font-size:12px}
.scrub output{font-variant-numeric:tabular-nums;color:var(--soft);white-space:nowrap;font-size:13px}
main{display:grid;grid-template-columns:minmax(190px,260px) minmax(0,1fr) minmax(0,1.15fr);gap:16px;padding-top:6px;padding-bottom:40px;align-items:start}
main>section{background:var(--card);border:1px solid var(--rim);border-radius:12px;padding:14px 16px;min-width:0}
.tree ol{list-style:none;margin:0;padding:0;font-size:13.5px}
.tree li{padding:2px 8px;border-radius:6px;display:flex;gap:8px;align-items:baseline;color:var(--soft)}
.tree li small{margin-left:auto;font-size:11px;opacity:.8}
.tree li.been{color:var(--ink)}.tree li.active{background:var(--faint);color:var(--ink)}
.tree li.here{background:var(--here);color:var(--ink);font-weight:650}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 14px;margin:0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}dd.bad{color:var(--bad);font-weight:600}
.values h3{font-size:12.5px;color:var(--soft);margin:14px 0 4px;font-weight:600}
pre,.change code{font:12.5px/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:0;padding:10px 12px;background:var(--faint);border-radius:8px;overflow:auto;max-height:46vh;white-space:pre-wrap;overflow-wrap:anywhere}
.change{margin:0 0 8px}.change b{font:600 12.5px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.change code{display:block;padding:2px 8px;white-space:pre-wrap;overflow-wrap:anywhere;border-radius:5px}
.change .add{background:var(--add)}.change .cut{background:var(--cut)}
.none{color:var(--soft);margin:0}
details{margin-top:12px}summary{cursor:pointer;color:var(--soft);margin-bottom:8px}
@media (max-width:1020px){main{grid-template-columns:minmax(150px,220px) minmax(0,1fr)}.state{grid-column:1/-1}}
@media (max-width:640px){header,.time,main{padding-left:12px;padding-right:12px}main{grid-template-columns:minmax(0,1fr)}.tree{order:3}.lane>span{flex-basis:58px}.scrub button[data-go=first],.scrub button[data-go=last]{display:none}.time{position:static}}
`;

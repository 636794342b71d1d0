/** The style sheet of a report: light and dark by preference, legible when printed. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--ink:#1c2530;--soft:#596575;--page:#fff;--rule:#d8dde4;--blue:30,90,170;--red:190,60,40}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#a3adba;--page:#14181d;--rule:#353d47;--blue:110,165,240;--red:240,120,95}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:1rem;border-top:2px solid var(--rule)}
h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
p{max-width:44rem}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid rgb(var(--blue))}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding:.25rem 0}
th,td{padding:.3rem .7rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
thead th{white-space:normal}
th[scope=row],thead th:first-child{text-align:left;font-weight:600}
td small{color:var(--soft);margin-left:.35rem}
.confusion td{text-align:center;min-width:2.6rem;padding:.3rem .4rem}
.confusion thead th{vertical-align:bottom;padding:.3rem .2rem;text-align:center}
.confusion thead th span{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:500}
.confusion .right{background:rgba(var(--blue),calc(.08 + .8*var(--share)))}
.confusion .wrong{background:rgba(var(--red),calc(.9*var(--share)))}
.confusion .deep{color:var(--page);font-weight:600}
.none{color:var(--soft);opacity:.6}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1.5rem}
.plot{width:100%;max-width:24rem;height:auto;font-size:11px}
.plot text{fill:var(--soft)}
.plot .grid{stroke:var(--rule);stroke-width:1;fill:none}
.plot .guide{stroke:var(--soft);stroke-dasharray:4 4;fill:none}
.plot .line{stroke:rgb(var(--blue));stroke-width:2;fill:none;stroke-linejoin:round}
.plot .dot{fill:rgb(var(--blue));fill-opacity:.75}
@media (max-width:40rem){td small{display:block;margin:0}th,td{padding:.3rem .4rem}table:not(.confusion) thead th{min-width:4rem}}
ul{padding-left:1.25rem}
li{overflow-wrap:anywhere}
`;

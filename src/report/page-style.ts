/** Everything the pages look like: light and dark, on a screen and on A4, with no font or image from elsewhere. */
export const pageStyle = `
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2024; --soft: #5b646e; --line: #d9dee3; --wash: #f5f7f9;
  --accent: #1f5fbf; --good: #1b7a3d; --warn: #8a5a00; --bad: #b3261e; --quiet: #5b646e;
  --probe: #8ba3bd; --write: #d08700; --reboot: #b3261e; --settle: #b9a3d6; --verify: #1b7a3d; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171a; --ink: #e6e9ec; --soft: #9da7b1; --line: #30363d; --wash: #1c2126;
  --accent: #7fb2ff; --good: #5fcf86; --warn: #e8b04a; --bad: #ff8a80; --quiet: #9da7b1;
  --probe: #6f8aa6; --write: #e0a030; --reboot: #ff7a6e; --settle: #8d76b0; --verify: #4fbf78; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: break-word;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 2rem; }
header { padding-top: 3rem; }
footer { padding-top: 2rem; padding-bottom: 3rem; color: var(--soft); font-size: 13px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; font-weight: 650; }
h2 { font-size: 1.2rem; margin: 3rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); font-weight: 650; }
h3 { font-size: 1rem; margin: 1.6rem 0 .5rem; font-weight: 650; }
p { margin: .4rem 0; }
code, .mono { font-family: ui-monospace, "Cascadia Mono", Consolas, "Liberation Mono", Menlo, monospace; font-size: .92em; }
.eyebrow { color: var(--soft); font-size: 12px; letter-spacing: .08em; text-transform: uppercase; margin: 0 0 .6rem; }
.soft { color: var(--soft); }
dl.identity { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 1.2rem 0 0; font-size: 14px; }
dl.identity dt { color: var(--soft); } dl.identity dd { margin: 0; }
ul.counts { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr));
  margin: 2rem 0 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
ul.counts li { padding: .9rem 1rem .8rem; box-shadow: 1px 0 0 var(--line), 0 1px 0 var(--line); }
ul.counts b { display: block; font-size: 1.9rem; line-height: 1.1; font-weight: 600; font-variant-numeric: tabular-nums; }
ul.counts span { font-size: 13px; color: var(--soft); }
.none b { color: var(--soft); font-weight: 400; opacity: .7; }
.good { --tone: var(--good); } .warn { --tone: var(--warn); } .bad { --tone: var(--bad); } .quiet { --tone: var(--quiet); }
.counts b, .label { color: var(--tone, inherit); }
.label { font-weight: 600; white-space: nowrap; }
.label::before { content: ""; display: inline-block; width: .6em; height: .6em; margin-right: .45em;
  border-radius: 50%; background: currentColor; }
.label.warn::before { border-radius: 1px; } .label.bad::before { border-radius: 1px; transform: rotate(45deg); }
.label.quiet::before { background: none; border: 1.5px solid currentColor; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--soft); font-size: 13px; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }   thead th { color: var(--soft); font-weight: 500; font-size: 13px; }
td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; }
.why { color: var(--soft); font-weight: 400; }
table.fixed { table-layout: fixed; } table + table { margin-top: 1rem; }
.narrow { width: 17%; } .wide { width: 33%; }
.attention { border: 1px solid var(--line); border-left: 3px solid var(--tone); border-radius: 4px 8px 8px 4px;
  padding: .8rem 1.1rem; margin: 0 0 .8rem; }
.attention h3 { margin: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; }
.attention .os { color: var(--soft); font-weight: 400; font-size: 13px; }
pre { margin: .5rem 0 .2rem; padding: .5rem .8rem; background: var(--wash); border-radius: 4px; white-space: pre-wrap;
  font: 13px/1.6 ui-monospace, "Cascadia Mono", Consolas, "Liberation Mono", Menlo, monospace; }
.allwell { color: var(--good); font-weight: 600; }
figure { margin: 0 0 1.6rem; break-inside: avoid; }
figcaption { font-size: 14px; font-weight: 600; margin-bottom: .3rem; }
figcaption span { color: var(--soft); font-weight: 400; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; fill: var(--ink); }
svg .axis { fill: var(--soft); } svg .grid { stroke: var(--line); } svg .row { fill: var(--wash); } svg .trouble { fill: var(--bad); font-weight: 600; }
.bar-probe { fill: var(--probe); } .bar-write { fill: var(--write); } .bar-reboot { fill: var(--reboot); }
.bar-settle { fill: var(--settle); } .bar-verify { fill: var(--verify); } .band { fill: var(--accent); opacity: .09; }
.bar-bad { stroke: var(--ink); stroke-width: 1.5; }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: 0 0 1rem; font-size: 13px; color: var(--soft); }
ul.legend svg { display: inline-block; width: 14px; height: 10px; margin-right: .4em; }
details { border-bottom: 1px solid var(--line); } details > summary { cursor: pointer; padding: .6rem 0; list-style-position: outside; margin-left: 1.2rem; }
details > summary > * { margin-right: .9rem; } details > div { padding: .1rem 0 1.2rem 1.2rem; }
summary h3 { display: inline; margin: 0 .9rem 0 0; }
.arrow { color: var(--soft); padding: 0 .3em; }
.hash { word-break: break-all; } .once { white-space: nowrap; }
@media (max-width: 40rem) { main, header, footer { padding-left: 1rem; padding-right: 1rem; } }
@media print { @page { size: A4; margin: 16mm 14mm; }
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #f5f7f9;
    --accent: #1f5fbf; --good: #14602f; --warn: #6e4700; --bad: #94150f; --quiet: #444;
    --probe: #8ba3bd; --write: #d08700; --reboot: #b3261e; --settle: #b9a3d6; --verify: #1b7a3d; }
  body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, header, footer { max-width: none; padding: 0; } header { padding-top: 0; }
  table { font-size: 9pt; } h2 { margin-top: 1.6rem; break-after: avoid; } h3, caption { break-after: avoid; }
  .attention, tr, summary { break-inside: avoid; } summary { break-after: avoid; } ul.counts { grid-template-columns: repeat(7, 1fr); } thead { display: table-header-group; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  details > summary { list-style: none; margin-left: 0; } details > div { padding-left: 0; } }
`;

/** The page's style sheet. Colours are variables, so that dark mode and print are a change of values; every state is told by hatch or mark as well. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1c1e21; --muted: #5b616a; --rule: #e3e2dc; --panel: #f5f4ef; --hair: #ecebe5;
  --up: #8fbfae; --down: #cb5238; --unknown: #8d8c86; --hatch: #fdfdfb;
  --accent: #33608f; --accent-soft: #a8c0d9; --told: #8a8f98;
  --pass: #17704a; --fail: #b5371b; --doubt: #855e00; --invalid: #6844ab;
  --outage: rgb(196 69 42 / 7%); --drill: rgb(51 96 143 / 6%); --link: #24588f;
  --part-1: #7a8794; --part-2: #b9b1a2; --part-3: #33608f; --part-4: #6f9bc4; --part-5: #2f7f78; --part-6: #c79a2e; --part-7: #b3567f; --part-8: #6d4f8f;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --ink: #e4e6e9; --muted: #9ba3ae; --rule: #2d3138; --panel: #1b1e23; --hair: #23272d;
    --up: #3c7c69; --down: #e0694a; --unknown: #7c828b; --hatch: #14161a;
    --accent: #7fb0e0; --accent-soft: #3a5878; --told: #7b838e;
    --pass: #5cc596; --fail: #f08a6c; --doubt: #e0b04c; --invalid: #b59af0;
    --outage: rgb(224 105 74 / 10%); --drill: rgb(127 176 224 / 8%); --link: #8dbcf0;
    --part-1: #8794a1; --part-2: #5d5850; --part-3: #4f86bf; --part-4: #9cc3e8; --part-5: #4fa79f; --part-6: #d9b352; --part-7: #d283a8; --part-8: #a184c6;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
main, footer { max-width: 1168px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3 { font-weight: 650; line-height: 1.25; text-wrap: balance; }
h2 { font-size: 21px; margin: 56px 0 6px; }
h3 { font-size: 16px; margin: 0; }
p { margin: 0; }
a { color: var(--link); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, .timeline:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code { font: 12px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.lead, figcaption p { color: var(--muted); max-width: 78ch; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }

.banner { border-bottom: 1px solid var(--rule); padding: 40px 0 28px; }
.eyebrow { display: flex; flex-wrap: wrap; gap: 4px 18px; color: var(--muted); font-size: 13px; margin-bottom: 14px; }
.banner h1 { font-size: 23px; line-height: 1.35; letter-spacing: -.008em; font-weight: 600; margin: 0; max-width: 44em; }
.banner h1.long { font-size: 18px; max-width: 58em; }
.banner h1 a { color: inherit; text-decoration: underline dotted 1px; text-underline-offset: 3px; }
.banner h1 a:hover { text-decoration-style: solid; }
.outcome { display: inline-block; vertical-align: 2px; margin-right: 12px; font-weight: 700; padding: 2px 11px 3px; border-radius: 4px; font-size: 15px; letter-spacing: .06em; text-transform: uppercase; color: var(--paper); background: var(--tone); }
.pass { --tone: var(--pass); } .fail { --tone: var(--fail); } .unknown-outcome, .inconclusive { --tone: var(--doubt); } .invalid { --tone: var(--invalid); }
.promise { margin-top: 12px; color: var(--muted); max-width: 78ch; }
.notice { margin-top: 12px; padding: 8px 12px; border-left: 4px solid var(--doubt); background: var(--panel); }
dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 14px 24px; margin: 26px 0 0; }
dl.facts .wide { grid-column: span 2; }
dl.facts dt { color: var(--muted); font-size: 12px; }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }

.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { text-align: left; font-weight: 500; color: var(--muted); font-size: 12px; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--hair); vertical-align: top; }
th.number, td.number { padding-right: 18px; }
.headline { margin-top: 14px; }
.headline td { padding: 14px 18px 14px 0; font-size: 14px; }
.headline td.value { font-variant-numeric: tabular-nums; white-space: nowrap; font-size: 15px; }
.headline td.value.main { font-weight: 600; } .headline td.value .quiet { font-weight: 400; color: var(--muted); }
.headline td:first-child { min-width: 300px; }
.headline .group th { padding: 26px 0 8px; font-size: 14px; font-weight: 650; color: var(--ink); border-bottom: 2px solid var(--rule); }
.headline .group th::first-letter { text-transform: uppercase; }
.reasons { margin: 12px 0 0; padding-left: 18px; max-width: 84ch; } .reasons li { margin: 6px 0; } #stores table { margin-top: 14px; max-width: 860px; } .quiet { color: var(--muted); }
#scan table, #dependencies table { margin-top: 10px; } #scan h3 { margin: 28px 0 4px; } #scan td, #dependencies td { max-width: 46ch; }
.metric { font-weight: 650; font-size: 15px; }
.because { color: var(--muted); max-width: 56ch; margin-top: 2px; font-size: 13.5px; }
.nowrap { white-space: nowrap; }
.verdict { color: var(--tone); font-weight: 650; white-space: nowrap; }
.chips { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 7px 0 0; padding: 0; list-style: none; font-size: 12.5px; color: var(--muted); font-variant-numeric: tabular-nums; }
.chips b { color: var(--ink); font-weight: 600; }
.lines { font-size: 12px; color: var(--muted); font-variant-numeric: tabular-nums; margin-top: 7px; overflow-wrap: anywhere; }
.more, .more summary { display: inline; } .more summary { cursor: pointer; }
.gauge { display: block; margin-top: 7px; }
.gauge-track { fill: var(--rule); } .gauge-limit { fill: var(--ink); } .gauge-value { fill: var(--tone); }

.timeline { overflow-x: auto; margin: 0 -24px; padding: 4px 24px; }
figure { margin: 46px 0 0; width: 1120px; }
figcaption, figure > details { position: sticky; left: 0; width: min(1120px, calc(100vw - 48px)); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 8px 0 10px; padding: 0; list-style: none; font-size: 12.5px; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: 7px; }
.swatch { flex: none; }
details { margin: 6px 0 0; }
summary { cursor: pointer; color: var(--muted); font-size: 12.5px; width: fit-content; }
details .scroll { max-height: 380px; overflow-y: auto; margin-top: 6px; border: 1px solid var(--rule); border-radius: 4px; padding: 0 12px; }

svg.chart { display: block; font: 12px/1 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; overflow: visible; }
svg text { fill: var(--ink); }
svg .tick, svg .row-note { fill: var(--muted); font-size: 11.5px; }
svg .strip .row-name, svg .strip .tick { font-size: 11px; }
svg .strong { fill: var(--ink); font-weight: 600; }
svg .row-name { font-size: 12.5px; font-weight: 550; } svg .strip .row-name { font-weight: 400; }
svg .bar-label { font-size: 12.5px; font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
svg .bar-label tspan { font-weight: 400; }
.grid { stroke: var(--hair); } .base { stroke: var(--rule); }
.outage { fill: var(--outage); } .landing { fill: url(#hatch-landing); }
.fault-line { stroke: var(--down); stroke-width: 1.5; } .stable-line { stroke: var(--pass); stroke-width: 1.5; stroke-dasharray: 5 3; }
.asked-line { stroke: var(--accent); stroke-width: 1.5; } .drill-ground { fill: var(--drill); }
.band { fill: var(--panel); stroke: var(--rule); } .band.drill { fill: var(--accent-soft); stroke: var(--accent); } svg .band-name { font-size: 11px; fill: var(--muted); } svg .band-name.drill { fill: var(--ink); font-weight: 600; }
.held { fill: url(#hatch-down); } .held.lost { fill: var(--down); } .region-1 { fill: var(--part-8); } .region-2 { fill: var(--part-5); }
.safe { fill: var(--up); } .halfway { fill: url(#hatch-doubt); } .bare { fill: url(#hatch-down); }
svg .on-bar { font-size: 11.5px; font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.stage { fill: var(--accent); } .doubt { fill: url(#hatch-doubt); } .never { fill: var(--paper); stroke: var(--down); stroke-dasharray: 4 3; } .never-note { font-size: 11.5px; } .step { fill: var(--told); } .step.failed { fill: url(#hatch-down); }
.up { fill: var(--up); } .down { fill: url(#hatch-down); } .unknown { fill: url(#hatch-unknown); }
.line { fill: none; stroke: var(--ink); stroke-width: 1.5; stroke-linejoin: round; }
.p50 { stroke: var(--accent); stroke-width: 2.2; } .p95 { stroke: var(--accent); stroke-width: 1.2; } .p99 { stroke: var(--accent); stroke-width: 1; stroke-dasharray: 3 2; }
.swatch-p50, .swatch-p95, .swatch-p99, .swatch-lag, .swatch-fresh, .swatch-sticky, .swatch-killed, .swatch-restarted { height: 3px; transform: translateY(5px); }
.swatch-p50 { fill: var(--accent); height: 4px; } .swatch-p95 { fill: var(--accent); height: 2px; } .swatch-p99 { fill: url(#dash-accent); height: 2px; }
.fresh-line { stroke: var(--down); } .swatch-fresh { fill: var(--down); } .sticky-line { stroke: var(--part-6); stroke-dasharray: 6 3; } .swatch-sticky { fill: url(#dash-sticky); }
.sent { fill: url(#hatch-down); } .answered { fill: var(--up); }
.lag { stroke: var(--accent); } .swatch-lag { fill: var(--accent); }
.mark-lost { fill: var(--down); } .mark-doubt { fill: var(--part-6); }
.limit { stroke: var(--ink); stroke-dasharray: 2 3; }
.alive { fill: var(--up); } .killed { stroke: var(--down); stroke-width: 2; } .swatch-killed { fill: var(--down); } .restarted { stroke: var(--accent); stroke-width: 2; stroke-dasharray: 7 3; } .swatch-restarted { fill: url(#dash-accent); }
.part-1 { fill: var(--part-1); } .part-2 { fill: var(--part-2); } .part-3 { fill: var(--part-3); } .part-4 { fill: var(--part-4); }
.part-5 { fill: var(--part-5); } .part-6 { fill: var(--part-6); } .part-7 { fill: var(--part-7); } .part-8 { fill: var(--part-8); }
[class^="part-"] { stroke: var(--paper); }
.hatch-down-ground { fill: var(--down); } .hatch-ink { stroke: var(--hatch); stroke-opacity: .32; } .hatch-unknown-ground { fill: var(--panel); } .hatch-unknown-ink { fill: var(--unknown); }
.hatch-doubt-ground { fill: var(--accent-soft); } .hatch-doubt-ink { stroke: var(--accent); } .hatch-landing-ink { stroke: var(--down); } .dash-accent-ink { fill: var(--accent); } .dash-sticky-ink { fill: var(--part-6); }
.defs { position: absolute; width: 0; height: 0; overflow: hidden; }

.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 22px 56px; margin-top: 14px; }
#events td:nth-child(4), #events td:nth-child(5), #events td:nth-child(8) { white-space: nowrap; }
.columns ul { margin: 6px 0 0; padding-left: 18px; } .columns li { margin: 4px 0; }
.checks { display: grid; gap: 16px; margin: 16px 0 0; padding: 0; list-style: none; }
.checks > li { display: grid; grid-template-columns: 92px 1fr; gap: 0 12px; }
.checks .because { margin-top: 0; max-width: 84ch; }
tr:has(:target) { background: var(--panel); box-shadow: inset 3px 0 var(--link); }
.line-number { scroll-margin-top: 80px; }
footer { margin: 56px auto 40px; color: var(--muted); font-size: 13px; }
footer p { border-top: 1px solid var(--rule); padding-top: 14px; }
@media (max-width: 640px) {
  main, footer { padding: 0 16px; } .timeline { margin: 0 -16px; padding: 4px 16px; }
  figcaption, figure > details { width: calc(100vw - 32px); }
  .banner { padding-top: 24px; } .banner h1 { font-size: 21px; } .banner h1.long { font-size: 18px; max-width: 58em; }
.outcome { display: table; margin-bottom: 10px; } h2 { margin-top: 40px; }
  .checks > li { grid-template-columns: 1fr; }
  dl.facts { grid-template-columns: 1fr 1fr; gap: 12px 16px; }
  .headline, .headline tbody, .headline tr, .headline td { display: block; } .headline thead { display: none; }
  .headline td.value { white-space: normal; } .headline .group th { display: block; white-space: normal; }
  .headline tr { border-bottom: 1px solid var(--rule); padding: 14px 0; } .headline td { border: 0; padding: 3px 0; }
  .headline tr.group { border: 0; padding: 0; }
  .headline td[data-label]::before { content: attr(data-label); display: inline-block; width: 9.5em; color: var(--muted); font-weight: 400; font-size: 12.5px; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  @page tall { size: A4 portrait; margin: 12mm; }
  :root { color-scheme: light; --paper: #fff; }
  figure.tall { page: tall; }
  .banner { padding-top: 0; } .banner h1 { font-size: 18px; } .lead { break-after: avoid; break-inside: avoid; } dl.facts { grid-template-columns: repeat(5, 1fr); margin-top: 14px; gap: 8px 20px; }
  body { font-size: 12px; } main, footer { max-width: none; padding: 0; }
  .timeline { overflow: visible; margin: 0; padding: 0; } figure { width: 100%; margin-top: 20px; break-inside: avoid; } svg.chart { width: 100%; height: auto; }
  figcaption, figure > details { position: static; width: auto; } figure > details { display: none; }
  h2, h3, figcaption { break-after: avoid; } tr, .checks > li { break-inside: avoid; } h2 { margin-top: 28px; }
  a { color: inherit; text-decoration: none; } .scroll { overflow: visible; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;

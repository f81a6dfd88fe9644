/** The console's style sheet. Every state is told by a mark and a word too, never by colour alone. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f5f1; --card: #fff; --ink: #1c1e21; --muted: #565c65; --rule: #dcdad3; --link: #1f5588;
  --good: #14684a; --good-soft: #e4f2eb; --warn: #7c5300; --warn-soft: #fdf1d7; --bad: #a83018; --bad-soft: #fbe7e2;
  --calm: #4a5058; --calm-soft: #ecebe6; --busy: #1f5588; --busy-soft: #e3edf7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121418; --card: #1a1d22; --ink: #e6e8eb; --muted: #a3abb6; --rule: #30353d; --link: #8dbcf0;
    --good: #66cc9f; --good-soft: #15291f; --warn: #e5b85a; --warn-soft: #2d2411; --bad: #f39a80; --bad-soft: #331a14;
    --calm: #b3bac4; --calm-soft: #24282e; --busy: #8dbcf0; --busy-soft: #15263a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
h1, h2, h3 { font-weight: 650; line-height: 1.25; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 26px; letter-spacing: -.01em; } h2 { font-size: 17px; margin: 36px 0 12px; } h3 { font-size: 16px; }
p, ul, ol, dl, dd { margin: 0; padding: 0; }
a { color: var(--link); text-underline-offset: 2px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999px; background: var(--card); padding: 8px 14px; z-index: 1; } .skip:focus { left: 8px; top: 8px; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.muted { color: var(--muted); } .small { font-size: 13px; } .nowrap { white-space: nowrap; }
code { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
time, .number { font-variant-numeric: tabular-nums; white-space: nowrap; }

header.top { border-bottom: 1px solid var(--rule); background: var(--card); }
.top > div, main { max-width: 1128px; margin: 0 auto; padding: 0 24px; }
.top > div { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; min-height: 52px; padding-top: 6px; padding-bottom: 6px; }
.top .home { font-weight: 650; color: inherit; text-decoration: none; margin-right: auto; } .top .home:hover { text-decoration: underline; }
.top form { display: flex; align-items: center; gap: 12px; }
main { padding-top: 26px; padding-bottom: 64px; }
main:focus { outline: none; }
.crumbs { font-size: 13px; margin-bottom: 6px; }

.card { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 18px 20px; }
.mark { display: inline-flex; align-items: center; gap: 7px; padding: 2px 10px 2px 9px; border-radius: 99px; font-size: 13px; font-weight: 600; color: var(--tone); background: var(--soft); white-space: nowrap; }
.mark svg { flex: none; fill: currentColor; }
.good { --tone: var(--good); --soft: var(--good-soft); } .warn { --tone: var(--warn); --soft: var(--warn-soft); }
.bad { --tone: var(--bad); --soft: var(--bad-soft); } .calm { --tone: var(--calm); --soft: var(--calm-soft); } .busy { --tone: var(--busy); --soft: var(--busy-soft); }

.state { margin-top: 16px; display: flex; gap: 4px 16px; flex-wrap: wrap; align-items: baseline; padding: 15px 20px; border-radius: 8px; border: 1px solid var(--tone); background: var(--soft); }
.state strong { color: var(--tone); font-size: 18px; display: inline-flex; gap: 9px; align-items: center; }
.state strong svg { fill: currentColor; }
.state .since { color: var(--muted); margin-left: auto; }
.state .means { flex-basis: 100%; color: var(--muted); font-size: 14px; }

.sides { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; }
.side { display: flex; flex-direction: column; gap: 10px; }
.side header { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; } .side h3 { margin-right: auto; font-size: 18px; }
.side.serving { border-color: var(--good); box-shadow: inset 0 3px 0 var(--good); } .side.lost { border-color: var(--bad); box-shadow: inset 0 3px 0 var(--bad); }
.side.empty { border-style: dashed; background: none; justify-content: center; text-align: center; }
.side .role { color: var(--muted); font-size: 14px; }
.checks { list-style: none; border-top: 1px solid var(--rule); padding-top: 8px; display: grid; gap: 3px; }
.checks li { display: grid; grid-template-columns: 16px minmax(132px, auto) 1fr; gap: 8px; align-items: baseline; font-size: 14px; }
.checks svg { fill: var(--tone); align-self: center; }
.checks .detail { color: var(--muted); overflow-wrap: anywhere; } .checks .bad .detail { color: var(--bad); }
.side footer { margin-top: auto; color: var(--muted); font-size: 13px; }

.steps { list-style: none; display: grid; margin-top: 14px; }
.steps li { display: grid; grid-template-columns: 22px 1fr auto; gap: 0 12px; padding: 0 0 14px; position: relative; }
.steps li:not(:last-child)::before { content: ""; position: absolute; left: 10px; top: 22px; bottom: -2px; width: 2px; background: var(--rule); }
.steps .dot { grid-row: span 2; width: 22px; height: 22px; border-radius: 50%; display: grid; place-items: center; color: var(--tone); background: var(--soft); border: 2px solid var(--tone); position: relative; }
.steps .dot svg { fill: currentColor; }
.steps .pending .dot { border-style: dashed; } .steps li.pending .name { color: var(--muted); font-weight: 400; }
.steps .name { font-weight: 600; } .steps code { color: var(--muted); font-weight: 400; margin-left: 6px; white-space: nowrap; }
.steps .took { color: var(--muted); font-size: 14px; }
.steps .detail { grid-column: 2 / -1; color: var(--muted); font-size: 14px; overflow-wrap: anywhere; }
.steps .waiting .detail { color: var(--ink); border-left: 3px solid var(--busy); padding-left: 10px; margin-top: 4px; }
.steps .failed .detail { color: var(--bad); }
.running .dot { animation: breathe 1.6s ease-in-out infinite; } @keyframes breathe { 50% { opacity: .45; } }
@media (prefers-reduced-motion: reduce) { .running .dot { animation: none; } }
.operation > header { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; } .operation > header .took { margin-left: auto; color: var(--muted); }
.operation + .operation { margin-top: 14px; }
.error { color: var(--bad); overflow-wrap: anywhere; margin-top: 8px; }

.actions { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; }
.action { display: flex; flex-direction: column; gap: 8px; } .action p { font-size: 14px; } .action .do { margin-top: auto; padding-top: 6px; }
.button { display: inline-block; font: inherit; font-weight: 600; border: 1px solid var(--link); background: var(--link); color: var(--card); padding: 8px 16px; border-radius: 6px; cursor: pointer; text-decoration: none; min-height: 42px; }
.button:hover { filter: brightness(1.12); } .button.quiet { background: none; color: var(--link); min-height: 0; padding: 4px 12px; font-weight: 500; }
.button.danger { background: var(--bad); border-color: var(--bad); }
.off { border: 1px dashed var(--rule); background: var(--calm-soft); border-radius: 6px; padding: 8px 12px; font-size: 14px; overflow-wrap: anywhere; }
.off b { display: block; color: var(--muted); font-weight: 600; }

table { border-collapse: collapse; width: 100%; font-size: 14px; } th, td { text-align: left; padding: 8px 14px 8px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { color: var(--muted); font-weight: 500; font-size: 13px; } tr:last-child td { border-bottom: 0; } td { overflow-wrap: anywhere; }
.record { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: baseline; }
.clusters { list-style: none; display: grid; gap: 14px; margin-top: 20px; } .clusters li { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; } .clusters a { font-size: 18px; font-weight: 650; }
.clusters .where { flex-basis: 100%; }

.narrow { max-width: 640px; } .narrow .card { margin-top: 18px; } .narrow h2 { margin: 20px 0 6px; font-size: 15px; } .narrow h2:first-child { margin-top: 0; }
.narrow ol, .narrow ul { padding-left: 22px; display: grid; gap: 4px; }
.loses { border-left: 4px solid var(--bad); background: var(--bad-soft); padding: 10px 14px; border-radius: 0 6px 6px 0; }
.loses.none { border-color: var(--good); background: var(--good-soft); }
label { display: block; font-weight: 600; margin: 22px 0 6px; }
input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--muted); border-radius: 6px; padding: 9px 12px; width: 100%; min-height: 44px; }
input[aria-invalid="true"] { border: 2px solid var(--bad); }
.row { display: flex; flex-wrap: wrap; gap: 12px 16px; align-items: center; margin-top: 18px; }
@media (max-width: 640px) {
  .top > div, main { padding-left: 16px; padding-right: 16px; } .sides, .actions { grid-template-columns: 1fr; gap: 14px; }
  .state .since { margin-left: 0; flex-basis: 100%; } .checks li { grid-template-columns: 16px 1fr; } .checks .detail { grid-column: 2; }
  .steps code { display: block; margin-left: 0; }
  table, tbody, tr, td { display: block; } thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; } tr { border-bottom: 1px solid var(--rule); padding: 8px 0; } tr:last-child { border: 0; } td { border: 0; padding: 1px 0; }
}
`;

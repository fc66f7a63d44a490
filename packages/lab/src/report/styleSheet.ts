import { colorVariables } from "@pushforward/training";

/** The style sheet of a report: system fonts, light and dark paper, narrow and wide screens, print. */
export const styleSheet = `
:root { color-scheme: light dark; ${colorVariables("light")} }
@media (prefers-color-scheme: dark) { :root { ${colorVariables("dark")} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 2.6rem 1.5rem 4rem; }
h1 { font-size: clamp(1.7rem, 4vw, 2.5rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.7rem; text-wrap: balance; }
.name { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; letter-spacing: -0.01em; margin: 3rem 0 0.3rem; }
h3 { font-size: 0.95rem; margin: 0; }
p { margin: 0.2rem 0 1rem; max-width: 72ch; }
p.soft, .notes { font-size: 0.92rem; }
table + p, .scroll + p { margin-top: 0.8rem; }
.notes { margin: -0.5rem 0 1.2rem; padding-left: 1.1rem; max-width: 78ch; }
.notes b { font-weight: 500; color: var(--ink); }
a { color: var(--accent); }
.lead { font-size: 1.13rem; color: var(--soft); max-width: 62ch; margin-bottom: 1.3rem; }
.soft, figcaption small { color: var(--soft); }
code, pre { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86rem; }
pre { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 0.8rem 1rem; margin: 0.4rem 0 1rem;
  overflow-x: auto; }
.command { white-space: pre-wrap; overflow-wrap: anywhere; }
.command.small { font-size: 0.74rem; background: none; border: 0; padding: 0; margin: 0.5rem 0 0; }
.command::before { content: "$ "; color: var(--soft); user-select: none; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 0.9rem 1rem; margin: 0; }
.grid { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(max(min(100%, var(--least)),
  calc((100% - (var(--columns) - 1) * 14px) / var(--columns))), 1fr)); }
.scroll { overflow-x: auto; }
.pair { display: grid; gap: 0 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
figure { margin: 0; }
.plot { display: block; width: 100%; height: auto; margin-top: 0.4rem; }
figcaption { font-weight: 600; font-size: 0.92rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.2rem 0.7rem; overflow-wrap: anywhere; }
figcaption small { font-weight: 400; font-size: 0.78rem; }
.wide .plot { min-width: 720px; }
.swatch { display: inline-block; width: 0.72em; height: 0.72em; border-radius: 50%; margin-right: 0.45em; background: var(--color); }
.legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; font-size: 0.82rem; color: var(--soft); margin-top: 0.3rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
th, td { padding: 0.42rem 0.7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule);
  font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; padding-left: 0.2rem; }
thead th { font-weight: 500; font-size: 0.8rem; color: var(--soft); }
tbody th { font-weight: 500; }
tbody tr:last-child > * { border-bottom: 0; }
tr.apart > * { border-top: 2px solid var(--rule); }
tr.other > * { color: var(--soft); }
td.best { font-weight: 700; }
td.diverged, .missed { color: var(--loss-6); }
.missed { margin-left: 0.45em; }
td.diverged { color: var(--loss-6); }
math { font-size: 1.12rem; font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Libertinus Math", math, serif; }
.struck { text-decoration: line-through; }
.formula { overflow-x: auto; padding: 0.5rem 0; container-type: inline-size; }
.formula math { text-align: left; font-size: clamp(0.6rem, calc(100cqw / var(--characters) / 0.56), 1.12rem); }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.15rem 1.2rem; margin: 0; font-size: 0.9rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: fit-content(5.5em) minmax(0, 1fr); gap: 0.15rem 0.4rem; margin-top: 0.5rem; font-size: 0.72rem; color: var(--soft); }
.pictures > * { grid-column: 2; }
.pictures .rows { grid-column: 1; display: grid; grid-auto-rows: minmax(0, 1fr); align-items: center; text-align: right; }
.pictures .columns { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); text-align: center; }
.pictures span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.pixels { display: block; width: 100%; height: auto; image-rendering: pixelated; border-radius: 3px; }
h3 + p { margin-top: 0.2rem; }
.grid + h3 { margin-top: 1.8rem; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--soft); }
@media (prefers-color-scheme: dark) { .ink { filter: invert(0.92); } }
@media (max-width: 600px) { figcaption { font-size: 0.8rem; } .card { padding: 0.7rem; } main { padding: 1.6rem 1rem 3rem; } }
@media print { main { max-width: none; padding: 0; } .card, figure, tr { break-inside: avoid; } }
`;

/** Rules of the style sheet for observations; a page without observations does not have them. */
export const observationStyles = `
.observed h3 { font-size: 1.02rem; margin: 2rem 0 0.2rem; }
.observed h4 { font-size: 0.92rem; margin: 1.3rem 0 0.3rem; }
.observed .legend { color: var(--ink); margin: 0 0 0.6rem; gap: 0.15rem 1.2rem; }
.observed .legend span { display: inline-flex; align-items: center; gap: 0.4em; overflow-wrap: anywhere; }
.observed .card { display: flex; flex-direction: column; }
.observed .card > .plot, .observed .card > .moments { margin-top: auto; }
.pack { display: grid; gap: 0 14px; grid-template-columns: repeat(auto-fill, minmax(max(min(100%, 420px), calc((100% - 14px) / 2)), 1fr)); }
.pack > * { min-width: 0; }
.pack > .row { grid-column: 1 / -1; }
.pack > .cell { display: flex; flex-direction: column; }
.pack > .cell > .grid { margin-top: auto; }
.cell > .grid { --columns: 1 !important; --least: 100% !important; }
.sample { flex: none; width: 34px; height: 12px; }
.moments { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 4px 8px; }
.moments .plot { max-width: 230px; }
.bar { max-width: 330px; margin: 0 0 0.5rem; }
.bar .plot { margin: 0; }
.strip { display: flex; flex-wrap: wrap; gap: 8px 6px; margin: 0.5rem 0 0.9rem; }
.strip span { width: 56px; text-align: center; font-size: 0.7rem; line-height: 1.3; color: var(--soft); font-variant-numeric: tabular-nums; }
.strip img { display: block; width: 56px; height: 56px; }
.heat { image-rendering: pixelated; }
td small, th small { display: block; font-weight: 400; font-size: 0.78rem; color: var(--soft); }
@media (max-width: 600px) { .observed tbody th[scope="row"] { white-space: normal; min-width: 8rem; } .observed td, .observed th { padding: 0.4rem 0.45rem; } }
@media (prefers-color-scheme: dark) { .heat { filter: invert(0.92) hue-rotate(180deg); } }
@media print { .strip img, .plot { print-color-adjust: exact; } }
`;

import { type Html, html } from "../html.ts";

/** How a line is told from others without a colour: a letter at its end, and dashes. */
export interface LineKey {
  readonly name: string;
  readonly letter: string;
  /** Lengths of dashes and gaps, in pixels; empty for a solid line. */
  readonly dashes: string;
}

/** Dashes of the first lines; later lines start over and have their letters. */
const patterns = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 5", "9 3 2 3 2 3", "5 6"];

/** Letters and dashes of series, in their order. */
export const lineKeys = (names: readonly string[]): LineKey[] =>
  names.map((name, i) => ({ name, letter: letterOf(i), dashes: patterns[i % patterns.length] }));

/** Letters without i, l and o, which look like digits and like each other. */
const letters = [..."abcdefghjkmnpqrstuvwxyz"];

/** a, b, …, z, aa, ab, … */
const letterOf = (i: number): string =>
  (i < letters.length ? "" : letterOf(Math.floor(i / letters.length) - 1)) + letters[i % letters.length];

/**
 * Lines, letters and names of series.
 *
 * @param opacities of the areas below the lines, if areas are drawn
 */
export const legendOf = (keys: readonly LineKey[], opacities?: readonly number[]): Html => {
  const samples = keys.map(({ name, letter, dashes }, i) => {
    const area = opacities && html`<path d="M0 6h34v6h-34z" fill="currentColor" fill-opacity="${opacities[i]}"/>`;
    return html`<span><svg class="sample" viewBox="0 0 34 12" aria-hidden="true">${area}<path d="M0 6h34" stroke="currentColor" stroke-width="1.8" stroke-dasharray="${dashes === "" ? "none" : dashes}"/></svg>${keys.length > 1 && html`<b>${letter}</b>`} ${name}</span>`;
  });
  return html`<div class="legend">${samples}</div>`;
};

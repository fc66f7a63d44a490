import { DomainError, quote } from "@pushforward/tensor";
import katex from "katex";
import { Html, html } from "./html.ts";
import { plainFormula } from "./plainFormula.ts";

/** Where a formula may go on in a new line: before the definition of a symbol. */
const definitions = /,\\ (?=\S+(?: \S+)? (?:=|\\propto))/;

/** Characters of a line that a card of the report still shows in its usual size. */
const longLine = 60;

const lengthOf = (line: string): number => [...plainFormula(line)].length;

/** The terms of a sum, from the second on with their plus; a plus in brackets stays inside its term. */
function termsOf(latex: string): string[] {
  const terms: string[] = [""];
  let depth = 0;
  for (const [token] of latex.matchAll(/\\left|\\right|[\s\S]/g)) {
    if (["\\left", "(", "[", "{"].includes(token)) depth++;
    else if (["\\right", ")", "]", "}"].includes(token)) depth--;
    if (token === "+" && depth === 0) terms.push("");
    terms[terms.length - 1] += token;
  }
  return terms;
}

/**
 * The lines of a formula, its terms where it is long and the definitions of its symbols below each other, set as large as the width of the page allows.
 *
 * @param latex what KaTeX understands
 * @throws DomainError that quotes the formula if it cannot be read
 */
export function formulaLines(latex: string): Html {
  const lines = latex.split(definitions).flatMap((line) => (lengthOf(line) > longLine ? termsOf(line) : [line]));
  const characters = Math.max(...lines.map(lengthOf));
  return html`<div class="formula" style="--characters: ${characters}">${lines.map(renderFormula)}</div>`;
}

/**
 * A formula as MathML, which browsers set with the fonts they have.
 *
 * @param latex what KaTeX understands
 * @throws DomainError that quotes the formula if it cannot be read
 */
export function renderFormula(latex: string): Html {
  try {
    return new Html(katex.renderToString(latex, { output: "mathml", displayMode: true, throwOnError: true }));
  } catch (error) {
    throw new DomainError(`formula: cannot read ${quote(latex)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

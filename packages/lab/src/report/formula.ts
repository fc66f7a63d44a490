import { DomainError, quote } from "@pushforward/tensor";
import katex from "katex";
import { Html, html } from "./html.ts";
import { plainFormula } from "./plainFormula.ts";

/** Places where a formula may break into lines: before the definition of a symbol. */
const definitions = /,\\ (?=\S+(?: \S+)? (?:=|\\propto))/;

/** Most characters of a line that fit a card of the report at its usual font size. */
const longLine = 60;

const lengthOf = (line: string): number => [...plainFormula(line)].length;

/** The terms of a sum; each term after the first begins with its plus. A plus in brackets does not split a term. */
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
 * A formula in lines: the definitions of symbols have lines of their own, and so have the terms of a long sum. The style sheet sets the lines as
 * large as the width of the page allows.
 *
 * @param latex LaTeX that KaTeX supports
 * @throws DomainError that quotes the formula if it cannot be read
 */
export function formulaLines(latex: string): Html {
  const lines = latex.split(definitions).flatMap((line) => (lengthOf(line) > longLine ? termsOf(line) : [line]));
  const characters = Math.max(...lines.map(lengthOf));
  return html`<div class="formula" style="--characters: ${characters}">${lines.map(renderFormula)}</div>`;
}

/**
 * A formula as MathML, which browsers set with their own fonts.
 *
 * @param latex LaTeX that KaTeX supports
 * @throws DomainError that quotes the formula if it cannot be read
 */
export function renderFormula(latex: string): Html {
  try {
    const mathml = katex.renderToString(latex, { output: "mathml", displayMode: true, throwOnError: true });
    // Browsers draw no strokes of menclose: the style sheet draws that of a struck stop-gradient.
    return new Html(
      mathml.replaceAll(/<menclose[^>]*>/g, '<mrow class="struck">').replaceAll("</menclose>", "</mrow>"),
    );
  } catch (error) {
    throw new DomainError(`formula: cannot read ${quote(latex)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

import { DomainError } from "@pushforward/tensor";
import katex from "katex";
import { Html } from "./html.ts";

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
    throw new DomainError(`formula: cannot read ${JSON.stringify(latex)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

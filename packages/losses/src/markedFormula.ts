import { DomainError, mustBe, quote } from "@pushforward/tensor";

// A definition writes a stop-gradient of its formula as \sg{label}{body}, with the label of the code. The formula of a variant
// with some labels switched off follows from the definition, so a report never shows a stop that the run did not have.

const mark = String.raw`\sg`;

/** A piece of a marked formula: plain LaTeX, or a stop-gradient around other pieces. */
type Piece = string | { readonly label: string; readonly body: readonly Piece[] };

/**
 * The LaTeX of a marked formula: `\sg{label}{body}` becomes sg[body], or the body alone where the label is switched off.
 * A stop inside another active stop is left out, because the outer stop already cuts every derivative.
 *
 * @param marked  LaTeX in which stop-gradients are written as `\sg{label}{body}`
 * @param without labels that are switched off
 * @throws DomainError if the braces after `\sg` are not balanced
 */
export const printFormula = (marked: string, without: readonly string[] = []): string =>
  print(parse(marked, marked), { without: checkedLabels("printFormula", without), off: unstopped }, false);

/**
 * The LaTeX of a marked formula in which the sign of each switched-off stop-gradient is struck through, around the same brackets.
 *
 * @param marked  LaTeX in which stop-gradients are written as `\sg{label}{body}`
 * @param without labels that are switched off
 * @throws DomainError if the braces after `\sg` are not balanced
 */
export const struckFormula = (marked: string, without: readonly string[] = []): string =>
  print(parse(marked, marked), { without: checkedLabels("struckFormula", without), off: struck }, false);

/**
 * Labels that are switched off, checked to be a list.
 *
 * @throws DTypeError that names the operation
 */
function checkedLabels(operation: string, without: readonly string[]): readonly string[] {
  mustBe(operation, "the labels that are switched off", without, "list");
  for (const label of without) mustBe(operation, "a label that is switched off", label, "text");
  return without;
}

/** The labels of the stop-gradients of a marked formula, each once, in order. */
export function labelsOf(marked: string): string[] {
  const walk = (pieces: readonly Piece[]): string[] =>
    pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.label, ...walk(piece.body)]));
  return [...new Set(walk(parse(marked, marked)))];
}

function parse(text: string, whole: string): Piece[] {
  mustBe("formula", "a formula", text, "text");
  const at = text.indexOf(`${mark}{`);
  if (at < 0) return text === "" ? [] : [text];
  const [label, afterLabel] = braced(text, at + mark.length, whole);
  const [body, rest] = braced(text, afterLabel, whole);
  return [...parse(text.slice(0, at), whole), { label, body: parse(body, whole) }, ...parse(text.slice(rest), whole)];
}

/** The text between the brace at `open` and the matching brace, and the position after the matching brace. */
function braced(text: string, open: number, whole: string): [inside: string, after: number] {
  let depth = 0;
  for (let i = open; i < text.length && (i > open || text[i] === "{"); i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}") depth--;
    if (depth === 0) return [text.slice(open + 1, i), i + 1];
  }
  throw new DomainError(`formula: \\sg must be followed by {label}{body} with balanced braces, got ${quote(whole)}`);
}

/** Which stops are switched off, and how one of them is written. */
interface Printing {
  readonly without: readonly string[];
  /** The LaTeX of a switched-off stop, from its body and the text before it. */
  readonly off: (body: string, before: string) => string;
}

function print(pieces: readonly Piece[], printing: Printing, isStopped: boolean): string {
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else if (isStopped) text += print(piece.body, printing, true);
    else if (printing.without.includes(piece.label)) text += printing.off(print(piece.body, printing, false), text);
    else text += String.raw`\operatorname{sg}\left[${print(piece.body, printing, true)}\right]`;
  }
  return text;
}

const struck = (body: string): string => String.raw`\cancel{\operatorname{sg}}\left[${body}\right]`;

/** A body without its stop: in parentheses if the body is a sum, unless the body is a whole definition or a whole denominator. */
const unstopped = (body: string, before: string): string =>
  isSum(body) && !/(= |\{)$/.test(before) ? String.raw`\left(${body}\right)` : body;

/** Whether a formula has a plus or a minus outside all brackets. */
function isSum(latex: string): boolean {
  let depth = 0;
  for (const symbol of latex) {
    if ("([{".includes(symbol)) depth++;
    else if (")]}".includes(symbol)) depth--;
    else if (depth === 0 && (symbol === "+" || symbol === "-")) return true;
  }
  return false;
}

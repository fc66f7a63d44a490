import { quote } from "@pushforward/tensor";
import { FormulaError } from "./formulaError.ts";

/** A piece of a formula. */
export interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
  /** Index of its first character, from 0. */
  readonly at: number;
}

/** Blanks, then a number, a name or a sign. */
const piece = /\s*(?:((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|([-+*/^()[\],]))/y;

/** Characters that must not follow a number directly: an incomplete exponent (1e), another base (0x1F). */
const strayExponent = /[eE]\w*/y;
const otherBase = /[A-Za-z_]\w*/y;

/**
 * Splits a formula into numbers, names and signs.
 *
 * @throws FormulaError that names the first invalid character or number, and its position
 */
export function formulaTokens(text: FormulaText): readonly Token[] {
  const { formula } = text;
  const tokens: Token[] = [];
  const end = formula.trimEnd().length;
  for (let at = 0; at < end; at = piece.lastIndex) {
    piece.lastIndex = at;
    const match = piece.exec(formula);
    if (!match) throw strayCharacter(text, at + /^\s*/.exec(formula.slice(at))![0].length);
    const [whole, number, name, sign] = match;
    const found = number ?? name ?? sign;
    const start = at + whole.length - found.length;
    if (number !== undefined) checkNumber(text, number, start);
    tokens.push({
      kind: number !== undefined ? "number" : name !== undefined ? "name" : "sign",
      text: found,
      at: start,
    });
  }
  return [...tokens, { kind: "end", text: "", at: end }];
}

function checkNumber(text: FormulaText, number: string, at: number): void {
  const stray = number === "0" ? otherBase : strayExponent;
  stray.lastIndex = at + number.length;
  const [rest] = stray.exec(text.formula) ?? [];
  if (rest !== undefined) throw notAllowed(text, `the number ${quote(number + rest)}`, at, "decimal numbers");
  const value = Number(number);
  const isLost = value === 0 && /[1-9]/.test(number.replace(/[eE].*/, ""));
  if (!Number.isFinite(value) || isLost) {
    throw notAllowed(text, `the number ${quote(number)}`, at, "numbers from 5e-324 to 1.79e308, and 0");
  }
}

function strayCharacter(text: FormulaText, at: number): FormulaError {
  const character = JSON.stringify(String.fromCodePoint(text.formula.codePointAt(at)!));
  return notAllowed(text, `the character ${character}`, at, "numbers, names, + - * / ^ ( ) [ ] and ,");
}

/** A formula, and the function that reads it, which errors name. */
export interface FormulaText {
  readonly operation: string;
  readonly formula: string;
}

/** The error for a part that formulas must not contain. */
export const notAllowed = (
  { operation, formula }: FormulaText,
  what: string,
  at: number,
  allowed: string,
): FormulaError =>
  new FormulaError(
    `${operation}: ${what} is not allowed in ${quote(formula)}; allowed are ${allowed}; see character ${at + 1}`,
    at,
  );

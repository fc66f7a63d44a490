import { DomainError, quote } from "@pushforward/tensor";

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
 * @throws DomainError that names the first invalid character or number, and its position
 */
export function formulaTokens(formula: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = formula.trimEnd().length;
  for (let at = 0; at < end; at = piece.lastIndex) {
    piece.lastIndex = at;
    const match = piece.exec(formula);
    if (!match) throw strayCharacter(formula, at + /^\s*/.exec(formula.slice(at))![0].length);
    const [whole, number, name, sign] = match;
    const text = number ?? name ?? sign;
    const start = at + whole.length - text.length;
    if (number !== undefined) checkNumber(formula, number, start);
    tokens.push({ kind: number !== undefined ? "number" : name !== undefined ? "name" : "sign", text, at: start });
  }
  return [...tokens, { kind: "end", text: "", at: end }];
}

function checkNumber(formula: string, text: string, at: number): void {
  const stray = text === "0" ? otherBase : strayExponent;
  stray.lastIndex = at + text.length;
  const [rest] = stray.exec(formula) ?? [];
  if (rest !== undefined) throw notAllowed(formula, `the number ${quote(text + rest)}`, at, "decimal numbers");
  const value = Number(text);
  const isLost = value === 0 && /[1-9]/.test(text.replace(/[eE].*/, ""));
  if (!Number.isFinite(value) || isLost) {
    throw notAllowed(formula, `the number ${quote(text)}`, at, "numbers from 5e-324 to 1.79e308, and 0");
  }
}

function strayCharacter(formula: string, at: number): DomainError {
  const character = JSON.stringify(String.fromCodePoint(formula.codePointAt(at)!));
  return notAllowed(formula, `the character ${character}`, at, "numbers, names, + - * / ^ ( ) [ ] and ,");
}

/** The error for a part that formulas must not contain. */
export const notAllowed = (formula: string, what: string, at: number, allowed: string): DomainError =>
  new DomainError(
    `formulaVelocity: ${what} is not allowed in ${quote(formula)}; allowed are ${allowed}; see character ${at + 1}`,
  );

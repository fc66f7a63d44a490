import { didYouMean, quote, ShapeError, shorten, type TensorLike } from "@pushforward/tensor";
import { FormulaError } from "./formulaError.ts";
import { constants, type FormulaFunctions, onVectors, operators } from "./formulaTable.ts";
import { type FormulaText, formulaTokens, notAllowed, type Token } from "./formulaTokens.ts";

/** Values of a formula's symbols, and constants. */
export type Scope = ReadonlyMap<string, TensorLike>;

/** A scalar of a formula, ready to run. */
export type Scalar = (scope: Scope) => TensorLike;

/** A part of a formula: a scalar, or one scalar per coordinate. */
export type Part = Scalar | readonly Scalar[];

/** Largest nesting depth of brackets, calls and exponents. */
const deepest = 200;

const operatorNames: Readonly<Record<string, string>> = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide" };

const isVector = (part: Part): part is readonly Scalar[] => Array.isArray(part);

/** One scalar per coordinate; a number is the vector of a single coordinate. */
export const componentsOf = (part: Part): readonly Scalar[] => (isVector(part) ? part : [part]);

/** The scalar of a part at a coordinate: a number has the same value at every coordinate. */
const at = (part: Part, i: number): Scalar => (isVector(part) ? part[i] : part);

/** A language of formulas: functions and symbols beside numbers, operators and constants. */
export interface FormulaLanguage {
  /** The function that reads formulas, which errors name. */
  readonly operation: string;
  /** A formula that errors show. */
  readonly example: string;
  readonly functions: FormulaFunctions;
  isSymbol(name: string): boolean;
  /** The symbols in words. */
  readonly symbols: string;
}

/**
 * Reads a formula by recursive descent. It accepts this grammar and nothing else:
 *
 * ```
 * sum     = product { ("+" | "-") product }
 * product = factor { ("*" | "/") factor }
 * factor  = { "+" | "-" } power                     -x1^2 is -(x1^2)
 *         | { "+" | "-" } number power              2 x1^2 is 2 * x1^2; not after "/", where it could mean two things
 * power   = value [ "^" factor ]                    2^3^2 is 2^(3^2)
 * value   = number | symbol | function "(" sum { "," sum } ")" | "(" sum ")" | "[" sum { "," sum } "]"
 * ```
 *
 * Sums, products and signs are read by loops, so a formula may be long; the depth of its brackets is bounded.
 */
export class FormulaReader {
  private readonly language: FormulaLanguage;
  private readonly formula: string;
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;

  constructor(formula: string, language: FormulaLanguage) {
    this.language = language;
    this.formula = formula;
    this.tokens = formulaTokens(this.text);
  }

  private get text(): FormulaText {
    return { operation: this.language.operation, formula: this.formula };
  }

  /** The whole formula. */
  read(): Part {
    const part = this.readSum();
    if (this.token.kind !== "end") throw this.unexpected("an operator");
    return part;
  }

  private get token(): Token {
    return this.tokens[this.index];
  }

  private isSign(signs: string): boolean {
    return this.token.kind === "sign" && signs.includes(this.token.text);
  }

  private expectSign(sign: string): void {
    if (!this.isSign(sign)) throw this.unexpected(`"${sign}"`);
    this.index++;
  }

  private readSum(): Part {
    return this.readChain("+-", () => this.readChain("*/", (sign) => this.readFactor(sign !== "/")));
  }

  /** Operands joined by operators of one precedence, from the left. */
  private readChain(signs: string, readOperand: (sign: string) => Part): Part {
    const start = this.token.at;
    const first = readOperand("");
    const rest: { readonly name: string; readonly part: Part }[] = [];
    let shape: Part = first;
    while (this.isSign(signs)) {
      const { text } = this.tokens[this.index++];
      const part = readOperand(text);
      this.checkVectors(operatorNames[text], [shape, part], start);
      if (isVector(part)) shape = part;
      rest.push({ name: operatorNames[text], part });
    }
    if (rest.length === 0) return first;
    const chain = (i: number): Scalar => {
      const begin = at(first, i);
      const steps = rest.map(({ name, part }) => ({ apply: operators[name], operand: at(part, i) }));
      return (scope) => steps.reduce((value, { apply, operand }) => apply(value, operand(scope)), begin(scope));
    };
    return isVector(shape) ? shape.map((_, i) => chain(i)) : chain(0);
  }

  private readFactor(mayJoin: boolean): Part {
    const start = this.token.at;
    let isNegative = false;
    while (this.isSign("+-")) isNegative = (this.tokens[this.index++].text === "-") !== isNegative;
    const part = mayJoin && this.token.kind === "number" ? this.readNumberAndPower() : this.readPower();
    if (!isNegative) return part;
    this.checkVectors("unaryMinus", [part], start);
    const negate =
      (scalar: Scalar): Scalar =>
      (scope) =>
        operators.unaryMinus(scalar(scope));
    return isVector(part) ? part.map(negate) : negate(part);
  }

  /** A number that multiplies what follows it: 2 x1, 2 sin(x1), 2 (x1 + 1). */
  private readNumberAndPower(): Part {
    const after = this.tokens[this.index + 1];
    const isJoined = after.kind === "name" || after.text === "(";
    if (!isJoined) return this.readPower();
    const start = this.token.at;
    const [number, part] = [this.readValue(), this.readPower()];
    this.checkVectors("multiply", [number, part], start);
    const scale =
      (scalar: Scalar): Scalar =>
      (scope) =>
        operators.multiply(at(number, 0)(scope), scalar(scope));
    return isVector(part) ? part.map(scale) : scale(part);
  }

  private readPower(): Part {
    const start = this.token.at;
    const base = this.readValue();
    if (!this.isSign("^")) return base;
    this.index++;
    const exponent = this.inside(start, () => this.readFactor(false));
    this.checkVectors("pow", [base, exponent], start);
    return (scope) => operators.pow(at(base, 0)(scope), at(exponent, 0)(scope));
  }

  private readValue(): Part {
    const { kind, text, at: start } = this.token;
    if (kind === "number") {
      this.index++;
      const value = Number(text);
      return () => value;
    }
    if (kind === "name") return this.tokens[this.index + 1].text === "(" ? this.readCall() : this.readSymbol();
    if (this.isSign("(")) return this.inside(start, () => this.readBracketed(")", () => this.readSum()));
    if (this.isSign("[")) {
      const entries = this.inside(start, () => this.readBracketed("]", () => this.readList("an entry of a vector")));
      return entries;
    }
    throw this.unexpected("a number, a symbol or a bracket");
  }

  private readBracketed<T>(closing: string, read: () => T): T {
    this.index++;
    const content = read();
    this.expectSign(closing);
    return content;
  }

  /** Numbers that are separated by commas. */
  private readList(what: string): readonly Scalar[] {
    const entries = [this.readScalar(what)];
    while (this.isSign(",")) {
      this.index++;
      entries.push(this.readScalar(what));
    }
    return entries;
  }

  private readScalar(what: string): Scalar {
    const start = this.token.at;
    const part = this.readSum();
    if (!isVector(part)) return part;
    throw new ShapeError(
      `${this.language.operation}: ${what} must be a number, got the vector ${this.textFrom(start)} in ${quote(this.formula)}; write out its components`,
    );
  }

  private readSymbol(): Scalar {
    const { text: name, at: start } = this.token;
    const isKnown = this.language.isSymbol(name) || Object.hasOwn(constants, name);
    const allowed = [this.language.symbols, ...Object.keys(constants)].join(", ");
    if (!isKnown) throw notAllowed(this.text, `the symbol ${quote(name)}`, start, allowed);
    this.index++;
    return (scope) => scope.get(name)!;
  }

  private readCall(): Scalar {
    const { text: name, at: start } = this.token;
    const { functions } = this.language;
    if (!Object.hasOwn(functions, name)) {
      const known = Object.keys(functions);
      throw notAllowed(this.text, `the function ${quote(name)}`, start, known.join(", ") + didYouMean(name, known));
    }
    this.index++;
    const args = this.inside(start, () => this.readBracketed(")", () => this.readList(`an argument of ${name}`)));
    const [arity, f] = functions[name];
    if (args.length === arity) return (scope) => f(...args.map((arg) => arg(scope)));
    throw new FormulaError(
      `${this.language.operation}: ${name} takes ${arity} argument${arity > 1 ? "s" : ""}, got ${args.length} in ${quote(this.formula)}; see character ${start + 1}`,
      start,
    );
  }

  /** Reads a nested part. */
  private inside<T>(start: number, read: () => T): T {
    if (this.depth >= deepest) {
      throw new FormulaError(
        `${this.language.operation}: brackets, calls and exponents must be nested at most ${deepest} deep, got more in ${quote(this.formula)}; see character ${start + 1}`,
        start,
      );
    }
    this.depth++;
    const result = read();
    this.depth--;
    return result;
  }

  private checkVectors(name: string, parts: readonly Part[], start: number): void {
    const vectors = parts.filter(isVector);
    if (vectors.length === 0) return;
    const [left, right] = parts.map(isVector);
    const rule = Object.hasOwn(onVectors, name) ? onVectors[name] : undefined;
    const isAllowed =
      (rule === "both" && left === right) ||
      (rule === "either" && left !== right) ||
      (rule === "left" && left && !right);
    const where = quote(this.textFrom(start));
    if (!isAllowed) {
      throw new ShapeError(
        `${this.language.operation}: ${where} mixes vectors and numbers; vectors may be added, and multiplied or divided by numbers; write out the components`,
      );
    }
    const lengths = vectors.map((part) => part.length);
    if (lengths.some((length) => length !== lengths[0])) {
      throw new ShapeError(
        `${this.language.operation}: the vectors of ${where} must have equal lengths, got ${lengths.join(" and ")}`,
      );
    }
  }

  /** The text that has been read since a place. */
  private textFrom(start: number): string {
    const last = this.tokens[this.index - 1];
    return shorten(this.formula.slice(start, last.at + last.text.length));
  }

  private unexpected(wanted: string): FormulaError {
    const { kind, text, at: start } = this.token;
    const got = kind === "end" ? "the end" : quote(text);
    return new FormulaError(
      `${this.language.operation}: ${quote(this.formula)} must be a formula, e.g. ${quote(this.language.example)}: it must have ${wanted} at character ${start + 1}, got ${got}`,
      start,
    );
  }
}

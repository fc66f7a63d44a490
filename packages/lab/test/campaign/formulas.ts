import { formulaVelocity } from "@pushforward/flows";
import { DomainError, fromData, ShapeError } from "@pushforward/tensor";
import { definePart, hold } from "./part.ts";
import type { Random } from "./random.ts";

/** Values of the symbols. */
interface Place {
  readonly x1: number;
  readonly x2: number;
  readonly t: number;
}

/** Rounding of symbols, numbers and results of functions: none, or a random one that shows how well posed a value is. */
type Rounding = (value: number) => number;

const exactly: Rounding = (value) => value;

/** Random relative errors, a thousand times those of two libraries that compute the same. */
const roughly =
  (random: Random): Rounding =>
  (value) =>
    value * (1 + 1e-12 * (2 * random.real() - 1));

/** A formula as text, with its value by JavaScript's own arithmetic. */
interface Formula {
  readonly text: string;
  readonly value: (place: Place, rounding: Rounding) => number;
  /** How tightly it binds: 1 sum, 2 product, 3 sign, 4 power, 5 anything that needs no parentheses. */
  readonly binding: 1 | 2 | 3 | 4 | 5;
}

const functions = {
  sin: Math.sin,
  cos: Math.cos,
  atan: Math.atan,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
} as const;

const symbols = {
  x1: ({ x1 }: Place) => x1,
  x2: ({ x2 }: Place) => x2,
  t: ({ t }: Place) => t,
  pi: () => Math.PI,
  e: () => Math.E,
} as const;

const space = (random: Random): string => random.choose(["", "", " ", "  "]);

/** The text of a part inside an operator: in parentheses where it binds less tightly, and sometimes anyway. */
const inside = ({ text, binding }: Formula, least: number, random: Random): string =>
  binding < least || random.isTrue(0.15) ? `(${text})` : text;

/** A random formula and what it means. */
function formulaOf(random: Random, depth: number): Formula {
  if (depth === 0 || random.isTrue(0.15)) return leaf(random);
  const [a, b] = [formulaOf(random, depth - 1), formulaOf(random, depth - 1)];
  const [before, after] = [space(random), space(random)];
  const both = (operator: string, left: number, right: number): string =>
    `${inside(a, left, random)}${before}${operator}${after}${inside(b, right, random)}`;
  switch (random.choose(["+", "-", "*", "/", "^", "sign", "call"] as const)) {
    case "+":
      return { text: both("+", 1, 2), value: (p, r) => a.value(p, r) + b.value(p, r), binding: 1 };
    case "-":
      return { text: both("-", 1, 2), value: (p, r) => a.value(p, r) - b.value(p, r), binding: 1 };
    case "*":
      return { text: both("*", 2, 3), value: (p, r) => a.value(p, r) * b.value(p, r), binding: 2 };
    case "/":
      return { text: both("/", 2, 3), value: (p, r) => a.value(p, r) / b.value(p, r), binding: 2 };
    case "^": {
      const power = random.whole(0, 3);
      return {
        text: `${inside(a, 5, random)}${before}^${after}${power}`,
        value: (p, r) => a.value(p, r) ** power,
        binding: 4,
      };
    }
    case "sign":
      return { text: `-${before}${inside(a, 3, random)}`, value: (p, r) => -a.value(p, r), binding: 3 };
    default: {
      const name = random.choose(Object.keys(functions) as (keyof typeof functions)[]);
      return {
        text: `${name}(${before}${a.text}${after})`,
        value: (p, r) => r(functions[name](a.value(p, r))),
        binding: 5,
      };
    }
  }
}

function leaf(random: Random): Formula {
  if (random.isTrue(0.4)) {
    const text = random.choose(["0", "1", "2", "0.5", ".25", "3e-1", "12.75", "1E2"]);
    return { text, value: (_, r) => r(Number(text)), binding: 5 };
  }
  const text = random.choose(Object.keys(symbols) as (keyof typeof symbols)[]);
  return { text, value: (p, r) => r(symbols[text](p)), binding: 5 };
}

/** The value by the library at one place, for both coordinates. */
const valuesOf = (text: string, { x1, x2, t }: Place): Float64Array =>
  Float64Array.from(
    formulaVelocity(text, { dim: 2 })(
      fromData(Float64Array.of(x1, x2), [1, 2]),
      fromData(Float64Array.of(t), [1, 1]),
    ).dataSync(),
  );

function agree(own: number, other: number): boolean {
  if (!Number.isFinite(own) || !Number.isFinite(other))
    return Object.is(own, other) || (Number.isNaN(own) && Number.isNaN(other));
  return Math.abs(own - other) <= 1e-7 * Math.max(1, Math.abs(other));
}

/**
 * True where the last bits of a value's parts do not decide it: sin(1e9), cos(x^53) and sign(x - x) of two libraries
 * differ visibly, and say nothing about either.
 */
function isWellPosed(value: (rounding: Rounding) => number, random: Random): boolean {
  const exact = value(exactly);
  return [1, 2, 3].every(() => agree(value(roughly(random)), exact));
}

/** Changes a letter, leaves one out or adds one. */
function mistyped(text: string, random: Random): string {
  const at = random.whole(0, text.length - 1);
  const letter = random.choose([..."0123456789.eExt+-*/^%(),[]{};:=!'\"\\ _äπ∞\n"]);
  return `${text.slice(0, at)}${random.isTrue(0.3) ? "" : letter}${text.slice(at + random.whole(0, 1))}`;
}

/** A number in a formula that is no exponent: a rounded exponent has no real power of a negative base. */
const numberText = /(?<![\w.]|\^\s*)(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/g;

/** The values of a mistyped formula as JavaScript reads it; undefined where JavaScript does not read it as two numbers. */
function scriptValues(text: string, place: Place, r: Rounding): readonly number[] | undefined {
  const rounded = Object.entries(functions).map(([name, call]) => [name, (x: number) => r(call(x))] as const);
  const symbolValues = Object.entries({ ...place, e: Math.E, pi: Math.PI }).map(([name, x]) => [name, r(x)] as const);
  const names = { ...Object.fromEntries(rounded), ...Object.fromEntries(symbolValues), rounded: r };
  try {
    const script = text.replaceAll(numberText, "rounded($&)").replaceAll("^", "**");
    const body = `"use strict"; return (${script.replace(/([+-])(?=[+-])/g, "$1 ")});`;
    const value: unknown = new Function(...Object.keys(names), body)(...Object.values(names));
    const isPair = Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === "number");
    return isPair ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a mistyped formula, which may have a meaning as well. */
function readMistyped(text: string, place: Place, random: Random, seen: Record<string, number>): void {
  let values: Float64Array;
  try {
    values = valuesOf(text, place);
  } catch (error) {
    const isMessage = error instanceof DomainError || error instanceof ShapeError;
    hold(isMessage, () => `${JSON.stringify(text)}: ${String((error as Error).stack)}`);
    seen["mistyped formulas refused"] = 1;
    return;
  }
  const expected = scriptValues(text, place, exactly);
  const isCompared = [0, 1].every((i) =>
    isWellPosed((rounding) => scriptValues(text, place, rounding)?.[i] ?? Number.NaN, random),
  );
  const isBoth = expected !== undefined && isCompared;
  seen[isBoth ? "mistyped formulas read and compared" : "mistyped formulas read"] = 1;
  for (const [i, value] of values.entries()) {
    hold(!isBoth || agree(value, expected[i]), () => `${text} at ${JSON.stringify(place)}: ${value}, not ${expected}`);
  }
}

/** Random formulas. */
export const formulas = definePart<undefined>({
  name: "formulas",
  what: "Random formulas are read by formulaVelocity and have the value of JavaScript's arithmetic; mistyped ones are refused with a message, or have the value that JavaScript gives them too.",
  setUp: async () => undefined,
  async trial(_, random) {
    const [first, second] = [formulaOf(random, random.whole(0, 5)), formulaOf(random, random.whole(0, 3))];
    const text = `[${first.text}, ${second.text}]`;
    const place = { x1: 4 * random.real() - 2, x2: 4 * random.real() - 2, t: random.real() };
    const mistypedText = mistyped(text, random);
    const seen: Record<string, number> = { "values compared": 0, "ill-posed values": 0 };
    const values = valuesOf(text, place);
    for (const [i, { value }] of [first, second].entries()) {
      const isCompared = isWellPosed((rounding) => value(place, rounding), random);
      seen[isCompared ? "values compared" : "ill-posed values"]++;
      const expected = value(place, exactly);
      hold(
        !isCompared || agree(values[i], expected),
        () => `${text} at ${JSON.stringify(place)}: ${values[i]}, not ${expected}`,
      );
    }
    readMistyped(mistypedText, place, random, seen);
    return seen;
  },
});

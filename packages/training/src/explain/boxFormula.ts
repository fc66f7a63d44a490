import { DenseTensor, type Equation, evaluate, sameShape, type Tensor } from "@pushforward/tensor";
import { isView } from "./withoutViews.ts";

/** How tightly an operator binds: an operand that binds less is put in brackets. */
const binding = { sum: 1, product: 2, sign: 3, power: 4, atom: 5 } as const;

/** A formula: a number times a text; a formula without text is the number. */
interface Formula {
  readonly factor: number;
  readonly text: string;
  /** The binding of the outermost operator of the text. */
  readonly binding: number;
}

/** A formula above this length is not written out: a value that is used often would repeat without end. */
const longest = 120;

/** Stands for a part of a formula that is too long. */
export const ellipsis = "…";

const textFormula = (text: string, own: number = binding.atom): Formula => ({ factor: 1, text, binding: own });
const numberFormula = (factor: number): Formula => ({ factor, text: "", binding: binding.atom });
const isZero = ({ factor, text }: Formula): boolean => text === "" && factor === 0;

/** A number in few digits. */
const numberText = (x: number): string => String(Number(x.toPrecision(3))).replace("-", "−");

/** The text in brackets, if it binds less than the operator needs. */
const bracketed = (text: string, own: number, needed: number): string => (own < needed ? `(${text})` : text);

/** A formula as text, in brackets if it binds less than the operator needs. */
function written({ factor, text, binding: own }: Formula, needed: number = binding.sum): string {
  if (text === "") return bracketed(numberText(factor), factor < 0 ? binding.sign : binding.atom, needed);
  if (factor === 1) return bracketed(text, own, needed);
  const inner = bracketed(text, own, binding.product);
  if (factor === -1) return bracketed(`−${inner}`, binding.sign, needed);
  return bracketed(`${numberText(factor)}·${inner}`, binding.product, needed);
}

const scaled = (a: Formula, factor: number): Formula => ({ ...a, factor: a.factor * factor });

/** a + b, or a − |b| where b has a negative factor. */
function plus(a: Formula, b: Formula): Formula {
  if (isZero(a)) return b;
  if (isZero(b)) return a;
  if (a.text === b.text) return { ...a, factor: a.factor + b.factor };
  const [sign, second] = b.factor < 0 ? [" − ", scaled(b, -1)] : [" + ", b];
  return textFormula(
    `${written(a)}${sign}${written(second, sign === " − " ? binding.product : binding.sum)}`,
    binding.sum,
  );
}

/** a·b; numbers stand in front. */
function times(a: Formula, b: Formula): Formula {
  const factor = a.factor * b.factor;
  if (factor === 0) return numberFormula(0);
  if (a.text === "" || b.text === "") return { ...(a.text === "" ? b : a), factor };
  if (a.text === b.text)
    return { factor, text: `${bracketed(a.text, a.binding, binding.atom)}²`, binding: binding.power };
  const [left, right] = [a, b].map((each) => bracketed(each.text, each.binding, binding.product));
  return { factor, text: `${left}·${right}`, binding: binding.product };
}

function over(a: Formula, b: Formula): Formula {
  if (b.text === "" && b.factor === 1) return a;
  return textFormula(`${written(a, binding.product)}/${written(b, binding.power)}`, binding.product);
}

/** A sum over axes; sums over several axes in turn are one. */
const total = (a: Formula): Formula =>
  a.factor === 1 && /^sum\((?:[^()]|\([^()]*\))*\)$/.test(a.text) ? a : textFormula(`sum(${written(a)})`);

/** Digits and sign of an exponent. */
const raised = (n: number): string =>
  [...String(n)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");

/** xⁿ for a whole n. */
const toPower = (a: Formula, { n }: { readonly n: number }): Formula =>
  textFormula(`${written(a, binding.atom)}${raised(n)}`, binding.power);

/** Primitives with a notation of their own; all others are written as functions. */
const writers: Readonly<Record<string, (operands: readonly Formula[], params: object) => Formula>> = {
  add: ([a, b]) => plus(a, b),
  sub: ([a, b]) => plus(a, scaled(b, -1)),
  mul: ([a, b]) => times(a, b),
  matmul: ([a, b]) => times(a, b),
  div: ([a, b]) => over(a, b),
  neg: ([a]) => scaled(a, -1),
  transpose: ([a]) => ({ ...a, text: `${bracketed(a.text, a.binding, binding.atom)}ᵀ`, binding: binding.power }),
  sum: ([a]) => total(a),
  integerPow: ([a], params) => toPower(a, params as { readonly n: number }),
};

/** A constant: its number if all elements are equal. */
function constantFormula(x: Tensor): Formula {
  if (!(x instanceof DenseTensor)) return textFormula("const");
  const [first] = x.buffer;
  const isUniform = first !== undefined && Number.isFinite(first) && x.buffer.every((value) => value === first);
  return isUniform ? numberFormula(Number(first)) : textFormula("const");
}

/**
 * A value as a formula of named values; parts that are too long are an {@link ellipsis}. The formula is for reading: x·1 is written x.
 *
 * @param definitions equations that the formula writes out
 * @param names       names of all other values of the program
 */
export function formulaOf(
  value: Tensor,
  definitions: ReadonlyMap<Tensor, Equation>,
  names: ReadonlyMap<Tensor, string>,
): string {
  const known = new Map<Tensor, Formula>();
  const write = (x: Tensor): Formula => {
    const formula = known.get(x) ?? compose(x);
    known.set(x, formula);
    return formula.text.length > longest ? textFormula(ellipsis) : formula;
  };
  const compose = (x: Tensor): Formula => {
    if (x instanceof DenseTensor) return constantFormula(x);
    const equation = definitions.get(x);
    if (!equation) return textFormula(names.get(x) ?? "const");
    const { primitive, operands, params } = equation;
    if (isView(equation)) return write(operands[0]);
    const parts = operands.map(write);
    const constants = operands.filter((each) => each instanceof DenseTensor);
    // Without its views, constants of an equation may have several shapes.
    if (constants.length === operands.length && constants.every(({ shape }) => sameShape(shape, constants[0].shape)))
      return constantFormula(evaluate(primitive, constants, params));
    return (
      writers[primitive.name]?.(parts, params) ??
      textFormula(`${primitive.name}(${parts.map((part) => written(part)).join(", ")})`)
    );
  };
  return written(write(value));
}

import {
  add,
  broadcastTo,
  concat,
  DomainError,
  optionsOf,
  quote,
  ShapeError,
  type TensorLike,
  zerosLike,
} from "@pushforward/tensor";
import { checkCall } from "./callChecks.ts";
import type { TimeField } from "./flow.ts";
import { componentsOf, type FormulaLanguage, FormulaReader, type Scope } from "./formulaReader.ts";
import { constants, functions } from "./formulaTable.ts";

/** Settings of formulaVelocity. */
export interface FormulaOptions {
  /** Number of coordinates x1 … xd. */
  readonly dim: number;
}

/**
 * A velocity field written as a formula, e.g. `"[-x2, x1] * (1 - t)"`.
 *
 * Tensor operations evaluate the formula, so the field differentiates and compiles. A formula can only contain numbers, the
 * symbols x1 … xd, t, pi, e, the operators + − * / ^ and a fixed list of functions.
 *
 * @throws FormulaError that names the invalid symbol, function or character, its position, and the allowed ones; ShapeError for a
 *         wrong number of components
 */
export function formulaVelocity(formula: string, options: FormulaOptions): TimeField {
  const { dim } = optionsOf("formulaVelocity", options);
  const components = readComponents(formula, dim);
  return (x, t) => {
    checkCall("formulaVelocity", x, { t }, dim);
    const columns = x.split(dim, -1);
    const scope: Scope = new Map<string, TensorLike>([
      ...columns.map((column, i) => [`x${i + 1}`, column] as const),
      ["t", t],
      ...Object.entries(constants),
    ]);
    const values = components.map((component) => {
      const value = component(scope);
      // A constant component needs x's dtype too, hence the sum with zeros; 0·x1 would be NaN at infinity.
      return broadcastTo(add(value, zerosLike(columns[0])), columns[0].shape);
    });
    return concat(values, -1);
  };
}

/** Largest number of coordinates that a message lists. */
const namedCoordinates = 6;

/** The language of velocities with so many coordinates. */
function languageOf(dim: number): FormulaLanguage {
  const all = Array.from({ length: Math.min(dim, namedCoordinates) }, (_, i) => `x${i + 1}`).join(", ");
  return {
    operation: "formulaVelocity",
    example: "[-x2, x1] * (1 - t)",
    functions,
    isSymbol: (name) => name === "t" || Number(/^x([1-9]\d*)$/.exec(name)?.[1]) <= dim,
    symbols: `${dim > namedCoordinates ? `x1 … x${dim}` : all}, t`,
  };
}

function readComponents(formula: string, dim: number) {
  if (!Number.isInteger(dim) || dim < 1) {
    throw new DomainError(`formulaVelocity: dim must be a whole number ≥ 1, got ${quote(dim)}`);
  }
  if (typeof formula !== "string") {
    throw new DomainError(`formulaVelocity: the formula must be text, got ${quote(formula)}`);
  }
  const components = componentsOf(new FormulaReader(formula, languageOf(dim)).read());
  if (components.length === dim) return components;
  throw new ShapeError(
    `formulaVelocity: ${quote(formula)} must have ${dim} components like x, got ${components.length}; write [f1, f2, …]`,
  );
}

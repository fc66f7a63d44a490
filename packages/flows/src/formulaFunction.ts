import { stopGradient } from "@pushforward/autodiff";
import {
  asTensor,
  DomainError,
  DTypeError,
  mustBe,
  quote,
  ShapeError,
  type Tensor,
  type TensorLike,
} from "@pushforward/tensor";
import { componentsOf, type FormulaLanguage, FormulaReader, type Scope } from "./formulaReader.ts";
import { constants, type FormulaFunctions, functions } from "./formulaTable.ts";

/** Functions of formulas with stop-gradients: sg(z) has the value of z and the derivative zero. */
const withStops: FormulaFunctions = { ...functions, sg: [1, (z) => stopGradient(asTensor(z), "sg")] };

/** A symbol of formulas that is neither a constant nor a function. */
const symbol = /^[A-Za-z]\w*$/;

/**
 * A function of numbers, or of tensors entry by entry, written as a formula, e.g. `"x * sg(1 / x)"`. Tensor operations evaluate it, so
 * that it differentiates and compiles. The language is that of {@link formulaVelocity} with other symbols and without vectors; `sg(z)`
 * is a stop-gradient with the label "sg".
 *
 * @param symbols names of the arguments in their order
 * @throws FormulaError that names the invalid symbol, function or character, its position, and the allowed ones; ShapeError about vectors
 */
export function formulaFunction(
  formula: string,
  symbols: readonly string[],
): (...args: readonly TensorLike[]) => Tensor {
  const scalar = readScalar(formula, languageOf(symbols));
  return (...args) => {
    if (args.length !== symbols.length) {
      throw new DTypeError(
        `formulaFunction: ${quote(formula)} takes ${symbols.length} argument(s), ${symbols.join(", ")}, got ${args.length}`,
      );
    }
    const scope: Scope = new Map<string, TensorLike>([
      ...Object.entries(constants),
      ...symbols.map((name, i) => [name, args[i]] as const),
    ]);
    return asTensor(scalar(scope));
  };
}

function languageOf(symbols: readonly string[]): FormulaLanguage {
  mustBe("formulaFunction", "symbols", symbols, "list");
  const wrong = symbols.find(
    (name) => typeof name !== "string" || !symbol.test(name) || Object.hasOwn(constants, name),
  );
  if (wrong !== undefined || new Set(symbols).size !== symbols.length) {
    throw new DomainError(
      `formulaFunction: symbols must be different names without ${Object.keys(constants).join(", ")}, got ${quote(symbols.join(", "))}`,
    );
  }
  return {
    operation: "formulaFunction",
    example: "x * sg(1 / x)",
    functions: withStops,
    isSymbol: (name) => symbols.includes(name),
    symbols: symbols.join(", "),
  };
}

function readScalar(formula: string, language: FormulaLanguage) {
  mustBe("formulaFunction", "the formula", formula, "text");
  const [scalar, ...others] = componentsOf(new FormulaReader(formula, language).read());
  if (others.length === 0) return scalar;
  throw new ShapeError(
    `formulaFunction: ${quote(formula)} must be one number, got a vector of ${others.length + 1}; write one of its components`,
  );
}

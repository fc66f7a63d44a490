import { add, broadcastTo, concat, DomainError, ShapeError, type TensorLike, zerosLike } from "@pushforward/tensor";
import {
  type ArrayNode,
  type ConstantNode,
  type FunctionNode,
  type MathNode,
  type OperatorNode,
  type ParenthesisNode,
  parse,
  type SymbolNode,
} from "mathjs";
import { checkPoints, type TimeField } from "./flow.ts";
import { constants, functions, onVectors, operators } from "./formulaTable.ts";

/** What a formula's symbols stand for: columns of x [batch, 1], the time, and constants. */
type Scope = ReadonlyMap<string, TensorLike>;

/** A part of a formula, ready to run: a scalar, or one scalar per coordinate. */
type Scalar = (scope: Scope) => TensorLike;
type Part = Scalar | readonly Scalar[];

const isVector = (part: Part): part is readonly Scalar[] => Array.isArray(part);

/** Settings of formulaVelocity. */
export interface FormulaOptions {
  /** Number of coordinates x1 … xd. */
  readonly dim: number;
}

/**
 * A velocity field written as a formula, e.g. `"[-x2, x1] * (1 - t)"`.
 *
 * mathjs only parses; the tree is then run by our own ops, so the field differentiates and compiles, and a formula reaches nothing but
 * numbers: the symbols x1 … xd, t, pi, e, the operators + − * / ^ and a fixed list of functions.
 *
 * @throws DomainError that names the symbol, function or construct which is not allowed, and what is; ShapeError for a wrong number of
 *         components
 */
export function formulaVelocity(formula: string, { dim }: FormulaOptions): TimeField {
  const reader = new FormulaReader(formula, dim);
  const components = reader.components();
  return (x, t) => {
    checkPoints("formulaVelocity", x, dim);
    const columns = x.split(dim, -1);
    const scope: Scope = new Map<string, TensorLike>([
      ...columns.map((column, i) => [`x${i + 1}`, column] as const),
      ["t", t],
      ...Object.entries(constants),
    ]);
    const values = components.map((component) => {
      const value = component(scope);
      // A component of constants alone still needs x's dtype, hence the sum with zeros; 0·x1 would be NaN at infinity.
      return broadcastTo(add(value, zerosLike(columns[0])), columns[0].shape);
    });
    return concat(values, -1);
  };
}

/** Turns a parsed formula into functions of the scope, refusing everything that is not listed above. */
class FormulaReader {
  private readonly formula: string;
  private readonly dim: number;
  private readonly symbols: ReadonlySet<string>;

  constructor(formula: string, dim: number) {
    if (!Number.isInteger(dim) || dim < 1)
      throw new DomainError(`formulaVelocity: dim must be a whole number ≥ 1, got ${dim}`);
    this.formula = formula;
    this.dim = dim;
    const coordinates = Array.from({ length: dim }, (_, i) => `x${i + 1}`);
    this.symbols = new Set([...coordinates, "t", ...Object.keys(constants)]);
  }

  /** One scalar per coordinate. */
  components(): readonly Scalar[] {
    const part = this.read(this.parse());
    const components = isVector(part) ? part : [part];
    if (components.length === this.dim) return components;
    throw new ShapeError(
      `formulaVelocity: "${this.formula}" must have ${this.dim} components like x, got ${components.length}; write [f1, f2, …]`,
    );
  }

  private parse(): MathNode {
    try {
      return parse(this.formula);
    } catch (error) {
      throw new DomainError(
        `formulaVelocity: "${this.formula}" must be a formula, e.g. "[-x2, x1] * (1 - t)"; ${(error as Error).message}`,
      );
    }
  }

  private read(node: MathNode): Part {
    switch (node.type) {
      case "ConstantNode":
        return this.readConstant(node as ConstantNode);
      case "SymbolNode":
        return this.readSymbol(node as SymbolNode);
      case "ParenthesisNode":
        return this.read((node as ParenthesisNode).content);
      case "ArrayNode":
        return (node as ArrayNode).items.map((item) => this.readScalar(item, "an entry of a vector"));
      case "OperatorNode":
        return this.readOperator(node as OperatorNode);
      case "FunctionNode":
        return this.readFunction(node as FunctionNode);
      default:
        throw this.refusal(`"${node.toString()}" (${node.type})`, "numbers, symbols, + - * / ^, functions and [ , ]");
    }
  }

  private readScalar(node: MathNode, what: string): Scalar {
    const part = this.read(node);
    if (!isVector(part)) return part;
    throw new ShapeError(
      `formulaVelocity: ${what} must be a number, got the vector ${node.toString()} in "${this.formula}"; write out its components`,
    );
  }

  private readConstant(node: ConstantNode): Scalar {
    const value: unknown = node.value;
    if (typeof value !== "number") throw this.refusal(`the constant ${node.toString()}`, "numbers");
    return () => value;
  }

  private readSymbol({ name }: SymbolNode): Scalar {
    if (!this.symbols.has(name)) throw this.refusal(`the symbol "${name}"`, [...this.symbols].join(", "));
    return (scope) => scope.get(name)!;
  }

  private readFunction(node: FunctionNode): Scalar {
    const { name } = node.fn as unknown as { name?: string };
    if (node.fn.type !== "SymbolNode" || name === undefined || !Object.hasOwn(functions, name)) {
      throw this.refusal(`the function "${node.fn.toString()}"`, Object.keys(functions).join(", "));
    }
    const [arity, f] = functions[name];
    if (node.args.length !== arity) {
      throw new DomainError(
        `formulaVelocity: ${name} takes ${arity} argument${arity > 1 ? "s" : ""}, got ${node.args.length} in "${this.formula}"`,
      );
    }
    const args = node.args.map((arg) => this.readScalar(arg, `an argument of ${name}`));
    return (scope) => f(...args.map((arg) => arg(scope)));
  }

  private readOperator(node: OperatorNode): Part {
    const name = String(node.fn);
    if (!Object.hasOwn(operators, name)) throw this.refusal(`the operator "${node.op}"`, "+, -, *, / and ^");
    const f = operators[name];
    const parts = node.args.map((arg) => this.read(arg));
    const apply = (args: readonly Scalar[]): Scalar => {
      return (scope) => f(...args.map((arg) => arg(scope)));
    };
    const vectors = parts.filter(isVector);
    if (vectors.length === 0) return apply(parts as Scalar[]);
    this.checkVectors(node, name, parts);
    const { length } = vectors[0];
    return Array.from({ length }, (_, i) => apply(parts.map((part) => (isVector(part) ? part[i] : part))));
  }

  private checkVectors(node: OperatorNode, name: string, parts: readonly Part[]): void {
    const [left, right] = parts.map(isVector);
    const where = `"${node.toString()}"`;
    const rule = Object.hasOwn(onVectors, name) ? onVectors[name] : undefined;
    const isAllowed =
      (rule === "both" && left === right) ||
      (rule === "either" && left !== right) ||
      (rule === "left" && left && !right);
    if (!isAllowed) {
      throw new ShapeError(
        `formulaVelocity: ${where} mixes vectors and numbers; vectors may be added, and multiplied or divided by numbers; write out the components`,
      );
    }
    const lengths = parts.filter(isVector).map((part) => part.length);
    if (lengths.some((length) => length !== lengths[0]))
      throw new ShapeError(
        `formulaVelocity: the vectors of ${where} must have equal lengths, got ${lengths.join(" and ")}`,
      );
  }

  private refusal(what: string, allowed: string): DomainError {
    return new DomainError(`formulaVelocity: ${what} is not allowed in "${this.formula}"; allowed are ${allowed}`);
  }
}

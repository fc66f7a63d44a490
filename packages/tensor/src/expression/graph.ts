import type { DType } from "../array/dtype.ts";
import { DomainError, DTypeError } from "../array/errors.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import { parseExpression, type Syntax } from "./syntax.ts";

/** One value of a map kernel. Equal values of one graph are one node; operands have smaller ids. */
export interface Node {
  readonly id: number;
  /** "input", "constant", or a name in the table of operations. */
  readonly op: string;
  readonly args: readonly Node[];
  readonly dtype: DType;
  /** Of a constant: its value, a bool as 0 or 1. Of an operation: its static number. */
  readonly value?: number;
  /** Of an input: which one. */
  readonly index?: number;
}

const operandNames = ["x", "y", "z", "w"];
const commutative = new Set(["add", "mul", "and", "or", "xor", "eq", "min", "max"]);

/** The values of one fused kernel: a graph without repetition, built from expressions. */
export class ExpressionGraph {
  private readonly known = new Map<string, Node>();

  /** Element `index` of a kernel's list of inputs. */
  input(index: number, dtype: DType): Node {
    return this.node("input", [], dtype, { index });
  }

  /** A number, rounded to its dtype. */
  constant(value: number, dtype: DType): Node {
    return this.node("constant", [], dtype, { value: roundTo(dtype, value) });
  }

  /**
   * The value of an expression whose x, y, z, w are the operands.
   *
   * @throws DomainError for a text that does not parse or has unknown names, DTypeError for operands that do not fit
   */
  apply(expression: string, operands: readonly Node[], result: DType): Node {
    const syntax = parseExpression(expression);
    const node = this.build(syntax, { expression, operands, literal: literalType(operands, result) });
    if (node.dtype === result) return node;
    throw new DTypeError(
      `expression "${expression}": the result must be ${result}, got ${node.dtype}; cast it with ${result}(…)`,
    );
  }

  /**
   * The value of one operation.
   *
   * @throws DTypeError for operands that the operation is not defined on
   */
  operation(op: string, args: readonly Node[], value?: number): Node {
    const operation: Operation = operations[op];
    const dtype = operation.type(args.map((x) => x.dtype));
    if (dtype === undefined) {
      const got = args.map((x) => x.dtype).join(", ");
      throw new DTypeError(`${op}: operands must have dtypes that it is defined on, got ${got}; cast one of them`);
    }
    // A cast to the dtype of the operand.
    if (op === dtype && args[0].dtype === dtype) return args[0];
    const expanded = operation.expand?.(this, args, value);
    if (expanded) return expanded;
    const ordered = commutative.has(op) ? [...args].sort((a, b) => a.id - b.id) : args;
    return this.node(op, ordered, dtype, { value });
  }

  private node(op: string, args: readonly Node[], dtype: DType, rest: Pick<Node, "value" | "index">): Node {
    const { value, index } = rest;
    const number = Object.is(value, -0) ? "-0" : (value ?? index ?? "");
    const key = `${op} ${dtype} ${number} ${args.map((x) => x.id)}`;
    const known = this.known.get(key);
    if (known) return known;
    const node: Node = { id: this.known.size, op, args, dtype, ...rest };
    this.known.set(key, node);
    return node;
  }

  private build(syntax: Syntax, context: Context): Node {
    if (syntax.kind === "number") return this.constant(syntax.value, context.literal);
    if (syntax.kind === "call") return this.call(syntax.name, syntax.args, context);
    const operand = context.operands[operandNames.indexOf(syntax.name)];
    if (operand) return operand;
    const names = operandNames.slice(0, context.operands.length).join(", ");
    throw new DomainError(`expression "${context.expression}": operands must be among ${names}, got ${syntax.name}`);
  }

  private call(name: string, args: readonly Syntax[], context: Context): Node {
    const operation: Operation | undefined = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation)
      throw new DomainError(
        `expression "${context.expression}": "${name}" must be a known function; compose it of known functions, or add it in expression/functions`,
      );
    const { arity, statics = 0 } = operation;
    if (args.length !== arity + statics) {
      throw new DomainError(
        `expression "${context.expression}": ${name} takes ${arity + statics} operands, got ${args.length}`,
      );
    }
    const value = statics === 1 ? wholeNumber(args[arity], context.expression) : undefined;
    return this.operation(name, this.operands(args.slice(0, arity), context), value);
  }

  /** Literals take the dtype of an operand beside them. */
  private operands(args: readonly Syntax[], context: Context): Node[] {
    const typed = args.map((arg) => (arg.kind === "number" ? undefined : this.build(arg, context)));
    const beside = typed.findLast((node) => node !== undefined);
    const literal = beside && beside.dtype !== "bool" ? beside.dtype : context.literal;
    return args.map((arg, i) => typed[i] ?? this.build(arg, { ...context, literal }));
  }
}

interface Context {
  readonly expression: string;
  readonly operands: readonly Node[];
  /** dtype of a literal that stands alone. */
  readonly literal: DType;
}

/** Numbers alone are of the result's dtype, in a comparison of the operands'. */
const literalType = (operands: readonly Node[], result: DType): DType =>
  result === "bool" ? (operands.find((x) => x.dtype !== "bool")?.dtype ?? result) : result;

function wholeNumber(syntax: Syntax, expression: string): number {
  if (syntax.kind === "number" && Number.isInteger(syntax.value)) return syntax.value;
  throw new DomainError(`expression "${expression}": the last operand must be a whole number that is written out`);
}

function roundTo(dtype: DType, value: number): number {
  if (dtype === "float64") return value;
  if (dtype === "float32") return Math.fround(value);
  if (dtype === "int32") return value | 0;
  return value === 0 ? 0 : 1;
}

import {
  bind,
  type Callable,
  call,
  callerLine,
  checkSync,
  currentInterpreter,
  type DenseTensor,
  evaluation,
  formatShape,
  type Interpreter,
  isFloat,
  type Primitive,
  type Sync,
  type Tensor,
  under,
} from "@pushforward/tensor";
import { rememberingSources } from "./linearProgram.ts";
import { NanError } from "./nanError.ts";

/** The values of a tensor, where it has values now. */
const valuesOf = (x: Tensor): DenseTensor | null => (x.readable ? x.concrete("debugNans") : null);

const hasNan = (x: Tensor): boolean => isFloat(x.dtype) && (valuesOf(x)?.buffer.some(Number.isNaN) ?? false);

/** Short text of an operand: shape and range. */
function describe(x: Tensor): string {
  const values = valuesOf(x);
  if (!values) return x.toString();
  if (values.size === 1) return String(values.buffer[0]);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values.buffer) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return `${formatShape(x.shape)} in [${low}, ${high}]`;
}

/** Evaluates primitives and checks every result for NaN. */
class NanWatch implements Interpreter {
  readonly name = "debugNans";
  depth = 0;
  readonly outer: Interpreter;

  constructor(outer: Interpreter) {
    this.outer = outer;
  }

  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor {
    const out = under(this.outer, () => bind(primitive, operands, params));
    if (!hasNan(out) || operands.some(hasNan)) return out;
    const index = valuesOf(out)!.buffer.findIndex(Number.isNaN);
    const source = callerLine();
    throw new NanError(
      `debugNans: "${primitive.name}" made the first NaN, at flat index ${index} of ${formatShape(out.shape)}, from ${operands.map(describe).join(" and ")}${source === undefined ? "" : `; at ${source}`}`,
      primitive.name,
      source,
    );
  }

  /** Runs the body, unless an outer transform needs the callable's own rule. */
  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    if (this.outer === evaluation) return callable.body(args);
    return under(this.outer, () => call(callable, args));
  }
}

/**
 * The same function, except that it throws at the first operation that returns a NaN although no operand contains a NaN: in the forward
 * pass, in a tangent, or in a backward pass. Slow; compiled functions inside run uncompiled.
 *
 * @throws NanError with the primitive, its operands and the user's source line
 */
export function debugNans<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
): (...args: Args) => Out {
  return (...args) =>
    checkSync(
      "debugNans",
      rememberingSources(() => under(new NanWatch(currentInterpreter()), () => f(...args))),
    ) as Out;
}

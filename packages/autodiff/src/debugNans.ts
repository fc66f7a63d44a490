import {
  bind,
  type Callable,
  callerLine,
  currentInterpreter,
  DenseTensor,
  formatShape,
  type Interpreter,
  isFloat,
  type Primitive,
  type Tensor,
  under,
} from "@pushforward/tensor";
import { rememberingSources } from "./linearProgram.ts";
import { NanError } from "./nanError.ts";

const hasNan = (x: Tensor): boolean => x instanceof DenseTensor && isFloat(x.dtype) && x.buffer.some(Number.isNaN);

/** Short text of an operand: shape and range. */
function describe(x: Tensor): string {
  if (!(x instanceof DenseTensor)) return x.toString();
  if (x.size === 1) return String(x.buffer[0]);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of x.buffer) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return `${formatShape(x.shape)} in [${low}, ${high}]`;
}

/** Evaluates and looks at every result. */
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
    const index = (out as DenseTensor).buffer.findIndex(Number.isNaN);
    const source = callerLine();
    throw new NanError(
      `debugNans: "${primitive.name}" made the first NaN, at flat index ${index} of ${formatShape(out.shape)}, from ${operands.map(describe).join(" and ")}${source === undefined ? "" : `; at ${source}`}`,
      primitive.name,
      source,
    );
  }

  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    return callable.body(args);
  }
}

/**
 * The same function, which throws at the first operation that makes a NaN from operands without one: forward, in a
 * derivative, or in a backward pass. Slow; compiled functions inside run uncompiled.
 *
 * @throws NanError with the primitive, its operands and the user's source line
 */
export function debugNans<Args extends readonly unknown[], Out>(f: (...args: Args) => Out): (...args: Args) => Out {
  return (...args) => rememberingSources(() => under(new NanWatch(currentInterpreter()), () => f(...args)));
}

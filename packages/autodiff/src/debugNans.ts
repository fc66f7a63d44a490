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
  mustBe,
  optionsOf,
  type Primitive,
  type Sync,
  type Tensor,
  under,
} from "@pushforward/tensor";
import { rememberingSources } from "./linearProgram.ts";
import { NanError } from "./nanError.ts";

/** The values of a tensor, where it has values now. */
const valuesOf = (x: Tensor): DenseTensor | null => (x.readable ? x.concrete("debugNans") : null);

/** Whether a value is looked for. */
type IsBad = (value: number) => boolean;

const isNotFinite: IsBad = (value) => !Number.isFinite(value);

/** Options of debugNans. */
export interface DebugNansOptions {
  /** Looks for infinities as well; default false, since masked branches may hold them by design. */
  readonly infinities?: boolean;
}

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

/** Evaluates primitives and checks every result. */
class NanWatch implements Interpreter {
  readonly name = "debugNans";
  depth = 0;
  readonly outer: Interpreter;
  private readonly isBad: IsBad;

  constructor(outer: Interpreter, isBad: IsBad) {
    this.outer = outer;
    this.isBad = isBad;
  }

  private hasBad(x: Tensor): boolean {
    return isFloat(x.dtype) && (valuesOf(x)?.buffer.some(this.isBad) ?? false);
  }

  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor {
    const out = under(this.outer, () => bind(primitive, operands, params));
    if (!this.hasBad(out) || operands.some((x) => this.hasBad(x))) return out;
    const { buffer } = valuesOf(out)!;
    const index = buffer.findIndex(this.isBad);
    const found = Number.isNaN(buffer[index]) ? "NaN" : "infinity";
    const source = callerLine();
    throw new NanError(
      `debugNans: "${primitive.name}" made the first ${found}, at flat index ${index} of ${formatShape(out.shape)}, from ${operands.map(describe).join(" and ")}${source === undefined ? "" : `; at ${source}`}`,
      { primitive: primitive.name, source, index, shape: out.shape, value: buffer[index] },
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
 * @param options.infinities throws at the first infinity as well
 * @throws NanError with the primitive, its operands and the user's source line
 */
export function debugNans<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
  options: DebugNansOptions = {},
): (...args: Args) => Out {
  const { infinities = false } = optionsOf("debugNans", options);
  mustBe("debugNans", "infinities", infinities, "boolean");
  const isBad = infinities ? isNotFinite : Number.isNaN;
  return (...args) =>
    checkSync(
      "debugNans",
      rememberingSources(() => under(new NanWatch(currentInterpreter(), isBad), () => f(...args))),
    ) as Out;
}

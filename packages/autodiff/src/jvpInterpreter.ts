import {
  bind,
  type Callable,
  call,
  callerLine,
  type DenseTensor,
  type Interpreter,
  isFloat,
  knownName,
  labelled,
  named,
  type Primitive,
  type Tensor,
  Tracer,
  under,
} from "@pushforward/tensor";
import { type CustomCallable, isCustom } from "./customCallable.ts";
import { collectRead, type ValueRead } from "./reads.ts";
import { jvpRules } from "./rules/index.ts";
import type { OperandRule, RuleContext } from "./rules/rule.ts";
import { ruleOf } from "./rules/ruleOf.ts";

/** A value with its tangent: it belongs to one interpreter and is a constant for all others. */
export class Dual extends Tracer {
  readonly interpreter: JvpInterpreter;
  readonly primal: Tensor;
  readonly tangent: Tensor;

  constructor(interpreter: JvpInterpreter, primal: Tensor, tangent: Tensor) {
    super();
    this.interpreter = interpreter;
    this.primal = primal;
    this.tangent = tangent;
  }

  override get shape(): readonly number[] {
    return this.primal.shape;
  }

  override get dtype() {
    return this.primal.dtype;
  }

  override get weak(): boolean {
    return this.primal.weak;
  }

  override get readable(): boolean {
    return this.primal.readable;
  }

  override concrete(operation: string): DenseTensor {
    return this.primal.concrete(operation);
  }

  /** Reading a value gives the primal; results computed from the primal are constants. */
  override read(operation: string): DenseTensor {
    const values = this.primal.read(operation);
    this.interpreter.noteRead(operation);
    // Nested duals count as one read.
    if (!(this.primal instanceof Dual)) collectRead(operation);
    return values;
  }

  override toString(): string {
    return `Dual(${this.primal}, ${this.tangent})`;
  }
}

type AnyContext = RuleContext<object>;

/**
 * Computes tangents together with values. Primals are computed under `outer`; tangents under `tangents`, which is `outer` for jvp and a
 * recorder for linearize.
 */
export class JvpInterpreter implements Interpreter {
  readonly name: string;
  depth = 0;
  readonly outer: Interpreter;
  readonly tangents: Interpreter;
  /** The first read of a value with a tangent. */
  firstRead: Pick<ValueRead, "operation" | "source"> | undefined;
  /** Whether a stop primitive was applied. */
  hasStops = false;

  constructor(name: string, outer: Interpreter, tangents: Interpreter = outer) {
    this.name = name;
    this.outer = outer;
    this.tangents = tangents;
  }

  get isLinearizing(): boolean {
    return this.tangents !== this.outer;
  }

  noteRead(operation: string): void {
    this.firstRead ??= { operation, source: callerLine() };
  }

  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor {
    const name = knownName(primitive);
    if (name === "stopGradient" || name === "stopTangent") this.hasStops = true;
    const primals = operands.map((x) => this.primalOf(x));
    const out = under(this.outer, () => bind(primitive, primals, params));
    const tangents = operands.map((x) => this.tangentOf(x));
    if (tangents.every((dx) => dx === null) || !isFloat(out.dtype)) return out;
    if (name === "stopTangent" && !this.isLinearizing) return out;
    const [x, y, z, w] = primals;
    const context: AnyContext = { x, y, z, w, operands: primals, out, params };
    const tangent = labelled("tangent", () => under(this.tangents, () => tangentRule(primitive, tangents, context)));
    return tangent ? new Dual(this, out, tangent) : out;
  }

  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    const tangents = args.map((x) => this.tangentOf(x));
    const primals = args.map((x) => this.primalOf(x));
    if (!isCustom(callable)) return callable.body(args);
    const isConstant = !callable.isClosure && tangents.every((dx) => dx === null);
    if (isConstant) return under(this.outer, () => call(callable, primals));
    return this.differentiate(callable, primals, tangents);
  }

  /** The primal gets the name, its tangent the name with a d in front; a recorded tangent keeps the name for its cotangent. */
  nameValue(x: Tensor, name: string): void {
    named(this.primalOf(x), name);
    const tangent = this.tangentOf(x);
    if (tangent) named(tangent, this.isLinearizing ? name : `d${name}`);
  }

  private differentiate(callable: CustomCallable, primals: readonly Tensor[], tangents: (Tensor | null)[]): Tensor[] {
    const [outs, outTangents] = callable.differentiate(this, primals, tangents);
    return outs.map((out, i) => {
      const tangent = outTangents[i];
      return tangent && isFloat(out.dtype) ? new Dual(this, out, tangent) : out;
    });
  }

  primalOf(x: Tensor): Tensor {
    return x instanceof Dual && x.interpreter === this ? x.primal : x;
  }

  tangentOf(x: Tensor): Tensor | null {
    return x instanceof Dual && x.interpreter === this ? x.tangent : null;
  }
}

/** The output's tangent: the sum of the contributions of the operands' tangents. */
function tangentRule(
  primitive: Primitive<object>,
  tangents: readonly (Tensor | null)[],
  context: AnyContext,
): Tensor | null {
  const rule = ruleOf(jvpRules, primitive, "jvp");
  if (rule === null) return null;
  if (typeof rule === "function") {
    return (rule as (tangents: readonly (Tensor | null)[], context: AnyContext) => Tensor | null)(tangents, context);
  }
  const parts = (rule as readonly (OperandRule<object> | null)[]).flatMap((operandRule, i) => {
    const dx = tangents[i];
    const part = dx && operandRule ? operandRule(dx, context) : null;
    return part ? [part] : [];
  });
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum.add(part));
}

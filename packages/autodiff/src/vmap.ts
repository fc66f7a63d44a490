import {
  asTensor,
  bind,
  type Callable,
  call,
  currentInterpreter,
  type DenseTensor,
  DTypeError,
  type Flattened,
  flatten,
  formatShape,
  type Interpreter,
  leavesAlong,
  moveAxis,
  named,
  normalizeAxis,
  type Primitive,
  type PrimitiveName,
  ShapeError,
  type Sync,
  type Tensor,
  Tracer,
  under,
  unflatten,
} from "@pushforward/tensor";
import { type FlatFunction, isCustom } from "./customCallable.ts";
import { type AnyFunction, applyTo, placeOf } from "./leaves.ts";
import { withBatch } from "./rules/batch.ts";
import { batchRules } from "./rules/index.ts";
import type { Batched, BatchRule } from "./rules/rule.ts";
import { ruleOf } from "./rules/ruleOf.ts";
import type { AxesOf } from "./tangentTree.ts";

/** Stands for one element of a batch; its value is the whole batch, with the mapped axis in front. */
class BatchTracer extends Tracer {
  readonly interpreter: BatchInterpreter;
  readonly value: Tensor;
  readonly readable = false;

  constructor(interpreter: BatchInterpreter, value: Tensor) {
    super();
    this.interpreter = interpreter;
    this.value = value;
  }

  override get shape(): readonly number[] {
    return this.value.shape.slice(1);
  }

  override get dtype() {
    return this.value.dtype;
  }

  override get weak(): boolean {
    return this.value.weak;
  }

  override concrete(operation: string): DenseTensor {
    throw new DTypeError(
      `${operation}: inside vmap a value stands for a whole batch and cannot be read; use where() instead of if, or read the value outside vmap`,
    );
  }
}

/** Runs every operation on whole batches. */
class BatchInterpreter implements Interpreter {
  readonly name = "vmap";
  depth = 0;
  readonly outer: Interpreter;
  readonly size: number;

  constructor(outer: Interpreter, size: number) {
    this.outer = outer;
    this.size = size;
  }

  isBatched(x: Tensor): x is BatchTracer {
    return x instanceof BatchTracer && x.interpreter === this;
  }

  valueOf(x: Tensor): Tensor {
    return this.isBatched(x) ? x.value : x;
  }

  bind<P extends object>(primitive: Primitive<P>, operands: readonly Tensor[], params: P): Tensor {
    if (!operands.some((x) => this.isBatched(x))) return under(this.outer, () => bind(primitive, operands, params));
    primitive.type(operands, params);
    const batched = operands.map((x) => ({ value: this.valueOf(x), isBatched: this.isBatched(x) }));
    const rule = ruleOf(batchRules, primitive, "vmap") as unknown as BatchRule<PrimitiveName>;
    const value = under(this.outer, () => rule(batched, params as never, this.size));
    return new BatchTracer(this, value);
  }

  call(callable: Callable, args: readonly Tensor[]): readonly Tensor[] {
    const flags = args.map((x) => this.isBatched(x));
    if (!flags.includes(true)) {
      return isCustom(callable) && callable.isClosure
        ? callable.body(args)
        : under(this.outer, () => call(callable, args));
    }
    if (!isCustom(callable)) return callable.body(args);
    const within = (f: FlatFunction): FlatFunction => {
      return (values) => this.run(f, values, flags).map((out) => withBatch(out, this.size));
    };
    const batched = callable.batched({ flags, size: this.size, within });
    const values = args.map((x) => this.valueOf(x));
    return under(this.outer, () => call(batched, values)).map((value) => new BatchTracer(this, value));
  }

  nameValue(x: Tensor, name: string): void {
    named(this.valueOf(x), name);
  }

  /** Runs a flat function on batches; each result says whether it is batched. */
  run(f: FlatFunction, args: readonly Tensor[], flags: readonly boolean[]): Batched[] {
    const outs = under(this, () => f(args.map((x, i) => (flags[i] ? new BatchTracer(this, x) : x))));
    return outs.map((x) => ({ value: this.valueOf(x), isBatched: this.isBatched(x) }));
  }
}

/**
 * A flat function on batches.
 *
 * @param flags whether each argument carries the mapped axis in front; every result carries it
 */
export const vmapFlat = (f: FlatFunction, args: readonly Tensor[], flags: readonly boolean[], size: number): Tensor[] =>
  new BatchInterpreter(currentInterpreter(), size).run(f, args, flags).map((out) => withBatch(out, size));

/** Options of vmap. Axes are a number, null for "not mapped", or a tree of numbers and nulls, which may end above the leaves. */
export interface VmapOptions<Args extends readonly unknown[] = readonly unknown[], Out = unknown> {
  /** Axes of the arguments; one number or null applies to all of them. Default 0. */
  readonly inAxes?: AxesOf<Args>;
  /** Axes of the result; null returns a result that depends on no mapped argument without repeating it. Default 0. */
  readonly outAxes?: AxesOf<Out>;
}

const isAxis = (axis: unknown): axis is number | null => axis === null || typeof axis === "number";

/** Axes as entries along arguments or results: a number or null applies to all leaves below its place. */
const axesAlong = (what: "inAxes" | "outAxes", axes: unknown, { structure }: Flattened, tree: unknown) =>
  leavesAlong<number | null>(
    {
      operation: "vmap",
      what,
      isWhole: isAxis,
      isEntry: isAxis,
      kind: "a number or null",
      hint: "a number or null applies to all leaves below its place, null means not mapped",
    },
    structure,
    axes,
    tree,
  );

function sizeOfBatch(leaves: readonly Tensor[], axes: readonly (number | null)[], paths: readonly string[]): number {
  let [size, first] = [-1, ""];
  leaves.forEach((x, i) => {
    const axis = axes[i];
    if (axis === null) return;
    if (x.rank === 0)
      throw new ShapeError(`vmap: ${placeOf(paths[i])} is 0-d and has no axis ${axis}; set its inAxes to null`);
    const n = x.shape[normalizeAxis(`vmap: ${placeOf(paths[i])}`, axis, x.shape)];
    if (size >= 0 && n !== size) {
      throw new ShapeError(
        `vmap: mapped axes must have one size, got ${size} at ${placeOf(first)} and ${n} at ${placeOf(paths[i])} ${formatShape(x.shape)}`,
      );
    }
    [size, first] = [n, paths[i]];
  });
  if (size < 0) throw new ShapeError("vmap: at least one argument must be mapped, all inAxes are null");
  return size;
}

/**
 * Maps a function over an axis of its arguments, as one computation on whole batches.
 *
 * @param options inAxes, outAxes: numbers, null, or prefix trees of numbers and nulls, as in JAX
 * @throws ShapeError if mapped sizes differ
 */
export function vmap<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
  options: NoInfer<VmapOptions<Args, Out>> = {},
): (...args: Args) => Out {
  const { inAxes = 0, outAxes = 0 } = options;
  return (...args) => {
    const flat = flatten(args, "vmap");
    const leaves = flat.leaves.map((leaf) => asTensor(leaf, "vmap"));
    const axes = axesAlong("inAxes", inAxes, flat, args);
    const size = sizeOfBatch(leaves, axes, flat.paths);
    const fronted = leaves.map((x, i) => (axes[i] === null ? x : moveAxis(x, axes[i], 0)));
    let result = flatten(null);
    let tree: unknown;
    const outs = new BatchInterpreter(currentInterpreter(), size).run(
      (values) => {
        tree = applyTo(f as AnyFunction, { flat, values: leaves }, values);
        result = flatten(tree, "vmap");
        return result.leaves.map((leaf) => asTensor(leaf));
      },
      fronted,
      axes.map((axis) => axis !== null),
    );
    const targets = axesAlong("outAxes", outAxes, result, tree);
    const moved = outs.map((out, i) => placeAxis(out, targets[i], size, result.paths[i]));
    return unflatten(result.structure, moved) as Out;
  };
}

/** A result with its mapped axis at the place that outAxes gives. */
function placeAxis(out: Batched, axis: number | null, size: number, path: string): Tensor {
  const place = path === "" ? "the result" : `result "${path}"`;
  if (axis !== null) {
    const value = withBatch(out, size);
    return moveAxis(value, 0, normalizeAxis(`vmap: outAxes of ${place}`, axis, value.shape));
  }
  if (!out.isBatched) return out.value;
  throw new ShapeError(`vmap: ${place} depends on a mapped argument, so its outAxes cannot be null; give it an axis`);
}

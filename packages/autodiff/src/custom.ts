import {
  asTensor,
  bind,
  type Callable,
  call,
  currentInterpreter,
  DTypeError,
  type Flattened,
  flatten,
  noParams,
  primitives,
  ShapeError,
  type Structure,
  structureKey,
  sum,
  type Tensor,
  under,
  unflatten,
} from "@pushforward/tensor";
import { Dual, JvpInterpreter } from "./jvpInterpreter.ts";
import { type Arguments, argumentsOf, materialize } from "./leaves.ts";
import { linearizeAt } from "./linearize.ts";
import type { Recorder } from "./linearProgram.ts";
import { matchTangents } from "./matchTangents.ts";
import { transposeLinear } from "./transpose.ts";
import { vmapFlat } from "./vmap.ts";

type Tangent = Tensor | null;

/** A flat function with its own derivative. */
export interface CustomCallable extends Callable {
  /** Values under the outer interpreter, and tangents under the one for tangents. */
  differentiate(
    interpreter: JvpInterpreter,
    primals: readonly Tensor[],
    tangents: readonly Tangent[],
  ): [Tensor[], Tangent[]];
  /** The same on batches: flagged arguments carry the mapped axis in front, every result does. */
  batched(flags: readonly boolean[], size: number): CustomCallable;
}

/** Whether a callable has rules for derivatives and batches. */
export const isCustom = (callable: Callable): callable is CustomCallable => "differentiate" in callable;

type FlatFunction = (args: readonly Tensor[]) => readonly Tensor[];

/** Values of a flat rule that takes primals and tangents: first the outputs, then as many tangents. */
type FlatJvp = (primals: readonly Tensor[], tangents: readonly Tensor[]) => readonly Tensor[];

function jvpCallable(body: FlatFunction, rule: FlatJvp): CustomCallable {
  return {
    name: "customJvp",
    body,
    differentiate(interpreter, primals, tangents) {
      const full = tangents.map((dx, i) => materialize(dx, primals[i]) ?? primals[i]);
      const all = under(interpreter.tangents, () => rule(primals, full));
      const count = all.length / 2;
      return [all.slice(0, count), all.slice(count)];
    },
    batched: (flags, size) =>
      jvpCallable(
        (args) => vmapFlat(body, args, flags, size),
        (primals, tangents) =>
          vmapFlat(
            (all) => rule(all.slice(0, primals.length), all.slice(primals.length)),
            [...primals, ...tangents],
            [...flags, ...flags],
            size,
          ),
      ),
  };
}

/** Outputs and residuals of a forward pass. */
interface Forward {
  readonly outs: readonly Tensor[];
  readonly residuals: readonly Tensor[];
}

type FlatBackward = (residuals: readonly Tensor[], cts: readonly Tensor[]) => readonly Tangent[];

function vjpCallable(body: FlatFunction, fwd: (args: readonly Tensor[]) => Forward, bwd: FlatBackward): CustomCallable {
  return {
    name: "customVjp",
    body,
    differentiate(interpreter, primals, tangents) {
      if (!interpreter.isLinearizing) {
        throw new DTypeError(
          "jvp: a customVjp function has no forward rule; define it with customJvp, or differentiate it with vjp or grad",
        );
      }
      const { outs, residuals } = under(interpreter.outer, () => fwd(primals));
      const recorder = interpreter.tangents as Recorder;
      const forward = (): never => {
        throw new DTypeError(
          "linearize: a customVjp function has no forward rule; define it with customJvp, or use vjp",
        );
      };
      const transpose = (cts: readonly Tangent[]): readonly Tangent[] =>
        bwd(
          residuals,
          cts.map((ct, i) => materialize(ct, outs[i]) ?? outs[i]),
        );
      return [[...outs], recorder.record({ name: "customVjp", outputs: outs, forward, transpose }, tangents)];
    },
    batched(flags, size) {
      let count = 0;
      const batchedFwd = (args: readonly Tensor[]): Forward => {
        const all = vmapFlat(
          (values) => {
            const { outs, residuals } = fwd(values);
            count = outs.length;
            return [...outs, ...residuals];
          },
          args,
          flags,
          size,
        );
        return { outs: all.slice(0, count), residuals: all.slice(count) };
      };
      const batchedBwd: FlatBackward = (residuals, cts) => {
        let isZero: boolean[] = [];
        const pulled = vmapFlat(
          (values) => {
            const results = bwd(values.slice(0, residuals.length), values.slice(residuals.length));
            isZero = results.map((ct) => ct === null);
            return results.filter((ct) => ct !== null);
          },
          [...residuals, ...cts],
          [...residuals, ...cts].map(() => true),
          size,
        );
        // An argument that was shared by the batch collects from all of it.
        return isZero.map((zero, i) => (zero ? null : flags[i] ? pulled.shift()! : sum(pulled.shift()!, 0)));
      };
      return vjpCallable((args) => vmapFlat(body, args, flags, size), batchedFwd, batchedBwd);
    },
  };
}

/** Tangents of a flat function at some values. */
function flatJvp(body: FlatFunction, primals: readonly Tensor[], tangents: readonly Tangent[]): [Tensor[], Tangent[]] {
  const interpreter = new JvpInterpreter("checkpoint", currentInterpreter());
  const outs = under(interpreter, () =>
    body(
      primals.map((x, i) => {
        const dx = tangents[i];
        return dx ? new Dual(interpreter, x, dx) : x;
      }),
    ),
  );
  return [outs.map((x) => interpreter.primalOf(x)), outs.map((x) => interpreter.tangentOf(x))];
}

/** Values behind a barrier, so that recomputing them is not merged with the first computation. */
const behindBarrier = (xs: readonly Tensor[]): Tensor[] => xs.map((x) => bind(primitives.barrier, [x], noParams));

function checkpointCallable(body: FlatFunction): CustomCallable {
  const callable: CustomCallable = {
    name: "checkpoint",
    body,
    differentiate(interpreter, primals, tangents) {
      if (!interpreter.isLinearizing) return under(interpreter.outer, () => flatJvp(body, primals, tangents));
      const outs = under(interpreter.outer, () => call(callable, primals));
      const forward = (directions: readonly Tangent[]): Tangent[] =>
        flatJvp(body, behindBarrier(primals), directions)[1];
      const transpose = (cts: readonly Tangent[]): Tangent[] => {
        const args = argumentsOf("checkpoint", behindBarrier(primals));
        const isActive = (i: number): boolean => tangents[i] !== null;
        const at = linearizeAt("checkpoint", (...values: readonly Tensor[]) => body(values), args, false, isActive);
        return transposeLinear(at.program, cts);
      };
      const recorder = interpreter.tangents as Recorder;
      return [[...outs], recorder.record({ name: "checkpoint", outputs: outs, forward, transpose }, tangents)];
    },
    batched: (flags, size) => checkpointCallable((args) => vmapFlat(body, args, flags, size)),
  };
  return callable;
}

/** Remembers the structure of results while a function on trees is used as one on leaves. */
class ResultShape {
  private known: Pick<Flattened, "structure" | "paths"> | undefined;

  leavesOf(operation: string, tree: unknown): Tensor[] {
    const { leaves, structure, paths } = flatten(tree, operation);
    this.known ??= { structure, paths };
    const [was, is] = [this.known.structure, structure].map(structureKey);
    if (is !== was)
      throw new ShapeError(`${operation}: function and rule must return the same structure, got ${was} and ${is}`);
    return leaves.map((leaf) => asTensor(leaf));
  }

  /** The structure and the places of the leaves. */
  get flat(): Pick<Flattened, "structure" | "paths"> {
    return this.known!;
  }

  treeOf(leaves: readonly Tensor[]): unknown {
    return unflatten(this.flat.structure, leaves);
  }
}

/** A function on trees from one that makes a callable for their structure. */
function onTrees<Args extends readonly unknown[], Out>(
  operation: string,
  make: (args: Arguments, shape: ResultShape) => CustomCallable,
): (...args: Args) => Out {
  return (...args) => {
    const flat = argumentsOf(operation, args);
    const shape = new ResultShape();
    return shape.treeOf(call(make(flat, shape), flat.values)) as Out;
  };
}

/**
 * A function with its own derivative: `rule(primals, tangents)` returns [out, outTangent], linear in the tangents.
 * Works in both modes; int32 and bool leaves have their own value as tangent, and what the rule returns for theirs is not
 * looked at. What `f` needs of a transformed value must be an argument, not closed over.
 *
 * @throws ShapeError, DTypeError with the leaf's path if a tangent does not fit its output
 */
export function customJvp<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  rule: (primals: Args, tangents: Args) => readonly [Out, Out],
): (...args: Args) => Out {
  return onTrees("customJvp", ({ flat }, shape) => {
    const tree = (leaves: readonly Tensor[]): Args => unflatten(flat.structure, leaves) as Args;
    return jvpCallable(
      (leaves) => shape.leavesOf("customJvp", f(...tree(leaves))),
      (primals, tangents) => {
        const [out, dOut] = rule(tree(primals), tree(tangents));
        const outs = shape.leavesOf("customJvp", out);
        const given = matchTangents("customJvp", "tangent", { values: outs, flat: shape.flat }, dOut, "ignore");
        return [...outs, ...outs.map((x, i) => materialize(given[i], x) ?? x)];
      },
    );
  });
}

/**
 * A function with its own reverse rule: `fwd(...args)` returns [out, residuals], `bwd(residuals, ct)` one cotangent per
 * argument (null for none). Forward mode through it is an error that names customJvp.
 *
 * @throws ShapeError, DTypeError with the leaf's path if a cotangent does not fit its argument
 */
export function customVjp<Args extends readonly unknown[], Out, Residuals>(
  f: (...args: Args) => Out,
  fwd: (...args: Args) => readonly [Out, Residuals],
  bwd: (residuals: Residuals, ct: Out) => { readonly [I in keyof Args]: unknown },
): (...args: Args) => Out {
  return onTrees("customVjp", (args, shape) => {
    const tree = (leaves: readonly Tensor[]): Args => unflatten(args.flat.structure, leaves) as Args;
    let residualStructure: Structure = { kind: "null" };
    return vjpCallable(
      (leaves) => shape.leavesOf("customVjp", f(...tree(leaves))),
      (leaves) => {
        const [out, residuals] = fwd(...tree(leaves));
        const flat = flatten(residuals, "customVjp");
        residualStructure = flat.structure;
        return { outs: shape.leavesOf("customVjp", out), residuals: flat.leaves.map((leaf) => asTensor(leaf)) };
      },
      (residuals, cts) => {
        const results = bwd(unflatten(residualStructure, residuals) as Residuals, shape.treeOf(cts) as Out);
        return matchTangents("customVjp", "cotangent", args, results);
      },
    );
  });
}

/**
 * The same function, which keeps only its inputs for the backward pass and computes the rest again.
 */
export function checkpoint<Args extends readonly unknown[], Out>(f: (...args: Args) => Out): (...args: Args) => Out {
  return onTrees("checkpoint", ({ flat }, shape) =>
    checkpointCallable((leaves) => shape.leavesOf("checkpoint", f(...(unflatten(flat.structure, leaves) as Args)))),
  );
}

import {
  asTensor,
  checkSync,
  DTypeError,
  flatten,
  ShapeError,
  type Structure,
  type Sync,
  sum,
  type Tensor,
  under,
  unflatten,
} from "@pushforward/tensor";
import { nameOf } from "./aux.ts";
import { type CustomCallable, type FlatFunction, onTrees, type Tangent } from "./customCallable.ts";
import { materialize } from "./leaves.ts";
import type { Recorder } from "./linearProgram.ts";
import { matchTangents } from "./matchTangents.ts";
import type { TangentsOf, TangentTree } from "./tangentTree.ts";
import { vmapFlat } from "./vmap.ts";

/** Values of a flat rule that takes primals and tangents: first the outputs, then as many tangents. */
type FlatJvp = (primals: readonly Tensor[], tangents: readonly Tensor[]) => readonly Tensor[];

function jvpCallable(body: FlatFunction, rule: FlatJvp): CustomCallable {
  return {
    name: "customJvp",
    isClosure: false,
    body,
    differentiate(interpreter, primals, tangents) {
      const full = tangents.map((dx, i) => materialize(dx, primals[i]) ?? primals[i]);
      const all = under(interpreter.tangents, () => rule(primals, full));
      const count = all.length / 2;
      return [all.slice(0, count), all.slice(count)];
    },
    batched: ({ flags, size }) =>
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
    isClosure: false,
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
    batched({ flags, size }) {
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
        // The cotangent of an argument that the batch shares is the sum over the batch.
        return isZero.map((zero, i) => (zero ? null : flags[i] ? pulled.shift()! : sum(pulled.shift()!, 0)));
      };
      return vjpCallable((args) => vmapFlat(body, args, flags, size), batchedFwd, batchedBwd);
    },
  };
}

/** The two results of a rule; another result is an error. */
function pairOf<T extends readonly [unknown, unknown]>(operation: string, must: string, results: T): T {
  checkSync(operation, results);
  if (Array.isArray(results) && results.length === 2) return results;
  throw new ShapeError(`${operation}: ${must}, got ${nameOf(results)}`);
}

/**
 * A function with its own derivative: `rule(primals, tangents)` returns [out, outTangent], linear in the tangents.
 * The rule serves both modes. The tangent of an int32 or bool argument is its own value, and the tangent that the rule returns for an
 * int32 or bool result is ignored. A transformed value that `f` uses must be an argument; it must not be closed over.
 *
 * @throws ShapeError, DTypeError with the leaf's path if a tangent does not fit its output
 */
export function customJvp<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
  rule: (primals: Args, tangents: Args) => readonly [Out, TangentTree<Out>],
): (...args: Args) => Out {
  return onTrees("customJvp", ({ flat }, shape) => {
    const tree = (leaves: readonly Tensor[]): Args => unflatten(flat.structure, leaves) as Args;
    return jvpCallable(
      (leaves) => shape.leavesOf("customJvp", f(...tree(leaves))),
      (primals, tangents) => {
        const [out, dOut] = pairOf(
          "customJvp",
          "the rule must return [out, outTangent]",
          rule(tree(primals), tree(tangents)),
        );
        const outs = shape.leavesOf("customJvp", out);
        const given = matchTangents("customJvp", "tangent", { values: outs, flat: shape.flat }, dOut, "ignore");
        return [...outs, ...outs.map((x, i) => materialize(given[i], x) ?? x)];
      },
    );
  });
}

/**
 * A function with its own reverse rule: `fwd(...args)` returns [out, residuals], `bwd(residuals, ct)` one cotangent per
 * argument (null for none). Forward mode through the function is an error that names customJvp.
 *
 * @throws ShapeError, DTypeError with the leaf's path if a cotangent does not fit its argument
 */
export function customVjp<Args extends readonly unknown[], Out, Residuals>(
  f: (...args: Args) => Sync<Out>,
  fwd: (...args: Args) => readonly [Out, Residuals],
  bwd: (residuals: Residuals, ct: Out) => TangentsOf<Args>,
): (...args: Args) => Out {
  return onTrees("customVjp", (args, shape) => {
    const tree = (leaves: readonly Tensor[]): Args => unflatten(args.flat.structure, leaves) as Args;
    let residualStructure: Structure = { kind: "null" };
    return vjpCallable(
      (leaves) => shape.leavesOf("customVjp", f(...tree(leaves))),
      (leaves) => {
        const [out, residuals] = pairOf("customVjp", "fwd must return [out, residuals]", fwd(...tree(leaves)));
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

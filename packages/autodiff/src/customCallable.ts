import {
  asTensor,
  type Callable,
  call,
  type Flattened,
  flatten,
  ShapeError,
  structureKey,
  type Tensor,
  unflatten,
} from "@pushforward/tensor";
import type { JvpInterpreter } from "./jvpInterpreter.ts";
import { type Arguments, argumentsOf } from "./leaves.ts";

/** A tangent, or none. */
export type Tangent = Tensor | null;

/** A function of leaves. */
export type FlatFunction = (args: readonly Tensor[]) => readonly Tensor[];

/** The batch that a callable runs on. */
export interface Mapping {
  /** Whether each argument carries the mapped axis in front; every result carries it. */
  readonly flags: readonly boolean[];
  readonly size: number;
  /** Makes the function run under the current vmap, so that it may close over values of that vmap. */
  within(f: FlatFunction): FlatFunction;
}

/** A flat function with its own derivative. */
export interface CustomCallable extends Callable {
  /** Whether the body may close over values of a transform that is running. */
  readonly isClosure: boolean;
  /** Computes values under the outer interpreter, and tangents under the interpreter for tangents. */
  differentiate(
    interpreter: JvpInterpreter,
    primals: readonly Tensor[],
    tangents: readonly Tangent[],
  ): [Tensor[], Tangent[]];
  /** The same callable on batches. */
  batched(mapping: Mapping): CustomCallable;
}

/** Whether a callable has rules for derivatives and batches. */
export const isCustom = (callable: Callable): callable is CustomCallable => "differentiate" in callable;

/** Remembers the structure of results while a function on trees is used as a function on leaves. */
export class ResultShape {
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

/** A function on trees; `make` builds the callable for the structure of the arguments. */
export function onTrees<Args extends readonly unknown[], Out>(
  operation: string,
  make: (args: Arguments, shape: ResultShape) => CustomCallable,
): (...args: Args) => Out {
  return (...args) => {
    const flat = argumentsOf(operation, args);
    const shape = new ResultShape();
    return shape.treeOf(call(make(flat, shape), flat.values)) as Out;
  };
}

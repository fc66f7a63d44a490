import { matchTangents, type TangentTree } from "@pushforward/autodiff";
import {
  add,
  asTensor,
  cast,
  type DType,
  type Flattened,
  flatten,
  formatShape,
  isFloat,
  type Leaf,
  optionsOf,
  ShapeError,
  shorten,
  type Tensor,
  type TensorLike,
  treeMap,
  unflatten,
  zeros,
  zerosLike,
} from "@pushforward/tensor";
import { checkNumber } from "../checkNumber.ts";
import { leavesLike } from "../leavesLike.ts";
import type { Schedule } from "../schedules.ts";

/** The state of an optimiser: the number of finished updates (0-d), and trees shaped like the parameters. */
export interface OptimizerState<P> {
  readonly step: Tensor;
  readonly slots: { readonly [name: string]: P };
}

/** Settings of one update. */
export interface UpdateOptions {
  /** Overrides the rate of the optimiser; a number or a 0-d tensor. */
  readonly learningRate?: TensorLike;
}

/** An optimiser as two pure functions of trees, so that a whole update compiles. */
export interface Optimizer {
  readonly name: string;
  init<P>(params: P): OptimizerState<P>;
  /**
   * New parameters and new state. The gradient of an int32 or bool leaf is null, and the leaf does not change.
   *
   * @throws ShapeError, DTypeError unless each float leaf has a gradient of its shape and dtype
   */
  update<P>(
    grads: TangentTree<P>,
    state: OptimizerState<P>,
    params: P,
    options?: UpdateOptions,
  ): [P, OptimizerState<P>];
}

/** A learning rate, constant or a schedule. */
export type LearningRate = number | Schedule;

/** Inputs of the rule for one parameter tensor. */
export interface LeafInput<Slot extends string> {
  readonly p: Tensor;
  readonly g: Tensor;
  readonly slots: Readonly<Record<Slot, Tensor>>;
  /** Number of this update, 1 for the first, in the dtype of p. */
  readonly step: Tensor;
  /** In the dtype of p. */
  readonly learningRate: Tensor;
}

/** An optimiser in terms of one parameter tensor. */
export interface LeafRule<Slot extends string> {
  readonly name: string;
  readonly learningRate: LearningRate;
  /** Names of the tensors remembered for each parameter tensor; all start at zero. */
  readonly slots: readonly Slot[];
  readonly leaf: (input: LeafInput<Slot>) => { readonly p: Tensor; readonly slots: Readonly<Record<Slot, Tensor>> };
}

/** A step count of 0 in the dtype of the parameters, because every backend supports that dtype; float32 counts exactly to 2²⁴. */
export function startStep(params: unknown): Tensor {
  const dtypes = flatten(params).leaves.map((leaf) => asTensor(leaf).dtype);
  return zeros([], { dtype: dtypes.find((dtype): dtype is DType => isFloat(dtype)) ?? "float64" });
}

/** Applies the rule of one tensor to every leaf of a tree. */
export function leafwise<Slot extends string>(rule: LeafRule<Slot>): Optimizer {
  const { name, learningRate: rate, slots } = rule;
  if (typeof rate !== "function") checkNumber(name, "learningRate", rate, { from: 0 });
  const schedule: Schedule = typeof rate === "function" ? rate : () => asTensor(rate);
  return {
    name,
    init: (params) => ({ step: startStep(params), slots: record(slots, () => treeMap(zerosOf, params)) }),
    update(grads, state, params, options = {}) {
      const { learningRate: given = schedule(state.step) } = optionsOf(name, options);
      const learningRate = asTensor(given, `${name}: the learning rate`);
      if (learningRate.rank !== 0)
        throw new ShapeError(`${name}: the learning rate must be one number, got ${formatShape(learningRate.shape)}`);
      const step = add(state.step, 1);
      const flat = flatten(params, name);
      const results = leafInputs(rule, flat, grads, state.slots, step, learningRate).map((input) =>
        // An int32 or bool leaf has no gradient and does not change.
        isFloat(input.p.dtype) ? rule.leaf(input) : input,
      );
      const treeOf = (leaves: Tensor[]) => unflatten(flat.structure, leaves) as typeof params;
      const memory = record(slots, (slot) => treeOf(results.map((result) => result.slots[slot])));
      return [treeOf(results.map((result) => result.p)), { step, slots: memory }];
    },
  };
}

/** The gradients of a tree of parameters in the order of its leaves; zeros for int32 and bool leaves. */
function gradientsAlong(operation: string, flat: Flattened, grads: unknown): Tensor[] {
  const values = flat.leaves.map((leaf) => asTensor(leaf, operation));
  const given = matchTangents(operation, "gradient", { values, flat, root: "the parameters" }, grads);
  return given.map((g, i) => {
    if (g !== null) return g;
    if (!isFloat(values[i].dtype)) return zerosLike(values[i]);
    const place = flat.paths[i] === "" ? "the parameters" : `leaf "${shorten(flat.paths[i])}"`;
    throw new ShapeError(
      `${operation}: the gradient of ${place} must be a tensor, got null, which stands for the gradient of an int32 or bool leaf only; pass zeros`,
    );
  });
}

/** Inputs of the rule for every leaf. Gradients and state must have the structure of the parameters. */
function leafInputs<Slot extends string>(
  { name, slots }: LeafRule<Slot>,
  params: Flattened,
  grads: unknown,
  memory: { readonly [name: string]: unknown },
  step: Tensor,
  learningRate: Tensor,
): LeafInput<Slot>[] {
  const gradients = gradientsAlong(name, params, grads);
  const remembered = record(slots, (slot) => leavesLike(name, `"${slot}" in the state`, params, memory[slot]));
  return params.leaves.map((leaf, i) => {
    const p = asTensor(leaf, name);
    return {
      p,
      g: gradients[i],
      slots: record(slots, (slot) => remembered[slot][i]),
      step: cast(step, p.dtype),
      learningRate: cast(learningRate, p.dtype),
    };
  });
}

const zerosOf = (leaf: Leaf): Tensor => zerosLike(asTensor(leaf));

/** An object with one value for every key. */
const record = <K extends string, V>(keys: readonly K[], valueOf: (key: K) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<K, V>;

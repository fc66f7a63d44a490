import {
  add,
  asTensor,
  cast,
  checkStructure,
  type DType,
  type Flattened,
  flatten,
  isFloat,
  type Tensor,
  type TensorLike,
  unflatten,
  zeros,
  zerosLike,
} from "@pushforward/tensor";
import type { Schedule } from "../schedules.ts";

/** What an optimiser remembers: finished updates (0-d) and trees shaped like the parameters. */
export interface OptimizerState<P> {
  readonly step: Tensor;
  readonly slots: { readonly [name: string]: P };
}

/** Settings of one update. */
export interface UpdateOptions {
  /** Takes the place of the optimiser's own rate; a number or a 0-d tensor. */
  readonly learningRate?: TensorLike;
}

/** An optimiser: a pair of pure functions of trees, so that a whole update compiles. */
export interface Optimizer {
  readonly name: string;
  init<P>(params: P): OptimizerState<P>;
  /** New parameters and new state. */
  update<P>(grads: P, state: OptimizerState<P>, params: P, options?: UpdateOptions): [P, OptimizerState<P>];
}

/** A learning rate, or how it depends on the step. */
export type LearningRate = number | Schedule;

/** What the rule of one parameter tensor is given. */
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

/** A step count of 0 in the dtype of the parameters: every backend has it, and float32 counts exactly to 2²⁴. */
export function startStep(params: unknown): Tensor {
  const dtypes = flatten(params).leaves.map((leaf) => asTensor(leaf).dtype);
  return zeros([], { dtype: dtypes.find((dtype): dtype is DType => isFloat(dtype)) ?? "float64" });
}

/** Applies the rule of one tensor to every leaf of a tree. */
export function leafwise<Slot extends string>(rule: LeafRule<Slot>): Optimizer {
  const { learningRate: rate, slots: names } = rule;
  const schedule: Schedule = typeof rate === "function" ? rate : () => asTensor(rate);
  return {
    name: rule.name,
    init: (params) => ({
      step: startStep(params),
      slots: Object.fromEntries(names.map((name) => [name, zerosTree(params)])),
    }),
    update<P>(grads: P, state: OptimizerState<P>, params: P, options: UpdateOptions = {}): [P, OptimizerState<P>] {
      const flat = flatten(params, rule.name);
      const alike = (tree: unknown): Flattened => {
        const other = flatten(tree, rule.name);
        checkStructure(rule.name, flat, other);
        return other;
      };
      const gradients = alike(grads).leaves;
      const memory = names.map((name) => alike(state.slots[name]).leaves);
      const learningRate = asTensor(options.learningRate ?? schedule(state.step));
      const step = add(state.step, 1);
      const results = flat.leaves.map((leaf, i) => {
        const p = asTensor(leaf);
        return rule.leaf({
          p,
          g: asTensor(gradients[i]),
          slots: Object.fromEntries(names.map((name, j) => [name, asTensor(memory[j][i])])) as Record<Slot, Tensor>,
          step: cast(step, p.dtype),
          learningRate: cast(learningRate, p.dtype),
        });
      });
      const slotTree = (name: Slot): P =>
        unflatten(
          flat.structure,
          results.map((result) => result.slots[name]),
        ) as P;
      return [
        unflatten(
          flat.structure,
          results.map((result) => result.p),
        ) as P,
        { step, slots: Object.fromEntries(names.map((name) => [name, slotTree(name)])) },
      ];
    },
  };
}

function zerosTree<P>(params: P): P {
  const { structure, leaves } = flatten(params);
  return unflatten(
    structure,
    leaves.map((leaf) => zerosLike(asTensor(leaf))),
  ) as P;
}

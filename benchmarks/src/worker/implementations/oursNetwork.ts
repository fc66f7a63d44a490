import { compile, type Tensor } from "@pushforward/tensor";
import { networkStep } from "../../tasks/networkStep.ts";
import type { NetworkTask } from "../../tasks/task.ts";
import type { Prepared } from "../implementation.ts";
import { type CompileOptions, figuresOf, type Tensors } from "./oursStep.ts";

/** The training step of a network of pictures, on the arrays of the task. */
export function oursNetwork(task: NetworkTask, tensors: Tensors, options: CompileOptions): Prepared {
  const { leaves, carried, update } = networkStep(task);
  const arrays = leaves.map((_, i) => tensors[i]);
  const compiled = compile(update, options);
  const batch = arrays.slice(carried);
  let state = arrays.slice(0, carried);
  const losses: Tensor[] = [];
  return {
    call() {
      const results = compiled(...state, ...batch);
      state = results.slice(0, carried);
      losses.push(results[carried]);
    },
    value: () => losses.shift()!.item(),
    figures: () => figuresOf(compiled),
  };
}

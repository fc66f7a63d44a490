import { vjp } from "@pushforward/autodiff";
import {
  add,
  compile,
  conv,
  div,
  exp,
  fromData,
  matmul,
  neg,
  ready,
  softmax,
  sum,
  swapAxes,
  type Tensor,
  tanh,
  zeros,
} from "@pushforward/tensor";
import type { Inputs } from "../../tasks/inputs.ts";
import {
  type AttentionTask,
  type ConvTask,
  chainLength,
  type ElementwiseTask,
  type MatmulTask,
  type OverheadTask,
  type ReductionTask,
  type Task,
} from "../../tasks/task.ts";
import { type Implementation, type Prepared, sumOfSquares } from "../implementation.ts";
import { oursNetwork } from "./oursNetwork.ts";
import { type CompileOptions, figuresOf, oursStep, type Tensors } from "./oursStep.ts";

/** This project: with its public networks, losses and optimiser. */
export const ours: Implementation = {
  prepare: (task, inputs, options) => prepareOurs(task, inputs, options as CompileOptions),
  describe() {
    const probe = compile((x: Tensor) => x.add(1));
    probe(fromData(new Float32Array(1), [1], "float32"));
    const { backend, simd } = probe.report();
    return `${backend}, ${simd}`;
  },
};

/** Prepares a task on any backend. */
export function prepareOurs(task: Task, inputs: Inputs, options: CompileOptions, stepsPerCall = 1): Prepared {
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, fromData(data, shape, "float32")]),
  );
  return prepareTask(task, tensors, options, stepsPerCall);
}

function prepareTask(task: Task, tensors: Tensors, options: CompileOptions, stepsPerCall: number): Prepared {
  switch (task.kind) {
    case "step":
      return oursStep(task, tensors, options, stepsPerCall);
    case "matmul":
      return once(matmulChain(task), [tensors.x, tensors.a], options);
    case "conv":
      return once(convolution(task), [tensors.x, tensors.a], options);
    case "attention":
      return once(attention(task), [tensors.x, tensors.a], options);
    case "network":
      return oursNetwork(task, tensors, options);
    case "elementwise":
      return once(elementwise(task), [tensors.x], options);
    case "reduction":
      return once(reduction(task), [tensors.x], options);
    case "overhead":
      return overhead(task, tensors, options);
  }
}

const matmulChain =
  ({ count }: MatmulTask) =>
  (x: Tensor, a: Tensor): Tensor => {
    for (let i = 0; i < count; i++) x = matmul(x, a);
    return x;
  };

const convolution = ({ name, batch, side, channels, outputs }: ConvTask): ((x: Tensor, a: Tensor) => Tensor) => {
  const zerosOf = (shape: readonly number[]): Tensor => zeros(shape, { dtype: "float32" });
  return {
    pictures: (x: Tensor, kernel: Tensor) => conv(x, kernel),
    "gradient of pictures": (ct: Tensor, kernel: Tensor) =>
      vjp((x: Tensor) => conv(x, kernel), [zerosOf([batch, side, side, channels])])[1](ct)[0],
    "gradient of the kernel": (x: Tensor, ct: Tensor) =>
      vjp((kernel: Tensor) => conv(x, kernel), [zerosOf([3, 3, channels, outputs])])[1](ct)[0],
    product: (x: Tensor, a: Tensor) => matmul(x, a),
  }[name];
};

const attention = ({ name, batch, heads, tokens, size }: AttentionTask): ((x: Tensor, a: Tensor) => Tensor) => {
  const inHeads = (x: Tensor): Tensor => swapAxes(x.reshape([batch, tokens, heads, size]), 1, 2);
  const scores = (q: Tensor, k: Tensor): Tensor => matmul(inHeads(q), swapAxes(inHeads(k), -1, -2));
  return {
    scores,
    values: (weights: Tensor, v: Tensor) => matmul(weights, inHeads(v)),
    core: (q: Tensor, k: Tensor) => matmul(softmax(div(scores(q, k), Math.sqrt(size))), inHeads(k)),
    product: (x: Tensor, a: Tensor) => matmul(x, a),
  }[name];
};

const elementwise =
  ({ name }: ElementwiseTask) =>
  (x: Tensor): Tensor => {
    if (name === "exp") return exp(x);
    if (name === "tanh") return tanh(x);
    if (name === "siluGradient") {
      const gate = x.sigmoid();
      return gate.mul(x.mul(gate.neg().add(1)).add(1));
    }
    for (let i = 0; i < chainLength; i++) x = name === "expChain" ? exp(neg(x)) : tanh(x.mul(2));
    return x;
  };

const reduction =
  ({ axis }: ReductionTask) =>
  (x: Tensor): Tensor =>
    axis === null ? sum(x) : sum(x, typeof axis === "number" ? axis : [...axis]);

/** Undefined for an available value, and a promise for a value that a GPU still computes. */
const settled = (x: Tensor): void | Promise<void> => (x.readable ? undefined : ready(x).then(() => {}));

/** A compiled function that is called with the same arguments again and again. */
function once<Args extends readonly Tensor[]>(
  f: (...args: Args) => Tensor,
  args: Args,
  options: CompileOptions,
): Prepared {
  const compiled = compile(f, options);
  let out: Tensor | undefined;
  return {
    call() {
      out = compiled(...args);
      return settled(out);
    },
    value: () => sumOfSquares(out!.dataSync()),
    figures: () => figuresOf(compiled),
  };
}

function overhead({ name, count }: OverheadTask, { x, y }: Tensors, options: CompileOptions): Prepared {
  const compiledAdd = compile((x: Tensor, y: Tensor) => add(x, y), { ...options, threads: 1 } as CompileOptions);
  const operation = { add, tanh: (x: Tensor) => tanh(x), matmul, compiledAdd }[name];
  let out = x;
  return {
    call() {
      out = x;
      for (let i = 0; i < count; i++) out = operation(out, y);
    },
    value: () => sumOfSquares(out.dataSync()),
  };
}

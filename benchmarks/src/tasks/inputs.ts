import { mlp } from "@pushforward/nn";
import {
  compile,
  concat,
  div,
  type Tensor as EngineTensor,
  eye,
  key,
  keys,
  lerp,
  maximum,
  minimum,
  mul,
  normal,
  outer,
  squaredNorm,
  sub,
  uniform,
} from "@pushforward/tensor";
import { networkStep } from "./networkStep.ts";
import { type AttentionTask, type ConvTask, type OverheadTask, type StepTask, stepSizes, type Task } from "./task.ts";

/** An array in the format for implementations in all languages: row-major float32. */
export interface Input {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The arrays of a task by name. */
export type Inputs = Readonly<Record<string, Input>>;

/** The seed of all arrays. */
const seed = 20_260;
const float32 = { dtype: "float32" } as const;

/** Deviation of the starting biases: with zero biases an implementation without biases would not be detected. */
const biasDeviation = 0.1;

/** Arrays on which a task works; the same bits for every implementation. */
export function inputsOf(task: Task): Inputs {
  const k = key(seed);
  switch (task.kind) {
    case "step":
      return stepInputs(task);
    case "matmul": {
      const n = task.size;
      // Entries of deviation 1/√n keep the norm of the product in chains of any length.
      const draw = compile((k: EngineTensor) => div(normal(k, [2, n, n], float32), Math.sqrt(n)));
      const [x, a] = draw(k).split(2, 0);
      return named({ x: x.reshape([n, n]), a: a.reshape([n, n]) });
    }
    case "elementwise":
      return named({ x: compile((k: EngineTensor) => uniform(k, [task.size], { ...float32, min: -2, max: 2 }))(k) });
    case "conv":
      return named(compile((k: EngineTensor) => convInputs(task, k))(k));
    case "attention":
      return named(compile((k: EngineTensor) => attentionInputs(task, k))(k));
    case "network":
      return named(Object.fromEntries(networkStep(task).leaves.map((x, i) => [`${i}`, x])));
    case "reduction":
      return named({ x: compile((k: EngineTensor) => uniform(k, task.shape, float32))(k) });
    case "overhead":
      return named(overheadInputs(task));
  }
}

/** Pictures x and a kernel, pictures and the gradient of outputs, or two matrices of the same sizes. */
function convInputs(
  { name, batch, side, channels, outputs }: ConvTask,
  k: EngineTensor,
): { x: EngineTensor; a: EngineTensor } {
  const [forX, forA] = keys(k);
  const [pictures, results] = [channels, outputs].map((n) => [batch, side, side, n]);
  const kernel = [3, 3, channels, outputs];
  const shapes = {
    pictures: [pictures, kernel],
    "gradient of pictures": [results, kernel],
    "gradient of the kernel": [pictures, results],
    product: [
      [batch * side * side, 9 * channels],
      [9 * channels, outputs],
    ],
  }[name];
  return { x: normal(forX, shapes[0], float32), a: normal(forA, shapes[1], float32) };
}

/** Queries and keys, weights and values, or two matrices. The core has keys that are values too. */
function attentionInputs(
  { name, batch, heads, tokens, size }: AttentionTask,
  k: EngineTensor,
): { x: EngineTensor; a: EngineTensor } {
  const [forX, forA] = keys(k);
  const all = [batch, tokens, heads * size];
  if (name === "product") {
    return {
      x: normal(forX, [batch * tokens, heads * size], float32),
      a: normal(forA, [heads * size, tokens], float32),
    };
  }
  return {
    x: normal(forX, name === "values" ? [batch, heads, tokens, tokens] : all, float32),
    a: normal(forA, all, float32),
  };
}

/** Operands whose size stays constant when an operation is applied hundreds of times: the factor of a product is −1. */
function overheadInputs({ name }: OverheadTask): Record<string, EngineTensor> {
  const shape = name === "matmul" ? [4, 4] : [4];
  const [forX, forY] = keys(key(seed));
  const [x, y] = [normal(forX, shape, float32).mul(0.5), normal(forY, [4], float32)];
  if (name !== "matmul") return { x, y };
  return { x, y: sub(eye(4, 4, float32), outer(y, y).mul(div(2, squaredNorm(y)))) };
}

/** Parameters w1, b1, w2, … and a batch x, s, t, v, with s below t on the path from noise to data. */
function stepInputs({ batch, width, depth }: StepTask): Inputs {
  const draw = compile((k: EngineTensor) => {
    const [forParams, forBiases, forNoise, forData, forTimes] = keys(k, 5);
    const { layers } = mlp({ sizes: stepSizes(width, depth) }).init(forParams, float32);
    const biases = keys(forBiases, layers.length).map((each, i) =>
      mul(normal(each, layers[i].bias.shape, float32), biasDeviation),
    );
    const [first, second] = uniform(forTimes, [2, batch, 1], float32).split(2, 0);
    const [s, t] = [minimum(first, second), maximum(first, second)].map((time) => time.reshape([batch, 1]));
    const noise = normal(forNoise, [batch, 2], float32);
    const data = normal(forData, [batch, 2], float32).mul(0.5).add(1);
    return {
      layers: layers.map(({ weight }, i) => ({ weight, bias: biases[i] })),
      batch: { x: lerp(noise, data, concat([s, s], 1)), s, t, v: sub(data, noise) },
    };
  });
  const { layers, batch: arrays } = draw(key(seed));
  const params = layers.flatMap(({ weight, bias }, i) => [
    [`w${i + 1}`, weight],
    [`b${i + 1}`, bias],
  ]);
  return named({ ...Object.fromEntries(params), ...arrays });
}

const named = (tensors: Readonly<Record<string, EngineTensor>>): Inputs =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => [name, { shape: x.shape, data: x.dataSync() as Float32Array }]),
  );

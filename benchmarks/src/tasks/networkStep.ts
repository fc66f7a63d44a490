import { valueAndGrad } from "@pushforward/autodiff";
import { losses } from "@pushforward/losses";
import { adam, dit, unet } from "@pushforward/nn";
import {
  compile,
  flatten,
  key,
  keys,
  maximum,
  mean,
  minimum,
  normal,
  type Tensor,
  unflatten,
  uniform,
} from "@pushforward/tensor";
import type { NetworkTask } from "./task.ts";

/** A training step as a function of tensors: those of its state, which it returns anew before the loss, and those of a batch. */
export interface NetworkStep {
  /** Values of all arguments at the start. */
  readonly leaves: readonly Tensor[];
  /** Number of tensors of the state. */
  readonly carried: number;
  update(...leaves: Tensor[]): Tensor[];
}

const float32 = { dtype: "float32" } as const;
const image = [28, 28, 1] as const;
const pixels = 28 * 28;

/** A network whose outputs and tangents are not zero at the start: an implementation that leaves them out would not be detected. */
const networkOf = ({ network }: NetworkTask) =>
  network.name === "unet"
    ? unet({ image, ...network, zeroOutputs: false })
    : dit({ image, ...network, zeroOutputs: false });

/** The training step of a network of pictures: MeanFlow with a stopped target, Adam. */
export function networkStep(task: NetworkTask): NetworkStep {
  const network = networkOf(task);
  const optimizer = adam({ learningRate: 1e-3 });
  type Params = ReturnType<typeof network.init>;
  const lossOf = (params: Params, xs: Tensor, s: Tensor, t: Tensor, v: Tensor): Tensor => {
    const u = (x: Tensor, s: Tensor, t: Tensor): Tensor => network.apply(params as never, x, s, t);
    return mean(losses.meanFlow.loss({ u: u as never, xs, v, s, t, noise: xs, data: xs }));
  };
  const step = (params: Params, state: ReturnType<typeof optimizer.init<Params>>, ...batch: Tensor[]) => {
    const [xs, s, t, v] = batch;
    const [loss, grads] = valueAndGrad((params: Params) => lossOf(params, xs, s, t, v))(params);
    return [...optimizer.update(grads as Params, state, params), loss] as const;
  };
  const params = network.init(key(1), float32) as Params;
  const args = flatten([params, optimizer.init(params), ...batchOf(task.batch)]);
  const leaves = args.leaves as Tensor[];
  const update = (...leaves: Tensor[]): Tensor[] =>
    flatten(step(...(unflatten(args.structure, leaves) as Parameters<typeof step>))).leaves as Tensor[];
  return { leaves, carried: leaves.length - 4, update };
}

/** Points x, times s ≤ t and velocities v. */
function batchOf(batch: number): Tensor[] {
  const draw = compile((k: Tensor) => {
    const [forPoints, forVelocities, forTimes] = keys(k, 3);
    const [first, second] = uniform(forTimes, [2, batch, 1], float32).split(2, 0);
    const [s, t] = [minimum(first, second), maximum(first, second)].map((time) => time.reshape([batch, 1]));
    return [normal(forPoints, [batch, pixels], float32), s, t, normal(forVelocities, [batch, pixels], float32)];
  });
  return draw(key(2));
}

import { valueAndGrad, withStops } from "@pushforward/autodiff";
import { conditionalVelocity, eightGaussians, interpolate } from "@pushforward/flows";
import { losses, sampleTimes } from "@pushforward/losses";
import { adam, averageVelocityNetwork, type OptimizerState } from "@pushforward/nn";
import {
  asTensor,
  type BackendName,
  type CompileReport,
  compile,
  foldIn,
  type GpuMode,
  key,
  keys,
  makeGpujs,
  normal,
  ready,
  type Tensor,
  treeLeaves,
} from "@pushforward/tensor";

/** With the stop-gradient on the target, or differentiated through the derivative inside the loss. */
export type Variant = "sg" | "full";

/** What a training did, as plain numbers. */
export interface TrainingRecord {
  /** Loss before each step. */
  readonly losses: readonly number[];
  /** The numbers of every parameter at the end, in the order of the tree. */
  readonly parameters: readonly (readonly number[])[];
  readonly report: CompileReport;
}

/** How to train. */
export interface TrainingOptions {
  readonly variant: Variant;
  /** Default wasm. */
  readonly backend?: BackendName;
  /** In place of a backend: the GPU, reached so. */
  readonly gpu?: GpuMode;
  /** Most threads of a step; default 1. */
  readonly threads?: number;
  /** How long to wait for them after the first step, in ms; default 30,000. */
  readonly timeout?: number;
}

type Params = ReturnType<ReturnType<typeof averageVelocityNetwork>["init"]>;

const [batch, width, steps, dtype] = [192, 48, 4, "float32"] as const;

/**
 * A few compiled Adam steps of MeanFlow on eight Gaussians: the same numbers wherever they run.
 */
export async function train(options: TrainingOptions): Promise<TrainingRecord> {
  const { variant, gpu, threads = 1, timeout = 30_000 } = options;
  const backend = gpu ? makeGpujs({ mode: gpu }) : (options.backend ?? "wasm");
  const network = averageVelocityNetwork({ dim: 2, width, depth: 3, lastInit: "heNormal" });
  const optimizer = adam({ learningRate: 1e-2 });
  const step = compile(
    (params: Params, state: OptimizerState<Params>, stepKey: Tensor) => {
      const [noiseKey, dataKey, timeKey] = keys(stepKey, 3);
      const noise = normal(noiseKey, [batch, 2], { dtype });
      const data = eightGaussians(dataKey, batch, { dtype });
      const { s, t } = sampleTimes(timeKey, batch, losses.meanFlow.timeLaw, { dtype });
      const v = conditionalVelocity(noise, data, s);
      const xs = interpolate(noise, data, s);
      const objective = (p: Params) =>
        losses.meanFlow.loss({ u: (x, a, b) => network.apply(p, x, a, b), noise, data, xs, v, s, t }).mean();
      const [loss, grads] = withStops(variant === "full" ? ["target"] : [], () => valueAndGrad(objective)(params));
      return [loss, ...optimizer.update(grads, state, params)] as const;
    },
    { backend, threads },
  );
  let params = network.init(key(0), { dtype });
  let state = optimizer.init(params);
  const values: number[] = [];
  for (let i = 0; i < steps; i++) {
    const [loss, ...next] = step(params, state, foldIn(key(1), i));
    [params, state] = next;
    values.push((await ready(loss)).item());
    if (i === 0) await until(() => step.report().threads === threads, timeout);
  }
  const parameters = treeLeaves(await ready(params)).map((leaf) => Array.from(asTensor(leaf).dataSync()));
  return { losses: values, parameters, report: step.report() };
}

/** Lets the page go on until something holds, or for a while. */
async function until(condition: () => boolean, timeout: number): Promise<void> {
  const end = performance.now() + timeout;
  while (!condition() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

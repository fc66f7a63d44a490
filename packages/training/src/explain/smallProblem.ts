import { firstOrderFlowMap, type VelocityField } from "@pushforward/flows";
import { type AnyLoss, fittingGroup, sampleTimes, type TimeLaw, type Times } from "@pushforward/losses";
import {
  exp,
  foldIn,
  grouped,
  key,
  keys,
  matmul,
  mean,
  named,
  normal,
  sum,
  type Tensor,
  type TensorLike,
  tanh,
  tensor,
} from "@pushforward/tensor";
import { drawPoints } from "../problems/checkProblem.ts";
import type { Problem } from "../problems/problem.ts";
import { interpolateLinear } from "../trainer/generatorSamples.ts";

/** Sizes at which a program is still readable. */
const [readableBatch, dim] = [4, 2];

/** The smallest network that depends on everything: u(x, s, t) = tanh(x·A + s·b + t·c). Its values are called `name`. */
export interface SmallParams {
  readonly A: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
}

export const small =
  (p: SmallParams, name: string) =>
  (x: Tensor, s: TensorLike, t: TensorLike = 0) =>
    grouped(name, () => named(tanh(matmul(x, p.A).add(p.b.mul(s)).add(p.c.mul(t))), name));

/** The samples of a loss, and parameters of frozen networks. */
export type SmallSamples = Times & { readonly frozen: SmallParams } & Readonly<
    Record<"xs" | "v" | "noise" | "data" | "freshNoise", Tensor>
  >;

/** The exact velocity of a flow, or a velocity that is simple to recognise in the program: v(x, t) = x·t. */
const teacherOf =
  (flow?: SmallFlow) =>
  (x: Tensor, t: TensorLike): Tensor =>
    grouped("teacher", () =>
      named((flow?.problem.exact?.velocity as VelocityField | undefined)?.(x, t as Tensor) ?? x.mul(t), "teacher"),
    );

/** Simple auxiliary networks: ψ(x, t) = x, C(x, t) = Σx. */
const alongside = {
  fakeVelocity: (x: Tensor) => x,
  critic: (x: Tensor) => grouped("critic", () => named(sum(x, -1), "critic")),
  ratio: (x: Tensor) => grouped("ratio", () => named(exp(sum(x, -1)), "ratio")),
  normalize: (weights: Tensor) => weights,
};

/** Parameters in their order, for results that are named after them. */
export const paramNames = ["A", "b", "c"] as const satisfies readonly (keyof SmallParams)[];

/** Data with a known flow, and the velocity that a loss gets. */
export interface SmallFlow {
  readonly problem: Problem;
  readonly velocity: "conditional" | "exact";
}

/** Options of the smallest problem. */
interface SmallOptions {
  /** Law of the times. */
  readonly law?: TimeLaw;
  /** Rows. */
  readonly batch?: number;
  /** Of network, samples and times; the network is random, so that no derivative is zero by its start. */
  readonly seed?: number;
  /** Default: normal data, the velocity of single samples, and a teacher that is simple to recognise. */
  readonly flow?: SmallFlow;
}

/** A loss's mean on the smallest network, and the function's arguments. */
export interface SmallProblem {
  value(p: SmallParams, samples: SmallSamples): Tensor;
  readonly args: readonly [SmallParams, SmallSamples];
}

/** A loss's mean on the smallest network, as a function of its parameters and samples. */
export function smallProblem(
  loss: AnyLoss,
  { law = loss.timeLaw, batch = readableBatch, seed = 0, flow }: SmallOptions = {},
): SmallProblem {
  const [forNoise, forData, forTimes, forParams] = keys(key(seed), 4);
  const noise = normal(forNoise, [batch, dim]);
  const data = flow ? drawPoints(flow.problem, forData, batch, "float64") : normal(forData, [batch, dim]);
  const middle = loss.needs.includes("r") ? { middle: { kind: "midpoint" as const } } : {};
  const delta = loss.needs.includes("delta") ? { delta: 0.1 } : {};
  const group = fittingGroup(loss.group, batch);
  const times = sampleTimes(forTimes, batch, { ...middle, ...delta, ...law }, { group });
  const params: SmallParams = { A: normal(forParams, [dim, dim]), b: tensor([0.1, -0.2]), c: tensor([-0.3, 0.25]) };
  const xs = interpolateLinear(noise, data, times.s);
  const teacher = teacherOf(flow);
  const samples = {
    ...times,
    frozen: params,
    xs,
    v: flow?.velocity === "exact" ? teacher(xs, times.s) : data.sub(noise),
    noise,
    data,
    freshNoise: normal(foldIn(forNoise, 1), [batch, dim]),
  };
  const value = (p: SmallParams, { frozen, ...input }: SmallSamples): Tensor =>
    mean(
      loss.loss({
        ...input,
        u: small(p, "u"),
        phi: undefined,
        ema: small(frozen, "ema"),
        unconditional: small(frozen, "unconditional"),
        teacherMap: firstOrderFlowMap(small(frozen, "teacherMap")),
        warmup: 0.99,
        group,
        ...alongside,
        pairs: { noise: input.noise, data: input.data },
        teacher,
        solve: (x: Tensor, a: Tensor, b: Tensor) => x.add(b.sub(a).mul(teacher(x, a))),
      } as unknown as Parameters<AnyLoss["loss"]>[0]),
    );
  return { value, args: [params, samples] };
}

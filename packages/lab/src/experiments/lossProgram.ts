import { collectStops, type Explanation, explain, grad, valueAndGrad, withStops } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { type AnyLoss, sampleTimes, type TimeLaw } from "@pushforward/losses";
import {
  concat,
  exp,
  foldIn,
  key,
  keys,
  matmul,
  mean,
  norm,
  normal,
  type Program,
  sum,
  type Tensor,
  type TensorLike,
  tanh,
  tensor,
  trace,
} from "@pushforward/tensor";
import { interpolateLinear } from "../training/generatorSamples.ts";

/** A loss as a program: value and gradient of its mean on a small network, with what each equation is part of. */
export interface LossProgram {
  readonly program: Program;
  /** Labels of the stop-gradients it met. */
  readonly stops: readonly string[];
}

/** Sizes at which a program is still readable. */
const [batch, dim] = [4, 2];

/** The smallest network that depends on everything: u(x, s, t) = tanh(x·A + s·b + t·c). */
interface TinyParams {
  readonly A: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
}

const tiny =
  (p: TinyParams) =>
  (x: Tensor, s: TensorLike, t: TensorLike = 0) =>
    tanh(matmul(x, p.A).add(p.b.mul(s)).add(p.c.mul(t)));

/** A teacher that is simple to recognise in the program: v(x, t) = x·t. */
const teacher = (x: Tensor, t: TensorLike): Tensor => x.mul(t);

/** Networks that would learn along, as simple: ψ(x, t) = x, C(x, t) = Σx. */
const alongside = {
  fakeVelocity: (x: Tensor) => x,
  critic: (x: Tensor) => sum(x, -1),
  ratio: (x: Tensor) => exp(sum(x, -1)),
  normalize: (weights: Tensor) => weights,
};

/**
 * Traces the gradient of a loss's mean with respect to the network's parameters.
 *
 * @param without labels of stop-gradients that are switched off
 */
export function lossProgram(loss: AnyLoss, without: readonly string[] = []): LossProgram {
  const { value, args } = tinyProblem(loss);
  const { result, labels } = withStops(without, () =>
    collectStops(() => trace((...all: typeof args) => valueAndGrad(value)(...all))(...args)),
  );
  return { program: result, stops: labels };
}

/** What the stop-gradients of a loss do to the gradient of the small network, by label. */
export function stopEffects(loss: AnyLoss): Explanation["labels"] {
  const { value, args } = tinyProblem(loss);
  const [params, ...rest] = args;
  return explain((p: TinyParams) => value(p, ...rest))(params).labels;
}

/** Times that every loss can take, to compare values by. */
const ordered: TimeLaw = { kind: "uniformTriangle" };

/** What a gradient becomes without some of a loss's stop-gradients. */
export interface GradientWithout {
  /** ‖∇‖₂ of the small network as the loss is written, and without them. */
  readonly normWith: number;
  readonly normWithout: number;
  /** Cosine of the angle between both; NaN if one is zero. */
  readonly cosine: number;
  /** Entries of the registry that have the new gradient, and the same value. */
  readonly sameAs: readonly string[];
}

/** What switching off several stop-gradients of a loss at once does, and which other loss it makes of it. */
export function gradientWithout(loss: AnyLoss, without: readonly string[], all: readonly AnyLoss[]): GradientWithout {
  const flat = (each: AnyLoss, off: readonly string[] = [], law = ordered): Tensor => {
    const { value, args } = tinyProblem(each, law);
    const { A, b, c } = withStops(off, () => grad(value)(...args));
    return concat([A.reshape([-1]), b, c]);
  };
  const [cut, whole] = [flat(loss, [], loss.timeLaw), flat(loss, without, loss.timeLaw)];
  const [normWith, normWithout] = [norm(cut).item(), norm(whole).item()];
  const compared = flat(loss, without);
  const isSame = (other: AnyLoss): boolean => norm(flat(other).sub(compared)).item() <= 1e-12 * norm(compared).item();
  const sameAs = samePlacement(loss, all).filter((name) => isSame(all.find((each) => each.name === name)!));
  return { normWith, normWithout, cosine: sum(cut.mul(whole)).item() / (normWith * normWithout), sameAs };
}

/** Entries of the registry with the same needs and the same value, whose gradients differ: the stop-gradients are elsewhere. */
export function samePlacement(loss: AnyLoss, all: readonly AnyLoss[]): readonly string[] {
  const needs = ({ needs: names }: AnyLoss): string => [...names].sort().join();
  const valueOf = (each: AnyLoss): number => {
    const { value, args } = tinyProblem(each, ordered);
    return value(...args).item();
  };
  const [own, alike] = [valueOf(loss), all.filter((other) => other.name !== loss.name && needs(other) === needs(loss))];
  return alike.filter((other) => Math.abs(valueOf(other) - own) <= 1e-12 * Math.abs(own)).map(({ name }) => name);
}

/**
 * A loss's mean on the smallest network, as a function of its parameters and samples.
 *
 * @param law of its times
 */
function tinyProblem(loss: AnyLoss, law: TimeLaw = loss.timeLaw) {
  const [forNoise, forData, forTimes, forParams] = keys(key(0), 4);
  const noise = normal(forNoise, [batch, dim]);
  const data = normal(forData, [batch, dim]);
  const middle = loss.needs.includes("r") ? { middle: { kind: "midpoint" as const } } : {};
  const delta = loss.needs.includes("delta") ? { delta: 0.1 } : {};
  const times = sampleTimes(forTimes, batch, { ...middle, ...delta, ...law });
  const params: TinyParams = { A: normal(forParams, [dim, dim]), b: tensor([0.1, -0.2]), c: tensor([-0.3, 0.25]) };
  const freshNoise = normal(foldIn(forNoise, 1), [batch, dim]);
  const value = (p: TinyParams, xs: Tensor, v: Tensor, s: Tensor, t: Tensor): Tensor =>
    mean(
      loss.loss({
        ...times,
        s,
        t,
        u: tiny(p),
        phi: undefined,
        ema: tiny(params),
        unconditional: tiny(params),
        teacherMap: firstOrderFlowMap(tiny(params)),
        warmup: 0.99,
        ...alongside,
        freshNoise,
        pairs: { noise, data },
        teacher,
        solve: (x: Tensor, a: Tensor, b: Tensor) => x.add(b.sub(a).mul(teacher(x, a))),
        noise,
        data,
        xs,
        v,
      } as unknown as Parameters<AnyLoss["loss"]>[0]),
    );
  const args = [params, interpolateLinear(noise, data, times.s), data.sub(noise), times.s, times.t] as const;
  return { value, args };
}

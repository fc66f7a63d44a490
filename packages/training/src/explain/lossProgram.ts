import { collectStops, explain, grad, valueAndGrad, withStops } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { type AnyLoss, offDiagonal, sampleTimes, type TimeLaw } from "@pushforward/losses";
import {
  asTensor,
  concat,
  exp,
  flatten,
  foldIn,
  grouped,
  key,
  keys,
  matmul,
  mean,
  mergeEqual,
  named,
  norm,
  normal,
  Program,
  sum,
  type Tensor,
  type TensorLike,
  tanh,
  tensor,
  trace,
} from "@pushforward/tensor";
import { type Spread, spreadOf } from "../judging/spread.ts";
import { interpolateLinear } from "../trainer/generatorSamples.ts";

/** A loss as a program: value and gradient of its mean on a small network, with the part of the derivative of each equation. */
export interface LossProgram {
  readonly program: Program;
  /** Labels of the stop-gradients it met. */
  readonly stops: readonly string[];
}

/** Sizes at which a program is still readable. */
const [readableBatch, dim] = [4, 2];

/**
 * Rows and seeds of measured figures of a gradient. A handful of rows of one network says little: the cosine of MeanFlow without its stop lay between 0.69 and 1.00 for four rows.
 */
export const measured = { batch: 1024, seeds: 8 } as const;

/** The smallest network that depends on everything: u(x, s, t) = tanh(x·A + s·b + t·c). Its values are called `name`. */
interface SmallParams {
  readonly A: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
}

const small =
  (p: SmallParams, name: string) =>
  (x: Tensor, s: TensorLike, t: TensorLike = 0) =>
    grouped(name, () => named(tanh(matmul(x, p.A).add(p.b.mul(s)).add(p.c.mul(t))), name));

/** A teacher that is simple to recognise in the program: v(x, t) = x·t. */
const teacher = (x: Tensor, t: TensorLike): Tensor => grouped("teacher", () => named(x.mul(t), "teacher"));

/** Simple auxiliary networks: ψ(x, t) = x, C(x, t) = Σx. */
const alongside = {
  fakeVelocity: (x: Tensor) => x,
  critic: (x: Tensor) => grouped("critic", () => named(sum(x, -1), "critic")),
  ratio: (x: Tensor) => grouped("ratio", () => named(exp(sum(x, -1)), "ratio")),
  normalize: (weights: Tensor) => weights,
};

/** Parameters in their order, for results that are named after them. */
const paramNames = ["A", "b", "c"] as const satisfies readonly (keyof SmallParams)[];

/** The program without inputs that it does not use. */
function dropUnusedInputs({ inputs, equations, outputs, names }: Program): Program {
  const used = new Set<Tensor>([...equations.flatMap(({ operands }) => operands), ...outputs]);
  const kept = inputs.filter((x) => used.has(x));
  return new Program(kept, equations, outputs, names);
}

/**
 * Traces a loss's mean, named `loss`, and its gradient with respect to the network's parameters, `∇A`, `∇b` and `∇c`. Equal equations
 * are merged; unused equations and inputs are left out.
 *
 * @param without labels of stop-gradients that are switched off
 */
export function lossProgram(loss: AnyLoss, without: readonly string[] = []): LossProgram {
  const { value, args } = smallProblem(loss);
  const { result, labels } = withStops(without, () =>
    collectStops(() =>
      trace((...all: typeof args) => {
        const [mean, gradient] = valueAndGrad(value)(...all);
        return [named(mean, "loss"), ...paramNames.map((name) => named(gradient[name], `∇${name}`))];
      })(...args),
    ),
  );
  return { program: dropUnusedInputs(mergeEqual(result)), stops: labels };
}

/** A program with values of its inputs. */
export interface ProgramInstance {
  readonly program: Program;
  readonly inputs: readonly Tensor[];
}

/**
 * A loss's mean on two rows and the smallest network, as a program without its gradient: small enough to be read value by value.
 *
 * @param without labels of stop-gradients that are switched off
 */
export function lossInstance(loss: AnyLoss, without: readonly string[] = []): ProgramInstance {
  const { value, args } = smallProblem(loss, { batch: 2, law: offDiagonal(loss.timeLaw) });
  const whole = withStops(without, () => trace((...all: typeof args) => named(value(...all), "loss"))(...args));
  const merged = mergeEqual(whole);
  const program = dropUnusedInputs(merged);
  const { leaves } = flatten(args, "lossInstance");
  return {
    program,
    inputs: leaves.filter((_, i) => program.inputs.includes(merged.inputs[i])).map((leaf) => asTensor(leaf)),
  };
}

/** How a gradient changes when stop-gradients are switched off: mean and deviation over networks and samples of several seeds. */
export interface PlacementEffect {
  /** ‖∇‖₂ without the stops over ‖∇‖₂ as the loss is written. */
  readonly lengthRatio: Spread;
  /** Cosine of the angle between both gradients. */
  readonly cosine: Spread;
}

/** Whether switching the stops off leaves the gradient as it is, for every seed. */
export const isIdle = ({ lengthRatio, cosine }: PlacementEffect): boolean =>
  [...lengthRatio.values, ...cosine.values].every((value) => Math.abs(value - 1) <= 1e-9);

/** The effect of the stop-gradients of one label. */
export interface StopFigures extends PlacementEffect {
  /** How many values the label stops in one call. */
  readonly sites: number;
  /** ‖cotangent‖₂ that would have flowed on at its places. */
  readonly cutNorm: Spread;
}

/** One figure of several seeds: not a number if it is none for one of them, since a mean of the others would mislead. */
const spread = (values: readonly number[]): Spread =>
  values.every(Number.isFinite) ? (spreadOf(values) as Spread) : { mean: Number.NaN, deviation: Number.NaN, values };

/**
 * The small network and samples of every seed that figures are measured with, off the diagonal: at s = t many stop-gradients change
 * nothing.
 */
const measuredProblems = (loss: AnyLoss) =>
  Array.from({ length: measured.seeds }, (_, seed) =>
    smallProblem(loss, { law: offDiagonal(loss.timeLaw), batch: measured.batch, seed }),
  );

/**
 * The effects of the stop-gradients of a loss on the gradient of a small random network, by label. {@link measured} holds the number
 * of rows, off the diagonal s = t, and of seeds.
 */
export function stopEffects(loss: AnyLoss): Readonly<Record<string, StopFigures>> {
  const explained = measuredProblems(loss).map(({ value, args: [params, ...rest] }) =>
    explain((p: SmallParams) => value(p, ...rest))(params),
  );
  const figures = (label: string): StopFigures => {
    const effects = explained.map(({ labels }) => labels[label]);
    return {
      sites: effects[0].sites,
      cutNorm: spread(effects.map(({ cutNorm }) => cutNorm)),
      lengthRatio: spread(effects.map(({ normWith, normWithout }) => normWithout / normWith)),
      cosine: spread(effects.map(({ cosine }) => cosine)),
    };
  };
  return Object.fromEntries(Object.keys(explained[0].labels).map((label) => [label, figures(label)]));
}

/** Times that every loss can take, to compare values by. */
const ordered: TimeLaw = { kind: "uniformTriangle" };

/** The change of a gradient without some stop-gradients of a loss. */
export interface GradientWithout extends PlacementEffect {
  /** Entries of the registry that have the new gradient, and the same value. */
  readonly sameAs: readonly string[];
}

/** The gradient of a loss's mean on a small network as one vector, with some stop-gradients switched off. */
function flatGradient({ value, args }: SmallProblem, off: readonly string[] = []): Tensor {
  const { A, b, c } = withStops(off, () => grad(value)(...args));
  return concat([A.reshape([-1]), b, c]);
}

/** The effect of switching off several stop-gradients of a loss at once, and the losses that then have the same gradient. */
export function gradientWithout(loss: AnyLoss, without: readonly string[], all: readonly AnyLoss[]): GradientWithout {
  const pairs = measuredProblems(loss).map((problem) => [flatGradient(problem), flatGradient(problem, without)]);
  const compared = flatGradient(smallProblem(loss, { law: ordered }), without);
  const isSame = (other: AnyLoss): boolean => {
    const gradient = flatGradient(smallProblem(other, { law: ordered }));
    return norm(gradient.sub(compared)).item() <= 1e-12 * norm(compared).item();
  };
  return {
    lengthRatio: spread(pairs.map(([cut, whole]) => norm(whole).item() / norm(cut).item())),
    cosine: spread(pairs.map(([cut, whole]) => sum(cut.mul(whole)).item() / norm(cut).mul(norm(whole)).item())),
    sameAs: samePlacement(loss, all).filter((name) => isSame(all.find((each) => each.name === name)!)),
  };
}

/** Entries of the registry with the same needs and the same value, whose gradients differ: the stop-gradients are elsewhere. */
export function samePlacement(loss: AnyLoss, all: readonly AnyLoss[]): readonly string[] {
  const needs = ({ needs: names }: AnyLoss): string => [...names].sort().join();
  const valueOf = (each: AnyLoss): number => {
    const { value, args } = smallProblem(each, { law: ordered });
    return value(...args).item();
  };
  const [own, alike] = [valueOf(loss), all.filter((other) => other.name !== loss.name && needs(other) === needs(loss))];
  return alike.filter((other) => Math.abs(valueOf(other) - own) <= 1e-12 * Math.abs(own)).map(({ name }) => name);
}

type SmallProblem = ReturnType<typeof smallProblem>;

/**
 * A loss's mean on the smallest network, as a function of its parameters and samples.
 *
 * @param options.law   of its times
 * @param options.batch rows
 * @param options.seed  of network, samples and times; the network is random, so that no derivative is zero by its start
 */
function smallProblem(
  loss: AnyLoss,
  { law = loss.timeLaw, batch = readableBatch, seed = 0 }: { law?: TimeLaw; batch?: number; seed?: number } = {},
) {
  const [forNoise, forData, forTimes, forParams] = keys(key(seed), 4);
  const noise = normal(forNoise, [batch, dim]);
  const data = normal(forData, [batch, dim]);
  const middle = loss.needs.includes("r") ? { middle: { kind: "midpoint" as const } } : {};
  const delta = loss.needs.includes("delta") ? { delta: 0.1 } : {};
  const times = sampleTimes(forTimes, batch, { ...middle, ...delta, ...law });
  const params: SmallParams = { A: normal(forParams, [dim, dim]), b: tensor([0.1, -0.2]), c: tensor([-0.3, 0.25]) };
  const samples = {
    ...times,
    frozen: params,
    xs: interpolateLinear(noise, data, times.s),
    v: data.sub(noise),
    noise,
    data,
    freshNoise: normal(foldIn(forNoise, 1), [batch, dim]),
  };
  const value = (p: SmallParams, { frozen, ...input }: typeof samples): Tensor =>
    mean(
      loss.loss({
        ...input,
        u: small(p, "u"),
        phi: undefined,
        ema: small(frozen, "ema"),
        unconditional: small(frozen, "unconditional"),
        teacherMap: firstOrderFlowMap(small(frozen, "teacherMap")),
        warmup: 0.99,
        ...alongside,
        pairs: { noise: input.noise, data: input.data },
        teacher,
        solve: (x: Tensor, a: Tensor, b: Tensor) => x.add(b.sub(a).mul(teacher(x, a))),
      } as unknown as Parameters<AnyLoss["loss"]>[0]),
    );
  return { value, args: [params, samples] as const };
}

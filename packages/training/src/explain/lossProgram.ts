import { collectStops, explain, grad, valueAndGrad, withStops } from "@pushforward/autodiff";
import { type AnyLoss, offDiagonal, type TimeLaw } from "@pushforward/losses";
import {
  asTensor,
  concat,
  DomainError,
  flatten,
  mergeEqual,
  mustBe,
  mustBeOneOf,
  named,
  norm,
  Program,
  quote,
  sum,
  type Tensor,
  trace,
} from "@pushforward/tensor";
import { type Spread, spreadOf } from "../judging/spread.ts";
import { paramNames, type SmallParams, type SmallProblem, smallProblem } from "./smallProblem.ts";

/** A loss as a program: value and gradient of its mean on a small network, with the part of the derivative of each equation. */
export interface LossProgram {
  readonly program: Program;
  /** Labels of the stop-gradients it met. */
  readonly stops: readonly string[];
}

/**
 * Rows and seeds of measured figures of a gradient. A handful of rows of one network says little: the cosine of MeanFlow without its stop lay between 0.69 and 1.00 for four rows.
 */
export const measured = { batch: 1024, seeds: 8 } as const;

/** @throws DTypeError unless a loss and labels are given; DomainError about a label that the loss does not have */
function checkPlacement(operation: string, loss: AnyLoss, without: readonly string[]): void {
  mustBe(operation, "the loss", loss, "object");
  mustBe(operation, "the body of the loss", loss.loss, "function");
  mustBe(operation, "the needs of the loss", loss.needs, "list");
  mustBe(operation, "the stops of the loss", loss.stops, "list");
  mustBe(operation, "the labels of stop-gradients that are off", without, "list");
  for (const label of without)
    if (!loss.stops.includes(label))
      throw new DomainError(
        `${operation}: a stop-gradient of ${loss.name} that is off ${loss.stops.length > 0 ? mustBeOneOf(label, loss.stops) : `must be left out, since the loss has none, got ${quote(label)}`}`,
      );
}

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
 * @throws DomainError about a label that the loss does not have
 */
export function lossProgram(loss: AnyLoss, without: readonly string[] = []): LossProgram {
  checkPlacement("lossProgram", loss, without);
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
 * @throws DomainError about a label that the loss does not have
 */
export function lossInstance(loss: AnyLoss, without: readonly string[] = []): ProgramInstance {
  checkPlacement("lossInstance", loss, without);
  return instanceOf(smallProblem(loss, { batch: 2, law: offDiagonal(loss.timeLaw) }), without);
}

/** The value of a small problem as a program without its gradient. Equal equations are merged; unused equations and inputs are left out. */
export function instanceOf({ value, args }: SmallProblem, without: readonly string[] = []): ProgramInstance {
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

import { collectStops, freezeStops, richardson } from "@pushforward/autodiff";
import { type AnyLoss, fittingGroup, inGroups, losses, repeatInGroups } from "@pushforward/losses";
import { add, dot, fromData, mul, reshape, type Tensor, treeMap } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { type LossInstance, lossInstance, lossOf, rowGradients } from "../lossInstance.ts";
import type { RowParameters } from "../rowNetwork.ts";

const all: readonly AnyLoss[] = Object.values(losses);
const withStops = all.filter(({ stops }) => stops.length > 0);

const instances = (draws: Draws, n: number, isBroken: boolean): Float64Array =>
  isBroken ? gradientGaps(draws.pick(withStops), draws, n, "movingStops") : gradientGaps(draws.pick(all), draws, n);

/** Largest gap between a gradient and the difference quotient, relative to max(1, |quotient|). */
export const lossGradientBound = 1e-9;

/** A fault of a control: the stopped values change with the parameters, or the quotient is taken at other parameters. */
export type GradientFault = "movingStops" | "otherPoint";

/** Distance of the other parameters of a control, in units of the direction. */
const otherPoint = 0.1;

/** An instance of a loss with a direction of its parameters, d. */
export interface SlopeInstance extends LossInstance {
  readonly direction: RowParameters;
}

/** n random instances with random directions. */
export function slopeInstance(draws: Draws, n: number): SlopeInstance {
  const instance = lossInstance(draws, n);
  const direction = treeMap((leaf) => draws.normal((leaf as Tensor).shape), instance.parameters) as RowParameters;
  return { ...instance, direction };
}

/** Derivatives of the values of n rows along d, each [n, 1]. */
export interface LossSlopes {
  readonly byGradient: Tensor;
  /** The difference quotient with frozen stopped values. */
  readonly byQuotient: Tensor;
  /** Estimated error of the quotient. */
  readonly resolution: Float64Array;
}

/** The derivative of each row's value along d by the gradient and by the difference quotient. */
export function lossSlopes(
  loss: AnyLoss,
  { parameters, samples, direction }: SlopeInstance,
  fault?: GradientFault,
): LossSlopes {
  const f = lossOf(loss, samples);
  const n = samples.xs.shape[0];
  const moved = (h: number): Tensor =>
    f(
      Object.fromEntries(
        Object.entries(parameters).map(([name, leaf]) => [
          name,
          add(leaf, mul(h, direction[name as keyof RowParameters])),
        ]),
      ) as unknown as RowParameters,
    );
  const along = fault === "movingStops" ? moved : freezeStops(moved);
  along(0);
  const start = fault === "otherPoint" ? otherPoint : 0;
  const { value, error } = richardson((h) => Float64Array.from(along(start + h).dataSync()), 0.025);
  const flat = (tree: RowParameters): Tensor => rowGradients((p) => sumOfProducts(p, tree), parameters);
  const slope = reshape(dot(rowGradients(f, parameters), flat(direction), 1), [n, 1]);
  const group = fittingGroup(loss.group, n);
  if (group === 1) return { byGradient: slope, byQuotient: fromData(value, [n, 1]), resolution: error };
  return {
    byGradient: sumsOfGroups(slope, group),
    byQuotient: sumsOfGroups(fromData(value, [n, 1]), group),
    resolution: Float64Array.from(sumsOfGroups(fromData(error, [n, 1]), group).dataSync()),
  };
}

/** The sum over each group at all its rows, [n, 1]: where a loss compares rows, only the derivatives of such sums are known. */
const sumsOfGroups = (x: Tensor, group: number): Tensor => repeatInGroups(inGroups(x, group).sum(1), group);

/**
 * The gaps between the gradients of a loss and its difference quotients with frozen stopped values, in a random direction, for n
 * random instances; NaN if the executed labels are not the declared labels.
 *
 * @param fault of the control of a law
 */
function gradientGaps(loss: AnyLoss, draws: Draws, n: number, fault?: GradientFault): Float64Array {
  const instance = slopeInstance(draws, n);
  const { byGradient, byQuotient } = lossSlopes(loss, instance, fault);
  const { labels } = collectStops(() => lossOf(loss, instance.samples)(instance.parameters));
  if (labels.sort().join() !== [...loss.stops].sort().join()) return new Float64Array(n).fill(Number.NaN);
  return rowGaps(byGradient, byQuotient);
}

/** Σ p·q row by row: its gradient in p is q, in the layout of gradients. */
const sumOfProducts = (p: RowParameters, q: RowParameters): Tensor =>
  Object.entries(p)
    .map(([name, leaf]) => mul(leaf, q[name as keyof RowParameters]).sum())
    .reduce((total, each) => add(total, each));

/** Gradients of losses are derivatives of their values with frozen stopped values. */
export const lossGradients = defineLaw({
  name: "lossGradients",
  title: "Loss gradients, stops frozen",
  statement:
    "For every registered loss the gradient equals the difference quotient with frozen stopped values, and the executed labels are the declared labels.",
  formula: String.raw`\nabla_\theta\mathcal L(\theta)\cdot d = \lim_{h\to0}\frac{\mathcal L(\theta + hd; \mathrm{sg}\text{ at }\theta) - \mathcal L(\theta - hd; \mathrm{sg}\text{ at }\theta)}{2h}`,
  bound: lossGradientBound,
  broken: "the stopped values change with the parameters",
  weight: 3,
  ...rowByRow(instances, 2),
});

import { collectStops, freezeStops, richardson } from "@pushforward/autodiff";
import { type AnyLoss, losses } from "@pushforward/losses";
import { add, dot, fromData, mul, reshape, type Tensor, treeMap } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { rowGaps } from "../gaps.ts";
import { defineLaw, rowByRow } from "../law.ts";
import { lossInstance, lossOf, rowGradients } from "../lossInstance.ts";
import type { RowParameters } from "../rowNetwork.ts";

const all: readonly AnyLoss[] = Object.values(losses);
const withStops = all.filter(({ stops }) => stops.length > 0);

const instances = (draws: Draws, n: number, isBroken: boolean): Float64Array =>
  gradientGaps(draws.pick(isBroken ? withStops : all), draws, n, isBroken);

/** Largest gap between a gradient and the difference quotient, relative to max(1, |quotient|). */
export const lossGradientBound = 1e-9;

/**
 * The gaps between the gradients of a loss and its difference quotients with frozen stopped values, in a random direction, for n
 * random instances; NaN if the executed labels are not the declared labels.
 *
 * @param isBroken the stopped values change with the parameters: the control of the law
 */
export function gradientGaps(loss: AnyLoss, draws: Draws, n: number, isBroken = false): Float64Array {
  const { parameters, samples } = lossInstance(draws, n);
  const f = lossOf(loss, samples);
  const direction = treeMap((leaf) => draws.normal((leaf as Tensor).shape), parameters) as RowParameters;
  const moved = (h: number): Tensor =>
    f(
      Object.fromEntries(
        Object.entries(parameters).map(([name, leaf]) => [
          name,
          add(leaf, mul(h, direction[name as keyof RowParameters])),
        ]),
      ) as unknown as RowParameters,
    );
  const along = isBroken ? moved : freezeStops(moved);
  along(0);
  const want = richardson((h) => Float64Array.from(along(h).dataSync()), 0.025).value;
  const flat = (tree: RowParameters): Tensor => rowGradients((p) => sumOfProducts(p, tree), parameters);
  const got = dot(rowGradients(f, parameters), flat(direction), 1);
  const { labels } = collectStops(() => f(parameters));
  if (labels.sort().join() !== [...loss.stops].sort().join()) return new Float64Array(n).fill(Number.NaN);
  return rowGaps(reshape(got, [n, 1]), fromData(want, [n, 1]));
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

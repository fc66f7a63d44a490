import { type Gaussian, pathKl, scoreGap, velocityGap } from "@pushforward/flows";
import { mul, type Tensor } from "@pushforward/tensor";
import type { Draws } from "../draws.ts";
import { gapOf, worse } from "../gaps.ts";
import { defineLaw, oneByOne } from "../law.ts";
import { gaussLegendre, integral, timesOf } from "../quadrature.ts";
import { randomGaussian } from "../randomFlow.ts";

const rule = gaussLegendre(64);
const times = timesOf(rule);

/** ∫₀^end f(t, value(t)) dt */
const integrate = (end: number, value: (t: Tensor) => Tensor, weight: (t: number) => number): number => {
  const values = value(mul(end, times)).dataSync();
  return (
    end *
    integral(
      rule,
      rule.nodes.map((node, i) => weight(end * node) * values[i]),
    )
  );
};

function instance(draws: Draws, isBroken: boolean): number {
  const dim = draws.integer(1, 3);
  const [student, data] = [randomGaussian(draws, dim), randomGaussian(draws, dim)];
  const of = (measure: (p: Gaussian, q: Gaussian, t: Tensor) => Tensor) => (t: Tensor) => measure(student, data, t);
  const [kl, velocity, score] = [of(pathKl), of(velocityGap), of(scoreGap)];
  // w(t) = t^power up to the end, W(t) = ∫ₜ^end w; broken: W is left out
  const power = draws.integer(0, 3);
  const end = draws.chance(0.5) ? 1 : draws.uniform(0.4, 0.95);
  const tail = (t: number): number => (isBroken ? 1 : (end ** (power + 1) - t ** (power + 1)) / (power + 1));
  const want = integrate(end, kl, (t) => t ** power);
  const gaps = [
    gapOf(
      integrate(end, velocity, (t) => (t / (1 - t)) * tail(t)),
      want,
    ),
    gapOf(
      integrate(end, score, (t) => ((1 - t) / t) * tail(t)),
      want,
    ),
    // λ_V = 1 in the converse: ∫ V = (1 − T)/T·KL_T + ∫ KL/t²
    gapOf(
      integrate(end, velocity, () => 1),
      ((1 - end) / end) * pathKl(student, data, end).item() + integrate(end, kl, (t) => t ** -2),
    ),
  ];
  return gaps.reduce(worse);
}

/** Integrated divergences are integrated mismatches, with related weights. */
export const klIntegrals = defineLaw({
  name: "klIntegrals",
  title: "KL, velocity and Fisher integrals",
  statement: "For Gaussians, weights tᵏ and any end time, integrated KL equals integrated velocity and score mismatch.",
  formula: String.raw`\int_0^T w \mathrm{KL}_t dt = \int_0^T \tfrac{t}{1-t}W V_t dt = \int_0^T \tfrac{1-t}{t}W F_t dt,\quad W(t) = \int_t^T w,\qquad \int_0^T V_t dt = \tfrac{1-T}{T}\mathrm{KL}_T + \int_0^T \tfrac{\mathrm{KL}_t}{t^2} dt`,
  bound: 1e-9,
  broken: "the tail W(t) of the weight is left out",
  ...oneByOne(instance),
});

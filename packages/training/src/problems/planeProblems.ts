import { type ExactDistribution, eightGaussiansLaw, gaussian, integrate, type Toy, toys } from "@pushforward/flows";
import { asTensor, compile, key, type Tensor } from "@pushforward/tensor";
import { type Problem, pointsOf } from "./problem.ts";

/** Number of held-out points, and of training points, of a generated law. */
const draw = 4000;
/** Seeds of held-out and training points: fixed, so that every run is judged on the same points. */
const seeds = { heldOut: 1_000_003, training: 1_000_033 };
/** Error per step of the solver that computes the exact map of a mixture. */
const exactTolerance = 1e-8;

/** A correlated Gaussian, whose flow map is known in closed form. */
const gaussianLaw = gaussian({
  mean: [1, -1],
  cov: [
    [1, 0.6],
    [0.6, 0.5],
  ],
});

function generated(name: string, description: string, sample: Toy, exact?: Problem["exact"]): Problem {
  const points = (seed: number) => pointsOf(sample(key(seed), draw));
  return {
    name,
    description,
    units: "in data units",
    dim: 2,
    sample: (k, n, dtype) => sample(k, n, { dtype }),
    heldOut: points(seeds.heldOut),
    training: points(seeds.training),
    exact,
    columns: ["x", "y"],
    toOriginal: (x) => x,
    facts: { "held-out points": String(draw), coordinates: "2" },
  };
}

/** The exact map of a law by its exact velocity: Dormand–Prince with a tolerance far below the errors of networks. */
function solved(law: ExactDistribution): Problem["exact"] {
  const velocity = compile((x: Tensor, t: Tensor) => law.velocity(x, t));
  return {
    velocity: law.velocity,
    flowMap: (x, s, t) => integrate((at, time) => velocity(at, asTensor(time)), x, s, t, { tolerance: exactTolerance }),
  };
}

const descriptions: Record<keyof typeof toys, string> = {
  moons: "Two interleaved half circles.",
  checkerboard: "The black squares of a 4 × 4 board.",
  eightGaussians: "Eight Gaussians on a circle; the velocity is exact, the flow map is solved to 1e-8.",
  twoSpirals: "Two spiral arms.",
  pinwheel: "Five bent arms around the origin.",
  rings: "Four circles around the origin.",
  swissRoll: "One spiral of one and a half turns.",
};

/** Functions that make the embedded problems in the plane, by name. */
export const planeProblems: Readonly<Record<string, () => Problem>> = {
  gaussian: () =>
    generated("gaussian", "A correlated Gaussian; velocity and flow map in closed form.", gaussianLaw.sample, {
      velocity: gaussianLaw.velocity,
      flowMap: gaussianLaw.flowMap,
    }),
  ...Object.fromEntries(
    Object.entries(toys).map(([name, toy]) => [
      name,
      () =>
        generated(
          name,
          descriptions[name as keyof typeof toys],
          toy,
          name === "eightGaussians" ? solved(eightGaussiansLaw) : undefined,
        ),
    ]),
  ),
};

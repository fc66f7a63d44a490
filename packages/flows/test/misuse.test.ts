import { key, type Tensor, tensor, zeros } from "@pushforward/tensor";
import { callOf, faultsOf, type MisuseTable, validCall, whole, withoutRow } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as api from "../src/index.ts";

const x = tensor([
  [1, 2],
  [0.5, -1],
  [0.2, 0.3],
]);
const u = (y: Tensor): Tensor => y;
const [g, m1] = [whole(api.gaussian({ mean: [0, 1], std: 1 })), whole(api.gaussianMixture({ means: [-1, 1] }))];
const psi = api.randomBijection(key(0), { dim: 2 });

const fm = (map: api.TimePairField): Tensor => map(x, 0.2, 0.7);
const vf = (velocity: api.TimeField): Tensor => velocity(x, 0.4);
const allOfLaw = (law: api.ExactDistribution | api.ExactFlow): void => {
  const points = zeros([3, law.dim]);
  law.velocity(points, 0.5);
  if ("sample" in law) {
    law.sample(key(0), 2);
    law.logProb(points, 0.5);
  }
  if ("flowMap" in law) law.flowMap(points, 0.1, 0.6);
};

const table: MisuseTable = {
  averageVelocityOf: validCall([u], fm),
  chain: validCall([[psi]], (b) => b.forward(x, 0.5)),
  checkFlowMap: validCall([g.flowMap, { dim: 2, key: key(0), cases: 2, velocity: g.velocity, tolerance: 1e-3 }]),
  eightGaussians: validCall([key(0), 4, { dtype: "float32" }]),
  shrink: validCall([{ x: [1], s: 0, r: 0.5, t: 1 }, () => false, [0, 1]]),
  moons: validCall([key(0), 4, {}]),
  pinwheel: validCall([key(0), 4]),
  rings: validCall([key(0), 4]),
  swissRoll: validCall([key(0), 4]),
  twoSpirals: validCall([key(0), 4]),
  checkerboard: validCall([key(0), 4, { dtype: "float32" }]),
  conditionalVelocity: validCall([x, x, 0.5]),
  convertField: validCall([u, { from: "velocity", to: "noise" }], vf),
  convertPrediction: validCall([x, x, 0.5, { from: "velocity", to: "data" }]),
  couplingLayer: validCall([2, "first", (r: Tensor) => zeros([r.shape[0], 2])], (b) => b.forward(x, tensor(0.5))),
  ctmFlowMap: validCall([u], fm),
  ctmVelocity: validCall([u], fm),
  pmfVelocity: validCall([u, { clip: 0.1 }], fm),
  pmfPrediction: validCall([u, { clip: 0.1 }], fm),
  expm: validCall([
    tensor([
      [0, 1],
      [-1, 0],
    ]),
    {},
  ]),
  firstOrderFlowMap: validCall([u], fm),
  formulaFunction: validCall(["x * sg(y)", ["x", "y"]], (f) => f(x, 2)),
  formulaVelocity: validCall(["[x1, t]", { dim: 2 }], vf),
  fromFile: validCall([x, { names: ["a", "b"], columns: ["b"], scaling: "range", heldOut: 0, dtype: "float64" }]),
  fromLinearPath: validCall([whole(api.linear), x, 0.5]),
  gaussian: validCall([{ mean: [0, 1], std: [1, 2] }], allOfLaw),
  "gaussian, by its covariance": validCall(
    [
      {
        mean: [0, 1],
        cov: [
          [1, 0.2],
          [0.2, 1],
        ],
      },
    ],
    allOfLaw,
  ),
  gaussianMixture: validCall(
    [
      {
        means: [
          [0, 1],
          [1, 1],
        ],
        stds: [1, 2],
        weights: [1, 2],
      },
    ],
    allOfLaw,
  ),
  "gaussianMixture, by covariances": validCall(
    [
      {
        means: [[0, 1]],
        covs: [
          [
            [1, 0.2],
            [0.2, 1],
          ],
        ],
      },
    ],
    allOfLaw,
  ),
  integrate: validCall([
    u,
    x,
    0,
    1,
    { solver: "dopri5", tolerance: 1e-3, minStep: 1e-7, maxStep: 0.5, maxSteps: 1000, onStep: () => 0 },
  ]),
  "integrate, with noise": validCall([
    u,
    x,
    0,
    1,
    { solver: "heunSde", steps: 2, key: key(0), diffusion: 1, score: u },
  ]),
  "integrate, with a solver of one's own": validCall([u, x, 0, 1, { solver: whole(api.heun), steps: 2 }]),
  interpolate: validCall([x, x, 0.5]),
  invertibleFlowMap: validCall([psi], fm),
  invertibleVelocity: validCall([psi], vf),
  klDivergence: validCall([g, g]),
  learnedVelocity: validCall([(_: unknown, y: Tensor) => y, null, 2], vf, { unread: ["1"] }),
  linearGenerator: validCall([{ scale: tensor([1, 2]), shift: tensor([0, 1]) }], (l) => {
    l.velocity(x, 0.5);
    l.generate?.(x);
  }),
  linearOde: validCall(
    [
      [
        [0, 1],
        [-1, 0],
      ],
    ],
    allOfLaw,
  ),
  linearTime: validCall([whole(api.linear), 0.5]),
  linearVelocity: validCall(
    [
      [
        [0, 1],
        [-1, 0],
      ],
    ],
    vf,
  ),
  marginalSde: validCall([u, { diffusion: 1, span: tensor(1), score: u }], (s) => [
    s.drift(x, tensor(0.5)),
    s.diffusion?.(x, tensor(0.5)),
  ]),
  pathKl: validCall([g, g, 0.5]),
  pathScale: validCall([whole(api.linear), 0.5]),
  pointMass: validCall([[0, 1]], allOfLaw),
  pointMassVelocity: validCall([[0, 1]], vf),
  quantileFlow: validCall([m1], (f) => f.flowMap(zeros([3, 1]), 0.1, 0.5)),
  randomBijection: validCall([key(0), { dim: 2, layers: 2, hidden: 3 }], (b) => b.forward(x, tensor(0.5))),
  scoreGap: validCall([g, g, 0.5]),
  secondOrderCorrection: validCall([u, u], fm),
  secondOrderFlowMap: validCall([u, u, { velocityTime: "end" }], fm),
  secondOrderVelocity: validCall([u, u], fm),
  solverFlowMap: validCall([u, { solver: "heun", steps: 2 }], fm),
  solverOf: validCall(["heun"]),
  symmetricEigen: validCall([
    [
      [1, 0],
      [0, 2],
    ],
  ]),
  toLinearPath: validCall([whole(api.linear), x, 0.5]),
  trajectory: validCall([u, x, 0, 1, { solver: "heun", steps: 2 }]),
  trigAngle: validCall([0.5]),
  trigFlow: validCall([0.5]),
  trigFlowNetwork: validCall([u, { sigmaData: 0.5 }], (f) => f(x, 0.5, 0)),
  trigFlowVelocity: validCall([u, { sigmaData: 0.5 }], (f) => f(x, 0.5, 1)),
  velocityFromPath: validCall([whole(api.trigonometric), u], vf),
  velocityGap: validCall([g, g, 0.5]),
  velocityOnPath: validCall([whole(api.trigonometric), u], vf),
  "gaussian.sample": validCall([key(0), 3, { dtype: "float32" }], undefined, { f: g.sample }),
  "gaussianMixture.sample": validCall([key(0), 3, { dtype: "float32" }], undefined, { f: m1.sample }),
  "gaussian.marginal": validCall([0.5], undefined, { f: g.marginal }),
  "gaussian.logProb": validCall([x, 0.5], undefined, { f: g.logProb }),
};

describe("arguments that TypeScript would refuse", () => {
  it("are tried for every exported function: a new one needs a row", () => {
    expect(withoutRow(api, table, ["checkSameShape", "checkPoints", "checkTimes", "checkedFunction"])).toEqual([]);
  });

  it.each(Object.entries(table))("%s takes its valid call", (name, row) => {
    expect(() => callOf(api, name, row)(...row.args)).not.toThrow();
  });

  it.each(Object.entries(table))("%s refuses them by an error that is the framework's", (name, row) => {
    expect(faultsOf(api, name, row)).toEqual([]);
  });

  it("are named with the operation, the argument and what came", () => {
    expect(() => api.gaussian(undefined as never)).toThrow("gaussian: the parameters must be an object, got undefined");
    expect(() => api.gaussian({ mean: [0], std: null as never })).toThrow(
      "a std that is no number must be a list, got null",
    );
    expect(() => api.quantileFlow(g as never)).toThrow(
      "quantileFlow: the mixture must have components; make it with gaussianMixture({ means, stds })",
    );
    expect(() => api.klDivergence(g, m1 as never)).toThrow(
      "klDivergence: q must be a Gaussian; make one with gaussian({ mean, std })",
    );
    expect(() => api.integrate(u, x, 0, 1, { tolerance: "1e-3" as never })).toThrow(
      'integrate: tolerance must be a number, got the text "1e-3"',
    );
    expect(() => api.gaussianMixture({ means: [0, 1], covs: Number.NaN as never })).toThrow(
      "gaussianMixture: covs must be a list, got the number NaN",
    );
  });
});

import { key, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  checkFlowMap,
  couplingLayer,
  expm,
  gaussian,
  gaussianMixture,
  linearGenerator,
  linearOde,
  marginalSde,
  pointMass,
  randomBijection,
  secondOrderVelocity,
  symmetricEigen,
  toys,
  trigAngle,
  trigFlow,
  trigFlowNetwork,
  trigFlowVelocity,
} from "../../src/index.ts";

const u = (x: Parameters<typeof expm>[0]) => x;
const check = { dim: 1, key: key(0), cases: 2 };
const draw = { dim: 2 };

/** Parameters that name no distribution, path or map, and what is said of them. */
const refused: [title: string, call: () => unknown, message: string][] = [
  [
    "a negative std",
    () => gaussian({ mean: 0, std: -1 }),
    "gaussian: std must be positive and finite, got -1 at coordinate 0",
  ],
  [
    "a std of −1 for all",
    () => gaussian({ mean: [0, 0], std: -1 }),
    "gaussian: std must be positive and finite, got -1",
  ],
  ["one negative std", () => gaussian({ mean: [0, 0], std: [1, -2] }), "got -2 at coordinate 1"],
  ["a std of 0", () => gaussian({ mean: 0, std: 0 }), "use pointMass"],
  [
    "a NaN std",
    () => gaussian({ mean: [0, 0], std: [1, Number.NaN] }),
    "std must be positive and finite, got NaN at coordinate 1",
  ],
  [
    "an infinite std",
    () => gaussian({ mean: [0, 0], std: [1, Infinity] }),
    "std must be positive and finite, got Infinity",
  ],
  [
    "a std whose square underflows",
    () => gaussian({ mean: 0, std: 1e-200 }),
    "positive definite, its smallest eigenvalue is 0",
  ],
  [
    "a std whose square overflows",
    () => gaussian({ mean: 0, std: 1e200 }),
    "the variances must be finite, got Infinity",
  ],
  [
    "an indefinite cov",
    () =>
      gaussian({
        mean: [0, 0],
        cov: [
          [1, 2],
          [2, 1],
        ],
      }),
    "smallest eigenvalue is -1",
  ],
  [
    "a singular cov",
    () =>
      gaussian({
        mean: [0, 0],
        cov: [
          [1, 1],
          [1, 1],
        ],
      }),
    "positive definite",
  ],
  [
    "another singular cov",
    () =>
      gaussian({
        mean: [0, 0],
        cov: [
          [0.1, 0.3],
          [0.3, 0.9],
        ],
      }),
    "positive definite",
  ],
  [
    "a cov of rank 1",
    () =>
      gaussian({
        mean: [0, 0, 0],
        cov: [
          [1, 2, 3],
          [2, 4, 6],
          [3, 6, 9],
        ],
      }),
    "positive definite",
  ],
  [
    "a diagonal cov with 0",
    () =>
      gaussian({
        mean: [0, 0],
        cov: [
          [1, 0],
          [0, 0],
        ],
      }),
    "positive definite",
  ],
  [
    "an asymmetric cov",
    () =>
      gaussian({
        mean: [0, 0],
        cov: [
          [1, 0.5],
          [0.4, 1],
        ],
      }),
    "symmetric, got 0.5 at [0, 1] and 0.4",
  ],
  [
    "a cov with NaN",
    () =>
      gaussian({
        mean: [0, 0],
        cov: [
          [1, Number.NaN],
          [Number.NaN, 1],
        ],
      }),
    "finite and symmetric",
  ],
  ["a ragged cov", () => gaussian({ mean: [0, 0], cov: [[1, 0], [0]] }), "must be square"],
  [
    "a cov of another size",
    () =>
      gaussian({
        mean: [0],
        cov: [
          [1, 0],
          [0, 1],
        ],
      }),
    "cov must be [1, 1] like the mean, got 2 rows",
  ],
  ["an empty mean", () => gaussian({ mean: [] }), "at least one coordinate"],
  ["a NaN mean", () => gaussian({ mean: [0, Number.NaN] }), "mean must be finite, got NaN at coordinate 1"],
  ["an infinite mean", () => gaussian({ mean: Infinity }), "mean must be finite, got Infinity"],
  ["a marginal at NaN", () => gaussian({ mean: 0 }).marginal(Number.NaN), "must be finite"],
  [
    "a mixture's negative std",
    () => gaussianMixture({ means: [0, 1], stds: -1 }),
    "std must be positive and finite, got -1",
  ],
  [
    "one negative std of a mixture",
    () => gaussianMixture({ means: [0, 1], stds: [1, -1] }),
    "std must be positive and finite, got -1",
  ],
  ["a mixture's indefinite cov", () => gaussianMixture({ means: [0], covs: [[[-1]]] }), "positive definite"],
  [
    "a negative weight",
    () => gaussianMixture({ means: [0, 1], weights: [1, -1] }),
    "weights must be positive and finite, got -1",
  ],
  [
    "a weight of 0",
    () => gaussianMixture({ means: [0, 1], weights: [1, 0] }),
    "weights must be positive and finite, got 0",
  ],
  [
    "a NaN weight",
    () => gaussianMixture({ means: [0, 1], weights: [1, Number.NaN] }),
    "weights must be positive and finite",
  ],
  [
    "weights whose sum overflows",
    () => gaussianMixture({ means: [0, 1], weights: [1e308, 1e308] }),
    "sum of the weights must be finite",
  ],
  [
    "weights that differ too much",
    () => gaussianMixture({ means: [0, 1], weights: [1e-300, 1e300] }),
    "weights must differ by less",
  ],
  ["too few weights", () => gaussianMixture({ means: [0, 1], weights: [1] }), "one entry per component, got 1 for 2"],
  ["an empty mixture", () => gaussianMixture({ means: [] }), "at least one component"],
  [
    "an infinite point",
    () => pointMass([0, Infinity]),
    "pointMass: the point must be finite, got Infinity at coordinate 1",
  ],
  ["an empty point", () => pointMass([]), "pointMass: the point must have at least one coordinate"],
  ["a NaN matrix", () => linearOde([[Number.NaN]]), "linearOde: entries must be finite"],
  [
    "an asymmetric matrix",
    () =>
      symmetricEigen([
        [1, 2],
        [3, 1],
      ]),
    "finite and symmetric",
  ],
  [
    "two dtypes of a generator",
    () => linearGenerator({ scale: tensor([1]), shift: tensor([0], { dtype: "float32" }) }),
    "one float dtype",
  ],
  ["σ_d = 0", () => trigFlow(0), "trigFlow: sigmaData must be positive and finite, got 0"],
  ["σ_d = −1", () => trigAngle(tensor(0.5), { sigmaData: -1 }), "sigmaData must be positive and finite, got -1"],
  ["σ_d of a velocity", () => trigFlowVelocity(u, { sigmaData: -1 }), "sigmaData must be positive"],
  ["σ_d of a network", () => trigFlowNetwork(u, { sigmaData: Number.NaN }), "sigmaData must be positive"],
  [
    "a negative diffusion",
    () => marginalSde(u, { diffusion: -1, span: tensor(1) }),
    "the diffusion must be at least 0, got -1",
  ],
  [
    "another velocityTime",
    () => secondOrderVelocity(u, u, { velocityTime: "middle" as "end" }),
    'must be start or end, got "middle"',
  ],
  ["another half", () => couplingLayer(2, "middle" as "last", u), 'half must be first or last, got "middle"'],
  ["no layers", () => randomBijection(key(0), { ...draw, layers: 0 }), "layers must be a whole number ≥ 1, got 0"],
  [
    "half a hidden unit",
    () => randomBijection(key(0), { ...draw, hidden: 0.5 }),
    "hidden must be a whole number ≥ 1, got 0.5",
  ],
  ["a NaN bound", () => expm(tensor([[1]]), { normBound: Number.NaN }), "normBound must be finite and ≥ 0, got NaN"],
  ["a dim of 0", () => checkFlowMap(u, { ...check, dim: 0 }), "dim must be a whole number ≥ 1, got 0"],
  [
    "a NaN tolerance",
    () => checkFlowMap(u, { ...check, tolerance: Number.NaN }),
    "the tolerance must be positive, got NaN",
  ],
  [
    "times the wrong way round",
    () => checkFlowMap(u, { ...check, times: [1, 0] }),
    "times must be a finite range [low, high]",
  ],
  ["a scale of 0", () => checkFlowMap(u, { ...check, scale: 0 }), "scale must be positive and finite, got 0"],
];

describe("parameters that name nothing", () => {
  it.each(refused)("%s is refused", (_, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ name: expect.stringMatching(/^(Domain|Shape|DType)Error$/) }));
  });

  it("are told from those that do", () => {
    expect(gaussian({ mean: [0, 0], std: [1, 1e-8] }).variances).toEqual([1, 1e-8 ** 2]);
    expect(
      gaussian({
        mean: [0, 0],
        cov: [
          [1, 0.999999],
          [0.999999, 1],
        ],
      }).dim,
    ).toBe(2);
    expect(gaussianMixture({ means: [0, 1], weights: [1e-300, 1] }).weights[0]).toBe(1e-300);
  });

  const samplers = { gaussian: gaussian({ mean: 0 }).sample, mixture: gaussianMixture({ means: [0] }).sample, ...toys };
  it.each(Object.entries(samplers))("%s refuses counts, keys and dtypes that are none", (_, sample) => {
    for (const n of [-1, 1.5, Number.NaN, undefined]) {
      expect(() => sample(key(0), n as number)).toThrow(/the number of points must be a whole number ≥ 0/);
    }
    expect(() => sample(0 as never, 3)).toThrow(/must be a key, int32 \[2\], got 0/);
    expect(() => sample(key(0), 3, { dtype: "int32" as never })).toThrow(
      expect.objectContaining({ name: "DTypeError" }),
    );
    expect(sample(key(0), 0).shape[0]).toBe(0);
  });
});

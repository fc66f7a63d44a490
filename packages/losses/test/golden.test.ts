import { grad, valueAndGrad } from "@pushforward/autodiff";
import { secondOrderFlowMap } from "@pushforward/flows";
import { sum, type Tensor, type TensorLike, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, adaptiveWeight, losses, normalizedTangent } from "../src/index.ts";
import { scmTangent } from "../src/scm.ts";
import { networksOf } from "./support/conformance.ts";
import {
  conditional,
  goldenParams,
  law,
  marginal,
  oneStep,
  sample,
  type TanhParams,
  tanhModel,
} from "./support/goldenProblem.ts";

/** Value and derivatives in d₁, d₂, A₁₁ and c₁. */
type Numbers = readonly [value: number, d1: number, d2: number, A11: number, c1: number];

/** Additional settings of a row. */
interface Settings {
  readonly v?: Tensor;
  readonly r?: TensorLike;
  readonly t?: TensorLike;
  readonly delta?: TensorLike;
  readonly warmup?: TensorLike;
  readonly solver?: "euler" | "heun";
  readonly weigh?: (squared: Tensor) => Tensor;
}

const ayfEmdNumbers: Numbers = [0.575585739, -1.00981795, -0.837793499, -0.545301693, -0.706872565];

/** @source losses.md §6.1: float64 values, derivatives by complex step with stopped copies frozen */
const rows: [title: string, loss: AnyLoss, settings: Settings, numbers: Numbers][] = [
  ["FM at (X_s, s)", losses.flowMatching, {}, [1.8353572, -0.959786293, -2.019349265, -0.518284598, -0.191957259]],
  ["LMD", losses.localForward, {}, [0.169892454, -0.653048921, 1.235481718, -0.352646418, -0.590121085]],
  ["EMD", losses.backwardExact, {}, [0.099416383, -0.485242664, -0.356224206, -0.153102731, -0.339669865]],
  ["MeanFlow, v_c", losses.meanFlow, {}, [2.472546961, -1.613723653, -2.292158085, -0.871410773, -1.129606557]],
  [
    "MeanFlow, v_c, p = 1, c = 0.01",
    losses.meanFlow,
    { weigh: adaptiveWeight },
    [0.995971879, -0.650027443, -0.923309053, -0.351014819, -0.45501921],
  ],
  [
    "MeanFlow, teacher",
    losses.meanFlow,
    { v: marginal },
    [0.099416383, -0.42096285, -0.346226604, -0.227319939, -0.294673995],
  ],
  [
    "MeanFlow, teacher, as backwardSemi",
    losses.backwardSemi,
    {},
    [0.099416383, -0.42096285, -0.346226604, -0.227319939, -0.294673995],
  ],
  ["LSD none", losses.lsdNone, {}, [0.120251238, -0.087876062, -0.066948931, 0.029501262, -0.285650332]],
  ["LSD convex", losses.lsd, {}, [0.120251238, -0.504124774, 0.429142098, -0.272227378, -0.577024431]],
  ["ESD none", losses.esdNone, {}, [0.149686055, -0.109306414, -0.078815337, 0.079160931, -0.333687799]],
  ["ESD convex", losses.esdConvex, {}, [0.149686055, -0.623653032, 0.446619233, -0.198586243, -0.436557123]],
  ["ESD full", losses.esd, {}, [0.149686055, -0.541752242, 0.441589853, -0.29254621, -0.379226569]],
  ["PSD mid convex", losses.psd, { r: 0.45 }, [0.008371183, -0.120661883, 0.102714981, -0.065157417, -0.084463318]],
  ["Shortcut", losses.shortcut, {}, [0.008371183, -0.120661883, 0.102714981, -0.065157417, -0.084463318]],
  ["PSD mid none", losses.psdNone, { r: 0.45 }, [0.008371183, -0.006266014, -0.004515043, 0.003105748, -0.01933425]],
  [
    "PSD h = 0.3 convex",
    losses.psd,
    { r: 0.3 * 0.2 + 0.7 * 0.7 },
    [0.005654586, -0.098385659, 0.085566897, -0.053128256, -0.068869961],
  ],
  [
    "tri sg, r = 0.45",
    losses.triConsistency,
    { r: 0.45 },
    [0.002092796, -0.030165471, 0.025678745, -0.016289354, -0.02111583],
  ],
  [
    "tri full, r = 0.5",
    losses.triConsistencyFull,
    { r: 0.5 },
    [0.001886962, -0.001411108, -0.001023266, 0.000647382, -0.00438534],
  ],
  [
    "tri sg, r = 0.5",
    losses.triConsistency,
    { r: 0.5 },
    [0.001886962, -0.028530585, 0.024549753, -0.015406516, -0.01997141],
  ],
  [
    "solver, r = 0.5, Heun once, sg",
    losses.globalForward,
    { r: 0.5, solver: "heun" },
    [0.001194054, -0.012023423, 0.029126793, -0.006492649, -0.008416396],
  ],
  [
    "solver, r = 0.5, Heun once, full",
    losses.globalForwardFull,
    { r: 0.5, solver: "heun" },
    [0.001194054, -0.007896457, 0.016177444, -0.004264087, -0.006352913],
  ],
  [
    "CD, δ = 0.1, Euler, end 1",
    losses.consistencyDistillation,
    { delta: 0.1, solver: "euler" },
    [0.001721859, -0.057308013, -0.014297545, -0.030946327, -0.057308013],
  ],
  [
    "CD, δ = 0.1, Heun, end 1",
    losses.consistencyDistillation,
    { delta: 0.1, solver: "heun" },
    [0.001528723, -0.054853928, -0.008465503, -0.029621121, -0.054853928],
  ],
  [
    "CT, δ = 0.1, end 1",
    losses.consistencyTraining,
    { delta: 0.1 },
    [0.028414424, -0.161893686, -0.190734151, -0.08742259, -0.161893686],
  ],
  ["AYF-EMD, w = 0.99, c = 0.1", losses.ayfEmd, { warmup: 0.99 }, ayfEmdNumbers],
  ["AYF-LMD", losses.ayfLmd, {}, [0.169892454, -0.13298684, 0.352621137, -0.071812894, -0.093090788]],
  [
    "CTM soft, r = 0.5, Heun once",
    losses.ctm,
    { r: 0.5, solver: "heun" },
    [0.002766737, -0.039025119, -0.031717188, -0.021073564, -0.027317583],
  ],
  ["SDEI, r = 0.45", losses.sdei, { r: 0.45 }, [0.017141982, 0.037816627, -0.239536021, 0.020420978, 0.026471639]],
  ["SDEE, r = 0.45", losses.sdee, { r: 0.45 }, [0.042125607, -0.224395518, 0.304365653, -0.154339677, -0.157076862]],
  ["STEE, r = 0.45", losses.stee, { r: 0.45 }, [1.496969745, -1.319592653, -1.832682569, -0.907618412, -0.923714857]],
  [
    "PFMM with its own map as teacher is tri sg, r = 0.5",
    losses.progressiveFlowMapMatching,
    { r: 0.5 },
    [0.001886962, -0.028530585, 0.024549753, -0.015406516, -0.01997141],
  ],
  [
    "PD with its own map as teacher is PSD mid",
    losses.progressiveDistillation,
    {},
    [0.008371183, -0.120661883, 0.102714981, -0.065157417, -0.084463318],
  ],
  [
    "MeanFlow with guidance on the diagonal, where a network of v is its fixed point: (ω v + κ U + (1 − ω − κ) U° − U)² = (v − U)²",
    losses.meanFlowGuided,
    { t: sample.s },
    // FM at (X_s, s)
    [1.8353572, -0.959786293, -2.019349265, -0.518284598, -0.191957259],
  ],
  [
    "CD by Euler is δ times the finite-difference loss at t = 1",
    losses.backwardFiniteDifference,
    { delta: 0.1, v: marginal, t: 1, weigh: (squared) => squared.mul(0.1) },
    [0.001721859, -0.057308013, -0.014297545, -0.030946327, -0.057308013],
  ],
];

/** All optional inputs on the golden problem; other networks have the student's parameters, stopped. */
function inputOf(params: TanhParams, { solver = "heun", weigh: _, ...settings }: Settings) {
  return {
    ...sample,
    v: conditional,
    ...networksOf(tanhModel(params), tanhModel(goldenParams)),
    solve: oneStep(solver),
    ...settings,
  };
}

/** Value and the four derivatives of a scalar function of the parameters. */
function numbersOf(f: (params: TanhParams) => Tensor): number[] {
  const [value, grads] = valueAndGrad(f)(goldenParams);
  return [value.item(), ...grads.d.dataSync(), grads.A.slice(0, 0).item(), grads.c.slice(0).item()];
}

/** Nine digits after the point are given. */
const bound = 1e-9;

function worstDifference(got: readonly number[], want: readonly number[]): number {
  return Math.max(...want.map((value, i) => Math.abs(got[i] - value)));
}

describe("golden numbers", () => {
  it.each(rows)("%s", (_, loss, settings, want) => {
    const weigh = settings.weigh ?? ((squared) => squared);
    const got = numbersOf((params) => sum(weigh(loss.loss(inputOf(params, settings)))));
    expect(worstDifference(got, want), `${got} against ${want}`).toBeLessThanOrEqual(bound);
  });

  it("distinguish entries with one value and different stop-gradients", () => {
    const lsd = numbersOf((params) => sum(losses.lsd.loss(inputOf(params, {}))));
    const lsdNone = rows.find(([title]) => title === "LSD none")![3];
    expect(Math.abs(lsd[0] - lsdNone[0])).toBeLessThanOrEqual(bound);
    expect(worstDifference(lsd, lsdNone)).toBeGreaterThan(0.1);
  });

  it("the second-order form with N = U has the end point of the worked example", () => {
    const [s, t] = [tensor(sample.s), tensor(sample.t)];
    const phi = secondOrderFlowMap(law.velocity, tanhModel(goldenParams))(sample.xs, s, t);
    expect(worstDifference([...phi.dataSync()], [0.9025851223, -1.1214675283])).toBeLessThanOrEqual(1e-10);
  });
});

describe("sCM on the network F(y, τ) = tanh(Ay + bτ + d) at τ = 0.9", () => {
  // @source losses.md §6.2
  const [sd, tau] = [0.5, 0.9];
  const k = Math.cos(tau) + sd * Math.sin(tau);
  const s = Math.cos(tau) / k;
  const xs = sample.data.mul(s).add(sample.noise.mul(1 - s));
  const input = { ...sample, xs, s, v: conditional };

  it("has the point, tangent and normalised tangent of the worked example", () => {
    const u = tanhModel(goldenParams);
    const { F, g } = scmTangent({ u, xs, v: conditional, s: tensor(s), warmup: tensor(1) });
    const rows = [xs.mul(k), F, g, normalizedTangent(g)].map((x) => [...x.dataSync()]);
    const want = [
      [1.0499139889, -0.7186401331],
      [0.9247833542, -0.4094468752],
      [-1.0745395311, 0.5438670472],
      [-0.8238207511, 0.4169683351],
    ];
    for (const [i, row] of rows.entries()) expect(worstDifference(row, want[i])).toBeLessThanOrEqual(1e-9);
  });

  it("has the value and the gradient", () => {
    const at = (warmup: number) => (params: TanhParams) =>
      sum(losses.scmTraining.loss({ ...input, warmup, u: tanhModel(params) }));
    const [value, grads] = valueAndGrad(at(1))(goldenParams);
    const got = [value.item(), ...grads.d.dataSync(), grads.A.slice(0, 0).item()];
    expect(worstDifference(got, [0.4262716112, 0.1192692652, -0.3470649516, 0.25044494])).toBeLessThanOrEqual(1e-9);
    expect(Math.abs(at(0.5)(goldenParams).item() - 0.403889827)).toBeLessThanOrEqual(1e-9);
    // without the τ in F's tangent the numbers differ
    expect(Math.abs(at(0)(goldenParams).item() - value.item())).toBeGreaterThan(1e-3);
  });

  it("has no gradient in the network's third input", () => {
    const { c } = grad((params: TanhParams) =>
      sum(losses.scmTraining.loss({ ...input, warmup: 1, u: tanhModel(params) })),
    )(goldenParams);
    expect(Math.max(...c.abs().dataSync())).toBe(0);
  });
});

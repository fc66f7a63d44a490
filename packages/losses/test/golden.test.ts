import { jvp, stopGradient, valueAndGrad } from "@pushforward/autodiff";
import { onesLike, squaredNorm, sum, type Tensor, type TensorLike, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, adaptiveWeight, losses, normalizedTangent } from "../src/index.ts";
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

/** What a row sets besides the sample. */
interface Settings {
  readonly v?: Tensor;
  readonly r?: TensorLike;
  readonly t?: TensorLike;
  readonly delta?: TensorLike;
  readonly solver?: "euler" | "heun";
  readonly weigh?: (squared: Tensor) => Tensor;
}

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
  [
    "CD by Euler is δ times the finite-difference loss at t = 1",
    losses.backwardFiniteDifference,
    { delta: 0.1, v: marginal, t: 1, weigh: (squared) => squared.mul(0.1) },
    [0.001721859, -0.057308013, -0.014297545, -0.030946327, -0.057308013],
  ],
];

/** Everything a loss may need on the golden problem; the averaged network has the student's parameters, stopped. */
function inputOf(params: TanhParams, { solver = "heun", weigh: _, ...settings }: Settings) {
  return {
    ...sample,
    v: conditional,
    u: tanhModel(params),
    ema: tanhModel(goldenParams),
    teacher: law.velocity,
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

  it("tell entries with one value and different stop-gradients apart", () => {
    const lsd = numbersOf((params) => sum(losses.lsd.loss(inputOf(params, {}))));
    const lsdNone = rows.find(([title]) => title === "LSD none")![3];
    expect(Math.abs(lsd[0] - lsdNone[0])).toBeLessThanOrEqual(bound);
    expect(worstDifference(lsd, lsdNone)).toBeGreaterThan(0.1);
  });

  it("a normalised tangent gives the numbers of AYF's backward loss (r = 0.99, c = 0.1)", () => {
    const want: Numbers = [0.575585739, -1.00981795, -0.837793499, -0.545301693, -0.706872565];
    const [s, t] = [tensor(sample.s), tensor(sample.t)];
    const got = numbersOf((params) => {
      const [U, dU] = jvp(tanhModel(params), [sample.xs, s, t], [marginal, onesLike(s), null]);
      const tangent = marginal.sub(U).add(t.sub(s).mul(dU).mul(0.99));
      return sum(squaredNorm(U.sub(stopGradient(U.add(normalizedTangent(tangent)), "target"))));
    });
    expect(worstDifference(got, want), `${got} against ${want}`).toBeLessThanOrEqual(bound);
  });
});

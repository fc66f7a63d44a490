import { grad, valueAndGrad } from "@pushforward/autodiff";
import { firstOrderFlowMap } from "@pushforward/flows";
import { onesLike, squaredNorm, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, losses } from "../src/index.ts";
import { type Input, inputOf, problem } from "./support/conformance.ts";
import {
  goldenParams,
  law,
  marginal,
  oneStep,
  otherParams,
  sample,
  type TanhParams,
  tanhModel,
} from "./support/goldenProblem.ts";

// Identities between systems, numbered as in losses.md §5; gradients are taken in all parameters of the tanh model.

/** Anything with a per-sample value: an entry of the registry, or one written here. */
type HasLoss = Pick<AnyLoss, "loss">;

/** Value and gradient of Σ loss, as one list; the averaged network has the student's parameters, stopped. */
function numbersOf(loss: HasLoss, change: Partial<Input> = {}): number[] {
  const f = (params: TanhParams): Tensor =>
    sum(loss.loss({ ...inputOf(tanhModel(params), tanhModel(goldenParams)), ...change }));
  const [value, { A, b, c, d }] = valueAndGrad(f)(goldenParams);
  return [value, A, b, c, d].flatMap((x) => [...x.dataSync()]);
}

/** Largest difference, relative to the largest number. */
function difference(a: readonly number[], b: readonly number[]): number {
  const size = Math.max(...b.map(Math.abs));
  return Math.max(...b.map((value, i) => Math.abs(a[i] - value))) / size;
}

const golden: Partial<Input> = { ...sample, v: marginal };
const scaled = (numbers: readonly number[], factor: number): number[] => numbers.map((value) => value * factor);
const gradientOf = (numbers: readonly number[]): number[] => numbers.slice(1);

describe("identities between losses", () => {
  it("1: MeanFlow at t = s is flow matching", () => {
    const onDiagonal = { t: problem.s };
    expect(difference(numbersOf(losses.meanFlow, onDiagonal), numbersOf(losses.flowMatching, onDiagonal))).toBe(0);
    expect(difference(numbersOf(losses.meanFlow), numbersOf(losses.flowMatching))).toBeGreaterThan(0.1);
  });

  it("2: MeanFlow with the teacher's velocity has the value of the exact backward loss, not its gradient", () => {
    const [meanFlow, exact, semi] = [losses.meanFlow, losses.backwardExact, losses.backwardSemi].map((loss) =>
      numbersOf(loss),
    );
    expect(Math.abs(meanFlow[0] - exact[0])).toBeLessThan(1e-13 * exact[0]);
    expect(difference(gradientOf(meanFlow), gradientOf(exact))).toBeGreaterThan(0.01);
    expect(difference(semi, meanFlow)).toBe(0);
  });

  it("3: the gradient of consistency distillation per δ is (1 − s) times MeanFlow's at t = 1", () => {
    const delta = 1e-5;
    const distillation = numbersOf(losses.consistencyDistillation, { ...golden, delta, solve: oneStep("euler") });
    const meanFlow = numbersOf(losses.meanFlow, { ...golden, t: 1 });
    const expected = scaled(gradientOf(meanFlow), 1 - sample.s);
    expect(difference(scaled(gradientOf(distillation), 1 / delta), expected)).toBeLessThan(1e-4);
  });

  it("4: the semi-gradient forward loss has the value of the full one, not its gradient", () => {
    const [semi, full] = [losses.localForwardSemi, losses.localForward].map((loss) => numbersOf(loss));
    expect(Math.abs(semi[0] - full[0])).toBeLessThan(1e-14 * full[0]);
    expect(difference(gradientOf(semi), gradientOf(full))).toBeGreaterThan(0.01);
  });

  it("5: PSD at the midpoint is Shortcut with its own parameters, and tri-consistency over (t − s)²", () => {
    const middle = { ...golden, r: 0.45 };
    const psd = numbersOf(losses.psd, middle);
    expect(difference(numbersOf(losses.shortcut, golden), psd)).toBeLessThan(1e-14);
    expect(difference(scaled(numbersOf(losses.triConsistency, middle), 4), psd)).toBeLessThan(1e-14);
    // h multiplies s: away from the midpoint an exchange of h and 1 − h would show.
    const off = { ...golden, r: 0.55 };
    const offMiddle = numbersOf(losses.psd, off);
    expect(difference(scaled(numbersOf(losses.triConsistency, off), 4), offMiddle)).toBeLessThan(1e-14);
    expect(difference(numbersOf(losses.psd, { ...golden, r: 0.35 }), offMiddle)).toBeGreaterThan(0.01);
  });

  it("6: tri-consistency tends to LSD near the end and to ESD near the start, per ε²", () => {
    const epsilon = 1e-4;
    const near = (r: number) => scaled(numbersOf(losses.triConsistencyFull, { ...golden, r }), epsilon ** -2);
    const [atEnd, atStart] = [near(0.7 - epsilon), near(0.2 + epsilon)];
    const [lsd, esd] = [losses.lsdNone, losses.esdNone].map((loss) => numbersOf(loss, golden));
    expect(difference(atEnd, lsd)).toBeLessThan(1e-3);
    expect(difference(atStart, esd)).toBeLessThan(1e-3);
    expect(difference(atEnd, esd)).toBeGreaterThan(0.1);
  });

  it("6: the solver loss with one short Euler step has AYF's forward gradient per ε", () => {
    const epsilon = 1e-5;
    const short = { ...golden, r: 0.7 - epsilon, solve: oneStep("euler") };
    const f = (params: TanhParams): Tensor =>
      sum((losses.globalForward as AnyLoss).loss({ ...inputOf(tanhModel(params)), ...short }));
    const { d, A, c } = grad(f)(goldenParams);
    const got = [...d.dataSync(), A.slice(0, 0).item(), c.slice(0).item()].map((value) => value / epsilon);
    // @source losses.md §6.1, row AYF-LMD
    expect(difference(got, [-0.13298684, 0.352621137, -0.071812894, -0.093090788])).toBeLessThan(1e-3);
  });

  it("7: trajectory consistency with the data as end is consistency distillation", () => {
    const ema = firstOrderFlowMap(tanhModel(otherParams));
    const [s, next, end] = [tensor(0.2), tensor(0.3), onesLike(tensor(1))];
    const ctm = (input: Input): Tensor => {
      const phi = firstOrderFlowMap(input.u!);
      const estimate = ema(phi(sample.xs, s, end), end, end);
      const target = ema(ema(oneStep("heun")(sample.xs, s, next), next, end), end, end);
      return squaredNorm(estimate.sub(target));
    };
    const change = { ...golden, delta: 0.1, solve: oneStep("heun"), ema: tanhModel(otherParams) };
    expect(difference(numbersOf(losses.consistencyDistillation, change), numbersOf({ loss: ctm }))).toBeLessThan(1e-13);
  });

  it("8: progressive distillation is Shortcut with the previous stage in the place of the average", () => {
    const teacher = tanhModel(otherParams);
    const [s, m, t] = [0.25, 0.375, 0.5];
    const distillation = ({ u }: Input): Tensor => {
      const first = teacher(sample.xs, s, m);
      const second = teacher(sample.xs.add(first.mul(m - s)), m, t);
      return squaredNorm(u!(sample.xs, tensor(s), tensor(t)).sub(first.add(second).mul(0.5)));
    };
    const change = { ...golden, s, t, ema: teacher };
    expect(difference(numbersOf(losses.shortcut, change), numbersOf({ loss: distillation }))).toBeLessThan(1e-14);
  });

  it("10: the solver loss from r = s regresses on the solver's end, and near r = t is the local forward loss per ε²", () => {
    const regression = ({ u }: Input): Tensor => {
      const [s, t] = [tensor(sample.s), tensor(sample.t)];
      return squaredNorm(firstOrderFlowMap(u!)(sample.xs, s, t).sub(oneStep("heun")(sample.xs, s, t)));
    };
    const fromStart = { ...golden, r: sample.s, solve: oneStep("heun") };
    expect(difference(numbersOf(losses.globalForward, fromStart), numbersOf({ loss: regression }))).toBeLessThan(1e-14);
    const epsilon = 1e-4;
    const short = { ...golden, r: 0.7 - epsilon, solve: oneStep("euler") };
    const limit = scaled(numbersOf(losses.globalForwardFull, short), epsilon ** -2);
    expect(difference(limit, numbersOf(losses.localForward, golden))).toBeLessThan(1e-3);
  });

  it("the finite-difference gradient is (t − s) times MeanFlow's, with an error of the order of δ", () => {
    const meanFlow = scaled(gradientOf(numbersOf(losses.meanFlow, golden)), 0.5);
    const error = (delta: number): number =>
      difference(gradientOf(numbersOf(losses.backwardFiniteDifference, { ...golden, delta })), meanFlow);
    expect(error(1e-4)).toBeLessThan(1e-3);
    expect(error(2e-3) / error(1e-3)).toBeGreaterThan(1.9);
    expect(error(2e-3) / error(1e-3)).toBeLessThan(2.1);
  });

  it("a finite-difference step is at most half of the way", () => {
    const clipped = numbersOf(losses.backwardFiniteDifference, { ...golden, delta: 0.4 });
    expect(numbersOf(losses.backwardFiniteDifference, { ...golden, delta: 0.25 })).toEqual(clipped);
    const onDiagonal = numbersOf(losses.backwardFiniteDifference, { ...golden, t: sample.s, delta: 0.1 });
    expect(onDiagonal.every((value) => value === 0)).toBe(true);
  });

  it("a consistency step ends at the data at the latest", () => {
    const change = { ...golden, s: 0.95, delta: 0.2, solve: law.flowMap };
    const last = numbersOf(losses.consistencyDistillation, change);
    expect(difference(numbersOf(losses.consistencyDistillation, { ...change, delta: 0.05 }), last)).toBeLessThan(1e-12);
  });
});

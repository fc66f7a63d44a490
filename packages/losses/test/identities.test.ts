import { valueAndGrad } from "@pushforward/autodiff";
import {
  firstOrderFlowMap,
  gaussian,
  pointMass,
  secondOrderFlowMap,
  secondOrderVelocity,
  trigAngle,
  trigFlowVelocity,
} from "@pushforward/flows";
import { squaredNorm, sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { type AnyLoss, backwardResidual, losses } from "../src/index.ts";
import { scmTangent } from "../src/scm.ts";
import { type Input, inputOf, optimumError, problem } from "./support/conformance.ts";
import {
  conditional,
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

/** A per-sample value: an entry of the registry, or a loss of this file. */
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

  it("1: on the diagonal guidance, secants, flow map matching and denoising are flow matching too", () => {
    const onDiagonal = { ...golden, v: conditional, t: sample.s, r: sample.s };
    const matching = numbersOf(losses.flowMatching, onDiagonal);
    const taught = numbersOf(losses.flowMatching, { ...onDiagonal, v: marginal });
    expect(difference(numbersOf(losses.meanFlowGuided, onDiagonal), matching)).toBeLessThan(1e-14);
    for (const loss of [losses.stee, losses.flowMapMatching]) {
      expect(difference(numbersOf(loss, onDiagonal), matching)).toBeLessThan(1e-14);
    }
    for (const loss of [losses.sdei, losses.sdee]) expect(difference(numbersOf(loss, onDiagonal), taught)).toBe(0);
    expect(difference(numbersOf(losses.denoising, golden), scaled(matching, 0.64))).toBeLessThan(1e-14);
    expect(difference(taught, matching)).toBeGreaterThan(0.1);
  });

  it("2: the raw tangent of AYF has the length of the backward residual, at full warm-up only", () => {
    // L = (‖Δ‖/(‖Δ‖ + c))²  ⇒  ‖Δ‖ = c·√L/(1 − √L)
    const lengthOf = (warmup: number): number => {
      const root = Math.sqrt(numbersOf(losses.ayfEmd, { ...golden, warmup })[0]);
      return (0.1 * root) / (1 - root);
    };
    const [residual] = numbersOf(losses.backwardExact, golden);
    // @source losses.md §5, row 2
    expect(residual).toBeCloseTo(0.0994163832, 8);
    expect(Math.abs(lengthOf(1) ** 2 - residual)).toBeLessThan(1e-13);
    expect(Math.abs(lengthOf(0.99) ** 2 - residual)).toBeGreaterThan(1e-4);
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

  it("3: consistency in continuous time is (1 − s) times MeanFlow at t = 1, and the limit of both discrete ones", () => {
    const delta = 1e-5;
    for (const v of [marginal, conditional]) {
      const continuous = gradientOf(numbersOf(losses.continuousConsistency, { ...golden, v }));
      const meanFlow = numbersOf(losses.meanFlow, { ...golden, v, t: 1 });
      expect(difference(continuous, scaled(gradientOf(meanFlow), 1 - sample.s))).toBeLessThan(1e-14);
      expect(difference(continuous, gradientOf(meanFlow))).toBeGreaterThan(0.1);
      const loss = v === marginal ? losses.consistencyDistillation : losses.consistencyTraining;
      const discrete = numbersOf(loss, { ...golden, v, delta, solve: oneStep("euler") });
      expect(difference(scaled(gradientOf(discrete), 1 / delta), continuous)).toBeLessThan(1e-4);
    }
  });

  it("4: AYF's forward loss has the value of the local forward losses, and a different gradient", () => {
    const [ayf, full, semi] = [losses.ayfLmd, losses.localForward, losses.localForwardSemi].map((loss) =>
      numbersOf(loss),
    );
    expect(Math.abs(ayf[0] - full[0])).toBeLessThan(1e-14 * full[0]);
    for (const other of [full, semi]) expect(difference(gradientOf(ayf), gradientOf(other))).toBeGreaterThan(0.1);
  });

  it("4: the semi-gradient forward loss has the value of the full loss, not its gradient", () => {
    const [semi, full] = [losses.localForwardSemi, losses.localForward].map((loss) => numbersOf(loss));
    expect(Math.abs(semi[0] - full[0])).toBeLessThan(1e-14 * full[0]);
    expect(difference(gradientOf(semi), gradientOf(full))).toBeGreaterThan(0.01);
  });

  it("5: PSD at the midpoint is Shortcut with its own parameters, and tri-consistency over (t − s)²", () => {
    const middle = { ...golden, r: 0.45 };
    const psd = numbersOf(losses.psd, middle);
    expect(difference(numbersOf(losses.shortcut, golden), psd)).toBeLessThan(1e-14);
    expect(difference(scaled(numbersOf(losses.triConsistency, middle), 4), psd)).toBeLessThan(1e-14);
    // h multiplies s: away from the midpoint an exchange of h and 1 − h changes the value.
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
    const got = scaled(gradientOf(numbersOf(losses.globalForward, short)), 1 / epsilon);
    expect(difference(got, gradientOf(numbersOf(losses.ayfLmd, golden)))).toBeLessThan(1e-3);
    expect(difference(got, gradientOf(numbersOf(losses.localForwardSemi, golden)))).toBeGreaterThan(0.1);
  });

  it("7: CTM with t = 1 is consistency distillation by one solver step", () => {
    const change = { ...golden, solve: oneStep("heun"), ema: tanhModel(goldenParams) };
    const distillation = numbersOf(losses.consistencyDistillation, { ...change, delta: 0.1 });
    expect(difference(numbersOf(losses.ctm, { ...change, r: 0.3, t: 1 }), distillation)).toBeLessThan(1e-13);
    expect(difference(numbersOf(losses.ctm, { ...change, r: 0.3, t: 0.9 }), distillation)).toBeGreaterThan(1e-3);
  });

  it("7: CTM with r = t is the solver's regression seen through the averaged map", () => {
    const outer = tanhModel(otherParams);
    const [s, t, end] = [tensor(sample.s), tensor(sample.t), tensor(1)];
    const seen = (x: Tensor): Tensor => firstOrderFlowMap(outer)(x, t, end);
    const regression = ({ u }: Input): Tensor =>
      squaredNorm(seen(firstOrderFlowMap(u!)(sample.xs, s, t)).sub(seen(oneStep("heun")(sample.xs, s, t))));
    const change = { ...golden, r: sample.t, solve: oneStep("heun"), ema: outer };
    const ctm = numbersOf(losses.ctm, change);
    expect(difference(ctm, numbersOf({ loss: regression }))).toBeLessThan(1e-14);
    expect(difference(ctm, numbersOf(losses.globalForward, { ...change, r: sample.s }))).toBeGreaterThan(0.01);
  });

  it("8: progressive distillation is Shortcut with the previous stage instead of the average", () => {
    const teacher = tanhModel(otherParams);
    const teacherMap = firstOrderFlowMap(teacher);
    // On the dyadic grid of four steps, without the SNR weight.
    for (const [s, t] of [
      [0, 0.25],
      [0.25, 0.5],
      [0.5, 1],
    ]) {
      const change = { ...golden, s, t, r: (s + t) / 2, ema: teacher, teacherMap };
      const distillation = numbersOf(losses.progressiveDistillation, change);
      expect(difference(numbersOf(losses.shortcut, change), distillation)).toBeLessThan(1e-14);
      const progressive = numbersOf(losses.progressiveFlowMapMatching, change);
      expect(difference(progressive, scaled(distillation, (t - s) ** 2))).toBeLessThan(1e-14);
      const own = { ...change, ema: tanhModel(goldenParams) };
      expect(difference(numbersOf(losses.shortcut, own), distillation)).toBeGreaterThan(0.01);
    }
  });

  it("8: two Euler steps of example A end at 2.1", () => {
    const line = gaussian({ mean: 2, std: 0.5 });
    const teacherMap = firstOrderFlowMap((x: Tensor, start: Tensor) => line.velocity(x, start));
    const xs = tensor([[0.5]]);
    const at = (end: number): number =>
      losses.progressiveDistillation
        .loss({ noise: xs, data: xs, xs, v: xs, s: 0, t: 1, teacherMap, phi: (x) => x.mul(0).add(end) })
        .item();
    // @source losses.md §1.5
    expect(at(2.1)).toBeLessThan(1e-28);
    expect(at(2)).toBeGreaterThan(0.009);
  });

  it("9: the tangent of sCM is the derivative of its map in s, up to −cos τ·σ_d/k²", () => {
    const network = tanhModel(goldenParams);
    for (const v of [marginal, conditional]) {
      for (const time of [0.2, 0.6, 0.95]) {
        const s = tensor(time);
        const { cos, scale } = trigAngle(s);
        const { g } = scmTangent({ u: network, xs: sample.xs, v, s, warmup: tensor(1) });
        const slope = backwardResidual(firstOrderFlowMap(trigFlowVelocity(network)), v, sample.xs, s, tensor(1));
        const expected = slope.mul(cos).mul(-0.5).div(scale.mul(scale));
        const gap = (tangent: Tensor): number => Math.max(...tangent.sub(expected).abs().dataSync());
        expect(gap(g)).toBeLessThan(1e-9);
        const partial = scmTangent({ u: network, xs: sample.xs, v, s, warmup: tensor(0.9) });
        expect(gap(partial.g)).toBeGreaterThan(1e-3);
      }
    }
  });

  it("9: without its unstable part the tangent of sCM regresses on the velocity of the circle", () => {
    const network = tanhModel(goldenParams);
    const s = tensor(sample.s);
    const { tau, cos, sin, scale } = trigAngle(s);
    const { F, g } = scmTangent({ u: network, xs: sample.xs, v: conditional, s, warmup: tensor(0) });
    const dx = cos.mul(0.5).mul(sample.noise).sub(sin.mul(sample.data));
    const expected = cos.mul(cos).mul(dx.sub(F.mul(0.5)));
    expect(Math.max(...g.sub(expected).abs().dataSync())).toBeLessThan(1e-14);
    const plain = network(sample.xs.mul(scale).mul(2), tau, 0);
    expect(Math.max(...F.sub(plain).abs().dataSync())).toBe(0);
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

  it("11: AYF vanishes at the exact map at full warm-up only", () => {
    const at = (warmup: number) => optimumError(losses.ayfEmd, { warmup });
    expect(at(1).value).toBeLessThan(1e-20);
    expect(at(1).gradient).toBeLessThan(1e-9);
    expect(at(0.9).value).toBeGreaterThan(1e-4);
  });

  it("17: the second-order loss is the backward residual of its map, divided by t − s", () => {
    const phi = secondOrderFlowMap(law.velocity, tanhModel(goldenParams));
    const change = { ...golden, phi };
    const [value] = numbersOf(losses.secondOrder, golden);
    const backward = sum((losses.backwardExact as AnyLoss).loss({ ...inputOf(tanhModel(goldenParams)), ...change }));
    expect(Math.abs(value - backward.item() * 4)).toBeLessThan(1e-14);
    // As MeanFlow of U = v + (t − s)·N its gradient is half as long, times (t − s)²: there one more N is stopped.
    const meanFlow: HasLoss = {
      loss: ({ u, ...input }) => losses.meanFlow.loss({ ...input, u: secondOrderVelocity(law.velocity, u!) }),
    };
    const [own, other] = [numbersOf(losses.secondOrder, golden), numbersOf(meanFlow, golden)].map(gradientOf);
    expect(difference(scaled(own, 0.25 / 2), other)).toBeLessThan(1e-13);
    const first = gradientOf(numbersOf(losses.meanFlow, golden));
    expect(difference(scaled(own, 0.25 / 2), first)).toBeGreaterThan(0.1);
  });

  it("the three terms of TraFlow agree for a straight teacher", () => {
    const teacher = pointMass([1, -0.5]);
    const change = { ...golden, r: 0.4, t: 0.7, solve: teacher.flowMap, ema: teacher.averageVelocity };
    const traFlow = numbersOf(losses.traFlow, change);
    const output = numbersOf(losses.globalForward, { ...change, r: sample.s });
    expect(difference(traFlow, scaled(output, 2 + 1 / 0.25))).toBeLessThan(1e-13);
    const bent = { ...change, ema: tanhModel(otherParams) };
    expect(difference(numbersOf(losses.traFlow, bent), traFlow)).toBeGreaterThan(0.01);
  });

  it("guidance mixes velocities as in its fixed point", () => {
    // ω = 1, κ = ½: on the diagonal U = v° + 2(v − v°) has loss 0.
    const free = tanhModel(otherParams);
    const [xs, s] = [sample.xs, tensor(sample.s)];
    const guided = marginal.mul(2).sub(free(xs, s, s));
    const at = (u: Tensor): number =>
      losses.meanFlowGuided
        .loss({ ...sample, v: marginal, t: sample.s, u: (x) => x.mul(0).add(u), unconditional: free })
        .item();
    expect(at(guided)).toBeLessThan(1e-28);
    expect(at(marginal)).toBeGreaterThan(0.01);
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

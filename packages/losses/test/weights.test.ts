import { collectStops, grad } from "@pushforward/autodiff";
import { sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  adaptiveWeight,
  applyWeighting,
  denoisingWeight,
  learnedWeight,
  logisticRegression,
  normalizedTangent,
  pseudoHuber,
  trigFlowWeight,
  truncatedSnrWeight,
  type Weighting,
} from "../src/index.ts";

const squared = tensor([0, 0.25, 4]);
const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 14));
const slopes = (f: (x: Tensor) => Tensor, at: Tensor): number[] => [
  ...(grad((x: Tensor) => sum(f(x)))(at) as Tensor).dataSync(),
];

describe("weights", () => {
  it("pseudo-Huber is √(‖e‖² + c²) − c, smooth at 0", () => {
    const c = 0.3;
    expect([...pseudoHuber(squared, { c }).dataSync()]).toEqual(
      close([0, 0.25, 4].map((q) => Math.sqrt(q + c * c) - c)),
    );
    expect(slopes((q) => pseudoHuber(q, { c }), squared)).toEqual(
      close([0, 0.25, 4].map((q) => 0.5 / Math.sqrt(q + c * c))),
    );
  });

  it("pseudo-Huber keeps its digits if ‖e‖ is much smaller than c: ‖e‖²/2c", () => {
    const c = 0.3;
    for (const q of [1e-300, 1e-30, 1e-18, 1e-14]) {
      expect(pseudoHuber(tensor([q]), { c }).item() / (q / (2 * c))).toBeCloseTo(1, 11);
      expect(slopes((value) => pseudoHuber(value, { c }), tensor([q]))[0]).toBeCloseTo(1 / (2 * c), 11);
    }
  });

  it("the adaptive weight is w·‖e‖² with w = (‖e‖² + c)^−p as a constant", () => {
    for (const [p, c] of [
      [1, 0.01],
      [0.5, 0.2],
      [0, 1],
      [1.5, 1e-3],
    ]) {
      const w = [0, 0.25, 4].map((q) => (q + c) ** -p);
      expect([...adaptiveWeight(squared, { p, c }).dataSync()]).toEqual(close([0, 0.25 * w[1], 4 * w[2]]));
      expect(slopes((q) => adaptiveWeight(q, { p, c }), squared).map((slope, i) => slope / w[i])).toEqual(
        close([1, 1, 1]),
      );
    }
    expect(collectStops(() => adaptiveWeight(squared)).labels).toEqual(["weight"]);
  });

  it("half the adaptive gradient at p = ½ is the pseudo-Huber gradient with c squared", () => {
    const adaptive = slopes((q) => adaptiveWeight(q, { p: 0.5, c: 0.09 }), squared);
    const huber = slopes((q) => pseudoHuber(q, { c: 0.3 }), squared);
    expect(adaptive.map((slope) => slope / 2)).toEqual(close(huber));
  });

  it("a normalised tangent keeps its direction and is shorter than 1", () => {
    const tangent = tensor([
      [3, 4],
      [0, 0],
      [-0.3, 0.4],
    ]);
    expect([...normalizedTangent(tangent).dataSync()]).toEqual(close([3 / 5.1, 4 / 5.1, 0, 0, -0.3 / 0.6, 0.4 / 0.6]));
  });

  it("the learned weight is e^{−ω}‖e‖² + ω, least at ω = log ‖e‖²", () => {
    const omega = tensor([-1, Math.log(0.25), Math.log(4)]);
    expect([...learnedWeight(squared, omega).dataSync()]).toEqual(close([-1, 1 + Math.log(0.25), 1 + Math.log(4)]));
    expect(slopes((w) => learnedWeight(squared, w), omega).slice(1)).toEqual(close([0, 0]));
  });

  it("are data for recipes", () => {
    const at = (how: Weighting): number[] => [...applyWeighting(how, squared, 0.5, 0.7).dataSync()];
    expect(at({ kind: "none" })).toEqual([0, 0.25, 4]);
    expect(at({ kind: "adaptive", p: 1, c: 0.01 })).toEqual([...adaptiveWeight(squared).dataSync()]);
    expect(at({ kind: "pseudoHuber", c: 0.3 })).toEqual([...pseudoHuber(squared, { c: 0.3 }).dataSync()]);
    expect(at({ kind: "learned" })).toEqual([...learnedWeight(squared, 0.5).dataSync()]);
    expect(at({ kind: "truncatedSnr" })).toEqual([...truncatedSnrWeight(squared, 0.7).dataSync()]);
    expect(at({ kind: "denoising" })).toEqual([...denoisingWeight(squared, 0.7).dataSync()]);
    expect(at({ kind: "trigFlow" })).toEqual([...trigFlowWeight(squared, 0.7).dataSync()]);
  });

  it("the truncated SNR takes the larger of the errors of predicted data and noise", () => {
    const s = tensor([[0.2], [0.5], [0.9]]);
    // D − D′ = (1 − s)(v − v′), ε − ε′ = −s(v − v′)
    expect([...truncatedSnrWeight(squared, s).dataSync()]).toEqual(close([0, 0.25 * 0.25, 4 * 0.81]));
  });

  it("of TrigFlow's velocity is the error of predicted data over sin²τ", () => {
    const [t, sigmaData] = [0.3, 0.8];
    const sin = Math.sin(Math.atan((1 - t) / (sigmaData * t)));
    const errors = tensor([1, 4]);
    // The prediction of data is x + (1 − t)·v.
    const wanted = [...errors.dataSync()].map((square) => (square * (1 - t) ** 2) / sin ** 2);
    const got = [...trigFlowWeight(errors, t, { sigmaData }).dataSync()];
    for (const [i, value] of got.entries()) expect(value).toBeCloseTo(wanted[i], 12);
    expect(trigFlowWeight(errors, t).dataSync()[0]).not.toBeCloseTo(wanted[0], 2);
  });

  it("the denoising weight is 1/σ² + 1/σ_d² at σ = (1 − s)/s", () => {
    const weighted = denoisingWeight(squared, 0.2, { sigmaData: 2 });
    expect([...weighted.dataSync()]).toEqual(close([0, 0.25 * (1 / 16 + 1 / 4), 4 * (1 / 16 + 1 / 4)]));
  });

  it("name shapes that would broadcast to [batch, batch]", () => {
    const [flat, column] = [tensor([0.1, 0.2, 0.3]), tensor([[0.1], [0.2], [0.3]])];
    expect(() => learnedWeight(squared, column)).toThrow("learnedWeight: omega must be [3] like squared, got [3, 1]");
    expect(() => truncatedSnrWeight(squared, flat)).toThrow(
      "truncatedSnrWeight: s must be a scalar or [3, 1] for values [3, 1], got [3]",
    );
    expect(() => denoisingWeight(squared, flat)).toThrow(
      "denoisingWeight: s must be a scalar or [3, 1] for values [3, 1], got [3]",
    );
    expect(() => logisticRegression(squared, column)).toThrow(
      "logisticRegression: fake must be [3] like real, got [3, 1]",
    );
  });

  it("name a wrong argument", () => {
    expect(() => pseudoHuber(squared, { c: 0 })).toThrow("pseudoHuber: c must be positive, got 0");
    expect(() => adaptiveWeight(squared, { c: -1 })).toThrow("adaptiveWeight: c must be positive, got -1");
    expect(() => normalizedTangent(squared, { c: 0 })).toThrow("normalizedTangent: c must be positive, got 0");
    expect(() => applyWeighting({ kind: "learned" }, squared)).toThrow("needs omega(s, t), got none");
    expect(() => applyWeighting({ kind: "denoising" }, squared)).toThrow("needs the start time s, got none");
    expect(() => trigFlowWeight(squared, 0.5, { sigmaData: 0 })).toThrow("sigmaData must be positive, got 0");
    expect(() => denoisingWeight(squared, 0.5, { sigmaData: 0 })).toThrow("sigmaData must be positive, got 0");
    expect(() => applyWeighting({ kind: "huber" } as never, squared)).toThrow(
      'kind must be one of none, adaptive, pseudoHuber, learned, truncatedSnr, denoising, trigFlow, got "huber"',
    );
  });
});

import { describe, expect, it } from "vitest";
import { describeTimes, describeWeighting } from "../src/describeLaw.ts";

describe("laws in words", () => {
  it.each([
    [{ kind: "uniformTriangle" }, "s ≤ t, two uniform times in order"],
    [
      { kind: "intervalLogitNormal", mean: -0.8, std: 1 },
      "t − s logit-normal, mean −0.8 and deviation 1, s uniform in [0, 1 − (t − s)]",
    ],
    [
      { kind: "diagonalMix", fraction: 0.75, law: { kind: "square" } },
      "s = t on 75 % of them, elsewhere s and t uniform, in either order",
    ],
    [
      { kind: "intervalLogitNormal", mean: -0.8, std: 1, end: { mean: 0.4, std: 1 } },
      "t − s logit-normal, mean −0.8 and deviation 1, t at least as large, logit-normal, mean 0.4 and deviation 1",
    ],
    [
      { kind: "fixedEnd", start: { kind: "arctan", mean: 0.8, std: 1.6 } },
      "s (2/π)·arctan of a log-normal number, mean 0.8 and deviation 1.6, t = 1",
    ],
    [{ kind: "dyadic", base: 128 }, "t − s a power of ½ down to 1/64, s a multiple of it"],
    [
      { kind: "starts", starts: [0, 0.5], end: { kind: "uniform", max: 0.9 } },
      "s one of 0, 0.5, t uniform in [0, 0.9]",
    ],
    [
      { kind: "square", middle: { kind: "nearEnd", fraction: 0.1 }, delta: 0.05, margin: 0.01 },
      "s and t uniform, in either order; r = t − 0.1(t − s); δ = 0.05; both kept 0.01 away from 0 and 1",
    ],
    [
      {
        kind: "square",
        middle: { kind: "nearStart", fraction: { kind: "sigmoid", from: 1, to: 0, gamma: 25, snap: 0.005 } },
      },
      "s and t uniform, in either order; r = s + α(t − s), where α goes from 1 to 0 along a sigmoid of steepness 25, 0 below 0.005 and 1 above 0.995",
    ],
    [
      { kind: "square", middle: { kind: "nearEnd", fraction: { kind: "exponential", from: 0.1, to: 0.002 } } },
      "s and t uniform, in either order; r = t − α(t − s), where α goes exponentially from 0.1 to 0.002",
    ],
  ] as const)("times %j", (law, words) => {
    expect(describeTimes(law)).toBe(words);
  });

  it("weights have their numbers, the defaults included", () => {
    expect(describeWeighting({ kind: "adaptive" })).toBe("adaptive, p = 1 and c = 0.01");
    expect(describeWeighting({ kind: "pseudoHuber", c: 0.1 })).toBe("pseudo-Huber, c = 0.1");
  });
});

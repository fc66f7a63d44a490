import { compile, key, type Tensor, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { middleLaws, sampleTimes, type TimeLaw } from "../src/index.ts";
import { draw, examples, mean, numbers } from "./support/drawnTimes.ts";

describe("r between s and t", () => {
  const at = (middle: TimeLaw["middle"]) => draw({ ...examples.uniformTriangle, middle });

  it("lies between them under every law", () => {
    for (const kind of Object.keys(middleLaws) as (keyof typeof middleLaws)[]) {
      const { s, t, r } = at({ kind, fraction: 0.01, decrement: 0.1 } as TimeLaw["middle"]);
      expect(r!.every((value, i) => s[i] <= value && value <= t[i])).toBe(true);
    }
  });

  it("is uniform, in the middle, or near either end", () => {
    const share = (middle: TimeLaw["middle"]): number[] => {
      const { s, t, r } = at(middle);
      return r!.map((value, i) => (value - s[i]) / (t[i] - s[i]));
    };
    expect(mean(share({ kind: "uniform" }))).toBeCloseTo(0.5, 1);
    expect(Math.max(...share({ kind: "uniform" }))).toBeGreaterThan(0.99);
    for (const [law, expected] of [
      [{ kind: "midpoint" }, 0.5],
      [{ kind: "nearStart", fraction: 0.02 }, 0.02],
      [{ kind: "nearEnd", fraction: 0.02 }, 0.98],
    ] as const) {
      expect(Math.max(...share(law).map((value) => Math.abs(value - expected)))).toBeLessThan(1e-9);
    }
  });

  it("has a noise level below that of s by a decrement, and is at most t", () => {
    const level = (time: number): number => (1 - time) / time;
    const { s, t, r } = at({ kind: "noiseDecrement", decrement: 0.2 });
    const free = r!.flatMap((value, i) => (value < t[i] ? [level(s[i]) - level(value)] : []));
    expect(free.length).toBeGreaterThan(100);
    for (const gap of free) expect(gap).toBeCloseTo(0.2, 9);
    const wide = at({ kind: "noiseDecrement", decrement: 1e9 });
    expect(wide.r).toEqual(wide.t);
    for (const decrement of [0, -1, Number.NaN, "1"])
      expect(() => at({ kind: "noiseDecrement", decrement: decrement as number })).toThrow(
        "decrement of noiseDecrement must be positive and finite",
      );
  });

  it("follows a schedule of its fraction", () => {
    const fractionAt = (progress: number, fraction: object): number => {
      const middle = { kind: "nearStart", fraction } as TimeLaw["middle"];
      const { s, t, r } = sampleTimes(key(1), 50, { ...examples.uniformTriangle, middle }, { progress });
      return mean(numbers(r!.sub(s).div(t.sub(s))));
    };
    // 1 − σ(25(p − ½)), 0 or 1 within 0.005 of them: get_ratio of α-Flow's code
    const sigmoid = { kind: "sigmoid", from: 1, to: 0, gamma: 25, snap: 0.005 };
    for (const [p, alpha] of [
      [0, 1],
      [0.25, 1],
      [0.4, 0.92414181997875644],
      [0.5, 0.5],
      [0.7, 0.0066928509242848615],
      [0.75, 0],
      [1, 0],
    ])
      expect(Math.abs(fractionAt(p, sigmoid) - alpha)).toBeLessThan(1e-12);
    expect(Math.abs(fractionAt(0.25, { ...sigmoid, snap: 0 }) - 0.99807)).toBeLessThan(1e-5);
    const exponential = { kind: "exponential", from: 0.1, to: 0.002 };
    for (const [p, alpha] of [
      [0, 0.1],
      [0.5, Math.sqrt(0.1 * 0.002)],
      [1, 0.002],
    ])
      expect(Math.abs(fractionAt(p, exponential) - alpha)).toBeLessThan(1e-12);
  });

  it("compiles with the part of a training as an input", () => {
    const middle = { kind: "nearStart", fraction: { kind: "exponential", from: 0.1, to: 0.002 } } as const;
    const at = (progress: Tensor) =>
      sampleTimes(key(1), 8, { kind: "square", middle }, { dtype: "float32", progress }).r!;
    expectSameBits(compile(at)(tensor(0.3)), at(tensor(0.3)));
    expect(at(tensor(0.3)).dtype).toBe("float32");
  });

  it("has its own random numbers: s and t are the same without r", () => {
    expect(at({ kind: "uniform" }).s).toEqual(draw(examples.uniformTriangle).s);
    expect(draw(examples.uniformTriangle).r).toBeUndefined();
  });
});

import { exp, type Tensor, tensor, where, zeros } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { integrate, pointMassVelocity } from "../src/index.ts";
import { valuesOf } from "./expectValues.ts";

const column = (...values: number[]): Tensor => tensor(values.map((value) => [value]));

/** 1 plus a pulse of area 1 and this width around 0.6: over [0, 1] the integral is 2. */
const pulse =
  (width: number) =>
  (x: Tensor, t: Tensor): Tensor =>
    x
      .mul(0)
      .add(exp(t.sub(0.6).div(width).square().mul(-Math.PI)).div(width))
      .add(1);

describe("maxStep", () => {
  it.each([1e-2, 1e-3])("finds a pulse of width %s, which free steps step over", (width) => {
    expect(integrate(pulse(width), zeros([1, 1]), 0, 1).item()).toBeCloseTo(1, 4);
    expect(integrate(pulse(width), zeros([1, 1]), 0, 1, { maxStep: width }).item()).toBeCloseTo(2, 4);
    expect(integrate(pulse(width), zeros([1, 1]), 1, 0, { maxStep: width }).item()).toBeCloseTo(-2, 4);
  });

  it("is in units of time, for every sample by its own span", () => {
    const times: number[][] = [];
    integrate((x) => x.mul(0), zeros([2, 1]), column(0, 5), column(1, 0), {
      maxStep: 0.25,
      onStep: (_, t) => times.push(valuesOf(t)),
    });
    const steps = times.slice(1).flatMap((now, i) => now.map((time, row) => Math.abs(time - times[i][row])));
    expect(Math.max(...steps)).toBeLessThanOrEqual(0.25 + 1e-12);
    expect(times.length - 1).toBeGreaterThanOrEqual(20);
  });

  it("changes nothing where it is longer than the span", () => {
    const v = pointMassVelocity([1]);
    expect(valuesOf(integrate(v, column(3), 0, 0.9, { maxStep: 1 }))).toEqual(
      valuesOf(integrate(v, column(3), 0, 0.9)),
    );
  });
});

describe("minStep", () => {
  it.each([1e-12, 1e-3, 1, 1e6])("is relative to the span: one of %s is solved like one of 1", (span) => {
    const v = (x: Tensor): Tensor => x.div(span);
    expect(integrate(v, column(1), 0, span, { tolerance: 1e-9 }).item()).toBeCloseTo(Math.E, 7);
  });

  it("stops at a pole for any span, and the message gives the step in units of time", () => {
    for (const [span, step] of [
      [1, "1e-8"],
      [100, "1e-6"],
      [0.01, "1e-10"],
    ] as const) {
      const pole = (x: Tensor, t: Tensor): Tensor => x.mul(0).add(t.div(span).sub(0.973).reciprocal());
      expect(() => integrate(pole, column(1), 0, span)).toThrow(`step size fell below ${step} at t = `);
    }
  });
});

describe("values that are not finite", () => {
  const decay = (x: Tensor): Tensor => x.neg();
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%s in the state is named with row and time",
    (bad) => {
      expect(() =>
        integrate(
          decay,
          tensor([
            [1, 2],
            [3, bad],
          ]),
          0.25,
          1,
        ),
      ).toThrow(`integrate: the state must be finite, got ${bad} in row 1, coordinate 1, at t = 0.25`);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("%s in a time is named with its row", (bad) => {
    expect(() => integrate(decay, column(1, 2), column(0, bad), 1)).toThrow(
      `integrate: s must be finite, got ${bad} in row 1`,
    );
    expect(() => integrate(decay, column(1, 2), 0, column(bad, 1))).toThrow(
      `integrate: t must be finite, got ${bad} in row 0`,
    );
    expect(() => integrate(decay, column(1), bad, 1)).toThrow(`integrate: s must be finite, got ${bad}`);
    expect(() => integrate(decay, column(1), 0, bad)).toThrow(`integrate: t must be finite, got ${bad}`);
  });

  it("in the velocity at the start is named with row and time", () => {
    const v = (x: Tensor, t: Tensor): Tensor => where(x.greater(2), Number.NaN, t.mul(x));
    expect(() => integrate(v, column(1, 2, 3), 0.5, 1)).toThrow(
      "integrate: the velocity must be finite, got NaN in row 2, coordinate 0, at t = 0.5",
    );
  });

  it("in the velocity later on is named with row and time", () => {
    const v = (x: Tensor, t: Tensor): Tensor => where(t.mul(x).greater(0.75), Number.NaN, x.mul(0));
    expect(() => integrate(v, column(0.5, 1), 0, 1)).toThrow(
      /integrate: the velocity must be finite, got NaN in row 1, coordinate 0, at t = 0\.75/,
    );
  });
});

describe("too many steps", () => {
  it("names maxSteps and the sample that is furthest behind", () => {
    const fast = (x: Tensor): Tensor => x.mul(0).add(x.mul(x.mul(40).sin()).mul(30));
    expect(() => integrate(fast, column(0, 1), 0, 1, { maxSteps: 3 })).toThrow(
      /integrate: took more than 3 steps at t = .* \(tolerance 1e-6\); raise maxSteps = 3, loosen the tolerance or stop before t = 1 \(row 1\)/,
    );
  });
});

describe("settings of the step control", () => {
  it.each([
    [{ maxStep: 0 }, "maxStep must be positive, got 0"],
    [{ maxStep: Number.NaN }, "maxStep must be positive, got NaN"],
    [{ minStep: -1 }, "minStep must be in [0, 1), relative to the span, got -1"],
    [{ minStep: 1 }, "minStep must be in [0, 1), relative to the span, got 1"],
    [{ maxSteps: 0 }, "maxSteps must be at least 1, got 0"],
    [{ tolerance: Number.NaN }, "the tolerance must be positive, got NaN"],
  ])("%o is refused", (options, message) => {
    expect(() => integrate((x) => x, column(1), 0, 1, options)).toThrow(`integrate: ${message}`);
  });
});

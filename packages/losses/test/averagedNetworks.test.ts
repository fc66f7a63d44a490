import { grad } from "@pushforward/autodiff";
import { sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { losses } from "../src/index.ts";
import {
  conditional,
  goldenParams,
  law,
  oneStep,
  otherParams,
  sample,
  type TanhParams,
  tanhModel,
} from "./support/goldenProblem.ts";

// The golden numbers set the averaged parameters to the student's, so the golden numbers cannot distinguish the two networks. In
// this file the parameters differ, and the losses are computed a second time in plain numbers.

type Point = readonly [number, number];

const rows = (x: Tensor): Point => [...x.dataSync()] as unknown as Point;

/** U in plain numbers; `shift` moves d₁. */
function plainModel({ A, b, c, d }: TanhParams, shift = 0) {
  const [a11, a12, a21, a22] = A.dataSync();
  const [bs, cs, ds] = [b, c, d].map(rows);
  return ([x, y]: Point, s: number, t: number): Point => [
    Math.tanh(a11 * x + a12 * y + bs[0] * s + cs[0] * t + ds[0] + shift),
    Math.tanh(a21 * x + a22 * y + bs[1] * s + cs[1] * t + ds[1]),
  ];
}

const ema = plainModel(otherParams);
const [noise, data, xs] = [sample.noise, sample.data, sample.xs].map(rows);
const along = (x: Point, h: number, v: Point): Point => [x[0] + h * v[0], x[1] + h * v[1]];
const distance = (x: Point, y: Point): number => (x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2;
const [delta, s, r, t] = [0.1, sample.s, 0.5, sample.t];

/** Value of each loss as a function of a shift of the student's d₁. */
const plain = {
  shortcut: (shift: number): number => {
    const a = ema(xs, s, 0.45);
    const b = ema(along(xs, 0.25, a), 0.45, t);
    return distance(plainModel(goldenParams, shift)(xs, s, t), [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  },
  consistencyDistillation: (shift: number): number => {
    const moved = rows(oneStep("heun")(sample.xs, tensor(s), tensor(s + delta)));
    return toData(shift, moved);
  },
  ctm: (shift: number): number => {
    // The outer map is the average in both points; the inner map of the target is the student.
    const outer = (x: Point): Point => along(x, 1 - t, ema(x, t, 1));
    const estimate = along(xs, t - s, plainModel(goldenParams, shift)(xs, s, t));
    const solved = rows(oneStep("heun")(sample.xs, tensor(s), tensor(r)));
    const inner = along(solved, t - r, plainModel(goldenParams)(solved, r, t));
    return distance(outer(estimate), outer(inner));
  },
  traFlow: (shift: number): number => {
    const xr = oneStep("heun")(sample.xs, tensor(s), tensor(r));
    const [half, end] = [rows(xr), rows(oneStep("heun")(xr, tensor(r), tensor(t)))];
    const point = along(xs, t - s, plainModel(goldenParams, shift)(xs, s, t));
    return distance(point, end) * (1 + (t - s) ** -2) + distance(point, along(half, t - r, ema(half, r, t)));
  },
  consistencyTraining: (shift: number): number =>
    toData(shift, [0, 1].map((i) => (s + delta) * data[i] + (1 - s - delta) * noise[i]) as unknown as Point),
};

function toData(shift: number, moved: Point): number {
  const u = plainModel(goldenParams, shift)(xs, s, 1);
  const target = along(moved, 1 - s - delta, ema(moved, s + delta, 1));
  return distance(along(xs, 1 - s, u), target);
}

describe("losses whose averaged network differs from the student", () => {
  it.each(Object.keys(plain) as (keyof typeof plain)[])(
    "%s uses the average exactly where its formula has it",
    (name) => {
      const at = (params: TanhParams, average: TanhParams): Tensor =>
        sum(
          losses[name].loss({
            ...{ ...sample, v: conditional, delta, r },
            ...{ u: tanhModel(params), ema: tanhModel(average), teacher: law.velocity, solve: oneStep("heun") },
          }),
        );
      const value = at(goldenParams, otherParams).item();
      expect(value).toBeCloseTo(plain[name](0), 14);
      expect(Math.abs(value - at(goldenParams, goldenParams).item())).toBeGreaterThan(5e-5);
      const h = 1e-5;
      const slope = (plain[name](h) - plain[name](-h)) / (2 * h);
      const { d } = grad((params: TanhParams) => at(params, otherParams))(goldenParams);
      expect(d.slice(0).item()).toBeCloseTo(slope, 9);
      // The stopped target has the gradient 0 in the average's parameters.
      const toAverage = grad((average: TanhParams) => at(goldenParams, average))(otherParams);
      const largest = Math.max(...Object.values(toAverage).map((x) => Math.max(...(x as Tensor).abs().dataSync())));
      // CTM's estimate passes through the average: the caller stops its parameters.
      if (name === "ctm") expect(largest).toBeGreaterThan(0);
      else expect(largest).toBe(0);
    },
  );
});

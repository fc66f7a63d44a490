import { collectStops } from "@pushforward/autodiff";
import { fromData, key, mul, normal, sub, type Tensor } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import type { AppliedNetwork } from "../../src/trainer/appliedNetwork.ts";
import { generate, startPoints } from "../../src/trainer/generatorSamples.ts";

const [noise, data] = [normal(key(1), [4, 2]), normal(key(2), [4, 2])];
const s = fromData(Float64Array.of(0, 0.5, 0, 0.5), [4, 1]);
const timeLaw = { kind: "starts", starts: [0, 0.5], end: { kind: "uniform" } } as const;
const target = fromData(Float64Array.of(3, -1), [2]);
/** Its samples are all the same point. */
const toTarget: AppliedNetwork = (x, start) => sub(target, x).div(sub(1, start));
const at = (start: "data" | "noise" | "student") =>
  startPoints({ start, timeLaw }, { s, noise, data, student: toTarget, key: key(3) });
const row = (x: Tensor, i: number): number[] => [...x.slice(i).dataSync()];

describe("where generators start", () => {
  it("generates by one step to t = 1", () => {
    expectClose(generate(toTarget, noise, s), noise.mul(0).add(target), { condition: 10 });
  });

  it("from data and noise, or from noise alone of the size it has there", () => {
    expect(row(at("data"), 0)).toEqual(row(noise, 0));
    expect(row(at("data"), 1)).toEqual(row(mul(0.5, data).add(mul(0.5, noise)), 1));
    expect(row(at("noise"), 0)).toEqual(row(noise, 0));
    expect(row(at("noise"), 1)).toEqual(row(mul(0.5, noise), 1));
  });

  it("from what the student made itself, noised anew and stopped", () => {
    const points = at("student");
    expect(row(points, 0)).toEqual(row(noise, 0));
    const fresh = row(points.mul(2).sub(target), 1);
    for (const set of [noise, data]) expect(fresh).not.toEqual(row(set, 1).map((x) => expect.closeTo(x, 6)));
    expect(collectStops(() => at("student")).labels).toEqual(["own samples"]);
    expect(collectStops(() => at("data")).labels).toEqual([]);
  });

  it("from a simulation of the student, step by step, where times before the last are given", () => {
    const many = normal(key(4), [4000, 2]);
    const column = (value: number): Tensor => many.slice(null, [0, 1]).mul(0).add(value);
    // Samples are the start point over its noise level, less 1: the steps are not all alike.
    const shrink: AppliedNetwork = (x, start) => sub(x.mul(0.5), x).div(sub(1, start));
    const startOf = (before: readonly number[], last: number) =>
      startPoints(
        { start: "student", timeLaw },
        { s: column(last), before: before.map(column), noise: many, data: many, student: shrink, key: key(5) },
      );
    const square = (x: Tensor): number => x.square().mean().item();
    // Var = ((1 − s)² + s²·Var/4) from step to step, beginning with 1
    const wanted = [0.2, 0.6].reduce((variance, time) => (1 - time) ** 2 + (time ** 2 * variance) / 4, 1);
    expect(Math.abs(square(startOf([0, 0.2], 0.6)) / wanted - 1)).toBeLessThan(0.05);
    expect(Math.abs(square(startOf([0, 0, 0], 0)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(square(startOf([0, 0], 0.6)) / wanted - 1)).toBeGreaterThan(0.1);
    expect(collectStops(() => startOf([0, 0.2], 0.6)).labels).toEqual(["own samples"]);
  });

  it("from the student's own samples: half of them is the sample, half is standard noise", () => {
    const many = normal(key(4), [4000, 2]);
    const points = startPoints(
      { start: "student", timeLaw },
      { s: many.slice(null, [0, 1]).mul(0).add(0.5), noise: many, data: many, student: toTarget, key: key(5) },
    );
    const rest = points.mul(2).sub(target).dataSync();
    const [mean, square] = [0, 1].map((power) => [...rest].reduce((sum, x) => sum + x ** (power + 1), 0) / rest.length);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(square - 1)).toBeLessThan(0.05);
  });
});

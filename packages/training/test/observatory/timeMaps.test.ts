import { type LossTangent, losses } from "@pushforward/losses";
import { foldIn, key, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { builtinProblems, makeObservatory, middleOf, type TimeMaps, timeCells, timeMaps } from "../../src/index.ts";
import { probePoints, triangleCells } from "../../src/observatory/probes.ts";
import { streams } from "../../src/trainer/streams.ts";
import { skewed } from "./support/affineNetwork.ts";
import * as exact from "./support/diagonalGaussian.ts";
import { affineTrainer } from "./support/observing.ts";
import { meanFlowWith } from "./support/smallRecipes.ts";

const own: LossTangent = { x: "velocity", s: 1, t: 0 };
const random = key(5);
const mapsOf = (tangent = own, loss: "meanFlow" | "backwardSemi" = "meanFlow"): TimeMaps =>
  timeMaps({
    ...{ loss: losses[loss], tangent, problem: exact.problem, key: random, dtype: "float64" },
    u: (x, s, t) => exact.law.averageVelocity(x, s, t),
  });
/** Values of cells with s ≤ t, with the times of the cell. */
const cells = (values: readonly number[]): [value: number, s: number, t: number][] =>
  triangleCells.map(([row, column]) => [values[row * timeCells + column], middleOf(row), middleOf(column)]);
const ofCoordinates = (f: (i: number) => number): number => f(0) + f(1);

describe("maps over the times", () => {
  it("are those of the observatory for MeanFlow with its tangent", async () => {
    const trainer = affineTrainer(
      meanFlowWith("teacher"),
      { params: skewed, base: "none" },
      { teacherVelocity: "exact" },
    );
    const { times } = await makeObservatory(trainer).observe(trainer.initial);
    const observatoryKey = foldIn(key(trainer.settings.seed), streams.observatory);
    const input = { loss: losses.meanFlow, u: trainer.network(trainer.initial), problem: exact.problem, tangent: own };
    const maps = timeMaps({ ...input, key: observatoryKey, dtype: "float64" } as never);
    for (const [name, series] of [
      ["‖du/ds‖", "‖du/ds‖"],
      ["residual", "backward residual"],
    ] as const)
      for (const [i, value] of maps[name].entries())
        if (Number.isNaN(value)) expect(times![series][i]).toBe(null);
        else expect(Number(value.toPrecision(5))).toBeCloseTo(times![series][i]!, 4);
    const other = timeMaps({ ...input, tangent: { ...own, t: 1 }, key: observatoryKey, dtype: "float64" } as never);
    expect(Math.abs(other["‖du/ds‖"][3] - times!["‖du/ds‖"][3]!)).toBeGreaterThan(1e-2); // control
  });

  it("of the exact map: du/ds by the closed form, no residual and no error of the target", () => {
    const maps = mapsOf();
    const { xs } = probePoints({ problem: exact.problem, settings: { dtype: "float64" } }, random);
    const points = xs.dataSync();
    for (const [i, [value, s, t]] of cells(maps["‖du/ds‖"]).entries()) {
      const squares = [0, 1].map((k) => {
        const x = [...points.slice(2 * (2 * i + k), 2 * (2 * i + k) + 2)];
        return exact.averageDerivative(x, exact.velocity(x, s), s, t).reduce((sum, each) => sum + each ** 2, 0);
      });
      expect(value).toBeCloseTo(Math.sqrt((squares[0] + squares[1]) / 2), 8);
    }
    for (const [value] of [...cells(maps.residual), ...cells(maps["target error"])]) expect(value).toBeLessThan(1e-6);
  });

  it("of the exact map show where another tangent moves the target: everywhere but at s = t", () => {
    const { "target error": error } = mapsOf({ x: "velocity", s: 1, t: 1 });
    for (const [value, s, t] of cells(error)) {
      if (s === t) expect(value).toBeLessThan(1e-6);
      else expect(value).toBeGreaterThan(1e-3);
    }
    const forward = cells(mapsOf({ x: "velocity", s: 0, t: 1 })["target error"]);
    expect(forward.filter(([value, s, t]) => s < t && value < 1e-3).length).toBeLessThan(3);
  });

  it("have the variance of the gradient: 4·tr(J·C·Jᵀ) with v of single samples, and 4·tr C with v of the exact flow in the tangent", () => {
    const ratio = (maps: TimeMaps, expected: (s: number, t: number) => number): number => {
      const ratios = cells(maps["gradient variance"]).map(([value, s, t]) => value / expected(s, t));
      return ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
    };
    const pushed = (s: number, t: number) =>
      ofCoordinates((i) => 4 * exact.mapGain(i, s, t) ** 2 * exact.velocityVariance(i, s));
    const plain = (s: number) => ofCoordinates((i) => 4 * exact.velocityVariance(i, s));
    expect(ratio(mapsOf(), pushed)).toBeCloseTo(1, 1);
    expect(ratio(mapsOf({ ...own, x: "own" }), plain)).toBeCloseTo(1, 1);
    expect(Math.abs(ratio(mapsOf(), plain) - 1)).toBeGreaterThan(0.05); // control
    for (const [value] of cells(mapsOf(own, "backwardSemi")["gradient variance"])) expect(value).toBeLessThan(1e-10);
  });

  it("need a known velocity", () => {
    const input = { loss: losses.meanFlow, u: (x: Tensor) => x, tangent: own, key: random, dtype: "float32" } as const;
    expect(() => timeMaps({ ...input, problem: builtinProblems.moons() })).toThrow(
      "timeMaps: the velocity of the problem must be known, but that of moons is not",
    );
    expect(() => timeMaps({ ...input, problem: exact.problem, dtype: "int32" as "float32" })).toThrow(
      'timeMaps: dtype must be one of float32, float64, got "int32"',
    );
  });
});

import { type LossTangent, losses } from "@pushforward/losses";
import { foldIn, key, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { builtinProblems, makeObservatory, middleOf, type TimeMapName, timeCells, timeMap } from "../../src/index.ts";
import { probePoints, triangleCells } from "../../src/observatory/probes.ts";
import { streams } from "../../src/trainer/streams.ts";
import { skewed } from "./support/affineNetwork.ts";
import * as exact from "./support/diagonalGaussian.ts";
import { affineTrainer } from "./support/observing.ts";
import { meanFlowWith } from "./support/smallRecipes.ts";

const own: LossTangent = { x: "velocity", s: 1, t: 0 };
const random = key(5);
const mapOf = (name: TimeMapName, tangent = own, loss: "meanFlow" | "backwardSemi" = "meanFlow"): number[] =>
  timeMap(name, {
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
    const at = (name: TimeMapName, more = {}) =>
      timeMap(name, { ...input, key: observatoryKey, dtype: "float64", ...more } as never);
    const pairs = [
      ["‖du/ds‖", "‖du/ds‖"],
      ["residual", "backward residual"],
    ] as const;
    for (const [name, series] of pairs)
      for (const [i, value] of at(name).entries())
        if (Number.isNaN(value)) expect(times![series][i]).toBe(null);
        else expect(Number(value.toPrecision(5))).toBeCloseTo(times![series][i]!, 4);
    const other = at("‖du/ds‖", { tangent: { ...own, t: 1 } });
    expect(Math.abs(other[3] - times!["‖du/ds‖"][3]!)).toBeGreaterThan(1e-2); // control
  });

  it("of the exact map: du/ds by the closed form, no residual and no error of the target", () => {
    const { xs } = probePoints({ problem: exact.problem, settings: { dtype: "float64" } }, random);
    const points = xs.dataSync();
    for (const [i, [value, s, t]] of cells(mapOf("‖du/ds‖")).entries()) {
      const squares = [0, 1].map((k) => {
        const x = [...points.slice(2 * (2 * i + k), 2 * (2 * i + k) + 2)];
        return exact.averageDerivative(x, exact.velocity(x, s), s, t).reduce((sum, each) => sum + each ** 2, 0);
      });
      expect(value).toBeCloseTo(Math.sqrt((squares[0] + squares[1]) / 2), 8);
    }
    for (const [value] of [...cells(mapOf("residual")), ...cells(mapOf("target error"))])
      expect(value).toBeLessThan(1e-6);
  });

  it("of the exact map show where another tangent moves the target: everywhere but at s = t", () => {
    const error = mapOf("target error", { x: "velocity", s: 1, t: 1 });
    for (const [value, s, t] of cells(error)) {
      if (s === t) expect(value).toBeLessThan(1e-6);
      else expect(value).toBeGreaterThan(1e-3);
    }
    const forward = cells(mapOf("target error", { x: "velocity", s: 0, t: 1 }));
    expect(forward.filter(([value, s, t]) => s < t && value < 1e-3).length).toBeLessThan(3);
  });

  it("have the variance of the gradient: 4·tr(J·C·Jᵀ) with v of single samples, and 4·tr C with v of the exact flow in the tangent", () => {
    const ratio = (tangent: LossTangent, expected: (s: number, t: number) => number): number => {
      const ratios = cells(mapOf("gradient variance", tangent)).map(([value, s, t]) => value / expected(s, t));
      return ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
    };
    const pushed = (s: number, t: number) =>
      ofCoordinates((i) => 4 * exact.mapGain(i, s, t) ** 2 * exact.velocityVariance(i, s));
    const plain = (s: number) => ofCoordinates((i) => 4 * exact.velocityVariance(i, s));
    expect(ratio(own, pushed)).toBeCloseTo(1, 1);
    expect(ratio({ ...own, x: "own" }, plain)).toBeCloseTo(1, 1);
    expect(Math.abs(ratio(own, plain) - 1)).toBeGreaterThan(0.05); // control
    for (const [value] of cells(mapOf("gradient variance", own, "backwardSemi"))) expect(value).toBeLessThan(1e-10);
  });

  it("have names", () => {
    expect(() => mapOf("error" as "residual")).toThrow("timeMap: the map must be one of ‖du/ds‖, residual,");
  });

  it("need a known velocity", () => {
    const input = { loss: losses.meanFlow, u: (x: Tensor) => x, tangent: own, key: random, dtype: "float32" } as const;
    expect(() => timeMap("residual", { ...input, problem: builtinProblems.moons() })).toThrow(
      "timeMap: the velocity of the problem must be known, but that of moons is not",
    );
    expect(() => timeMap("residual", { ...input, problem: exact.problem, dtype: "int32" as "float32" })).toThrow(
      'timeMap: dtype must be one of float32, float64, got "int32"',
    );
  });
});

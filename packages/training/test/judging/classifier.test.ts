import { DTypeError, fromData, ShapeError, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { tableProblem } from "../../src/index.ts";
import { accuracy } from "../../src/judging/accuracy.ts";
import { classifierOf } from "../../src/judging/classifier.ts";
import { type PointSet, thinRows } from "../../src/judging/pointSet.ts";
import { labelledProblem } from "../support/labelledProblem.ts";

const labels = (values: ArrayLike<number>): PointSet => ({ values, dim: 1 });

describe("accuracy", () => {
  it("counts the samples of the right class", () => {
    expect(accuracy(labels([0, 1, 2, 2]), labels([0, 1, 1, 2]))).toBe(0.75);
  });

  it("is NaN where a sample has no class", () => {
    expect(accuracy(labels([0, Number.NaN]), labels([0, 1]))).toBeNaN();
  });
});

describe("classifierOf", () => {
  const problem = labelledProblem();
  const classifier = classifierOf(problem, 100);
  const right = problem.classes!.heldOut;

  it("finds the classes of points that it never saw, and a wrong class for wrong labels", () => {
    const { classes } = classifier.read(problem.heldOut);
    expect(accuracy(classes, labels(right))).toBe(1);
    expect(accuracy(classes, labels(right.map((label) => 1 - label)))).toBe(0);
  });

  it("has a row of features and a class for each point, the same ones for a point by itself", () => {
    const { features, classes } = classifier.read(problem.heldOut);
    expect(features.values.length / features.dim).toBe(right.length);
    const last = problem.heldOut.values.length - 2;
    const single = classifier.read({ values: Array.from(problem.heldOut.values).slice(last), dim: 2 });
    expect(single.classes.values[0]).toBe(classes.values[right.length - 1]);
    const own = Array.from(features.values).slice(-features.dim);
    expect(Math.max(...own.map((x, i) => Math.abs(x - single.features.values[i])))).toBeLessThan(1e-5);
  });

  it("gives no class to points that are not finite", () => {
    const { classes } = classifier.read({ values: [2, 0, Number.NaN, 0, Infinity, 0], dim: 2 });
    expect([...Array.from(classes.values)]).toEqual([1, Number.NaN, Number.NaN]);
  });

  it("is trained once for a problem and a number of judged points, with equal bits for equal problems", () => {
    expect(classifierOf(problem, 100)).toBe(classifier);
    expect(classifierOf(problem, 120)).not.toBe(classifier);
    expect(classifierOf(problem, 120)).toBe(classifierOf(problem, 120));
    expect(classifierOf(problem, 100)).toBe(classifier);
    const again = classifierOf(labelledProblem(), 100);
    expect(again).not.toBe(classifier);
    expect(again.read(problem.heldOut)).toEqual(classifier.read(problem.heldOut));
  });

  it("refuses points of another width, which coordinates without a scale would broadcast", () => {
    const plain = { ...labelledProblem(), toOriginal: (x: Tensor) => x };
    for (const each of [plain, problem])
      expect(() => classifierOf(each, 100).read({ values: [1, 2], dim: 1 })).toThrow(
        new ShapeError("classifier of sides: points must be [n, 2], got [n, 1]"),
      );
  });

  it.each([
    [() => undefined, DTypeError, ", got undefined"],
    [() => [[1, 2]], DTypeError, ", got object"],
    [() => 3, DTypeError, ", got number"],
    [(x: Tensor) => x.sum(), ShapeError, ", got float64[]"],
    [(x: Tensor) => x.slice([0, 7]), ShapeError, ", got float64[7, 2]"],
    [(x: Tensor) => x.cast("int32"), DTypeError, ", got int32"],
  ] as const)("names toOriginal where it returns no points: %s", (toOriginal, error, got) => {
    const wrong = { ...labelledProblem(), toOriginal: toOriginal as (x: Tensor) => Tensor };
    const call = () => classifierOf(wrong, 100);
    expect(call).toThrow(error);
    expect(call).toThrow("sides: toOriginal(x) must return a tensor of floats [300, columns] for x [300, 2]");
    expect(call).toThrow(got);
  });

  it("says that a value of toOriginal is traced where it reads numbers", () => {
    const wrong = { ...labelledProblem(), toOriginal: (x: Tensor) => x.mul(x.dataSync()[0]) };
    expect(() => classifierOf(wrong, 100)).toThrow("a value being traced has no numbers yet");
  });

  it("learns other points than those that are judged, as long as most are others", () => {
    const { training } = problem.classes!;
    const judged = new Set(thinRows(training.length, 149));
    const misled = () => ({
      ...problem,
      classes: { ...problem.classes!, training: training.map((label, row) => (judged.has(row) ? 1 - label : label)) },
    });
    const found = (count: number) =>
      accuracy(classifierOf(misled(), count).read(problem.heldOut).classes, labels(right));
    expect(found(149)).toBe(1);
    // all points, of which half have a wrong label
    expect(found(400)).toBeLessThan(0.9);
  });

  it("reads points in their original units, so that their scaling does not matter", () => {
    const count = 400;
    const places = Int32Array.from({ length: count }, (_, i) => i % 2);
    const values = fromData(
      Float64Array.from({ length: 2 * count }, (_, at) =>
        at % 2 === 0 ? 100 * places[at >> 1] + (at % 7) : 1e-3 * (at % 11),
      ),
      [count, 2],
    );
    const table = { values, names: ["x", "y"], labels: { names: ["low", "high"], places } };
    const read = (scaling: "columns" | "range") => {
      const made = tableProblem("table", table, { heldOut: 0.25, seed: 1, scaling });
      return Array.from(classifierOf(made, 50).read(made.heldOut).features.values);
    };
    const [columns, range] = [read("columns"), read("range")];
    expect(Math.max(...columns.map((x, i) => Math.abs(x - range[i])))).toBeLessThan(1e-3);
  });
});

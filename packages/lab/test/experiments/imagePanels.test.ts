import { integrate } from "@pushforward/flows";
import { type Recipe, recipes, teacherRecipe } from "@pushforward/losses";
import { add, full, key, mul, normal, reshape, type Tensor } from "@pushforward/tensor";
import {
  type AppliedNetwork,
  Judge,
  type Problem,
  pointsOf,
  samplerOf,
  tableProblem,
  teacherSolve,
  withLabels,
} from "@pushforward/training";
import { describe, expect, it } from "vitest";
import type { Candidate } from "../../src/experiments/candidate.ts";
import { imagePanels, imageStepPanels } from "../../src/experiments/imagePanels.ts";
import type { TrainedRun } from "../../src/training/trainingRun.ts";

const names = ["pixel_0_0", "pixel_0_1"];
const values = add(mul(normal(key(3), [60, 2]), 20), 100);
const places = Int32Array.from({ length: 60 }, (_, i) => i % 3);
const split = { heldOut: 0.5, seed: 1 };
const labelled = tableProblem("pictures", { values, names, labels: { names: ["a", "b", "c"], places } }, split);
const plain = tableProblem("pictures", { values, names }, split);

/** A field that depends on the label, where there is one: its samples depend on class, noise and number of steps. */
const network: AppliedNetwork = (x, ...inputs) => {
  const labels = inputs.at(-1) as Tensor;
  const field = mul(x, mul(x, -0.3));
  return labels.dtype === "int32" ? add(field, reshape(labels.cast("float64"), [x.shape[0], 1])) : field;
};

const candidate = (name: string, recipe: Recipe): Candidate => ({
  ...{ name, recipe, sampler: samplerOf(recipe, network) },
  run: { network } as TrainedRun,
});

const teacher = candidate("teacher", teacherRecipe);
const student = candidate("meanFlow", recipes.meanFlow);

/** The picture in a column of a row, with the number of columns. */
const cell = (pixels: { values: ArrayLike<number> }, columns: number, row: number, column: number): number[] =>
  Array.from(pixels.values).slice(2 * (row * columns + column), 2 * (row * columns + column) + 2);

/** One row of noise carried to the units of the data. */
function carried(problem: Problem, row: number, carry: (noise: Tensor) => Tensor): number[] {
  const noise = new Judge(problem, "float64").noise(10).slice([row, row + 1]);
  return Array.from(pointsOf(problem.toOriginal(carry(noise))).values);
}

const ofClass = (place: number): AppliedNetwork => withLabels(network, full([1], place, { dtype: "int32" }));

describe("imageStepPanels", () => {
  it("shows a row for each class and a column for each number of evaluations, and the solved ODE", async () => {
    const judge = new Judge(labelled, "float64");
    const panels = await imageStepPanels({ problem: labelled, judge, teacher, students: [student] });
    expect(panels.map(({ name }) => name)).toEqual(["meanFlow", "teacher"]);
    for (const [{ pixels, rows, columns }, { recipe }] of [
      [panels[0], student] as const,
      [panels[1], teacher] as const,
    ]) {
      expect([rows, columns]).toEqual([
        ["a", "b", "c"],
        ["1", "2", "4", "8", "ODE"],
      ]);
      for (const row of [0, 1, 2]) {
        for (const [column, steps] of [1, 2, 4, 8].entries()) {
          const at = (place: number): number[] =>
            carried(labelled, row, (noise) => samplerOf(recipe, ofClass(place))(noise, steps));
          expect(cell(pixels, 5, row, column)).toEqual(at(row));
          expect(cell(pixels, 5, row, column)).not.toEqual(at((row + 1) % 3)); // the control: another class
        }
        const solved = carried(labelled, row, (noise) => integrate(ofClass(row), noise, 0, 1, teacherSolve));
        expect(cell(pixels, 5, row, 4)).toEqual(solved);
      }
      expect(cell(pixels, 5, 1, 0)).not.toEqual(cell(pixels, 5, 1, 1));
    }
  });

  it("shows ten rows of noise without labels, and no ODE without a teacher", async () => {
    const judge = new Judge(plain, "float64");
    const [panel] = await imageStepPanels({ problem: plain, judge, teacher: undefined, students: [student] });
    expect([panel.rows, panel.columns]).toEqual([undefined, ["1", "2", "4", "8"]]);
    expect(panel.pixels.values).toHaveLength(10 * 4 * 2);
    const expected = carried(plain, 7, (noise) => student.sampler(noise, 4));
    expect(cell(panel.pixels, 4, 7, 2)).toEqual(expected);
  });

  it("counts evaluations: a generator of four starts has no column of eight", async () => {
    const judge = new Judge(plain, "float64");
    const generator = candidate("dmd2FourStep", recipes.dmd2FourStep);
    const [panel] = await imageStepPanels({ problem: plain, judge, teacher: undefined, students: [generator] });
    expect(panel.columns).toEqual(["1", "2", "4"]);
    const solving = candidate("velocity", { ...student.recipe, terms: teacherRecipe.terms });
    const [solved] = await imageStepPanels({ problem: plain, judge, teacher: undefined, students: [solving] });
    expect(solved.columns).toEqual(["80"]);
  });
});

describe("imagePanels", () => {
  it("shows ten pictures of each class, whose labels are those of the held-out points", () => {
    const heldOut = pointsOf(labelled.toOriginal(normal(key(5), [30, 2])));
    const [panel] = imagePanels(labelled, [{ name: "samples", points: heldOut }]);
    expect(panel.rows).toEqual(["a", "b", "c"]);
    const labels = [...labelled.classes!.heldOut];
    for (const row of [0, 1, 2]) {
      const own = labels.flatMap((label, i) => (label === row ? [i] : []));
      for (let column = 0; column < 10; column++) {
        const point = 2 * own[column % own.length];
        expect(cell(panel.pixels, 10, row, column)).toEqual([heldOut.values[point], heldOut.values[point + 1]]);
      }
    }
  });
});

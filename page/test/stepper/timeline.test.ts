import { describe, expect, it } from "vitest";
import { describeStep, formulaText } from "../../src/stepper/describeStep.ts";
import { numberText } from "../../src/stepper/numberText.ts";
import { Timeline } from "../../src/stepper/timeline.ts";
import { valueRows } from "../../src/stepper/valueRows.ts";
import type { ShownProgram, ShownStep } from "../../src/work/stepper/answerStepper.ts";

const step = (name: string, formula: string | undefined, operands: number[], stop?: string): ShownStep => ({
  name,
  formula,
  operands,
  stop,
  part: stop === undefined ? "primal" : "cut",
  shape: [],
  primal: [2],
  tangent: [1],
  cotangent: [3],
});

/** a = 1/x, sg = sg[a], b = x·sg, so that a is behind the stop-gradient. */
const program: ShownProgram = {
  steps: [
    step("x", undefined, []),
    step("a", "1/x", [0]),
    step("sg", "stopGradient(a)", [1], "sg"),
    step("b", "x·sg", [0, 2]),
  ],
  bad: undefined,
};
const timeline = new Timeline(program);

describe("the positions of a program", () => {
  it("run forward over the equations and back again", () => {
    expect(timeline.last).toBe(7);
    expect(Array.from({ length: 8 }, (_, position) => timeline.activeAt(position))).toEqual([
      undefined,
      1,
      2,
      3,
      3,
      2,
      1,
      undefined,
    ]);
    expect(program.steps.map((_, i) => [timeline.forwardAt(i), timeline.backwardAt(i)])).toEqual([
      [0, 7],
      [1, 6],
      [2, 5],
      [3, 4],
    ]);
  });

  it("tell which values the result depends on by a path without a stop-gradient", () => {
    expect(timeline.isFelt).toEqual([true, false, true, true]);
    const steps = program.steps.map((each) => ({ ...each, stop: undefined }));
    expect(new Timeline({ steps, bad: undefined }).isFelt).toEqual([true, true, true, true]); // control
  });

  it("begin at the first number that is not finite, else at a stop-gradient, else at the end", () => {
    expect(timeline.first).toBe(5);
    const bad = (kind: "primal" | "cotangent") => new Timeline({ ...program, bad: { step: 1, kind, sentence: "" } });
    expect([bad("primal").first, bad("cotangent").first]).toEqual([1, 6]);
    expect(new Timeline({ steps: program.steps.slice(0, 2), bad: undefined }).first).toBe(3);
  });

  it("are described in sentences", () => {
    const sentences = Array.from({ length: 8 }, (_, position) => describeStep(program.steps, timeline, position));
    expect(sentences).toEqual([
      "The inputs have their values, and tangents: the direction in which they move.",
      "Forward: a = 1/x has the value 2 and the tangent 1.",
      "Forward: sg = sg[a] has the value of its operand, and its tangent is cut to 0.",
      "Forward: b = x·sg has the value 2 and the tangent 1.",
      "Backward: the cotangent 3 of b is complete. b = x·sg passes it on to x and sg.",
      "Backward: the stop-gradient “sg” blocks the cotangent 3 of sg. It does not reach a.",
      "Backward: nothing arrives at a, because a stop-gradient stands between it and the result.",
      "Backward is done: the cotangents of x are the gradient of b.",
    ]);
  });
});

describe("a value that only takes another shape", () => {
  it("is written with its shape", () => {
    const steps = [
      { ...step("b", undefined, []), shape: [2] },
      { ...step("e", "b", [0]), shape: [2, 2] },
    ];
    expect(formulaText(steps, steps[1])).toBe("b as 2×2");
    expect(formulaText(program.steps, program.steps[3])).toBe("x·sg"); // control
  });
});

describe("numbers", () => {
  it("are short texts", () => {
    expect([0, -0.5, 1 / 3, 1e-9, Number.NaN, -Infinity, Infinity].map(numberText)).toEqual([
      "0",
      "−0.5",
      "0.3333",
      "1e−9",
      "NaN",
      "−∞",
      "∞",
    ]);
  });

  it("are rows of a table in full, one for each entry", () => {
    const pair = {
      ...step("m", "min(x, 1)", [0]),
      shape: [2],
      primal: [1 / 3, 2],
      tangent: undefined,
      cotangent: [1, 0],
    };
    expect(valueRows([pair])).toEqual([
      ['"m"', '"min(x, 1)"', 0, 1 / 3, "", 1],
      ['"m"', '"min(x, 1)"', 1, 2, "", 0],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { catalogue } from "../../build/catalogue.ts";
import { printLink, readLink } from "../../src/permalink.ts";
import { examples } from "../../src/stepper/examples.ts";
import { longestFormula, stepperLink } from "../../src/stepper/stepperLink.ts";
import { firstScene, type StepperState, sceneOf } from "../../src/stepper/stepperState.ts";

const listed = catalogue();
const format = stepperLink(listed);
const mine: StepperState = {
  ...firstScene,
  show: "own",
  formula: "max(x, 2) + 100% & #=;\"<b>'",
  point: { x: -0.5, y: 1e-300, t: 3 },
  direction: { x: 0, y: -1, t: 2.5 },
  off: ["sg"],
  at: 7,
};

describe("links of the stepper", () => {
  it.each<[string, StepperState]>([
    ["the first scene", firstScene],
    ["a function of the reader", mine],
    ["an empty function", { ...mine, formula: "" }],
    ["a loss", { ...sceneOf("meanFlow"), show: "meanFlow", moved: "xs", off: ["target"], at: 0 }],
  ])("restore %s", (_, state) => {
    expect(readLink(format, printLink(format, state))).toEqual({ state });
  });

  it("restore every example and every loss with all of its stop-gradients off", () => {
    const scenes = [
      ...examples.map(({ name }) => sceneOf(name)),
      ...listed.losses.map(({ name, stops }) => ({ ...sceneOf(name), off: stops })),
    ];
    expect(scenes.length).toBeGreaterThan(50);
    for (const state of scenes) expect(readLink(format, printLink(format, state))).toEqual({ state });
  });

  it("may be short: absent parts are those of the scene", () => {
    expect(readLink(format, "#v=1&show=inverse&x=2")).toEqual({
      state: { ...sceneOf("inverse"), point: { x: 2, y: 0, t: 0 } },
    });
  });

  it.each([
    ["show=suns", /show: must be an example, a loss of this page, or own\.$/],
    ["show=own", /f: must be a formula, for show=own only\.$/],
    ["show=inverse&f=x", /f: must be a formula, for show=own only\.$/],
    [`show=own&f=${"x".repeat(longestFormula + 1)}`, /f: must have at most 200 characters\.$/],
    ["x=one", /x: must be a number\.$/],
    ["dy=Infinity", /dy: must be a number\.$/],
    ["t=", /t: must be a number\.$/],
    ["x=1&x=2", /x: must be there once\.$/],
    ["at=1.5", /at: must be a whole number from 0 on\.$/],
    ["at=-1", /at: must be a whole number from 0 on\.$/],
    ["off=target", /off: must be among sg\.$/],
    ["show=meanFlow&off=sg", /off: must be among target\.$/],
    [`show=meanFlow&along=${"a".repeat(41)}`, /along: must be the name of an input\.$/],
    ["formula=x", /^This link says "formula", which this page does not know\.$/],
  ])("say what is wrong: %s", (text, problem) => {
    expect(readLink(format, `#v=1&${text}`)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

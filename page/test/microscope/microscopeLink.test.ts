import { losses } from "@pushforward/losses";
import { timeMapNames } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../build/catalogue.ts";
import { exactProblems, microscopeLink, tangentLosses } from "../../src/microscope/microscopeLink.ts";
import { firstMicroscope, type MicroscopeState, mapNames, presets } from "../../src/microscope/microscopeState.ts";
import { printLink, readLink } from "../../src/permalink.ts";

const listed = catalogue();
const format = microscopeLink(listed);

describe("the lists of the microscope", () => {
  it("are the losses with v in their tangent and two free times, and the problems with a known velocity", () => {
    expect(tangentLosses(listed).map(({ name }) => name)).toEqual([
      "backwardExact",
      "backwardSemi",
      "meanFlow",
      "rectifiedMeanFlow",
      "ayfEmd",
    ]);
    expect(losses.meanFlowGuided.along && losses.continuousConsistency.along).toBe(true); // left out: labels, one end time
    expect(exactProblems(listed).map(({ name }) => name)).toEqual(["gaussian", "eightGaussians"]);
  });

  it("have the maps of the package", () => {
    expect(Object.values(mapNames)).toEqual(timeMapNames);
  });
});

describe("links of a microscope", () => {
  const network = { kind: "network", updates: 1000, seed: 2 ** 31 - 1 } as const;
  it.each<[string, MicroscopeState]>([
    ["the first scene", firstMicroscope],
    ["a network", { ...firstMicroscope, data: "gaussian", loss: "ayfEmd", model: network, map: "variance" }],
    ["a network without updates", { ...firstMicroscope, model: { ...network, updates: 0 } }],
    ["a place", { ...firstMicroscope, x: [-1.25, 3e-4], s: 0, t: 1, step: -8.75, arrows: "velocities" }],
    ["numbers in the tangent", { ...firstMicroscope, tangent: { x: [0.5, -1000], s: 0, t: -1.5 } }],
    ...presets.map(({ name, tangent }): [string, MicroscopeState] => [name, { ...firstMicroscope, tangent }]),
  ])("restore %s", (_, state) => {
    expect(readLink(format, printLink(format, state))).toEqual({ state });
  });

  it("may be short: absent parts are those of the first scene", () => {
    expect(readLink(format, "#v=1&tangent=own,1,0")).toEqual({
      state: { ...firstMicroscope, tangent: presets[3].tangent },
    });
  });

  it.each([
    ["data=moons", /^This link cannot be read: data: must be one of gaussian, eightGaussians\.$/],
    ["loss=lsd", /loss: must be one of backwardExact, backwardSemi, meanFlow, rectifiedMeanFlow, ayfEmd\.$/],
    ["model=network&updates=1.5", /updates: must be a whole number from 0 to 20000\.$/],
    ["model=network&updates=-1", /updates: must be a whole number/],
    ["seed=4294967296", /seed: must be a whole number from 0 to 2147483647\.$/],
    ["x=1", /x: must be two numbers with a comma between them\.$/],
    ["x=1,Infinity", /x: must be two numbers/],
    ["s=0.5&t=0.4", /s: must not exceed t, got 0\.5 > 0\.4\.$/],
    ["t=1.01", /t: must be a number from 0 to 1\.$/],
    ["tangent=u,1,0", /tangent: must be v or own and two numbers, or four numbers\.$/],
    ["tangent=v,1", /tangent: must be/],
    ["tangent=1,2,3", /tangent: must be/],
    ["map=loss", /map: must be one of derivative, residual, target, variance\.$/],
    ["step=1", /step: must be a number from -9 to 0\.$/],
    ["y=1", /^This link says "y", which this page does not know\.$/],
  ])("say what is wrong: %s", (text, problem) => {
    expect(readLink(format, `#v=1&${text}`)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

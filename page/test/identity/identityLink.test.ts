import { describe, expect, it } from "vitest";
import { identityLink } from "../../src/identity/identityLink.ts";
import { firstIdentity, type IdentityState } from "../../src/identity/identityState.ts";
import { printLink, readLink } from "../../src/permalink.ts";

const format = identityLink(["duality", "chainRule"]);

describe("links of a bench", () => {
  it.each<[string, IdentityState]>([
    ["the first scene", firstIdentity],
    ["a trained map", { ...firstIdentity, map: "trained", updates: 0, seed: 2 ** 31 - 1, velocity: "own", scale: 30 }],
    ["a network", { ...firstIdentity, map: "network", field: 0, x: [-1.25, 3e-4], s: 1, t: 0, scale: 0.3 }],
    ["the run of a law", { ...firstIdentity, law: "chainRule", instances: 7 }],
    ["the run of all laws", { ...firstIdentity, law: "all" }],
  ])("restore %s", (_, state) => {
    expect(readLink(format, printLink(format, state))).toEqual({ state });
  });

  it("may be short: absent parts are those of the first scene", () => {
    expect(readLink(format, "#v=1&map=network")).toEqual({ state: { ...firstIdentity, map: "network" } });
  });

  it.each([
    ["map=exact", /^This link cannot be read: map: must be one of invertible, network, trained\.$/],
    ["updates=20001", /updates: must be a whole number from 0 to 20000\.$/],
    ["seed=-1", /seed: must be a whole number from 0 to 2147483647\.$/],
    ["field=1.5", /field: must be a whole number/],
    ["velocity=v", /velocity: must be one of random, own\.$/],
    ["x=1,NaN", /x: must be two numbers with a comma between them\.$/],
    ["s=-0.1", /s: must be a number from 0 to 1\.$/],
    ["scale=2", /scale: must be one of 0\.3, 1, 3, 10, 30\.$/],
    ["law=perpetualMotion", /law: must be a law of the catalogue, or all\.$/],
    ["instances=-1", /instances: must be a whole number from 0 to 2147483647\.$/],
    ["y=1", /^This link says "y", which this page does not know\.$/],
  ])("say what is wrong: %s", (text, problem) => {
    expect(readLink(format, `#v=1&${text}`)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

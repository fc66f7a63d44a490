import { verify } from "@pushforward/verify";
import { describe, expect, it } from "vitest";
import { identityCode, identityCommand } from "../../src/identity/identityCode.ts";
import { firstIdentity, type IdentityState } from "../../src/identity/identityState.ts";
import { Bench } from "../../src/work/identity/bench.ts";
import { runCommandLine } from "../support/runCommandLine.ts";
import { runProgram } from "../support/runProgram.ts";

describe("the program that a reader copies", () => {
  it.each<[string, IdentityState]>([
    ["the first scene", firstIdentity],
    ["a network with its own velocity", { ...firstIdentity, map: "network", velocity: "own", x: [0.25, -1e-3] }],
    [
      "a trained map with the exact velocity",
      { ...firstIdentity, map: "trained", velocity: "own", updates: 5, seed: 3 },
    ],
    ["a trained map with a random velocity", { ...firstIdentity, map: "trained", updates: 0, s: 0.8, t: 0.1 }],
  ])("prints the residuals of the pane: %s", async (_, state) => {
    const bench = new Bench(state);
    while ((await bench.advance(50)) < bench.prepared.updates);
    const { forward, pushed, backward, gap, returnGap } = bench.look(state);
    const text = (vector: readonly number[]): string => vector.map((each) => each.toFixed(4)).join(" ");
    expect(runProgram(identityCode(state)).trim().split("\n")).toEqual([
      `forward ${text(forward)}`,
      `Jacobian × forward ${text(pushed)}`,
      `backward ${text(backward)}`,
      `‖backward - Jacobian × forward‖ ${gap}`,
      `‖there and back - x‖ ${returnGap}`,
    ]);
    if (state.map === "network") expect(gap).toBeGreaterThan(0.01); // control
  });
});

describe("the command that a reader copies", () => {
  it("runs the law of the bench first, then the law that was run last, or all", () => {
    expect(identityCommand(firstIdentity)).toBe(
      "npx --yes pnpm@10 pushforward verify --only backwardIsJacobianTimesForward --cases 100 --seed 0",
    );
    expect(identityCommand({ law: "all", instances: 4 })).toBe(
      "npx --yes pnpm@10 pushforward verify --cases 1000 --seed 4",
    );
  });

  it("prints the report of the card", async () => {
    const report = (seed: number) => verify({ only: ["duality"], cases: 100, seed }).laws;
    const { laws } = JSON.parse(await runCommandLine(`${identityCommand({ law: "duality", instances: 7 })} --json`));
    expect(laws).toEqual(JSON.parse(JSON.stringify(report(7))));
    expect(laws[0].worst).not.toBe(report(8)[0].worst); // control
  });
});

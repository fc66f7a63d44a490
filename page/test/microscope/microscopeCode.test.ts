import { describe, expect, it } from "vitest";
import { microscopeCode, microscopeCommand } from "../../src/microscope/microscopeCode.ts";
import { firstMicroscope, type MicroscopeState } from "../../src/microscope/microscopeState.ts";
import { MicroscopeSubject } from "../../src/work/microscope/subject.ts";
import { runProgram } from "../support/runProgram.ts";

/** The lines that a program prints, run as a reader would run it. */
function outputOf(code: string): Record<string, string> {
  const cut = (line: string): [string, string] => {
    const [, name, numbers] = line.match(/^(.*?) (-?\d.*)$/)!;
    return [name, numbers];
  };
  return Object.fromEntries(runProgram(code).trim().split("\n").map(cut));
}

const network = { kind: "network", updates: 5, seed: 2 } as const;

describe("the program that a reader copies", () => {
  it.each<[string, MicroscopeState]>([
    ["the first scene", firstMicroscope],
    [
      "a network and numbers in the tangent",
      { ...firstMicroscope, loss: "ayfEmd", model: network, tangent: { x: [0.5, -1], s: 1, t: 1 } },
    ],
    ["a network without updates", { ...firstMicroscope, data: "gaussian", model: { ...network, updates: 0 } }],
  ])("prints the vectors of the pane: %s", async (_, state) => {
    const scope = await MicroscopeSubject.open(state);
    while ((await scope.advance(50)) < scope.prepared.updates);
    const sight = scope.look(state);
    const printed = outputOf(microscopeCode(state));
    const text = (vector: readonly number[]): string => vector.map((each) => each.toFixed(4)).join(" ");
    expect(printed).toEqual({
      v: text(sight.velocity),
      u: text(sight.average),
      "du/ds": text(sight.derivative),
      "(t - s)·du/ds": text(sight.correction),
      target: text(sight.target),
      "exact U": text(sight.exact),
      "‖target - exact U‖": text([sight.targetError]),
    });
    expect(printed.v).not.toBe(printed.u); // control
  });
});

describe("the command that a reader copies", () => {
  it("trains the network; the exact map has none", () => {
    expect(microscopeCommand({ ...firstMicroscope, model: network })).toBe(
      "npx --yes pnpm@10 pushforward train meanFlow --data eightGaussians --teacher-velocity exact --steps 5 --batch 256 --learning-rate 0.004 --width 64 --seed 2 --backend wasm",
    );
    expect(microscopeCommand(firstMicroscope)).toBeUndefined();
  });
});

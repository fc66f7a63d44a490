import { losses } from "@pushforward/losses";
import { lossInstance } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { stepperCommand } from "../../src/stepper/stepperCommand.ts";
import { sceneOf } from "../../src/stepper/stepperState.ts";
import { runCommandLine } from "../support/runCommandLine.ts";

/** Names of the primitives of a loss in the pane, in their order. */
const shownPrimitives = (off: readonly string[]): string[] =>
  lossInstance(losses.meanFlow, off).program.equations.map(({ primitive }) => primitive.name);

/** Names of the primitives of the printed value of a loss, before its gradient. */
function printedPrimitives(output: string): string[] {
  const equations = Array.from(output.matchAll(/^ {2}\S+: \S+ = (\w+).*# (\w+)/gm), ([, name, part]) => ({
    name,
    part,
  }));
  const gradient = equations.findIndex(({ part }) => part === "cotangent");
  return equations.slice(0, gradient).map(({ name }) => name);
}

/** Whether all words of a list come in another one in their order; a derivative of a derivative adds some in between. */
function isWithin(words: readonly string[], all: readonly string[]): boolean {
  let found = 0;
  for (const word of all) if (word === words[found]) found++;
  return found === words.length && found > 20;
}

describe("the command that a reader copies", () => {
  it.each([[], ["target"]])("prints the equations of the pane, without the stop-gradients %j", async (...off) => {
    const command = stepperCommand({ ...sceneOf("meanFlow"), off });
    expect(command).toBe(
      `npx --yes pnpm@10 pushforward explain meanFlow${off.length > 0 ? " --without-stops target" : ""}`,
    );
    const printed = printedPrimitives(await runCommandLine(command));
    expect(isWithin(shownPrimitives(off), printed)).toBe(true);
    expect(printed.includes("stopGradient")).toBe(off.length === 0);
    expect(isWithin([...shownPrimitives(off)].reverse(), printed)).toBe(false); // control
  });
});

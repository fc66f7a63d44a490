import { losses, recipeJson, recipes } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { runHere } from "../support/command.ts";

/** The systems that the registry promises, each by one of its losses. */
const systems = [
  ...["flowMatching", "meanFlow", "localForward", "backwardExact", "flowMapMatching", "progressiveFlowMapMatching"],
  ...["scmDistillation", "scmTraining", "ayfEmd", "ayfLmd", "lsd", "esd", "psd", "progressiveDistillation"],
  ...["consistencyDistillation", "consistencyTraining", "ctm", "shortcut", "traFlow", "sdei", "sdee", "stei", "stee"],
  ...[
    "secondOrder",
    "vsd",
    "diffInstruct",
    "swiftBrush",
    "dmd",
    "dmd2",
    "fDistill",
    "sid",
    "sim",
    "cosim",
    "uniInstruct",
  ],
];

describe("losses", () => {
  it("as JSON: every entry with all its metadata, and its recipe", async () => {
    const { stdout } = await runHere(["losses", "--json"]);
    const listed: Record<string, unknown>[] = JSON.parse(stdout).losses;
    expect(listed.map(({ name }) => name)).toEqual(Object.keys(losses));
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(systems));
    for (const { recipe, ...metadata } of listed) {
      const { loss: _body, ...all } = losses[metadata.name as keyof typeof losses];
      expect(metadata).toEqual(all);
      expect(recipe).toEqual(recipeJson(recipes[metadata.name as keyof typeof recipes]));
    }
  });

  it("for a person: a line each, with whether derivatives pass through its derivative", async () => {
    const { stdout } = await runHere(["losses"]);
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(Object.keys(losses).length + 1);
    const lineOf = (name: string): string => lines.find((line) => line.startsWith(`${name} `)) ?? "";
    expect(lineOf("meanFlow")).toMatch(/backward +averageVelocity +– +target +stopped +zero .* A +Geng et al\. 2025/);
    expect(lineOf("localForward")).toMatch(/ differentiated /);
    expect(lineOf("esd")).toMatch(/ partly stopped /);
    expect(lineOf("psd")).toMatch(/ target +– /);
    expect(lineOf("scmTraining")).toMatch(/ fixedEnd +learned +B /);
  });
});

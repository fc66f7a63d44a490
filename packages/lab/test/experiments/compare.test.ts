import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCompareConfig } from "../../src/config.ts";
import { plannedRuns } from "../../src/experiments/compare.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runHere } from "../support/command.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const { settings } = tinyRuns();

const planned = (settings: object) =>
  plannedRuns({ path: "run", config: parseCompareConfig({ kind: "compare", data: "gaussian", ...settings }) });

describe("a comparison", () => {
  it.each([
    ["lsd", {}, true, true],
    ["meanFlow", { velocity: "conditional" }, true, false], // judged beside the losses
    ["lsd", { teacherVelocity: "exact" }, false, false],
    ["dmd", { teacherVelocity: "exact" }, true, true], // starts from a learnt velocity
  ])("of %s with %j learns a teacher: %s; the loss uses it: %s", (loss, settings, isLearnt, isUsed) => {
    const { teacher, students } = planned({ losses: [loss], ...settings });
    expect(teacher !== undefined).toBe(isLearnt);
    expect(students.map(({ config }) => config.teacher)).toEqual([isUsed ? join("..", "teacher") : undefined]);
  });

  it("gives each loss the stop-gradients to switch off that it has, and none to the teacher", () => {
    const { teacher, students } = planned({ losses: ["meanFlow", "lsd"], withoutStops: ["target"] });
    expect(students.map(({ config }) => config.withoutStops)).toEqual([["target"], undefined]);
    expect(teacher?.config.withoutStops).toBeUndefined();
  });

  it("gives each variant the settings of its name, and to the others those of the comparison", () => {
    const losses = ["meanFlow", "meanFlow@-target,velocity=conditional"];
    const { students } = planned({ losses, velocity: "teacher", withoutStops: undefined });
    expect(students.map(({ path }) => path)).toEqual(losses.map((loss) => join("run", loss)));
    expect(students.map(({ config }) => [config.velocity, config.withoutStops, config.teacher])).toEqual([
      ["teacher", undefined, join("..", "teacher")],
      ["conditional", ["target"], undefined],
    ]);
  });

  it.each([
    [["meanFlow@-target", "mean-flow"], [], undefined],
    [["meanFlow@-target", "meanFlow@-TARGET"], [], /losses must all be different/],
    [["meanFlow", "meanFlow@-target"], ["--without-stops", "target"], /two of them are meanFlow@-target/],
    [["meanFlow@velocity=nope"], [], /losses.0 must set velocity to one of recipe, teacher, conditional/],
    [["meanFlw@-target"], [], /losses.0 must be one of .*got "meanFlw"; did you mean meanFlow/],
  ])("of %j with %j is refused if %s", async (losses, options, message) => {
    const args = ["compare", ...losses, ...settings, ...options, "--steps", "1", "--jobs", "1", "--json"];
    const { code, stderr } = await runHere([...args, "--output", join(temporaryFolder(), "run")]);
    if (message) expect(stderr).toMatch(message);
    expect(code).toBe(message ? 1 : 0);
  });

  it("of losses that distil the exact velocity trains and judges no teacher, also when it is resumed", async () => {
    const path = join(temporaryFolder(), "run");
    const size = ["--steps", "3", "--batch", "8", "--width", "4", "--depth", "1", "--jobs", "1"];
    const exact = ["compare", "lsd", "--data", "gaussian", "--teacher-velocity", "exact", ...size, "--json"];
    const outcomes = [await runHere([...exact, "--output", path]), await runHere(["resume", path, "--json"])];
    for (const { code, stdout } of outcomes) {
      expect(code).toBe(0);
      const kinds = JSON.parse(stdout).results.map(({ kind }: { kind: string }) => kind);
      expect(kinds).toEqual(["loss", "baseline", "baseline"]);
    }
    expect(existsSync(join(path, "teacher"))).toBe(false);
    expect(readFileSync(join(path, "report.html"), "utf8")).toContain("lsd on gaussian");
    expect((await runHere(["resume", join(path, "lsd"), "--train-only"])).code).toBe(0);
  });
});

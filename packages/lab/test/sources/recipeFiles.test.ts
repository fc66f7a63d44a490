import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Outcome, runHere } from "../support/command.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const { path, settings, lossesOf } = tinyRuns();
const train = (what: string, output: string, ...options: string[]): Promise<Outcome> =>
  runHere(["train", what, ...settings, ...options, "--output", path(output), "--json"]);

/** The parts of a recipe that tests change. */
interface Editable {
  readonly terms: { weight: number; readonly timeLaw: { kind: string } }[];
}

/** Writes the recipe of a loss into a file, changed. */
async function writeRecipe(
  loss: string,
  file: string,
  change: (recipe: Editable) => void = () => undefined,
): Promise<void> {
  const { code, stdout, stderr } = await runHere(["recipe", loss, "--steps", "20"]);
  expect(code, stderr).toBe(0);
  const recipe = JSON.parse(stdout);
  change(recipe);
  writeFileSync(path(file), JSON.stringify(recipe));
}

describe("a recipe in a file", () => {
  it("trains as the loss of the registry does, to the last bit", { timeout: 120_000 }, async () => {
    const loss = "meanFlow";
    await writeRecipe(loss, `${loss}-own.json`);
    expect((await train(loss, `${loss}-plain`)).code).toBe(0);
    const own = await train(path(`${loss}-own.json`), `${loss}-own`);
    expect(own.code, own.stderr).toBe(0);
    expect(JSON.parse(own.stdout).results[0].name).toBe(`${loss}-own`);
    expect(lossesOf(`${loss}-own`)).toEqual(lossesOf(`${loss}-plain`));
  });

  it("trains differently with another weight", { timeout: 120_000 }, async () => {
    await writeRecipe("meanFlow", "heavy.json", (recipe) => {
      for (const term of recipe.terms.slice(-1)) term.weight *= 2;
    });
    expect((await train(path("heavy.json"), "heavy")).code).toBe(0);
    expect(lossesOf("heavy")).not.toEqual(lossesOf("meanFlow-plain"));
  });

  it("is compared with losses of the registry, under the name of its file", { timeout: 120_000 }, async () => {
    await writeRecipe("meanFlow", "mine.json");
    const args = [
      "compare",
      path("mine.json"),
      "meanFlow",
      ...settings,
      "--jobs",
      "1",
      "--output",
      path("both"),
      "--json",
    ];
    const { code, stdout, stderr } = await runHere(args);
    expect(code, stderr).toBe(0);
    const { results, config } = JSON.parse(stdout);
    expect(config.sources.mine.file).toBe(path("mine.json"));
    const [mine, meanFlow] = results;
    expect([mine.name, meanFlow.name]).toEqual(["mine", "meanFlow"]);
    expect(mine.energyDistance).toBe(meanFlow.energyDistance);
  });

  it("has variants of its own, which keep their name in the folder and in the results", {
    timeout: 120_000,
  }, async () => {
    await writeRecipe("meanFlow", "own.json");
    const losses = [path("own.json"), `${path("own.json")}@-target`];
    const { code, stdout, stderr } = await runHere([
      ...["compare", ...losses, ...settings, "--jobs", "1", "--output", path("variants"), "--json"],
    ]);
    expect(code, stderr).toBe(0);
    const names = JSON.parse(stdout).results.map(({ name }: { name: string }) => name);
    expect(names.slice(0, 2)).toEqual(["own", "own@-target"]);
    expect(lossesOf(join("variants", "own@-target"))).not.toEqual(lossesOf(join("variants", "own")));
    expect(readFileSync(join(path("variants"), "report.html"), "utf8")).toContain('<mrow class="struck">');
  });

  it("switches stop-gradients off as the variant does, in the bits, in the report and in explain", {
    timeout: 120_000,
  }, async () => {
    await writeRecipe("meanFlow@-target", "off.json");
    expect(JSON.parse(readFileSync(path("off.json"), "utf8")).terms[0].withoutStops).toEqual(["target"]);
    expect((await train("meanFlow@-target", "off-variant")).code).toBe(0);
    const own = await train(path("off.json"), "off");
    expect(own.code, own.stderr).toBe(0);
    expect(lossesOf("off")).toEqual(lossesOf("off-variant"));
    expect(lossesOf("off")).not.toEqual(lossesOf("meanFlow-plain"));
    expect(readFileSync(join(path("off"), "report.html"), "utf8")).toContain('<mrow class="struck">');
    const { stdout } = await runHere(["explain", path("off.json")]);
    expect(stdout).toMatch(/recipe .*without the stop-gradients target/);
    expect(stdout).toMatch(/0 cut\n/);
  });

  it("takes the own tangent as the variant does, and says so in the report", { timeout: 120_000 }, async () => {
    await writeRecipe("meanFlow@tangent=own", "own-tangent.json");
    expect(JSON.parse(readFileSync(path("own-tangent.json"), "utf8")).terms[0].tangent).toBe("own");
    expect((await train(path("own-tangent.json"), "own-tangent")).code).toBe(0);
    const variant = await train("meanFlow@tangent=own", "tangent-variant");
    expect(JSON.parse(variant.stdout).results[0].name).toBe("meanFlow@tangent=own");
    expect(lossesOf("tangent-variant")).toEqual(lossesOf("own-tangent"));
    expect(lossesOf("tangent-variant")).not.toEqual(lossesOf("meanFlow-plain"));
    for (const run of ["own-tangent", "tangent-variant"])
      expect(readFileSync(join(path(run), "report.html"), "utf8")).toContain("tangent along");
    expect((await runHere(["explain", "meanFlow@tangent=own"])).stdout).toMatch(/tangent +\(u\(x, s, s\), 1, 0\)/);
    expect((await train("lsd@tangent=own", "refused")).stderr).toMatch(/recipe: tangent own must be left out for lsd/);
  });

  it("is stored in the run, which resumes without the file but not with a changed one", {
    timeout: 120_000,
  }, async () => {
    await writeRecipe("meanFlow", "kept.json");
    expect((await train(path("kept.json"), "kept", "--without-stops", "target")).code).toBe(0);
    const resumed = (): Promise<Outcome> => runHere(["resume", path("kept"), "--json"]);
    expect((await resumed()).code).toBe(0);
    await writeRecipe("lsd", "kept.json");
    const changed = await resumed();
    expect(changed.code).toBe(1);
    expect(changed.stderr).toMatch(/sources\.kept: ".*kept\.json" must be as it was when the run began/);
    rmSync(path("kept.json"));
    const { code, stdout } = await resumed();
    expect(code).toBe(0);
    expect(JSON.parse(stdout).results[0].name).toBe("kept@-target");
  });

  it("is refused by file and place, before a folder is made", async () => {
    await writeRecipe("meanFlow", "bad.json", (recipe) => {
      recipe.terms[0].timeLaw.kind = "diagonal";
    });
    writeFileSync(path("text.json"), "{");
    await writeRecipe("meanFlow", "teacher.json");
    const cases: [string[], RegExp][] = [
      [[path("bad.json")], /^pushforward: train: .*bad\.json: recipe: terms\[0\]\.timeLaw.*/],
      [[path("text.json")], /^pushforward: train: .*text\.json is not valid JSON/],
      [
        [path("none.json")],
        /^pushforward: train: .*none\.json must be the file of a recipe, got no such file; pushforward recipe/,
      ],
      [[path("teacher.json")], /^pushforward: train: .*teacher\.json must have another name/],
      [["meanFlo"], /did you mean meanFlow\?/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await train(args[0], "refused");
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    writeFileSync(path("slow.json"), '{"terms":[{"loss":"lsd"}],"schedule":{"kind":"cosine","warmup":10}}');
    expect((await train(path("slow.json"), "refused")).stderr).toBe(
      "pushforward: train: slow warms its learning rate up over 10 steps and must have more steps, got 10; raise --steps, or lower schedule.warmup of the recipe\n",
    );
    expect((await train("progressiveDistillation", "refused", "--steps", "5")).stderr).toMatch(/; raise --steps\n/);
    await writeRecipe("meanFlow", "good.json");
    const { code, stderr } = await train(path("good.json"), "refused", "--preset", "short");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/--preset must be left out/)]);
    const variant = path("good.json@preset=short");
    const message = "preset=short of good@preset=short must be left out, because the recipe of a file is trained as";
    expect((await train(variant, "refused")).stderr).toContain(`train: ${message}`);
    expect((await runHere(["compare", variant, "meanFlow"])).stderr).toContain(`compare: ${message}`);
    expect((await runHere(["explain", variant])).stderr).toContain(`explain: ${message}`);
  });
});

describe("pushforward recipe", () => {
  it("prints the JSON schema of a recipe's file", async () => {
    const { code, stdout } = await runHere(["recipe", "--schema"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).properties).toHaveProperty("terms");
  });

  it("refuses settings that no recipe has", async () => {
    expect((await runHere(["recipe", "meanFlow@clipNorm=2"])).stderr).toMatch(
      /recipe: clipNorm must be left out of meanFlow@clipNorm=2, since it is no part of a recipe/,
    );
    expect((await runHere(["recipe", "lsd", "--without-stops", "velocty"])).stderr).toMatch(
      /--without-stops must be among velocity, got "velocty"; did you mean velocity\?/,
    );
  });

  it("suggests a name", async () => {
    expect((await runHere(["recipe", "meanFlo"])).stderr).toMatch(
      /recipe: loss must be one of .*did you mean meanFlow\?/,
    );
  });
});

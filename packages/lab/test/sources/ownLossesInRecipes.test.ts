import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lossTemplate } from "../../src/sources/lossTemplate.ts";
import { type Outcome, runCommand, runHere } from "../support/command.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const { path, settings, lossesOf } = tinyRuns();
const args = (what: string, output: string): string[] => [
  ...["train", what, ...settings],
  ...["--output", path(output), "--json"],
];

/** Writes a module with the template, changed. */
function writeLoss(file: string, from = "", to = ""): string {
  const text = lossTemplate("mine");
  expect(text).toContain(from);
  writeFileSync(path(file), text.replace(from, to));
  return path(file);
}

/** Writes the recipe of a module as `recipe` prints it, with other paths in its terms. */
async function writeRecipe(file: string, module: string, ...losses: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(["recipe", path(module)]);
  expect(code, stderr).toBe(0);
  const recipe = JSON.parse(stdout);
  expect(recipe.terms[0].loss).toBe(path(module));
  const terms = losses.map((loss) => ({ ...recipe.terms[0], loss, fraction: 1 / losses.length }));
  writeFileSync(path(file), JSON.stringify({ ...recipe, terms }));
  return path(file);
}

describe("a recipe's file that names losses by their paths", () => {
  it("trains as the module does, from the path beside the file", { timeout: 180_000 }, async () => {
    mkdirSync(path("folder"));
    writeLoss("folder/one.ts");
    writeLoss("folder/two.ts", "v.add(t.sub(s).mul(dU))", "v.add(t.sub(s).mul(dU).mul(0.5))");
    const file = await writeRecipe("folder/recipe.json", "folder/one.ts", "./one.ts");
    expect((await runHere(args(path("folder/one.ts"), "module"))).code).toBe(0);
    const own = await runHere(args(file, "recipe"));
    expect(own.code, own.stderr).toBe(0);
    expect(lossesOf("recipe")).toEqual(lossesOf("module"));
    const other = await writeRecipe("folder/both.json", "folder/one.ts", "./one.ts", "two.ts");
    expect((await runHere(args(other, "both"))).code).toBe(0);
    expect(lossesOf("both")).not.toEqual(lossesOf("module"));
    const explained = await runHere(["explain", file]);
    expect([explained.code, explained.stdout]).toEqual([0, expect.stringMatching(/^My loss \(recipe\)/)]);
  });

  it("is compared in processes of their own, with variants", { timeout: 180_000 }, async () => {
    writeLoss("compared.ts");
    const file = await writeRecipe("both.json", "compared.ts", "./compared.ts");
    const losses = [file, `${file}@-target`, path("compared.ts")];
    const { code, stdout, stderr } = await runHere([
      ...["compare", ...losses, ...settings, "--jobs", "2", "--output", path("compared"), "--json"],
    ]);
    expect(code, stderr).toBe(0);
    const [own, without, module] = JSON.parse(stdout).results;
    expect([own.name, without.name, module.name]).toEqual(["both", "both@-target", "compared"]);
    expect(own.energyDistance).toBe(module.energyDistance);
    expect(without.energyDistance).not.toBe(module.energyDistance);
  });

  it("resumes in another process while the module is unchanged, also without the recipe's file", {
    timeout: 180_000,
  }, async () => {
    const module = writeLoss("kept.ts");
    const file = await writeRecipe("keptRecipe.json", "kept.ts", "./kept.ts");
    expect((await runHere(args(file, "kept"))).code).toBe(0);
    const { sources } = JSON.parse(readFileSync(`${path("kept")}/config.json`, "utf8")).config;
    expect(sources.keptRecipe.losses["./kept.ts"]).toEqual({
      file: module,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    rmSync(file);
    const resume = (): Promise<Outcome> => runCommand(["resume", path("kept"), "--json"]);
    const resumed = await resume();
    expect(resumed.code, resumed.stderr).toBe(0);
    const sampled = await runCommand(["sample", path("kept"), "--count", "2"]);
    expect(sampled.code, sampled.stderr).toBe(0);
    renameSync(module, `${module}.gone`);
    expect((await resume()).stderr).toMatch(/config\.json: resume: .*kept\.ts must be a module .* got no such file/);
    renameSync(`${module}.gone`, module);
    appendFileSync(module, "// changed\n");
    const changed = await resume();
    expect([changed.code, changed.stderr]).toEqual([
      1,
      expect.stringMatching(/sources\.keptRecipe\.losses\["\.\/kept\.ts"\]: ".*kept\.ts" must be as it was when/),
    ]);
  });

  it("is refused by its place, with the module and what must hold", { timeout: 60_000 }, async () => {
    writeLoss("good.ts");
    writeLoss("label.ts", 'stops: ["target"]', "stops: []");
    writeFileSync(path("number.ts"), "export default 3;\n");
    const cases: [string[], RegExp][] = [
      [
        ["./goot.ts"],
        /terms\[0\]\.loss: \.\/goot\.ts must be a module of your own, got no such file; did you mean good/,
      ],
      [
        ["./good.ts", "./none/a.ts"],
        /terms\[1\]\.loss: \.\/none\/a\.ts must be a module of your own, got no such file\n/,
      ],
      [["./label.ts"], /terms\[0\]\.loss: \.\/label\.ts: checkLoss: mine must declare the labels/],
      [["number.ts"], /terms\[0\]\.loss: number\.ts must have the result of defineLoss as its default export, got 3/],
      [["meanFlo"], /terms\[0\]\.loss must be one of .*did you mean meanFlow\?/],
      [["./mine.json"], /terms\[0\]\.loss must be one of /],
    ];
    for (const [losses, message] of cases) {
      const file = await writeRecipe("bad.json", "good.ts", ...losses);
      const { code, stderr } = await runHere(args(file, "refused"));
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
      expect(stderr).toMatch(/^pushforward: train: .*bad\.json: recipe: .*\n$/);
    }
  });
});

describe("pushforward recipe", () => {
  it("prints the recipe of a file again, and refuses a loss that no path leads to", async () => {
    writeLoss("printed.ts");
    const file = await writeRecipe("printed.json", "printed.ts", "./printed.ts");
    const { code, stdout } = await runHere(["recipe", file]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { ...JSON.parse(readFileSync(file, "utf8")), name: "printed" }]);
    writeLoss("inner.ts", "terms: [term({ loss: mine,", "terms: [term({ loss: { ...mine },");
    expect((await runHere(["recipe", path("inner.ts")])).stderr).toMatch(
      /recipe: mine must be the default export of a module, .* but .*inner\.ts has it in its recipe only/,
    );
    expect((await runHere(["recipe", file, "--preset", "short"])).stderr).toMatch(/--preset must be left out/);
  });
});

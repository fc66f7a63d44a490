import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { lossTemplate } from "../../src/sources/lossTemplate.ts";
import { type Outcome, runCommand, runHere } from "../support/command.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const { path, settings, lossesOf } = tinyRuns();
const args = (what: string, output: string): string[] => [
  ...["train", what, ...settings],
  ...["--output", path(output), "--json"],
];

/** Writes the template, changed. */
function writeLoss(name: string, from = "", to = ""): string {
  const text = lossTemplate(name);
  expect(text).toContain(from);
  writeFileSync(path(`${name}.ts`), text.replace(from, to));
  return path(`${name}.ts`);
}

const playground = fileURLToPath(new URL("../../../../playground/myLoss.ts", import.meta.url));

describe("a loss in a module", () => {
  it("is the example of the playground, as init writes it", async () => {
    expect((await runHere(["init", "loss", path("myLoss")])).code).toBe(0);
    expect(readFileSync(path("myLoss.ts"), "utf8")).toBe(readFileSync(playground, "utf8"));
    const again = await runHere(["init", "loss", path("myLoss")]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/myLoss\.ts must not exist yet/)]);
    expect((await runHere(["init", "los", "x"])).stderr).toMatch(
      /kind must be one of loss, got "los"; did you mean loss\?/,
    );
    expect((await runHere(["init", "loss", "1x"])).stderr).toMatch(/name must consist of letters/);
  });

  it("trains as the loss of the registry does, in this process and in the bundle", { timeout: 180_000 }, async () => {
    const file = writeLoss("same");
    expect((await runHere(args("meanFlow", "plain"))).code).toBe(0);
    const here = await runHere(args(file, "here"));
    expect(here.code, here.stderr).toBe(0);
    const bundle = await runCommand(args(file, "bundle"));
    expect(bundle.code, bundle.stderr).toBe(0);
    expect(lossesOf("here")).toEqual(lossesOf("plain"));
    expect(lossesOf("bundle")).toEqual(lossesOf("plain"));
    const other = writeLoss("other", "v.add(t.sub(s).mul(dU))", "v.add(t.sub(s).mul(dU).mul(0.5))");
    expect((await runHere(args(other, "other"))).code).toBe(0);
    expect(lossesOf("other")).not.toEqual(lossesOf("plain"));
  });

  it("resumes and is sampled while its file is unchanged", { timeout: 180_000 }, async () => {
    const file = writeLoss("kept");
    expect((await runHere(args(file, "kept"))).code).toBe(0);
    for (const later of [
      ["sample", path("kept"), "--count", "2"],
      ["resume", path("kept"), "--json"],
    ]) {
      const { code, stderr } = await runCommand(later);
      expect(code, stderr).toBe(0);
    }
    appendFileSync(file, "// changed\n");
    const changed = await runHere(["resume", path("kept"), "--json"]);
    expect([changed.code, changed.stderr]).toEqual([
      1,
      expect.stringMatching(/sources\.kept: ".*kept\.ts" must be as it was when the run began/),
    ]);
  });

  it("is named with its own line by --debug-nans, in this process and in the bundle", {
    timeout: 180_000,
  }, async () => {
    const file = writeLoss(
      "logarithm",
      "squaredNorm(U.sub(target))",
      "squaredNorm(U.sub(target)).add(s.sub(0.02).log().sum(-1))",
    );
    // Where the checks draw times, the logarithm is finite.
    const line =
      readFileSync(file, "utf8")
        .split("\n")
        .findIndex((each) => each.includes(".log()")) + 1;
    const cause = new RegExp(
      `^pushforward: .*the operation "log" \\(.*logarithm\\.ts:${line}:\\d+\\) made the first NaN, in row \\d+ at s = 0\\.0\\d+`,
    );
    for (const run of [runHere, runCommand]) {
      const { code, stderr } = await run([...args(file, `nan${run.name}`), "--debug-nans", "--batch", "64"]);
      expect([code, stderr.trim().split("\n").at(-1)]).toEqual([1, expect.stringMatching(cause)]);
    }
  });

  it("is compared in processes of their own, and explained", { timeout: 180_000 }, async () => {
    const file = writeLoss("mine");
    const compare = ["compare", file, "meanFlow", ...settings, "--jobs", "2", "--output", path("both"), "--json"];
    const { code, stdout, stderr } = await runHere(compare);
    expect(code, stderr).toBe(0);
    expect(
      JSON.parse(stdout)
        .results.slice(0, 2)
        .map(({ name }: { name: string }) => name),
    ).toEqual(["mine", "meanFlow"]);
    const explained = await runHere(["explain", file]);
    expect([explained.code, explained.stdout]).toEqual([
      0,
      expect.stringMatching(/^My loss \(mine\)[\s\S]*cut "target"/),
    ]);
  });

  it("is verified on random instances, with a control and the simplest sample that breaks it", {
    timeout: 60_000,
  }, async () => {
    const good = writeLoss("verified");
    const recipe = JSON.parse((await runHere(["recipe", good])).stdout);
    const named = { ...recipe, terms: [{ ...recipe.terms[0], loss: "./verified.ts" }] };
    writeFileSync(path("verified.json"), JSON.stringify(named));
    const passed = await runHere(["verify", good, path("verified.json"), "lsd", "--cases", "16"]);
    expect([passed.code, passed.stderr]).toEqual([0, ""]);
    expect(passed.stdout).toMatch(/ok +\S+verified\.ts +16 .*16\/16\nok +\.\/verified\.ts .*\nok +lsd /);
    const body = "return squaredNorm(U.sub(target));";
    const mixing = writeLoss(
      "mixing",
      body,
      "const L = squaredNorm(U.sub(target));\n    return L.div(L.sum().add(1));",
    );
    const label = writeLoss("mislabelled", 'stops: ["target"]', "stops: []");
    const failed = await runHere(["verify", mixing, label, "--cases", "16", "--json"]);
    expect(failed.code).toBe(1);
    const [first, second] = JSON.parse(failed.stdout).laws;
    expect(first).toMatchObject({ name: mixing, passed: false, counterexample: { batch: 2, x: [0], s: 0, t: 0 } });
    expect(second).toMatchObject({
      name: label,
      error: expect.stringMatching(/stops holds none, but the body stops target/),
    });
    expect((await runHere(["verify", mixing, "--cases", "8"])).stdout).toMatch(
      /FAIL +\S+mixing\.ts[\s\S]*: batch 2, x = \(0\), s = 0, t = 0: \S+ by the gradient, \S+ by the difference quotient/,
    );
    const refusals: [string[], RegExp][] = [
      [["meanFlo"], /verify: loss must be one of .*did you mean meanFlow\?/],
      [
        ["meanFlow@-target"],
        /verify: loss must be named without the choices of a variant.*got "meanFlow@-target"; try meanFlow/,
      ],
      [[good, "--only", "chainRule"], /--only must be left out where losses are named/],
      [[good, "--map", "map.ts"], /--map must be left out where losses are named/],
      [[good, "--cases", "0"], /--cases must be a whole number from 1/],
      [[path("none.json")], /none\.json must be the file of a recipe, got no such file/],
    ];
    for (const [words, message] of refusals) {
      const { code, stderr } = await runHere(["verify", ...words]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    }
  });

  it("is refused in words that name the file and what must hold", { timeout: 60_000 }, async () => {
    const body = "return squaredNorm(U.sub(target));";
    writeFileSync(path("none.ts"), "export const x = 1;\n");
    writeFileSync(path("number.ts"), "export default 3;\n");
    writeFileSync(path("syntax.ts"), "export default {\n  = 3\n");
    writeFileSync(path("package.ts"), 'import "no-such-package";\nexport default 3;\n');
    writeFileSync(path("throws.ts"), 'throw new Error("not today");\n');
    const cases: [string, RegExp][] = [
      [path("missing.ts"), /missing\.ts must be a module of your own, got no such file/],
      [path("throws.js"), /throws\.js must be a module of your own, got no such file; did you mean throws\.ts\?/],
      [path("throws"), /the file of a loss must be named with its ending, got ".*throws"; did you mean .*throws\.ts\?/],
      [
        writeLoss("learns", 'learns: "averageVelocity"', 'learns: "flowmap"'),
        /learns\.ts must load without an error, got: defineLoss: learns: learns must be one of .*did you mean flowMap\?/,
      ],
      [
        writeLoss("unused", 'conditionalVelocity: "unbiased"', 'conditionalVelocity: "unused"'),
        /unused\.ts: checkLoss: unused must say in conditionalVelocity whether v may be .* since its body reads v/,
      ],
      [
        writeLoss("mark", "sg{target}", "sg{tgt}"),
        /mark\.ts: checkLoss: mark must mark its stop-gradients in the formula by their labels: \\sg\{tgt\} is none of target/,
      ],
      [writeLoss("needs", "v.add(t.sub", "teacher(xs, s).add(t.sub"), /needs\.ts: teacher is not defined/],
      [
        path("none.ts"),
        /none\.ts must have the result of defineLoss as its default export, got none; pushforward init/,
      ],
      [path("number.ts"), /number\.ts must have the result of defineLoss as its default export, got 3/],
      [path("syntax.ts"), /syntax\.ts:2:3 must be TypeScript or JavaScript that loads, got: Expected identifier/],
      [path("package.ts"), /package\.ts:1:8 must be .*, got: Could not resolve "no-such-package"/],
      [path("throws.ts"), /throws\.ts must load without an error, got: not today/],
      [
        writeLoss("label", 'stops: ["target"]', "stops: []"),
        /label\.ts: checkLoss: label must declare .* stops holds none, but the body stops target/,
      ],
      [writeLoss("shape", body, "return U.sub(target);"), /shape\.ts: shape.*\[8\]|shape\.ts: .*\[batch\]/],
      [
        writeLoss("finite", body, "return squaredNorm(U.sub(target)).mul(Infinity);"),
        /finite\.ts: checkLoss: finite must give a finite number/,
      ],
      [writeLoss("fails", body, 'throw new Error("no");'), /fails\.ts: no\n$/],
      [writeLoss("reads", body, "return squaredNorm(U.sub(target)).mul(U.dataSync()[0]);"), /reads\.ts: /],
      [writeLoss("latex", "\\left\\lVert U", "\\lef\\lVert U"), /latex\.ts: formula must be LaTeX/],
      [writeLoss("power", "p: 1,", 'p: "1",'), /power\.ts: recipe: terms\[0\]\.weighting\.p must be a number/],
    ];
    for (const [file, message] of cases) {
      const { code, stderr }: Outcome = await runHere(args(file, "refused"));
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
      expect(stderr).toMatch(/^pushforward: train: .*\n$/);
    }
  });
});

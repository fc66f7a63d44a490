import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { allowedOf, defaultOf } from "@pushforward/training";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCommands, makeProgram } from "../../src/cli.ts";
import { type RawOptions, settingsOf, teacherSetting } from "../../src/commands/settingOptions.ts";
import { parseRunConfig, type RunConfig } from "../../src/config.ts";
import { reproduce } from "../../src/experiments/reproduce.ts";
import { optionName } from "../../src/settings/optionName.ts";
import { allSettings, settingsOfKind } from "../../src/settings/runSettings.ts";
import { someOf } from "./arbitrarySettings.ts";

const rows = Object.entries(allSettings);
const guide = readFileSync(join(import.meta.dirname, "../../../../docs/lab.md"), "utf8");
const loaded = await loadCommands();

/** Path of a run that a line is printed for. */
const folder = join("runs", "x");

/** The words of a line as a shell takes them. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/\\'|'([^']*)'/g, (all, inner) => (all === "\\'" ? "'" : inner)),
  );

/** The configuration that the command makes of a line. */
function configOf(line: string): RunConfig {
  const [command, ...args] = wordsOf(line.replace(/^npx --yes pnpm@10 pushforward /, ""));
  let config: RunConfig | undefined;
  const program = makeProgram(loaded).commands.find((each) => each.name() === command)!;
  program.action((names: string | string[], { all, ...options }: RawOptions) => {
    const settings = { ...settingsOf(options), ...teacherSetting(options.teacher, folder) };
    const losses =
      typeof names === "string" || names.length > 0 ? { [command === "train" ? "loss" : "losses"]: names } : {};
    config = parseRunConfig({ ...settings, ...losses, kind: all ? "study" : command });
  });
  program.parse(args, { from: "user" });
  return config!;
}

describe("the table of settings", () => {
  it("is as long as ever", () => expect(rows.length).toBeGreaterThan(35));

  it.each(rows)("%s has a text, an argument, allowed values, and a line in the guide", (name, setting) => {
    expect(setting.text).toMatch(/^[^A-Z\s].*[^.\s]$/);
    const hasLine = guide.includes(`| \`${optionName(name)}\` |`);
    expect(hasLine, "npx --yes pnpm@10 run docs writes the lines of the guide").toBe(setting.argument !== null);
    expect(setting.argument === null).toBe(name === "dataSha256");
    expect(allowedOf(setting)).not.toBe("");
    expect(setting.schema.safeParse({}).success).toBe(false);
  });

  it.each(rows)("%s reads its default as its option gives it", (name, setting) => {
    const value = defaultOf(setting);
    if (value === undefined) return;
    expect(settingsOf({ [name]: String(value) })).toEqual({ [name]: value });
  });

  it("is an option of every command whose runs have the setting", () => {
    const optionsOf = (command: string) =>
      makeProgram(loaded)
        .commands.find((each) => each.name() === command)!
        .options.map((option) => option.attributeName());
    const named = (table: object) => Object.keys(table).filter((name) => name !== "dataSha256");
    expect(optionsOf("train")).toEqual(expect.arrayContaining(named(settingsOfKind.train)));
    expect(optionsOf("start")).toEqual(expect.arrayContaining(named(settingsOfKind.compare)));
    const { compare, study } = settingsOfKind;
    expect(optionsOf("compare")).toEqual(expect.arrayContaining(named({ ...compare, ...study })));
    expect(optionsOf("compare")).not.toContain("teacher");
  });
});

describe("the steps of a teacher", () => {
  const teacherSteps = (given: object): unknown => (parseRunConfig(given) as { teacherSteps?: number }).teacherSteps;

  it("follow --steps in the proportion of the defaults, of a study too", () => {
    const train = { kind: "train", loss: "lsd", data: "moons" };
    expect([{}, { steps: 60 }, { steps: 9000 }].map((steps) => teacherSteps({ ...train, ...steps }))).toEqual([
      5000, 60, 5000,
    ]);
    const studies = [{}, { steps: 60 }, { steps: 61 }, { steps: 9000 }];
    expect(studies.map((steps) => teacherSteps({ kind: "study", ...steps }))).toEqual([2500, 125, 128, 2500]);
  });
});

describe("the line that reproduces a run", () => {
  const commands = { train: { loss: "lsd" }, compare: { losses: ["lsd", "esd"] }, study: { losses: ["lsd", "esd"] } };
  const kinds = Object.keys(commands) as (keyof typeof commands)[];
  const configs = (kind: (typeof kinds)[number]) =>
    someOf(settingsOfKind[kind]).map((settings) => {
      const data = kind === "study" ? {} : { data: resolve("my data", "it's.csv") };
      return parseRunConfig({ ...settings, ...data, ...commands[kind], kind });
    });

  it.each(kinds)("makes the same configuration of a %s again, whatever its settings", (kind) => {
    fc.assert(
      fc.property(configs(kind), (config) => {
        expect(configOf(reproduce(config, folder))).toEqual(config);
      }),
      { numRuns: 200 },
    );
  });

  it.each(kinds)("of a %s is another configuration without one of its options", (kind) => {
    fc.assert(
      fc.property(configs(kind), (config) => {
        const line = reproduce(config, folder);
        const shorter = line.replace(/ --(?!yes|all|data)[\w-]+ ('[^']*'(\\''[^']*')*|\S+)(?=( --[\w-]+ \S.*)?$)/, "");
        fc.pre(shorter !== line);
        expect(configOf(shorter)).not.toEqual(config);
      }),
      { numRuns: 50 },
    );
  });
});

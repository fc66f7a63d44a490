import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatNpy, fromData, parseCsv } from "@pushforward/tensor";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type TableSettings, tableSettingNames } from "../../src/settings/dataSettings.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runHere } from "../support/command.ts";
import { npyOf, written } from "../support/files.ts";

/** A file that is refused or read otherwise without its settings. */
interface SettingsCase {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly settings: TableSettings;
  /** Names of the columns that are read. */
  readonly names: readonly string[];
}

/** Labels of twelve rows. */
const npyOfClasses = formatNpy(
  fromData(
    Int32Array.from({ length: 12 }, (_, i) => i % 3),
    [12],
  ),
);

const lines = Array.from({ length: 12 }, (_, i) => `${i + 1},234:${i * i + 1},678:A:${i}`);

const cases: readonly SettingsCase[] = [
  {
    name: "data.txt",
    content: ["2019:2020:place:2021", ...lines, "1,500:NA:B:2"].join("\n"),
    settings: { columns: ["0", "1"], header: "yes", separator: ":", decimal: "comma", missing: "drop" },
    names: ["2019", "2020"],
  },
  {
    name: "data.npz",
    content: zipSync({ "a b.npy": npyOf([12, 2]), "other.npy": npyOf([12, 3]), "classes.npy": npyOfClasses }),
    settings: { array: "a b", labels: "classes", columns: ["1"], missing: "refuse", scale: "range", latent: "pca:1" },
    names: ["1"],
  },
];

const small = ["--steps", "1", "--teacher-steps", "1", "--batch", "2", "--width", "4", "--depth", "1"];

const optionsOf = (settings: TableSettings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));

async function succeed(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

const configOf = (run: string): Record<string, unknown> =>
  (JSON.parse(readFileSync(join(run, "config.json"), "utf8")) as { config: Record<string, unknown> }).config;

/** Words of the command in a report after `npx --yes pnpm@10 pushforward`, taken apart by a shell. */
function reproducingWords(run: string): string[] {
  const page = readFileSync(join(run, "report.html"), "utf8");
  const escaped = /<pre class="command">([^<]*)<\/pre>/.exec(page)![1];
  const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
  const command = escaped.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity]);
  const words = execFileSync("sh", ["-c", `for word in ${command}; do printf '%s\\0' "$word"; done`]);
  return words.toString().split("\0").slice(4, -1);
}

describe("settings of a data file", () => {
  it("are all in the cases below", () => {
    const covered = new Set(cases.flatMap(({ settings }) => Object.keys(settings)));
    expect([...covered].sort()).toEqual([...tableSettingNames].sort());
  });

  it.each(cases)("of $name are kept by a run, for resume, sample and the command that reproduces it", async (each) => {
    const folder = temporaryFolder();
    const data = written(join(folder, each.name), each.content);
    const run = join(folder, "run");
    const train = ["train", "teacher", "--data", data, ...optionsOf(each.settings), ...small, "--output", run];
    await succeed(train);
    const config = configOf(run);
    expect(config).toMatchObject(each.settings);
    await succeed(["resume", run]);
    expect(configOf(run)).toEqual(config);
    const samples = parseCsv(await succeed(["sample", run, "--count", "3"]), { header: true });
    expect([samples.columns, samples.values.shape]).toEqual([each.names, [3, each.names.length]]);
    const again = join(folder, "again");
    await succeed([...reproducingWords(run), "--output", again]);
    expect(configOf(again)).toEqual(config);
    expect(readFileSync(join(again, "checkpoint.safetensors"))).toEqual(
      readFileSync(join(run, "checkpoint.safetensors")),
    );
  });

  it.each(cases)("of $name reach every loss of a comparison", async (each) => {
    const folder = temporaryFolder();
    const data = written(join(folder, each.name), each.content);
    const run = join(folder, "run");
    await succeed(["compare", "lsd", "--data", data, ...optionsOf(each.settings), ...small, "--output", run]);
    for (const path of [run, join(run, "lsd"), join(run, "teacher")]) {
      expect(configOf(path)).toMatchObject(each.settings);
    }
    expect(parseCsv(await succeed(["sample", join(run, "lsd"), "--count", "2"]), { header: true }).columns).toEqual(
      each.names,
    );
    await succeed([...reproducingWords(run), "--output", join(folder, "again")]);
    expect(configOf(join(folder, "again"))).toEqual(configOf(run));
  });

  it.each(cases)("of $name are needed", async ({ name, content, settings }) => {
    const folder = temporaryFolder();
    const data = written(join(folder, name), content);
    const needed = tableSettingNames.filter((key) =>
      name.endsWith(".txt") ? settings[key] !== undefined : key === "array",
    );
    for (const key of needed) {
      const rest = { ...settings, [key]: undefined };
      const args = ["train", "teacher", "--data", data, ...optionsOf(rest), ...small, "--output", join(folder, "run")];
      expect((await runHere(args)).code, key).toBe(1);
    }
  });
});

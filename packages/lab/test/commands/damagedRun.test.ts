import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownIdentity } from "../../src/run/processIdentity.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runCommand, runHere } from "../support/command.ts";
import { csvOf } from "../support/files.ts";

const tiny = ["--steps", "6", "--batch", "8", "--width", "4", "--depth", "1", "--log-every", "2"];

/** A folder with data.csv, a run of a teacher, and a comparison; damaged in copies. */
let model = "";
beforeAll(async () => {
  model = mkdtempSync(join(tmpdir(), "pushforward-"));
  writeFileSync(join(model, "data.csv"), csvOf(40));
  const settings = ["--data", join(model, "data.csv"), ...tiny, "--teacher-steps", "6"];
  expect((await runHere(["train", "teacher", ...settings, "--output", join(model, "run")])).code).toBe(0);
  expect((await runHere(["compare", "lsd", ...settings, "--output", join(model, "comparison")])).code).toBe(0);
});
afterAll(() => rmSync(model, { recursive: true, force: true }));

interface Damage {
  readonly what: string;
  readonly damage: (folder: string) => void;
  readonly says: RegExp;
  readonly args?: readonly string[];
}

/** Changes a file of the run in place. */
const change =
  (file: string, edit: (content: Buffer) => string | Uint8Array) =>
  (folder: string): void =>
    writeFileSync(join(folder, file), edit(readFileSync(join(folder, file))));

/** Changes a setting of config.json, as a person with an editor would. */
const setting = (name: string, value: unknown, run = "run") =>
  change(`${run}/config.json`, (content) => {
    const stored = JSON.parse(content.toString());
    stored.config[name] = value;
    return JSON.stringify(stored);
  });

/** A claim of a process that runs: this one, as if it were another. */
const claimedBefore =
  (run: string) =>
  (folder: string): void =>
    writeFileSync(join(folder, run, "writer-1.json"), JSON.stringify({ ...ownIdentity(), since: "2026", token: "" }));

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const names = Array.from({ length: 1000 }, () => "name");

const checkpoint = "run/checkpoint.safetensors";
const flip = (content: Buffer): Buffer => {
  content[content.length - 3] ^= 4;
  return content;
};

const damages: readonly Damage[] = [
  {
    what: "its checkpoint has a flipped bit",
    damage: change(checkpoint, flip),
    says: /checkpoint\.safetensors is damaged: its content does not match its checksum; delete it/,
  },
  {
    what: "its checkpoint is cut off",
    damage: change(checkpoint, (b) => b.subarray(0, b.length / 2)),
    says: /checkpoint\.safetensors is damaged/,
  },
  {
    what: "its checkpoint is empty",
    damage: change(checkpoint, () => ""),
    says: /checkpoint\.safetensors is damaged: it has no readable header/,
  },
  {
    what: "its checkpoint is text",
    damage: change(checkpoint, () => "hello, world"),
    says: /checkpoint\.safetensors is damaged/,
  },
  {
    what: "its checkpoint is a folder",
    damage: (folder) => {
      rmSync(join(folder, checkpoint));
      mkdirSync(join(folder, checkpoint));
    },
    says: /checkpoint: cannot use .*: it is a folder/,
  },
  {
    what: "its checkpoint is of a wider network",
    damage: setting("width", 5),
    says: /was made with other settings: width was 4 and is now 5; put it back, or start a new run/,
  },
  {
    what: "its checkpoint is of another loss",
    damage: (folder) => cpSync(join(folder, "comparison/lsd/checkpoint.safetensors"), join(folder, checkpoint)),
    says: /was made with other settings: loss was "lsd" and is now "teacher"/,
  },
  {
    what: "its learning rate was changed by hand",
    damage: setting("learningRate", 0.01),
    says: /learningRate was 0\.004 and is now 0\.01/,
  },
  { what: "its steps were lowered by hand", damage: setting("steps", 4), says: /steps was 6 and is now 4/ },
  {
    what: "a setting has the wrong type",
    damage: setting("width", "64"),
    says: /config\.json: config: width must be a whole number from 1 to 4096, got "64"/,
  },
  {
    what: "a setting is null",
    damage: setting("seed", null),
    says: /config\.json: config: seed must be a whole number from 0 to \d+, got null/,
  },
  {
    what: "a setting is unknown",
    damage: setting("widht", 64),
    says: /config\.json: config: unknown setting widht; did you mean width\?/,
  },
  {
    what: "a setting is missing",
    damage: setting("data", undefined),
    says: /config: data must name an embedded problem, a .*\.npy.* file, or the path of a folder of PNG pictures, got nothing/,
  },
  {
    what: "its columns are no list",
    damage: setting("columns", "x"),
    says: /config: columns must be a list of column names, patterns or indices, got "x"/,
  },
  {
    what: "its configuration is of no kind",
    damage: setting("kind", "sweep"),
    says: /config: kind must be one of train, compare, study, got "sweep"/,
  },
  {
    what: "it was told to switch off a stop-gradient that its loss does not have",
    damage: setting("withoutStops", ["nope"]),
    says: /run\/config\.json: train: --without-stops must be left out, there are none, got "nope"/,
  },
  {
    what: "its comparison was told to switch off a stop-gradient that no loss has",
    damage: setting("withoutStops", ["nope"], "comparison"),
    says: /comparison\/config\.json: compare: --without-stops must be among .*, got "nope"/,
    args: ["resume", "comparison"],
  },
  {
    what: "it would not fit into memory",
    damage: (folder) => {
      for (const [name, value] of Object.entries({ batch: 65_536, width: 4096, depth: 16, dtype: "float64" }))
        setting(name, value)(folder);
    },
    says: /run\/config\.json: train: batch 65536, width 4096 and depth 16 on 2 columns need about .* of memory/,
  },
  {
    what: "its columns are not in its data",
    damage: setting("columns", ["nope"]),
    says: /run\/config\.json: data: .*nope/,
  },
  {
    what: "it has a teacher that it does not use",
    damage: setting("teacher", "../comparison/teacher"),
    says: /run\/config\.json: train: teacher as set here uses no teacher/,
  },
  {
    what: "it distils an exact velocity that is not known",
    damage: setting("teacherVelocity", "exact"),
    says: /run\/config\.json: train: the exact velocity of data\.csv is not known/,
  },
  {
    what: "it has a setting of a comparison",
    damage: setting("losses", ["lsd"]),
    says: /config: unknown setting losses; there are/,
  },
  {
    what: "it has a setting of a study",
    damage: setting("problems", ["moons"]),
    says: /config: unknown setting problems; there are/,
  },
  {
    what: "a setting is a long text",
    damage: setting("width", "9".repeat(1000)),
    says: /width must be a whole number from 1 to 4096, got "9{80}…"\n$/,
  },
  {
    what: "unknown settings are many",
    damage: change("run/config.json", (b) => b.toString().replace('"kind"', `"${"k".repeat(5000)}": 1, "kind"`)),
    says: /unknown setting k{80}…; there are data/,
  },
  {
    what: "a setting is nested deeply",
    damage: change("run/config.json", (b) => b.toString().replace('"teacher"', () => nested(20_000))),
    says: /config\.json must be nested at most 32 deep, got 20002/,
  },
  {
    what: "its format is nested deeply",
    damage: change("run/config.json", (b) => b.toString().replace('"pushforward run"', nested(20_000))),
    says: /config\.json must be nested at most 32 deep, got 20001/,
  },
  {
    what: "its format is a list of names",
    damage: change("run/config.json", (b) => b.toString().replace('"pushforward run"', JSON.stringify(names))),
    says: /must say "format": "pushforward run", got \["name","name".{60,70}…\n$/,
  },
  {
    what: "another process writes into it",
    damage: claimedBefore("run"),
    says: /run: .*run is being written by process \d+ on this host .*; wait until it has ended, or end it/,
  },
  {
    what: "another process writes into it while --train-only is asked for",
    damage: claimedBefore("run"),
    says: /is being written by process/,
    args: ["resume", "run", "--train-only"],
  },
  {
    what: "another process writes into the comparison",
    damage: claimedBefore("comparison"),
    says: /run: .*comparison is being written by process/,
    args: ["resume", "comparison"],
  },
  {
    what: "another process trains a loss of the comparison",
    damage: (folder) => {
      rmSync(join(folder, "comparison/lsd/checkpoint.safetensors"));
      claimedBefore("comparison/lsd")(folder);
    },
    says: /run: .*comparison\/lsd is being written by process/,
    args: ["resume", "comparison"],
  },
  {
    what: "its configuration is no object",
    damage: change("run/config.json", () => '{"format":"pushforward run","version":1,"config":7}'),
    says: /must be a JSON object of settings, got 7/,
  },
  {
    what: "its configuration is cut off",
    damage: change("run/config.json", (b) => b.subarray(0, 90)),
    says: /config\.json is not valid JSON/,
  },
  {
    what: "its metrics are damaged",
    damage: change("run/metrics.jsonl", () => "{}\n"),
    says: /metrics\.jsonl, line 1 must be a JSON object with a step/,
  },
  {
    what: "its metrics are gone",
    damage: (folder) => rmSync(join(folder, "run/metrics.jsonl")),
    says: /metrics: cannot use .*metrics\.jsonl: there is no such file/,
  },
  {
    what: "its metrics are cut short",
    damage: change("run/metrics.jsonl", (b) => b.subarray(0, b.indexOf(10) + 1)),
    says: /metrics\.jsonl must have a line of step 6, which the checkpoint relies on/,
  },
  {
    what: "its data have changed",
    damage: change("data.csv", (b) => `${b}1,2\n`),
    says: /data: .*data\.csv has changed since the run began; put the old file back/,
  },
  {
    what: "its data are gone",
    damage: (folder) => rmSync(join(folder, "data.csv")),
    says: /data: cannot use .*data\.csv: there is no such file/,
  },
  {
    what: "it is no run",
    damage: (folder) => rmSync(join(folder, "run/config.json")),
    says: /is not the folder of a run/,
  },
  {
    what: "a run inside it was changed",
    damage: change("comparison/lsd/config.json", (b) => b.toString().replace('"width": 4', '"width": 9')),
    says: /comparison\/lsd\/config\.json: width must be 4 as in the run around it, got 9/,
    args: ["resume", "comparison"],
  },
  {
    what: "it is a comparison to train only",
    damage: () => undefined,
    says: /--train-only is for a run of one loss/,
    args: ["resume", "comparison", "--train-only"],
  },
  {
    what: "it is a comparison to sample from",
    damage: () => undefined,
    says: /is a comparison; name the folder of one of its losses: lsd/,
    args: ["sample", "comparison"],
  },
  {
    what: "it has no checkpoint to sample from",
    damage: (folder) => rmSync(join(folder, checkpoint)),
    says: /run has no checkpoint yet; resume it first/,
    args: ["sample", "run"],
  },
  {
    what: "its checkpoint to sample from is damaged",
    damage: change(checkpoint, flip),
    says: /is damaged/,
    args: ["sample", "run"],
  },
  {
    what: "more samples are wanted than fit",
    damage: () => undefined,
    says: /--count must be at most 8000000 for 2 columns, got 9000000/,
    args: ["sample", "run", "--count", "9000000"],
  },
];

/** Every file under a folder with its content. */
const contentOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), "base64")]),
  );

/** A copy of the model whose runs read the copy's data. */
function copyOfModel(): string {
  const folder = temporaryFolder();
  cpSync(model, folder, { recursive: true });
  for (const file of readdirSync(folder, { recursive: true }) as string[]) {
    if (file.endsWith("config.json")) change(file, (b) => b.toString().replaceAll(model, folder))(folder);
  }
  return folder;
}

describe("a damaged run", () => {
  it.each(damages)("is refused with the place when $what, and left as it is", async ({ damage, says, args }) => {
    const folder = copyOfModel();
    damage(folder);
    const before = contentOf(folder);
    const [command, run, ...options] = args ?? ["resume", "run"];
    const { code, stdout, stderr } = await runHere([command, join(folder, run), ...options]);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^pushforward: .*\n$/);
    expect([code, stdout]).toEqual([1, ""]);
    expect(contentOf(folder)).toEqual(before);
  });
});

describe("a run", () => {
  it("resumes from any folder", async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(folder, "data.csv"), csvOf(40));
    const args = ["train", "lsd", "--data", "data.csv", ...tiny, "--teacher-steps", "6", "--output", "here"];
    expect((await runCommand(args, folder)).code).toBe(0);
    expect(readFileSync(join(folder, "here", "report.html"), "utf8")).toContain("--data data.csv ");
    rmSync(join(folder, "here", "checkpoint.safetensors"));
    expect((await runCommand(["resume", join(folder, "here")], elsewhere)).code).toBe(0);
    expect(readdirSync(join(folder, "here"))).toContain("checkpoint.safetensors");
  });

  it("says that the incomplete end of its metrics was cut off, and ends with the bits that it had", async () => {
    const folder = copyOfModel();
    const before = ["metrics.jsonl", checkpoint.slice(4)].map((name) => readFileSync(join(folder, "run", name)));
    for (const end of ['{"step":7', "\0\0\0\n"]) {
      change("run/metrics.jsonl", (b) => Buffer.concat([b, Buffer.from(end)]))(folder);
      writeFileSync(join(folder, "run", "timing.json.partial"), "{");
      const { code, stderr } = await runHere(["resume", join(folder, "run")]);
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(/ended with an incomplete line of \d bytes, which was cut/),
      ]);
    }
    change("run/metrics.jsonl", (b) => b.subarray(0, -4))(folder);
    const { code, stderr } = await runHere(["resume", join(folder, "run"), "--train-only"]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/cut off and written again from the checkpoint\n/)]);
    expect(["metrics.jsonl", checkpoint.slice(4)].map((name) => readFileSync(join(folder, "run", name)))).toEqual(
      before,
    );
    expect(readdirSync(join(folder, "run")).filter((name) => /partial|writer/.test(name))).toEqual([]);
  });

  it("may change where its data lie", async () => {
    const folder = copyOfModel();
    cpSync(join(folder, "data.csv"), join(folder, "moved.csv"));
    rmSync(join(folder, "data.csv"));
    setting("data", join(folder, "moved.csv"))(folder);
    expect((await runHere(["resume", join(folder, "run"), "--json"])).code).toBe(0);
  });

  it("gives the same samples for the same seed, in the units of its data, as text and as an array", async () => {
    const folder = copyOfModel();
    const run = join(folder, "run");
    const [first, again, other] = await Promise.all(
      ["1", "1", "2"].map((seed) => runCommand(["sample", run, "--count", "5", "--seed", seed])),
    );
    expect(first.stdout).toBe(again.stdout);
    expect(first.stdout).not.toBe(other.stdout);
    const lines = first.stdout.trimEnd().split("\n");
    expect([lines[0], lines.length]).toEqual(["x,y", 6]);
    for (const name of ["samples.npy", "samples.csv"]) {
      expect((await runHere(["sample", run, "--count", "5", "--seed", "1", "--output", join(folder, name)])).code).toBe(
        0,
      );
    }
    expect(readFileSync(join(folder, "samples.csv"), "utf8")).toBe(first.stdout);
    expect(readFileSync(join(folder, "samples.npy")).length).toBe(128 + 5 * 2 * 8);
  });

  it("takes a teacher that was trained before, if it fits", async () => {
    const folder = copyOfModel();
    const data = ["--data", join(folder, "data.csv"), ...tiny];
    const teacher = ["--teacher", join(folder, "run")];
    const student = async (name: string, ...options: string[]) =>
      runHere(["train", "lsd", ...data, ...teacher, ...options, "--output", join(folder, name)]);
    expect((await student("good")).code).toBe(0);
    expect(readdirSync(join(folder, "good"))).not.toContain("teacher");
    for (const [options, says] of [
      [["--width", "5"], /teacher in .*run must fit this run, but its width is 4, not 5/],
      [["--seed", "3"], /but its seed is 0, not 3/],
      [["--held-out", "0.4"], /but its heldOut is 0\.2, not 0\.4/],
      [["--columns", "y,x"], /but its columns is not set, not \["y","x"\]/],
      [["--teacher", join(folder, "comparison/lsd")], /must hold a teacher, got a run of lsd/],
    ] as const) {
      const { code, stderr } = await student("bad", ...options);
      expect(stderr).toMatch(says);
      expect(code).toBe(1);
      expect(readdirSync(folder)).not.toContain("bad");
    }
  });
});

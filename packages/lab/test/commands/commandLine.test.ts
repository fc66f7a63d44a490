import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { losses } from "@pushforward/losses";
import { beforeAll, describe, expect, it } from "vitest";
import { loadCommands, makeProgram, usageOf } from "../../src/cli.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { runCommand, runHere } from "../support/command.ts";
import { tinyRuns } from "../support/tinyRuns.ts";

const { path, settings } = tinyRuns();
const names = makeProgram().commands.map((command) => command.name());

describe("help", () => {
  it.each([[], ...names.map((name) => [name])])("is printed with exit code 0: %s", async (...words) => {
    const { code, stdout, stderr } = await runHere([...words, "--help"]);
    expect(stdout).toMatch(new RegExp(`^Usage: pushforward ${words.join(" ")}`));
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("is what an empty command line gets", async () => {
    const [bare, asked] = [await runHere([]), await runHere(["--help"])];
    expect(bare).toEqual(asked);
  });

  it("shows the same arguments in the list as of the command itself", async () => {
    for (const command of makeProgram(await loadCommands()).commands) expect(command.usage()).toBe(usageOf(command));
  });

  it("lists every command", async () => {
    const { stdout } = await runHere(["--help"]);
    for (const name of names) expect(stdout).toContain(`\n  ${name} `);
  });
});

describe("--json", () => {
  it("prints JSON alone for the registry, an explanation and a check", async () => {
    for (const [args, key] of [
      [["losses"], "losses"],
      [["explain", "meanFlow"], "program"],
      [["verify", "--cases", "1", "--only", "chainRule"], "laws"],
    ] as const) {
      const { code, stdout } = await runHere([...args, "--json"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toHaveProperty(key);
    }
  });

  it("prints JSON alone for trainings, with the figures that the report shows", async () => {
    const train = path("train");
    const trained = await runHere(["train", "mean-flow", ...settings, "--output", train, "--json"]);
    const compared = await runHere(["compare", "lsd", ...settings, "--output", path("compare"), "--json"]);
    const resumed = await runHere(["resume", train, "--json"]);
    for (const { code, stdout } of [trained, compared, resumed]) {
      expect(code).toBe(0);
      const { results, beatsGaussianFit, report } = JSON.parse(stdout);
      expect(results.map(({ kind }: { kind: string }) => kind)).toEqual(["loss", "teacher", "baseline", "baseline"]);
      expect(results.every(({ energyDistance }: { energyDistance: number }) => energyDistance > 0)).toBe(true);
      expect(Object.values(beatsGaussianFit)).toEqual([false]);
      expect(readFileSync(report, "utf8")).toMatch(/^<!doctype html>/);
    }
    expect(JSON.parse(resumed.stdout)).toEqual(JSON.parse(trained.stdout));
  });

  it("keeps the progress of processes on standard error", async () => {
    const started = await runCommand(["start", ...settings, "--jobs", "2", "--output", path("start"), "--json"]);
    const { code, stdout } = started;
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout).beatsGaussianFit)).toHaveLength(4);
  });
});

describe("explain", () => {
  it.each(Object.keys(losses))("marks the parts of the program of %s", async (name) => {
    const { code, stdout } = await runHere(["explain", name]);
    const { stops, tangent } = losses[name as keyof typeof losses];
    expect(code).toBe(0);
    expect(stdout).toContain("primal");
    expect(stdout).not.toMatch(/diverged|NaN/);
    for (const stop of stops) expect(stdout).toContain(`cut "${stop}"`);
    if (tangent) expect(stdout).toMatch(/[1-9]\d* tangent/);
  });

  it("says what a stop-gradient changes, and shows the program without it", async () => {
    const { stdout } = await runHere(["explain", "ayf-lmd", "--without-stops", "target"]);
    expect(stdout).toMatch(
      /"target" at 1 place: without it the gradient is [\d.]+ ± [\d.]+ times as long, at cosine [\d.]+ ± [\d.]+/,
    );
    expect(stdout).toContain("localForward, localForwardSemi, freeFlow: stopped elsewhere");
    expect(stdout).not.toContain('cut "target"');
    const json = JSON.parse((await runHere(["explain", "esd", "--json"])).stdout);
    expect(json.sameValue).toEqual(["esdConvex", "esdNone"]);
    // inside another stop: idle
    expect(json.stopEffects.velocity.cosine.mean).toBeCloseTo(1, 12);
    expect(json.stopEffects.advection.cosine.mean).toBeLessThan(0.99);
  });

  it("draws the program into a file, opened where asked", async () => {
    const folder = temporaryFolder();
    const [plain, open] = [join(folder, "plain.svg"), join(folder, "open.svg")];
    expect((await runHere(["explain", "meanFlow", "--svg", plain])).code).toBe(0);
    expect((await runHere(["explain", "meanFlow", "--svg", open, "--expand", "u,target"])).code).toBe(0);
    const [text, longer] = [plain, open].map((file) => readFileSync(file, "utf8"));
    expect(text).toMatch(/^<svg .*\n<title>Program of MeanFlow and its gradient<\/title>/);
    expect(longer.length).toBeGreaterThan(1.5 * text.length);
  });

  it("shows formula, name and recipe as a person reads them, with the stops that are on", async () => {
    const { stdout } = await runHere(["explain", "meanFlow", "--without-stops", "target"]);
    expect(stdout).toContain("MeanFlow (meanFlow@-target)");
    expect(stdout).toContain("‖U(Xₛ, s, t) − s\u0336g\u0336[v + (t − s) d/ds U(Xₛ, s, t)]‖²");
    expect(stdout).toContain("weights: adaptive, p = 1 and c = 0.01");
    expect(stdout).not.toMatch(/\\[a-z]+|\{"kind"/);
    expect((await runHere(["explain", "meanFlow"])).stdout).toContain("sg[v + (t − s) d/ds U(Xₛ, s, t)]");
  });
});

/** Command lines that are wrong, and what the message must name. */
const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["an unknown command", ["trian"], /unknown command 'trian'; did you mean train\?$/m],
  [
    "a command like none",
    ["optimise"],
    /unknown command 'optimise'; there are start, train, compare, resume, sample, recipe, init, explain, export, losses, verify, devices$/m,
  ],
  ["an unknown option", ["train", "lsd", "--step", "3"], /train: unknown option '--step'; did you mean --steps\?$/m],
  [
    "an option like none",
    ["losses", "--optimise"],
    /losses: unknown option '--optimise'; pushforward losses --help lists all$/m,
  ],
  [
    "a long option",
    ["train", "lsd", `--${"q".repeat(1000)}`],
    /unknown option '--q{78}…'; pushforward train --help lists all$/m,
  ],
  [
    "a stop-gradient that is not there",
    ["train", "esd", "--without-stops", "velocity,nope"],
    /train: --without-stops must be among advection, velocity, got "nope"/,
  ],
  [
    "a mistyped stop-gradient",
    ["train", "esd", "--without-stops", "velocty"],
    /must be among advection, velocity, got "velocty"; did you mean velocity\?$/m,
  ],
  [
    "a stop-gradient where there are none",
    ["explain", "lsdNone", "--without-stops", "target"],
    /explain: --without-stops must be left out, there are none, got "target"/,
  ],
  [
    "an unknown loss",
    ["train", "nope"],
    /loss must be one of \d\d names, such as flowMatching, (\w+, ){1,2}?\w+ \(pushforward losses lists them\), got "nope"$/m,
  ],
  [
    "a mistyped loss",
    ["train", "menFlow"],
    /loss must be one of \d\d names \(.*\), got "menFlow"; did you mean meanFlow\?$/m,
  ],
  [
    "a mistyped loss to compare",
    ["compare", "lsd", "shortcutt"],
    /losses\.1 must .*, got "shortcutt"; did you mean shortcut\?$/m,
  ],
  ["a drawing that is no SVG", ["explain", "esd", "--svg", "a.png"], /explain: --svg must end in \.svg, got "a\.png"/],
  ["an opened box without a drawing", ["explain", "esd", "--expand", "u"], /--expand is for a drawing; name its file/],
  [
    "an unknown box",
    ["explain", "esd", "--svg", "a.svg", "--expand", "network"],
    /expand must be one of u, velocity, advection, got "network"/,
  ],
  ["a mistyped loss to explain", ["explain", "meanflwo"], /explain: loss must .*; did you mean meanFlow\?$/m],
  ["a mistyped problem", ["train", "lsd", "--data", "mons"], /data: must .*, got "mons"; did you mean moons\?$/m],
  ["a mistyped activation", ["train", "lsd", "--activation", "sulu"], /got "sulu"; did you mean silu\?$/m],
  ["a mistyped backend", ["train", "lsd", "--backend", "wsam"], /got "wsam"; did you mean wasm\?$/m],
  ["a long name", ["train", "q".repeat(1000)], /loss must be one of .{0,99}, got "q{80}…"$/m],
  ["an unknown loss to compare", ["compare", "lsd", "nope"], /losses\.1 must be one of .*, got "nope"/],
  [
    "a stop-gradient that no loss of a study has",
    ["compare", "--all", "meanFlow", "--without-stops", "nope"],
    /compare: --without-stops must be among .*, got "nope"/,
  ],
  ["a teacher to compare", ["compare", "teacher"], /losses\.0 must be one of .*, got "teacher"/],
  ["a loss compared twice", ["compare", "lsd", "LSD"], /losses must all be different/],
  ["an unknown loss to explain", ["explain", "nope"], /explain: loss must be one of \d\d names, .*, got "nope"/],
  [
    "an unknown law",
    ["verify", "--only", "nope"],
    /no law is called "nope"; pushforward verify --cases 1 lists all \d\d$/m,
  ],
  [
    "a mistyped law",
    ["verify", "--only", "duality,chainrules"],
    /no law is called "chainrules"; did you mean chainRule\?$/m,
  ],
  ["a missing loss", ["train"], /missing required argument 'loss'; pushforward train --help says more/],
  ["one loss too many", ["train", "lsd", "esd"], /too many arguments/],
  ["a missing value", ["train", "lsd", "--steps"], /option '--steps <n>' argument missing/],
  [
    "text for a number",
    ["train", "lsd", "--steps", "many"],
    /--steps must be a whole number from 1 to 10000000, got "many"/,
  ],
  ["an empty number", ["train", "lsd", "--steps", ""], /--steps must be a whole number from 1 to 10000000, got ""/],
  [
    "a fraction for a number",
    ["train", "lsd", "--batch", "2.5"],
    /--batch must be a whole number from 1 to 65536, got 2\.5/,
  ],
  ["no steps", ["train", "lsd", "--steps", "0"], /--steps must be a whole number from 1/],
  ["a negative size", ["train", "lsd", "--width", "-3"], /--width must be a whole number from 1 to 4096, got -3/],
  [
    "an absurd size",
    ["train", "lsd", "--width", "1e9"],
    /--width must be a whole number from 1 to 4096, got 1000000000/,
  ],
  [
    "a number beyond all",
    ["train", "lsd", "--seed", "1e999"],
    /--seed must be a whole number from 0 to \d+, got "1e999"$/m,
  ],
  [
    "a number below all",
    ["train", "lsd", "--ema", "1e-999"],
    /--ema must be a number from 0 to 0\.99999, got "1e-999"$/m,
  ],
  [
    "a number of another base",
    ["sample", "x", "--seed", "0x10"],
    /sample: --seed must be a whole number .*, got "0x10"$/m,
  ],
  ["an infinite seed of samples", ["sample", "x", "--seed", "1e999"], /sample: --seed must .*, got "1e999"$/m],
  ["a word for infinity", ["train", "lsd", "--learning-rate", "Infinity"], /--learning-rate must .*, got "Infinity"$/m],
  ["not a number", ["verify", "--cases", "NaN"], /verify: --cases must .*, got "NaN"$/m],
  ["digits without end", ["train", "lsd", "--steps", "9".repeat(100_000)], /--steps must .*, got "9{80}…"$/m],
  [
    "more than fits",
    ["train", "lsd", "--batch", "65536", "--width", "4096", "--depth", "16"],
    /need about \d+ GB of memory, there are \S+ GB; lower --batch or --width/,
  ],
  [
    "a share above one",
    ["train", "lsd", "--held-out", "1.5"],
    /--held-out must be a number from 0\.01 to 0\.9, got 1\.5/,
  ],
  ["no rate", ["train", "lsd", "--learning-rate", "0"], /--learning-rate must be a number above 0, at most 1, got 0/],
  [
    "an unknown activation",
    ["train", "lsd", "--activation", "relu"],
    /--activation must be one of silu, .*, got "relu"/,
  ],
  ["an unknown type", ["train", "lsd", "--dtype", "float16"], /--dtype must be one of float32, float64, got "float16"/],
  ["an unknown preset", ["train", "lsd", "--preset", "long"], /--preset must be one of short, paper, got "long"/],
  [
    "several mistakes",
    ["train", "lsd", "--steps", "0", "--seed", "x"],
    /--steps must .*; --seed must be a whole number/,
  ],
  ["a folder without a name", ["train", "lsd", "--output", ""], /--output must name a folder, got ""/],
  ["a teacher that is no run", ["train", "lsd", "--teacher", "nowhere"], /nowhere is not the folder of a run/],
  [
    "a teacher that is not used",
    ["train", "lsd", "--velocity", "conditional", "--teacher", "x"],
    /uses no teacher; leave --teacher out/,
  ],
  ["no jobs", ["compare", "lsd", "--jobs", "0"], /compare: --jobs must be a whole number from 1 to 256, got "0"/],
  [
    "an absurd count",
    ["sample", "x", "--count", "1e12"],
    /sample: --count must be a whole number from 1 to 16000000, got "1e12"/,
  ],
  ["another format", ["sample", "x", "--output", "a.txt"], /sample: --output must end in \.csv or \.npy, got "a\.txt"/],
  ["cases that are none", ["verify", "--cases", "0"], /verify: --cases must be a whole number from 1/],
  ["no run to resume", ["resume", "nowhere"], /nowhere is not the folder of a run: it has no nowhere\/config\.json/],
];

describe("a mistake on the command line", () => {
  let folder = "";
  beforeAll(() => {
    folder = process.cwd();
  });

  it.each(mistakes)("is named with what is allowed: %s", async (_what, args, says) => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await runHere(args);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^pushforward: .*\n$/);
    expect([code, stdout]).toEqual([1, ""]);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("ends the process with code 1", async () => {
    const { code, stdout, stderr } = await runCommand(["train", "nope"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^pushforward: config: loss must be one of/);
  });
});

describe("the folder of a run", () => {
  it.each([
    ["holds something else", "must be an empty folder, got one that holds thesis.tex"],
    ["is a file", "a file stands where a folder is needed"],
    ["is inside a file", "a file stands where a folder is needed"],
  ])("is left alone when it %s", async (what, says) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "full"));
    writeFileSync(join(folder, "full", "thesis.tex"), "precious");
    const output = {
      "holds something else": "full",
      "is a file": "full/thesis.tex",
      "is inside a file": "full/thesis.tex/run",
    }[what]!;
    const { code, stderr } = await runHere(["train", "teacher", ...settings, "--output", join(folder, output)]);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    expect(readdirSync(folder)).toEqual(["full"]);
    expect(readFileSync(join(folder, "full", "thesis.tex"), "utf8")).toBe("precious");
  });

  it("is refused when it cannot be written, and when it holds a run", async () => {
    const folder = join(temporaryFolder(), "run");
    const args = ["train", "teacher", ...settings, "--output"];
    expect((await runHere([...args, "/proc/self/new"])).stderr).toMatch(/run: cannot use \/proc\/self\/new: /);
    expect((await runHere([...args, folder])).code).toBe(0);
    expect((await runHere([...args, folder])).stderr).toContain(`${folder} already holds a run; resume it or choose`);
  });
});

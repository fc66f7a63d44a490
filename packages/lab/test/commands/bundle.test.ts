import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { outcomeOf, startProcess } from "../support/command.ts";

const lab = join(import.meta.dirname, "../..");
const repository = join(lab, "../..");

/** A workspace whose command prints one word, with the scripts and tools of this one. */
function smallWorkspace() {
  const root = temporaryFolder();
  const write = (path: string, text: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  };
  write("packages/lab/package.json", '{ "type": "module", "dependencies": { "@pushforward/tensor": "workspace:*" } }');
  write("packages/tensor/package.json", '{ "type": "module" }');
  write("packages/tensor/src/backends/wasm/threads/worker.js", "");
  cpSync(join(lab, "bin"), join(root, "packages/lab/bin"), { recursive: true });
  symlinkSync(join(lab, "node_modules"), join(root, "packages/lab/node_modules"));
  const say = (word: string): string =>
    write("packages/lab/src/main.ts", `const word: string = "${word}";\nconsole.log(word);\n`);
  const start = () => outcomeOf(startProcess(join(root, "packages/lab/bin/pushforward.mjs")));
  const cache = join(root, "packages/tensor/node_modules/.cache/pushforward");
  return { root, write, say, start, cache, bundles: () => readdirSync(cache) };
}

describe("the bundle of the workspace", () => {
  it("is made once, and anew when a source changes, also in a moment and at the same size", async () => {
    const { say, start, bundles } = smallWorkspace();
    const file = say("one");
    const { atime, mtime } = statSync(file);
    expect((await start()).stdout).toBe("one\n");
    expect((await start()).stdout).toBe("one\n");
    expect(bundles()).toHaveLength(1);
    say("two");
    utimesSync(file, atime, mtime);
    expect((await start()).stdout).toBe("two\n");
    say("one");
    expect((await start()).stdout).toBe("one\n");
    expect(bundles()).toHaveLength(2);
  });

  it("may be made by several starts at once", async () => {
    const { say, start, bundles } = smallWorkspace();
    say("one");
    const outcomes = await Promise.all(Array.from({ length: 4 }, start));
    expect(outcomes.map(({ code, stdout, stderr }) => [code, stdout, stderr])).toEqual(Array(4).fill([0, "one\n", ""]));
    expect(bundles()).toHaveLength(1);
  });

  it("is removed when it is stale, unless a process uses it or may be about to", async () => {
    const { say, start, cache, bundles } = smallWorkspace();
    const long = new Date(Date.now() - 3_600_000);
    const age = (name: string): void => utimesSync(join(cache, name), long, long);
    say("unused");
    await start();
    const [unused] = bundles();
    say("used");
    await start();
    const used = bundles().find((name) => name !== unused)!;
    writeFileSync(join(cache, used, `used-by-${process.pid}`), "");
    writeFileSync(join(cache, unused, "used-by-999999999"), "");
    mkdirSync(join(cache, "0000.1.partial"));
    for (const name of bundles()) age(name);
    say("fresh");
    await start();
    const left = bundles();
    expect(left).toContain(used);
    expect(left).toHaveLength(2);
    // a stale one of this moment stays
    say("fresher");
    await start();
    expect(bundles()).toHaveLength(3);
  });

  it("leaves no mark of a process that has ended", async () => {
    const { say, start, cache, bundles } = smallWorkspace();
    say("one");
    await start();
    expect(readdirSync(join(cache, bundles()[0])).filter((name) => name.startsWith("used-by-"))).toEqual([]);
  });

  it("names sources in stack traces, also of parts that are loaded later", async () => {
    const { write, start } = smallWorkspace();
    write("packages/lab/src/main.ts", '\n\nawait import("./later.ts");\n');
    write("packages/lab/src/later.ts", 'interface Unused {\n  a: 1;\n}\n\nthrow new Error("on line 5");\n');
    const { code, stderr } = await start();
    expect(code).toBe(1);
    expect(stderr).toMatch(/packages\/lab\/src\/later\.ts:5/);
  });

  it("is done without where nothing can be written", async () => {
    const { write, say, start } = smallWorkspace();
    write("packages/tensor/node_modules/.cache", "a file");
    say("one");
    const { code, stdout } = await start();
    expect([code, stdout]).toEqual([0, "one\n"]);
  });
});

/** Modules that a command must not load before it does its work: large libraries, and modules of other commands. */
const libraries = /node_modules\/(?:mathjs|@observablehq|d3-|linkedom|katex|gpu\.js)/;

describe("what a command loads at its start", () => {
  let staticInputs: (entry: string) => string[];
  beforeAll(async () => {
    const { build } = await import("esbuild");
    const { metafile } = await build({
      absWorkingDir: repository,
      entryPoints: ["packages/lab/src/main.ts", "packages/lab/src/index.ts"],
      bundle: true,
      metafile: true,
      write: false,
      format: "esm",
      platform: "node",
      splitting: true,
      outdir: "unused",
      external: ["gpu.js", "webgpu"],
      logLevel: "error",
    });
    staticInputs = (entry) => {
      const found = new Set([entry]);
      for (const file of found) {
        for (const { kind, path } of metafile.inputs[file]?.imports ?? [])
          if (kind !== "dynamic-import") found.add(path);
      }
      return [...found];
    };
  });

  it("is commander and the list of commands for help", () => {
    const inputs = staticInputs("packages/lab/src/main.ts");
    const ofPackages = inputs.filter((file) => file.startsWith("packages/"));
    const ofLibraries = inputs.filter((file) => file.includes("node_modules/"));
    expect(ofPackages.filter((file) => !file.startsWith("packages/lab/src/"))).toEqual(["packages/lab/package.json"]);
    expect(ofPackages.length).toBeLessThan(10);
    expect(ofLibraries.filter((file) => !file.includes("node_modules/commander/"))).toEqual([]);
    expect(ofLibraries).not.toEqual([]);
  });

  it.each(readdirSync(join(lab, "src/commands")).map((file) => [`packages/lab/src/commands/${file}`]))(
    "is without plots, formulas and mathjs: %s",
    (file) => {
      const inputs = staticInputs(file);
      const own = file.endsWith("/explain.ts") ? /node_modules\/(?:katex|linkedom)/ : /^$/; // it prints formulas
      expect(inputs.filter((input) => libraries.test(input) && !own.test(input))).toEqual([]);
      expect(inputs.filter((input) => input.includes("/verify/laws/") && !file.endsWith("/verify.ts"))).toEqual([]);
      const hasSettings = !/\/(?:devices|losses|verify)\.ts$/.test(file);
      expect(inputs.filter((input) => input.includes("node_modules/zod/") && !hasSettings)).toEqual([]);
    },
  );

  it("is not loaded by the package either", () => {
    const inputs = staticInputs("packages/lab/src/index.ts");
    expect(inputs).toContain("packages/lab/src/report/plotSamples.ts");
    expect(inputs.filter((input) => libraries.test(input))).toEqual([]);
  });

  it("names scripts that stand beside it", () => {
    spawnSync(process.execPath, [join(lab, "bin/pushforward.mjs"), "--version"]);
    const cache = join(repository, "packages/tensor/node_modules/.cache/pushforward");
    const [newest] = readdirSync(cache)
      .map((name) => join(cache, name))
      .filter((folder) => existsSync(join(folder, "main.js")))
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    const texts = readdirSync(newest)
      .filter((name) => name.endsWith(".js"))
      .map((name) => readFileSync(join(newest, name), "utf8"));
    const named = texts.flatMap((text) =>
      [...text.matchAll(/new URL\([^()]*?"(\.\/[\w.]+)",\s*import\.meta\.url\)/g)].map(([, path]) => path),
    );
    expect(named.sort()).toEqual(["./worker.js"]);
    for (const path of named) expect(existsSync(join(newest, path))).toBe(true);
  });
});

/** Says on standard error which workers a process has started, whether each came to run, and how it failed. */
const watchWorkers = `
import { isMainThread } from "node:worker_threads";
const threads = process.getBuiltinModule("node:worker_threads");
const { Worker } = threads;
const seen = [];
threads.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    const entry = { url: String(url), isOnline: false, errors: [] };
    seen.push(entry);
    this.once("online", () => { entry.isOnline = true; });
    this.once("error", (error) => entry.errors.push(String(error)));
  }
};
if (isMainThread) process.on("exit", () => process.stderr.write("workers " + JSON.stringify(seen) + "\\n"));
`;

describe("a command that runs from the bundle", () => {
  it("computes with threads of WebAssembly, which change no bit", async () => {
    const folder = temporaryFolder();
    const watch = join(folder, "watch.mjs");
    writeFileSync(watch, watchWorkers);
    const sizes = ["--batch", "4096", "--width", "64", "--depth", "2", "--steps", "4", "--backend", "wasm"];
    const train = async (threads: number) => {
      const output = join(folder, `threads${threads}`);
      const args = ["train", "teacher", "--data", "moons", ...sizes, "--output", output];
      const env = {
        ...process.env,
        PUSHFORWARD_THREADS: String(threads),
        NODE_OPTIONS: `--import ${pathToFileURL(watch)}`,
      };
      const { code, stderr } = await outcomeOf(
        spawn(process.execPath, [join(lab, "bin/pushforward.mjs"), ...args], {
          env,
          stdio: ["ignore", "pipe", "pipe"],
        }),
      );
      expect([code, stderr]).toEqual([0, expect.stringMatching(/^workers /m)]);
      const workers = JSON.parse(/^workers (.*)$/m.exec(stderr)![1]) as {
        url: string;
        isOnline: boolean;
        errors: [];
      }[];
      return { workers, bits: readFileSync(join(output, "checkpoint.safetensors")) };
    };
    const [alone, together] = await Promise.all([train(1), train(2)]);
    expect(alone.workers).toEqual([]);
    const url = expect.stringMatching(/\/\.cache\/pushforward\/\w+\/worker\.js$/);
    expect(together.workers).toEqual([{ url, isOnline: true, errors: [] }]);
    expect(together.bits.equals(alone.bits)).toBe(true);
  });
});

import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { displayPath } from "../../src/experiments/reproduce.ts";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { entry, outcomeOf, runHere, startCommand, until } from "../support/command.ts";

const tiny = ["--data", "moons", "--batch", "8", "--width", "4", "--depth", "1", "--teacher-steps", "3"];
const long = [...tiny, "--steps", "100000", "--checkpoint-every", "10"];

/** The rest of the output in a terminal after a command that was ended in it. */
interface Ended {
  readonly output: string;
  readonly code: number | null;
  readonly signal: number | null;
}

const hasTerminals = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** Runs the command in a terminal until it has printed a word, then presses Ctrl-C or sends a signal. */
async function inTerminal(args: readonly string[], act: { key: string } | { signal: number }): Promise<Ended> {
  const command = [process.execPath, entry, ...args];
  const script = join(import.meta.dirname, "../support/terminal.py");
  const task = JSON.stringify({ command, after: "% ", ...act });
  const child = spawn("python3", [script, task], { stdio: ["ignore", "pipe", "pipe"] });
  return JSON.parse((await outcomeOf(child)).stdout);
}

/** Switches of a terminal that are not as they were: sequences that turn something off, less those that turn it on again. */
function leftOff(output: string): string[] {
  const switches = { cursor: "?25", wrapping: "?7" };
  return Object.entries(switches).flatMap(([name, code]) =>
    output.lastIndexOf(`\u001b[${code}l`) > output.lastIndexOf(`\u001b[${code}h`) ? [name] : [],
  );
}

describe("the look at a terminal's output", () => {
  it("finds what was left off", () => {
    expect(leftOff("\u001b[?25l\u001b[?7l 50 %")).toEqual(["cursor", "wrapping"]);
    expect(leftOff("\u001b[?25l\u001b[?7l 50 %\u001b[?25h\u001b[?7h")).toEqual([]);
  });
});

describe.skipIf(!hasTerminals)(
  "a training that is ended in a terminal (skipped where python3 has no module pty)",
  () => {
    it.each([
      ["Ctrl-C", { key: "\u0003" }, 130, "SIGINT"],
      ["SIGTERM", { signal: 15 }, 143, "SIGTERM"],
      ["SIGHUP", { signal: 1 }, 129, "SIGHUP"],
    ] as const)("leaves the terminal as it was and says how to go on: %s", async (_, act, code, name) => {
      const folder = join(temporaryFolder(), "it's mine");
      const ended = await inTerminal(["train", "lsd", ...long, "--output", folder], act);
      expect(leftOff(ended.output)).toEqual([]);
      expect(ended.output).toContain(
        `pushforward: stopped by ${name}; npx --yes pnpm@10 pushforward resume '${displayPath(folder).replace("'", "'\\''")}' goes on from the last checkpoint\r\n`,
      );
      expect([ended.code, ended.signal]).toEqual([code, null]);
      expect(ended.output).toMatch(/\n[^\n]*stopped by/); // on a line of its own
    });

    it("leaves the terminal as it was also where it is killed", async () => {
      const folder = join(temporaryFolder(), "run");
      const ended = await inTerminal(["train", "lsd", ...long, "--output", folder], { signal: 9 });
      expect(leftOff(ended.output)).toEqual([]);
      expect(ended.signal).toBe(9);
    });

    it("is one of several processes, too", async () => {
      const folder = join(temporaryFolder(), "run");
      const args = ["compare", "lsd", "meanFlow", ...long, "--jobs", "2", "--output", folder];
      const ended = await inTerminal(args, { key: "\u0003" });
      expect(leftOff(ended.output)).toEqual([]);
      expect(ended.output).toContain(`pushforward resume ${displayPath(folder)} goes on from the last checkpoint`);
      expect(ended.output).not.toContain("failed");
      expect(ended.code).toBe(130);
    });
  },
);

describe("a run that is ended after its last update", () => {
  it.each([
    ["train", ["lsd"]],
    ["compare", ["lsd", "meanFlow", "--jobs", "1"]],
  ])("says how to go on while it is judged: %s", async (command, losses) => {
    const folder = join(temporaryFolder(), "run");
    const args = [command, ...losses, ...tiny, "--data", "eightGaussians", "--steps", "5", "--output", folder];
    const last = command === "train" ? folder : join(folder, "meanFlow");
    const isTrained = (): boolean => readCheckpoint(join(last, "checkpoint.safetensors"))?.step === 5;
    const running = startCommand(args);
    const ended = outcomeOf(running);
    await until(running, isTrained);
    running.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(stderr).toContain(`stopped by SIGINT; npx --yes pnpm@10 pushforward resume ${displayPath(folder)} goes on`);
    expect([code, existsSync(join(folder, "report.html"))]).toEqual([130, false]);
    // The folder is free at once.
    expect((await runHere(["resume", folder])).code).toBe(0);
    expect(existsSync(join(folder, "report.html"))).toBe(true);
  });
});

describe("a stream without a reader", () => {
  const script = (body: string): string => {
    const path = join(temporaryFolder(), "writer.mts");
    const guard = join(import.meta.dirname, "../../src/guardStreams.ts");
    writeFileSync(path, `import { guardStreams } from ${JSON.stringify(guard)};\nguardStreams();\n${body}`);
    return path;
  };
  const writes = (stream: string): string => `
for (let i = 0; i < 200; i++) {
  process.${stream}.write("x".repeat(1000));
  await new Promise((resolve) => setTimeout(resolve, 1));
}
process.exitCode = 7;
`;

  it.each(["stdout", "stderr"] as const)("ends no command: %s", async (stream) => {
    const child = spawn(process.execPath, ["--import", "tsx", script(writes(stream))], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child[stream].destroy();
    expect((await outcomeOf(child)).code).toBe(7);
  });

  it("ends no training, and hides no failure", async () => {
    const folder = join(temporaryFolder(), "run");
    const training = startCommand(["train", "teacher", ...tiny, "--steps", "20", "--output", folder]);
    training.stdout!.destroy();
    training.stderr!.destroy();
    expect((await outcomeOf(training)).code).toBe(0);
    expect(existsSync(join(folder, "report.html"))).toBe(true);
    const mistake = startCommand(["resume", join(folder, "nowhere")]);
    mistake.stderr!.destroy();
    expect((await outcomeOf(mistake)).code).toBe(1);
  });
});

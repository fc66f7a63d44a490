import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ownIdentity } from "../../src/run/processIdentity.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { outcomeOf, runCommand, runHere, startCommand, until } from "../support/command.ts";

const small = ["--data", "moons", "--batch", "8", "--width", "4", "--depth", "1", "--checkpoint-every", "5"];

/** The steps of the lines of a run's metrics. */
const stepsOf = (path: string): number[] =>
  readFileSync(join(path, "metrics.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line).step);

describe("the folder of a run", () => {
  it("has one writer: others say so and end with 1, readers read, and a writer that was overtaken stops", async () => {
    const path = join(temporaryFolder(), "run");
    const train = ["train", "teacher", ...small, "--steps", "10000000", "--output", path];
    const child = startCommand(train);
    const ended = outcomeOf(child);
    try {
      await until(child, () => existsSync(join(path, "checkpoint.safetensors")));
      const refused = `run: ${path} is being written by process ${child.pid} on this host`;
      expect(await runHere(["resume", path])).toMatchObject({ code: 1, stderr: expect.stringContaining(refused) });
      const again = await runHere(train);
      expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("already holds a run; resume it") });
      expect((await runHere(["sample", path, "--count", "3"])).code).toBe(0);
      // The process sleeps while another host takes its folder over, and wakes up.
      child.kill("SIGSTOP");
      const [mine] = readdirSync(path).filter((name) => name.startsWith("writer-"));
      expect(mine).toBe("writer-1.json");
      const other = { ...ownIdentity(), host: "elsewhere", pid: 7, since: "2026", token: "" };
      writeFileSync(join(path, "writer-2.json"), JSON.stringify(other));
      const before = stepsOf(path);
      child.kill("SIGCONT");
      const { code, stderr } = await ended;
      expect(stderr).toContain(`run: ${path} was taken over by process 7 on host elsewhere`);
      expect(code).toBe(1);
      expect(stepsOf(path)).toEqual(before);
      expect(readdirSync(path).filter((name) => name.startsWith("writer-"))).toEqual(["writer-2.json"]);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("has one writer when several resume it at the same time, and its metrics have every step once", async () => {
    const path = join(temporaryFolder(), "run");
    const first = startCommand(["train", "teacher", ...small, "--steps", "400", "--output", path]);
    const ended = outcomeOf(first);
    await until(first, () => existsSync(join(path, "checkpoint.safetensors")));
    first.kill("SIGKILL");
    await ended;
    const outcomes = await Promise.all([1, 2, 3].map(() => runCommand(["resume", path, "--train-only"])));
    for (const { code, stderr } of outcomes) {
      if (code !== 0) expect([code, stderr]).toEqual([1, expect.stringContaining("is being written by process")]);
    }
    expect(outcomes.some(({ code }) => code === 0)).toBe(true);
    expect(stepsOf(path)).toEqual(Array.from({ length: 40 }, (_, i) => 10 * (i + 1)));
    expect(readdirSync(path).filter((name) => /writer|partial/.test(name))).toEqual([]);
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseTrainConfig } from "../../src/config.ts";
import { failure, Processes } from "../../src/experiments/processes.ts";
import type { Task } from "../../src/experiments/task.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { childrenOf, hasPgrep, isAlive } from "../support/children.ts";

const size = { data: "moons", batch: 8, width: 4, depth: 1 };

/** A training of the teacher; `steps` far beyond what a test waits for stand for one that is killed. */
const taskOf = (folder: string, name: string, steps: number): Task => ({
  path: join(folder, name),
  config: parseTrainConfig({ kind: "train", loss: "teacher", ...size, steps }),
  isScored: true,
});

/** The command line of a process; empty if it has ended. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

const workers = (): number[] => childrenOf(process.pid).filter((pid) => commandLine(pid).includes("work-for-parent"));

const isScored = ({ path }: Task): boolean => existsSync(join(path, "figures.json"));

describe("Processes", () => {
  it("takes one task after the other in each process, and goes on in a new one after one that was killed", async (context) => {
    if (!hasPgrep || !existsSync("/proc/self/cmdline")) context.skip("processes cannot be listed here");
    const folder = temporaryFolder();
    const endless = taskOf(folder, "endless", 10_000_000);
    const short = ["a", "b", "c", "d"].map((name) => taskOf(folder, name, 20));
    const processes = new Processes(2);
    const failures: [Task, string][] = [];
    const seen = new Set<number>();
    const reported = new Set<string>();
    let done = 0;
    const kill = (): void => {
      for (const pid of workers()) process.kill(pid, "SIGKILL");
      done = Number.NaN; // once
    };
    try {
      await processes.run([endless, ...short.slice(0, 3)], {
        onProgress: ({ path }) => {
          reported.add(path);
          for (const pid of workers()) seen.add(pid);
          if (path === endless.path && done === 3) kill(); // also the process that waits
        },
        onSuccess: () => done++,
        onFailure: (task, reason) => failures.push([task, reason]),
      });
      expect(failures).toEqual([[endless, expect.stringMatching(/^its process ended with SIGKILL/)]]);
      expect(seen.size).toBe(2); // for four tasks
      expect(reported).toEqual(new Set([endless, ...short.slice(0, 3)].map(({ path }) => path)));
      // The process that waited may not have been reported as ended yet.
      await processes.run([short[3]], {
        onProgress: () => undefined,
        onFailure: (task, reason) => failures.push([task, reason]),
      });
      expect(failures).toHaveLength(1);
      expect(short.every(isScored)).toBe(true);
      expect(isScored(endless)).toBe(false);
    } finally {
      processes.close();
    }
    await expect.poll(() => [...seen, ...workers()].filter(isAlive), { timeout: 60_000 }).toEqual([]);
  });

  it("gives a task of a process that dies before it begins to another one, and gives up when none starts", async (context) => {
    if (!hasPgrep || !existsSync("/proc/self/cmdline")) context.skip("processes cannot be listed here");
    const task = taskOf(temporaryFolder(), "task", 20);
    const killed = new Set<number>();
    /** Runs the task while the first processes that come up are killed at once, long before they can begin it. */
    const runKilling = async (most: number): Promise<string[]> => {
      killed.clear();
      const failures: string[] = [];
      const processes = new Processes(2);
      const timer = setInterval(() => {
        for (const pid of workers()
          .filter((each) => !killed.has(each))
          .slice(0, most - killed.size)) {
          killed.add(pid);
          process.kill(pid, "SIGKILL");
        }
      }, 1);
      try {
        await processes.run([task], { onProgress: () => undefined, onFailure: (_, reason) => failures.push(reason) });
      } finally {
        clearInterval(timer);
        processes.close();
      }
      return failures;
    };
    expect(await runKilling(Number.POSITIVE_INFINITY)).toEqual([
      expect.stringMatching(/its process ended with SIGKILL/),
    ]);
    expect(killed.size).toBe(3);
    expect(await runKilling(1)).toEqual([]);
    expect(killed.size).toBe(1);
    expect(isScored(task)).toBe(true);
  });

  it("begins no further task once a failure is not tolerated", async () => {
    const folder = temporaryFolder();
    const bad: Task = { ...taskOf(folder, "bad", 20), config: { ...taskOf(folder, "bad", 20).config, data: "mars" } };
    const next = taskOf(folder, "next", 20);
    const processes = new Processes(1);
    const run = processes.run([bad, next], {
      onProgress: () => undefined,
      onFailure: (task, reason) => {
        throw failure("compare", task, reason);
      },
    });
    await expect(run).rejects.toThrow(
      /^compare: training .*bad failed: .*must be one of gaussian, .*\.npy.* file, or the path of a folder/,
    );
    expect(existsSync(next.path)).toBe(false);
  });
});

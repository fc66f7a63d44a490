import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { childrenOf, hasPgrep, isAlive } from "../support/children.ts";
import { until } from "../support/command.ts";
import { describePart, runPart } from "./campaign.ts";
import { damaged } from "./damage.ts";
import { definePart } from "./part.ts";
import { parts } from "./parts.ts";
import { Random } from "./random.ts";
import { reliabilityPage } from "./reliabilityPage.ts";

describe("a part of the campaign", () => {
  it("counts what it sees, and prints the command that repeats a failed trial with the same choices", async () => {
    const drawn: number[] = [];
    const folders: string[] = [];
    const part = definePart<number>({
      name: "sample",
      what: "Numbers below 8 are drawn.",
      setUp: async () => 8,
      async trial(limit, random, folder) {
        folders.push(folder);
        drawn.push(random.whole(0, 9));
        if (drawn.at(-1)! >= limit) throw new Error(`drew ${drawn.at(-1)}`);
        return { "numbers drawn": 1 };
      },
    });
    const report = await runPart(part, { seed: 1, seconds: 60 });
    expect(report.failures).toHaveLength(5); // then it ends
    expect(report.counts).toEqual({ "numbers drawn": report.trials - 5 });
    expect(folders.filter(existsSync)).toEqual([]);
    const { reproduce, message } = report.failures[4];
    const [, trial] = /^npx --yes pnpm@10 campaign --only sample --trial (\d+)$/.exec(reproduce)!;
    const again = await runPart(part, { seed: 99, seconds: 60, trial: Number(trial) });
    expect([again.trials, again.failures[0]?.message]).toEqual([1, message]);
    expect(describePart(report)).toContain(`sample: seed 1, ${report.trials} trials`);
    expect(describePart(report)).toContain(reproduce);
  });

  it("says why it cannot run", async () => {
    const obstacle = (): string => "no disk here";
    const part = definePart({ name: "disk", what: "", obstacle, setUp: async () => 0, trial: async () => ({}) });
    const report = await runPart(part, { seed: 1, seconds: 1 });
    expect(describePart(report)).toBe("disk: skipped: no disk here");
    expect(reliabilityPage({ command: "c", date: "d", node: "n", parts: [report] })).toContain(
      "| disk | – | 0 | 1 | no disk here |",
    );
  });

  it.each(parts.map((part) => [part.name, part] as const))("%s holds in a trial", async (_, part) => {
    const report = await runPart(part, { seed: 20, seconds: 0 });
    expect(report.failures).toEqual([]);
    expect(report.trials).toBe(report.skipped === undefined ? 1 : 0);
  });
});

describe("a campaign that a signal ends", () => {
  it("leaves no folder, and no command running", async () => {
    const folder = temporaryFolder();
    const module = (name: string): string => JSON.stringify(join(import.meta.dirname, name));
    const script = join(folder, "campaign.mts");
    writeFileSync(
      script,
      `
import { exitOnSignals } from ${module("atExit.ts")};
import { runPart } from ${module("campaign.ts")};
import { start } from ${module("command.ts")};
const trial = async (_setup, _random, folder) => {
  const args = ["train", "teacher", "--data", "moons", "--steps", "1000000", "--output", folder + "/run"];
  const { ended } = start(args);
  console.log(folder);
  await ended;
  return {};
};
exitOnSignals();
await runPart({ name: "sample", what: "", setUp: async () => 0, trial }, { seed: 1, seconds: 60 });
`,
    );
    const child = spawn(process.execPath, ["--import", "tsx", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [place] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const run = join(place.trim(), "run");
    await until(child, () => existsSync(join(run, "config.json")));
    const commands = childrenOf(child.pid!);
    child.kill("SIGINT");
    const [code] = await once(child, "close");
    expect(code).toBe(130);
    await expect.poll(() => commands.filter(isAlive), { timeout: 60_000 }).toEqual([]);
    expect(existsSync(dirname(place.trim()))).toBe(false);
    if (hasPgrep) expect(commands.length).toBeGreaterThan(0);
  });
});

describe("damaged", () => {
  it("changes bytes in many ways and leaves the original alone", () => {
    const original = Buffer.from("0123456789".repeat(20));
    const before = Buffer.from(original);
    const random = new Random(3);
    const hows = new Set<string>();
    let changed = 0;
    for (let i = 0; i < 300; i++) {
      const { how, bytes } = damaged(original, random);
      hows.add(how);
      if (!bytes.equals(before)) changed++;
      expect(original.equals(before)).toBe(true);
    }
    expect(hows.size).toBe(8);
    expect(changed).toBeGreaterThan(270);
  });
});

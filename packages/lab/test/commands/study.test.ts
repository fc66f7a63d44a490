import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { childrenOf, hasPgrep, isAlive, killWhen } from "../support/children.ts";
import { type Outcome, runHere, startCommand } from "../support/command.ts";

const losses = ["meanFlow", "velocityMatching"];
const problems = ["gaussian", "moons"];
const size = ["--batch", "8", "--width", "4", "--depth", "1", "--steps", "60", "--teacher-steps", "20", "--seeds", "2"];
const settings = ["compare", "--all", ...losses, "--problems", problems.join(","), ...size];

const places = problems.flatMap((problem) =>
  [0, 1].flatMap((seed) => losses.map((loss) => join(problem, `seed${seed}`, loss))),
);

/** Scores of a training without how long it took. */
function scoresIn(folder: string): Record<string, unknown> {
  const { row } = JSON.parse(readFileSync(join(folder, "figures.json"), "utf8"));
  const { seconds: _seconds, stepsPerSecond: _rate, ...rest } = row;
  return rest;
}

interface StudyJson {
  readonly problems: readonly {
    readonly name: string;
    readonly teacher?: { readonly figures: object };
    readonly losses: readonly {
      readonly name: string;
      readonly failures: readonly string[];
      readonly beatsGaussianFit?: boolean;
      readonly figures: Record<string, { mean: number; deviation: number; values: number[] }>;
    }[];
  }[];
}

const jsonOf = ({ stdout }: Outcome): StudyJson => JSON.parse(stdout);

describe("a study", () => {
  it("takes its processes with it when it is killed, goes on, and ends with the same figures as an unbroken one", async (context) => {
    if (!hasPgrep) context.skip("there is no pgrep to list processes with");
    const [path, whole] = [join(temporaryFolder(), "broken"), join(temporaryFolder(), "whole")];
    const child = startCommand([...settings, "--jobs", "2", "--output", path]);
    let children: number[] = [];
    await killWhen(child, () => {
      children = childrenOf(child.pid!);
      return existsSync(join(path, places[1], "figures.json"));
    });
    expect(children.length).toBeGreaterThanOrEqual(2);
    await expect.poll(() => children.filter(isAlive), { timeout: 60_000 }).toEqual([]);
    expect(existsSync(join(path, "report.html"))).toBe(false);
    const resumed = await runHere(["resume", path, "--jobs", "1", "--json"]);
    expect(resumed).toMatchObject({ code: 0 });
    expect((await runHere([...settings, "--jobs", "1", "--output", whole])).code).toBe(0);
    for (const place of places) expect(scoresIn(join(path, place))).toEqual(scoresIn(join(whole, place)));
    expect(readFileSync(join(path, "report.html"), "utf8")).toContain("2 losses on 2 problems");
    checkJson(jsonOf(resumed), path);
    await checkFailure(whole);
  });

  it("says what is wrong before it makes a folder", async () => {
    const path = join(temporaryFolder(), "study");
    const say = async (...args: string[]) => (await runHere(["compare", ...args, "--output", path])).stderr;
    expect(await say("--all", "--data", "moons")).toMatch(
      /unknown setting --data; there are --problems, --seeds, .*, … \(\d+ in all, see docs\/lab\.md\)/,
    );
    expect(await say("--problems", "moons")).toMatch(/unknown setting --problems/);
    expect(await say("--all", "--problems", "mars")).toMatch(
      /--problems.0 must be one of gaussian, moons, .*, got "mars"/,
    );
    expect(await say("--all", "--seeds", "0")).toMatch(/--seeds must be a whole number from 1 to 1000, got 0/);
    expect(existsSync(path)).toBe(false);
  });
});

/** The JSON of a study holds means of the scores in the folders, and teachers where they were needed. */
function checkJson({ problems: studied }: StudyJson, path: string): void {
  expect(studied.map(({ name }) => name)).toEqual(problems);
  for (const { name, losses: found, teacher } of studied) {
    expect(found.map((loss) => loss.name).sort()).toEqual(losses);
    expect(teacher).toBeDefined(); // velocityMatching starts as it
    for (const { name: loss, figures } of found) {
      const [a, b] = [0, 1].map((seed) => Number(scoresIn(join(path, name, `seed${seed}`, loss)).energyDistance));
      expect(a).not.toBe(b);
      const { mean, deviation, values } = figures.energyDistance;
      expect(values).toEqual([a, b]);
      expect(mean).toBeCloseTo((a + b) / 2, 12);
      expect(deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
      expect(figures.stepsPerSecond.mean).toBeGreaterThan(0);
    }
    const keys = Object.keys(found[0].figures);
    expect(keys.includes("oneStepError")).toBe(name === "gaussian");
    expect(keys.includes("histogramKl")).toBe(name === "moons");
  }
}

/** A training that cannot go on names itself; the others stay, and what is put right is done by the next resume. */
async function checkFailure(path: string): Promise<void> {
  const [broken, other] = [join(path, places[0]), join(path, places[3])];
  const before = scoresIn(broken);
  rmSync(join(broken, "figures.json"));
  rmSync(join(other, "figures.json"));
  const checkpoint = join(broken, "checkpoint.safetensors");
  const bytes = readFileSync(checkpoint);
  writeFileSync(checkpoint, "no checkpoint");
  const outcome = await runHere(["resume", path, "--jobs", "1", "--json"]);
  expect(outcome.code).toBe(1);
  const failures = jsonOf(outcome).problems[0].losses.flatMap((loss) =>
    loss.failures.map((why) => `${loss.name}, ${why}`),
  );
  expect(failures).toEqual([
    expect.stringMatching(/^meanFlow, seed 0: checkpoint: .*checkpoint\.safetensors is damaged/),
  ]);
  expect(existsSync(join(other, "figures.json"))).toBe(true);
  writeFileSync(checkpoint, bytes);
  expect((await runHere(["resume", path, "--jobs", "1"])).code).toBe(0);
  expect(scoresIn(broken)).toEqual(before);
}

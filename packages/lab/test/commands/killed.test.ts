import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { childrenOf, hasPgrep, isAlive, killWhen } from "../support/children.ts";
import { runCommand, startCommand } from "../support/command.ts";

// Each training is killed and resumed several times, which takes long on a machine that does other things as well.
vi.setConfig({ testTimeout: 900_000 });

const small = ["--data", "moons", "--batch", "8", "--width", "4", "--depth", "1", "--log-every", "3"];

const lines = (folder: string): number => {
  const file = join(folder, "metrics.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
};
const stepOf = (folder: string): number => readCheckpoint(join(folder, "checkpoint.safetensors"))?.step ?? 0;

/** Everything that a run's bits are: its checkpoint and its metrics. */
const bitsOf = (folder: string): Buffer[] =>
  ["checkpoint.safetensors", "metrics.jsonl"].map((file) => readFileSync(join(folder, file)));

describe("a killed training", () => {
  it.each([
    ["reference", [...small, "--backend", "reference"]],
    ["wasm, with threads", [...small, "--backend", "wasm", "--batch", "128", "--width", "32"]],
  ])("ends with the same bits as an unbroken one, wherever it was killed (%s)", async (_, sizes) => {
    const [path, whole] = [join(temporaryFolder(), "broken"), join(temporaryFolder(), "whole")];
    const settings = ["train", "lsd", ...sizes, "--steps", "1000", "--teacher-steps", "150", "--checkpoint-every", "7"];
    const teacher = join(path, "teacher");
    const unbroken = runCommand([...settings, "--output", whole]);
    const resume = ["resume", path, "--train-only"];
    await killWhen(startCommand([...settings, "--output", path]), () => lines(teacher) > 0);
    await killWhen(startCommand(resume), () => lines(path) >= 1);
    expect(stepOf(teacher)).toBe(150);
    await killWhen(startCommand(resume), () => stepOf(path) >= 40);
    expect(stepOf(path)).toBeLessThan(1000);
    expect((await runCommand(resume)).code).toBe(0);
    expect((await unbroken).code).toBe(0);
    expect(bitsOf(teacher)).toEqual(bitsOf(join(whole, "teacher")));
    expect(bitsOf(path)).toEqual(bitsOf(whole));
  });

  it("keeps a whole checkpoint when it is killed while writing one", async () => {
    const [path, whole] = [join(temporaryFolder(), "broken"), join(temporaryFolder(), "whole")];
    const settings = ["train", "teacher", ...small, "--steps", "300", "--checkpoint-every", "1"];
    const unbroken = runCommand([...settings, "--output", whole]);
    const isWriting = (): boolean =>
      existsSync(path) && readdirSync(path).some((name) => /^checkpoint\.safetensors\..*partial$/.test(name));
    await killWhen(startCommand([...settings, "--output", path]), isWriting);
    await killWhen(startCommand(["resume", path]), () => stepOf(path) > 20 && isWriting());
    expect(stepOf(path)).toBeGreaterThan(20);
    expect((await runCommand(["resume", path])).code).toBe(0);
    expect((await unbroken).code).toBe(0);
    expect(bitsOf(path)).toEqual(bitsOf(whole));
    expect(readdirSync(path).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });
});

describe("a killed comparison", () => {
  it("takes its processes with it, and ends with the same bits as an unbroken one", async (context) => {
    if (!hasPgrep) context.skip("there is no pgrep to list processes with");
    const [path, whole] = [join(temporaryFolder(), "broken"), join(temporaryFolder(), "whole")];
    const losses = ["meanFlow", "shortcut"];
    const settings = ["compare", ...losses, ...small, "--steps", "1500", "--teacher-steps", "20", "--jobs", "2"];
    // One after the other in one process: the processes of the other one change no bit either.
    const unbroken = runCommand([...settings.slice(0, -1), "1", "--checkpoint-every", "50", "--output", whole]);
    const child = startCommand([...settings, "--checkpoint-every", "50", "--output", path]);
    let children: number[] = [];
    await killWhen(child, () => {
      if (!losses.every((loss) => stepOf(join(path, loss)) > 0)) return false;
      children = childrenOf(child.pid!);
      return true;
    });
    expect(children.length).toBeGreaterThan(0);
    await expect.poll(() => children.filter(isAlive), { timeout: 60_000 }).toEqual([]);
    const left = losses.map((loss) => stepOf(join(path, loss)));
    expect(Math.min(...left)).toBeLessThan(1500);
    expect((await runCommand(["resume", path, "--jobs", "2"])).code).toBe(0);
    expect((await unbroken).code).toBe(0);
    for (const run of ["teacher", ...losses]) expect(bitsOf(join(path, run))).toEqual(bitsOf(join(whole, run)));
    expect(existsSync(join(path, "report.html"))).toBe(true);
  });
});

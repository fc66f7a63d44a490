import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../support/command.ts";

const entry = fileURLToPath(new URL("../../bin/pushforward.mjs", import.meta.url));
const call = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** A disk of 256 KiB, a run that is copied to it, and whether such a disk can be had here. */
const disk = mkdtempSync(join(tmpdir(), "pushforward-disk-"));
const model = mkdtempSync(join(tmpdir(), "pushforward-"));
const isMounted = call("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk);
const run = join(disk, "run");
const tiny = [
  "--data",
  "moons",
  "--steps",
  "6",
  "--teacher-steps",
  "4",
  "--batch",
  "8",
  "--width",
  "4",
  "--depth",
  "1",
];

beforeAll(async () => {
  expect((await runHere(["compare", "lsd", ...tiny, "--jobs", "1", "--output", join(model, "run")])).code).toBe(0);
}, 60_000);
afterAll(() => {
  if (isMounted) call("umount", disk);
  for (const folder of [disk, model]) rmSync(folder, { recursive: true, force: true });
});

/** Fills the disk up to some free KiB. */
function fill(free: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - 1024 * free)));
}

/** Starts a command whose standard output is a file. */
async function runInto(
  file: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly stderr: string }> {
  const output = openSync(file, "w");
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["ignore", output, "pipe"] });
  let stderr = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = await once(child, "close");
  closeSync(output);
  return { code, stderr };
}

describe("a full disk", () => {
  it.for([
    ["a new run's settings", 0, ["train", "lsd", ...tiny, "--output", join(disk, "new")]],
    ["a training's metrics or checkpoint", 12, ["train", "lsd", ...tiny, "--output", join(disk, "new")]],
    ["a comparison's settings", 0, ["compare", "lsd", ...tiny, "--jobs", "1", "--output", join(disk, "new")]],
    [
      "a study's settings",
      0,
      ["compare", "--all", "lsd", "--seeds", "1", "--jobs", "1", "--output", join(disk, "new")],
    ],
    ["a report", 8, ["resume", run, "--jobs", "1"]],
    ["samples as CSV", 8, ["sample", join(run, "lsd"), "--output", join(disk, "samples.csv")]],
    ["samples as NPY", 8, ["sample", join(run, "lsd"), "--output", join(disk, "samples.npy")]],
  ] as const)(
    "that cannot take %s is named, ends the command with 1, and leaves what was there",
    async ([, free, args], context) => {
      if (!isMounted) context.skip("a small disk can only be mounted as root on Linux");
      for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
      cpSync(join(model, "run"), run, { recursive: true });
      const report = readFileSync(join(run, "report.html"));
      fill(free);
      const { code, stderr } = await runHere(args);
      expect(stderr).toMatch(/^pushforward: .*the disk is full; free some space and resume\n$/m);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(code).toBe(1);
      expect(readFileSync(join(run, "report.html"))).toEqual(report);
      expect(existsSync(join(disk, "samples.csv")) || existsSync(join(disk, "samples.npy"))).toBe(false);
      expect(
        (readdirSync(disk, { recursive: true }) as string[]).filter((name) => /partial$|writer-/.test(name)),
      ).toEqual([]);
    },
  );

  it("that takes a part of standard output makes the command fail", async (context) => {
    if (!isMounted) context.skip("a small disk can only be mounted as root on Linux");
    rmSync(join(disk, "filler"), { force: true });
    if (!existsSync(run)) cpSync(join(model, "run"), run, { recursive: true });
    fill(8);
    const { code, stderr } = await runInto(join(disk, "samples.csv"), ["sample", join(run, "lsd")]);
    expect(stderr).toBe(
      "pushforward: output: cannot use standard output: the disk is full; free some space and resume\n",
    );
    expect(code).toBe(1);
  }, 60_000);

  it("under standard output makes the command fail with a sentence", async (context) => {
    if (!existsSync("/dev/full")) context.skip("there is no /dev/full here");
    const { code, stderr } = await runInto("/dev/full", ["losses"]);
    expect(stderr).toMatch(/^pushforward: output: cannot use standard output: the disk is full; .*\n$/);
    expect(code).toBe(1);
  }, 60_000);
});

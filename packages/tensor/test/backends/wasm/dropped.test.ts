import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("./droppedScript.ts", import.meta.url));

/** MiB by which a process grows that compiles `count` functions of 16 MiB, and drops or keeps them. */
async function growth(count: number, threads: number, isKept = false): Promise<number> {
  const args = ["--expose-gc", "--import", "tsx", script, String(count), String(threads), isKept ? "1" : "0"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 300_000 });
  return Number(stdout);
}

describe("memory of compiled functions that are collected", () => {
  it("is returned, with threads up to what their pool may hold", async () => {
    expect(await growth(40, 1)).toBeLessThan(200);
    expect(await growth(40, 2)).toBeLessThan(450);
  });

  it("is kept as long as the functions are", async () => {
    expect(await growth(16, 2, true)).toBeGreaterThan(200);
  });
});

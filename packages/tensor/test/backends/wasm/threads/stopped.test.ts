import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("./stoppedScript.ts", import.meta.url));

/** What the script says last when its process is stopped so often, for so many ms, while it waits for a worker. */
async function lastWords(timeout: number, stops: number, duration: number): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", script, String(timeout)]);
  let [output, errors] = ["", ""];
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const end = new Promise((resolve) => child.on("exit", resolve));
  while (!output.includes("running") && child.exitCode === null) await setTimeout(10);
  for (let i = 0; i < stops; i++) {
    await setTimeout(137);
    child.kill("SIGSTOP");
    await setTimeout(duration);
    child.kill("SIGCONT");
  }
  await end;
  return `${output.trim().split("\n").at(-1)}${/compile: a worker thread must[^;]*/.exec(errors) ?? ""}`;
}

describe.skipIf(process.platform === "win32")("a thread pool in a process that is stopped", () => {
  it("goes on with the same bits, however long the stop was", async () => {
    const undisturbed = await lastWords(60_000, 0, 0);
    expect(undisturbed).toMatch(/^2 threads, -?\d+,-?\d+$/);
    expect(await lastWords(1000, 3, 1500)).toBe(undisturbed);
  });

  it("gives up on a worker that is slower than its timeout", async () => {
    expect(await lastWords(0, 0, 0)).toContain("got no progress in 0 s");
  });
});

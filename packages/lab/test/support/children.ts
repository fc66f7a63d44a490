import { type ChildProcess, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { outcomeOf, until } from "./command.ts";

/** Kills a command, as a power cut would, as soon as something holds. */
export async function killWhen(child: ChildProcess, holds: () => boolean): Promise<void> {
  const ended = outcomeOf(child);
  const tooEarly = ended.then(({ stderr }) => stderr);
  await until(child, holds).catch(async (error) => expect.fail(`${error.message}: ${await tooEarly}`));
  child.kill("SIGKILL");
  expect((await ended).signal).toBe("SIGKILL");
}

/** Whether processes can be listed here. */
export const hasPgrep = spawnSync("pgrep", ["-V"]).error === undefined;

/** The processes that a process has started. */
export const childrenOf = (pid: number): number[] =>
  spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean)
    .map(Number);

/** Whether a process is there and does something. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "");
  } catch {
    return false;
  }
}

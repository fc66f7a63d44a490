import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** What tells a process apart from every other one, on any host and after any restart. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The host's boot, so that process numbers from before a restart name no process of today; empty where unknown. */
  readonly boot: string;
  /** When the process started, in the words of its system, so that a process number in use again is noticed; empty where unknown. */
  readonly started: string;
}

/** This process. */
export const ownIdentity = (): ProcessIdentity => ({
  pid: process.pid,
  host: hostname(),
  boot: bootOfHost(),
  started: startOf(process.pid) ?? "",
});

/**
 * Whether a process has certainly ended. A process of another host counts as running, since its host alone knows.
 */
export function hasEnded(other: ProcessIdentity): boolean {
  if (other.host !== hostname()) return false;
  if (differ(other.boot, bootOfHost())) return true;
  const started = startOf(other.pid);
  return started === undefined || differ(started, other.started);
}

const differ = (a: string, b: string): boolean => a !== "" && b !== "" && a !== b;

function bootOfHost(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** When the running process of this number started; empty where that is unknown, undefined if there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined; // with EPERM it runs for another user
  }
  return process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
}

/** Clock ticks from the boot to the start of a process; undefined for one that has ended and was not yet waited for. */
function startOnLinux(pid: number): string | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return "";
  }
  // The second field is the command in parentheses, which may hold spaces; the state is field 3, the start field 22.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

function startByPs(pid: number): string {
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return (stdout ?? "").trim();
}

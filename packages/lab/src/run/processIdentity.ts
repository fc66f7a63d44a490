import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Identity of a process among the processes of all hosts, also after a restart of the host. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Identifier of the host's boot: a process number from before a restart names another process; empty where unknown. */
  readonly boot: string;
  /** Start time of the process in the system's own format, which tells a reused process number apart; empty where unknown. */
  readonly started: string;
}

/** The identity of this process. */
export const ownIdentity = (): ProcessIdentity => ({
  pid: process.pid,
  host: hostname(),
  boot: bootOfHost(),
  started: startOf(process.pid) ?? "",
});

/**
 * Whether a process has certainly ended. A process of another host counts as running, since only its host knows.
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

/** Start time of the running process with this number; empty where it is unknown, undefined without such a process. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined; // with EPERM it runs for another user
  }
  return process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
}

/** Clock ticks from the boot to the start of a process; undefined for a zombie, a process that has ended. */
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

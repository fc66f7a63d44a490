import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./atExit.ts";
import { goOn, hasStack, holdSameBits, run, succeed } from "./command.ts";
import { definePart, hold } from "./part.ts";
import { Scenarios } from "./scenarios.ts";

const call = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

const mountDisk = (path: string, kib: number): boolean =>
  call("mount", "-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", path);

/** Why a small disk cannot be mounted here. */
function obstacle(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), "campaign-disk-"));
  const isMounted = mountDisk(path, 16);
  if (isMounted) call("umount", path);
  rmSync(path, { recursive: true });
  return isMounted ? undefined : "a small disk (tmpfs) can only be mounted as root on Linux";
}

/** A disk that becomes full. */
export const disk = definePart<Scenarios>({
  name: "disk",
  what: "A run is written to a disk that becomes full at a random place: the command says so, ends with 1 and prints no stack trace; with more space it goes on to the bits of the unbroken run.",
  obstacle,
  setUp: async (folder) => new Scenarios(folder),
  async trial(scenarios, random, folder) {
    const { command, whole } = await scenarios.get(random.choose(["teacher", "student", "comparison"] as const));
    const kib = 4 * random.whole(1, 60);
    hold(mountDisk(folder, kib), () => `no disk of ${kib} KiB could be mounted`);
    const forget = atExit(() => call("umount", "-l", folder)); // a command may still use it
    try {
      const path = join(folder, "run");
      const train = [...command, "--checkpoint-every", "20", "--output", path];
      const { code, signal, output } = await run(train);
      hold(!hasStack(output), () => `${kib} KiB: a stack trace: ${output.slice(-600)}`);
      if (code === 0) {
        holdSameBits(path, whole);
        return { "disks large enough": 1 };
      }
      hold(
        code === 1 && /the disk is full/.test(output),
        () => `${kib} KiB: ended with ${code ?? signal}: ${output.slice(-600)}`,
      );
      const isBegun = existsSync(join(path, "config.json"));
      hold(call("mount", "-o", "remount,size=100m", folder), () => "the disk could not be enlarged");
      await succeed(goOn(train, path));
      holdSameBits(path, whole);
      return { [isBegun ? "disks full during the run" : "disks full before the run had begun"]: 1 };
    } finally {
      call("umount", folder);
      forget();
    }
  },
});

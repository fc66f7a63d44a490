import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { writeFileAtomic } from "../../src/run/atomicFile.ts";
import { claimFolder, FolderHeldError } from "../../src/run/claim.ts";
import { hasEnded, ownIdentity, type ProcessIdentity } from "../../src/run/processIdentity.ts";
import type { WriteBytes } from "../../src/run/writeWhole.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

/** A process that has ended and was waited for. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "close");
  return child.pid!;
}

const self = ownIdentity();

/** Writes a claim as another process would have. */
function leave(folder: string, epoch: number, writer: Partial<ProcessIdentity>): string {
  const file = join(folder, `writer-${epoch}.json`);
  writeFileSync(file, `${JSON.stringify({ ...self, since: "2026-01-01T00:00:00.000Z", token: "other", ...writer })}\n`);
  return file;
}

describe("a claim", () => {
  it("names process, host and start in its file, nests in one process, and leaves nothing behind", () => {
    const folder = temporaryFolder();
    const [outer, inner] = [claimFolder(folder), claimFolder(folder)];
    expect(readdirSync(folder)).toEqual(["writer-1.json"]);
    const written = JSON.parse(readFileSync(join(folder, "writer-1.json"), "utf8"));
    expect(written).toMatchObject({ pid: process.pid, host: hostname(), started: self.started });
    inner.release();
    outer.check();
    expect(readdirSync(folder)).toHaveLength(1);
    outer.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is refused while the process behind another claim runs, by number, host and time", () => {
    const folder = temporaryFolder();
    leave(folder, 1, {});
    expect(() => claimFolder(folder)).toThrow(FolderHeldError);
    expect(() => claimFolder(folder)).toThrow(
      `run: ${folder} is being written by process ${process.pid} on this host (${hostname()}), which claimed it at 2026-01-01T00:00:00.000Z; wait until it has ended, or end it`,
    );
    expect(readdirSync(folder)).toEqual(["writer-1.json"]);
  });

  it("is refused for a process of another host, with the file to remove", () => {
    const folder = temporaryFolder();
    const file = leave(folder, 3, { host: "elsewhere", pid: 1 });
    expect(() => claimFolder(folder)).toThrow(`on host elsewhere`);
    expect(() => claimFolder(folder)).toThrow(`if it has ended without removing ${file}, remove that file`);
    rmSync(file);
    claimFolder(folder).release();
  });

  it.each([
    ["has ended", async () => ({ pid: await endedPid() })],
    ["had the number of a process of today (the number is in use again)", async () => ({ started: "1" })],
    ["ran before the host was restarted", async () => ({ boot: "another" })],
  ])("is taken over under the next epoch from a process that %s", async (_, writer) => {
    if (self.started === "" || self.boot === "") return; // systems that do not say when a process started
    const folder = temporaryFolder();
    leave(folder, 4, await writer());
    const claim = claimFolder(folder);
    expect(claim.epoch).toBe(5);
    expect(readdirSync(folder)).toEqual(["writer-5.json"]);
    claim.check();
    claim.release();
  });

  it.each(["", "{", "7", "null", '{"pid":"x"}', '{"pid":-1,"host":"","boot":"","started":""}'])(
    "is taken over where its file says nothing: %s",
    (text) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "writer-1.json"), text);
      const claim = claimFolder(folder);
      expect(claim.epoch).toBe(2);
      claim.release();
    },
  );

  it("stops its process at the next check once a higher epoch exists, and leaves the other's claim", () => {
    const folder = temporaryFolder();
    const claim = claimFolder(folder);
    leave(folder, 2, { pid: 12, host: "elsewhere" });
    expect(() => claim.check()).toThrow(DomainError);
    expect(() => claim.check()).toThrow(
      `run: ${folder} was taken over by process 12 on host elsewhere, which claimed it at 2026-01-01T00:00:00.000Z; this process stops and writes no more into it`,
    );
    claim.release();
    expect(readdirSync(folder)).toEqual(["writer-2.json"]);
  });

  it("stops its process when the claim or the folder was removed, also if another one has its epoch now", () => {
    const folder = join(temporaryFolder(), "run");
    mkdirSync(folder);
    const claim = claimFolder(folder);
    const file = join(folder, "writer-1.json");
    rmSync(file);
    expect(() => claim.check()).toThrow("was removed, or its claim was");
    leave(folder, 1, { pid: 12, host: "elsewhere" });
    expect(() => claim.check()).toThrow("was taken over by process 12 on host elsewhere");
    rmSync(folder, { recursive: true });
    expect(() => claim.check()).toThrow("was removed, or its claim was");
    claim.release();
  });

  it("asks a caller that knows better whether the other process is gone", () => {
    const folder = temporaryFolder();
    leave(folder, 1, { host: "elsewhere" });
    const claim = claimFolder(folder, { isGone: ({ host }) => host === "elsewhere" });
    expect(claim.epoch).toBe(2);
    claim.release();
  });
});

describe("hasEnded", () => {
  it("tells running processes from those that have ended", async () => {
    expect(hasEnded(self)).toBe(false);
    expect(hasEnded({ ...self, pid: process.ppid, started: "" })).toBe(false);
    expect(hasEnded({ ...self, pid: await endedPid(), started: "" })).toBe(true);
    expect(hasEnded({ ...self, pid: await endedPid(), host: "elsewhere" })).toBe(false);
  });

  it("counts a stopped process as running", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"]);
    child.kill("SIGSTOP");
    expect(hasEnded({ ...self, pid: child.pid!, started: "" })).toBe(false);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(hasEnded({ ...self, pid: child.pid!, started: "" })).toBe(true);
  });
});

describe("a file that is written under a claim", () => {
  const checkpoint = (folder: string): string => join(folder, "checkpoint.safetensors");

  it("is not replaced by a process that was stopped at any moment while another one took the folder over", () => {
    const newer = (folder: string): void => {
      const second = claimFolder(folder, { isGone: () => true });
      writeFileAtomic(checkpoint(folder), "newer", { claim: second });
    };
    // Before the partial file is opened, while it is written, and after the last check.
    const stops = ["write", "check"] as const;
    for (const stop of [undefined, ...stops]) {
      const folder = temporaryFolder();
      const file = leave(folder, 1, {});
      const text = readFileSync(file, "utf8");
      const holds = (): boolean => existsSync(file) && readFileSync(file, "utf8") === text;
      const check = (): void => {
        if (!holds()) throw new DomainError("run: was taken over");
        if (stop === "check") newer(folder);
      };
      if (stop === undefined) newer(folder);
      const write = (...args: Parameters<WriteBytes>): number => {
        if (stop === "write" && holds()) newer(folder);
        return writeSync(...args);
      };
      const stopped = { claim: { token: "old", check }, write };
      expect(() => writeFileAtomic(checkpoint(folder), "older", stopped)).toThrow(DomainError);
      expect(readFileSync(checkpoint(folder), "utf8")).toBe("newer");
      expect(readdirSync(folder).filter((name) => name.endsWith(".partial"))).toEqual([]);
    }
  });
});

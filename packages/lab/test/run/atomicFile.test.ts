import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { fileError, writeFileAtomic } from "../../src/run/atomicFile.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

describe("writeFileAtomic", () => {
  it("writes text and bytes, replaces what was there, and leaves nothing else behind", () => {
    const folder = temporaryFolder();
    const file = join(folder, "a.txt");
    writeFileAtomic(file, "first, and longer");
    writeFileAtomic(file, "zweite ÷");
    expect(readFileSync(file, "utf8")).toBe("zweite ÷");
    writeFileAtomic(file, Uint8Array.of(0, 255, 7));
    expect([...readFileSync(file)]).toEqual([0, 255, 7]);
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  it("writes over what a killed write left behind", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.txt.partial"), "half of something much longer");
    writeFileAtomic(join(folder, "a.txt"), "whole");
    expect(readdirSync(folder)).toEqual(["a.txt"]);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("whole");
  });

  it("names the file that cannot be written and leaves no part of it", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "a.txt", "inside"), { recursive: true });
    expect(() => writeFileAtomic(join(folder, "a.txt"), "x")).toThrow(join(folder, "a.txt"));
    expect(readdirSync(folder)).toEqual(["a.txt"]);
    expect(() => writeFileAtomic(join(folder, "missing", "a.txt"), "x")).toThrow("there is no such file or folder");
  });
});

describe("fileError", () => {
  const failure = (code: string) => Object.assign(new Error(`${code}: something technical`), { code });

  it("says in words what the system answered, and what to try", () => {
    expect(fileError("run", "out", failure("EACCES")).message).toBe(
      "run: cannot use out: permission denied; choose a folder you may write to",
    );
    expect(fileError("run", "out", failure("ENOSPC")).message).toContain("the disk is full");
    expect(fileError("run", "out", failure("EODD")).message).toContain("EODD: something technical");
  });

  it("hands on an error that is in our form already", () => {
    const ours = new DomainError("said before");
    expect(fileError("run", "out", ours)).toBe(ours);
  });
});

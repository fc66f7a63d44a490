import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, tool } from "../../../scripts/workspace.ts";

/** Output of a program in TypeScript, where the packages resolve as in the repository. */
export function runProgram(source: string): string {
  const folder = mkdtempSync(join(root, "node_modules/.program-"));
  try {
    writeFileSync(join(folder, "program.mts"), source);
    return execFileSync(tool("tsx"), [join(folder, "program.mts")], { encoding: "utf8" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

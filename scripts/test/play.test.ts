import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publicPackages, root, tool } from "../workspace.ts";

/** Runs `play` as pnpm does in a folder. */
const playIn = (folder: string, ...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(tool("tsx"), [join(root, "scripts/play.ts"), ...args], {
    cwd: root,
    env: { ...process.env, INIT_CWD: folder },
    encoding: "utf8",
  });

describe("play", () => {
  it("runs a file relative to the caller's folder, with arguments and a package", () => {
    const folder = mkdtempSync(join(root, "playground/test-"));
    try {
      const lines = ['import { tensor } from "@pushforward/tensor";', "console.log(tensor(2).mul(3).item());"];
      lines.push('console.log(process.argv.slice(2).join(), process.cwd().split("/").pop());');
      writeFileSync(join(folder, "mine.ts"), `${lines.join("\n")}\n`);
      const { stdout, stderr } = playIn(folder, "mine.ts", "--", "-x", "y");
      expect(stderr).toBe("");
      expect(stdout).toBe(`6\n--,-x,y ${folder.split("/").pop()}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each([[["nothing.ts"]], [["playground"]], [[]]])("names the missing file for %j, and the right call", (args) => {
    const { status, stderr } = playIn(root, ...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^play: must be given a TypeScript file, got .*; try: npx --yes pnpm@10 play playground\/first\.ts\n$/,
    );
  });

  it("finds every published package, because the root lists all of them", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining(publicPackages().map(({ name }) => name)));
  });
});

/**
 * Builds every public package and packs it: `pnpm tarballs ../mine/packages`, relative to the folder in which the command is
 * called. Any project installs the tarballs with `npm install ./packages/*.tgz`.
 */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { publicPackages, runCommand, tool } from "./workspace.ts";

/** The pnpm that runs this script, otherwise the pnpm that npx fetches: a nested npx would print warnings about pnpm's settings. */
const running = process.env.npm_execpath ?? "";
const pnpm = running.includes("pnpm") ? [process.execPath, running] : ["npx", "--yes", "pnpm@10"];

const [folder] = process.argv.slice(2).filter((argument) => argument !== "--");
if (folder === undefined) throw new Error("tarballs: must be given a folder to pack into, got none");
const destination = resolve(process.env.INIT_CWD ?? process.cwd(), folder);

runCommand(tool("tsx"), ["scripts/build.ts"]);
mkdirSync(destination, { recursive: true });
for (const each of publicPackages()) {
  runCommand(pnpm[0], [...pnpm.slice(1), "pack", "--pack-destination", destination], each.folder);
}

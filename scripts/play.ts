/**
 * Runs a user's TypeScript file: `pnpm play playground/first.ts`. Paths are relative to the folder in which the command is
 * called. Arguments after the file are passed to the file.
 */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [file, ...rest] = process.argv.slice(2).filter((argument, i) => i > 0 || argument !== "--");
const caller = process.env.INIT_CWD ?? process.cwd();
const path = resolve(caller, file ?? "");
if (file === undefined || !statSync(path, { throwIfNoEntry: false })?.isFile()) {
  const got = file === undefined ? "none" : `${file}, but there is no file ${path}`;
  console.error(`play: must be given a TypeScript file, got ${got}; try: npx --yes pnpm@10 play playground/first.ts`);
  process.exitCode = 1;
} else {
  process.chdir(caller);
  process.argv = [process.argv[0], path, ...rest];
  await import(pathToFileURL(path).href);
}

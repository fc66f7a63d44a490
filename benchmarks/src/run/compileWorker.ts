import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../..");
const root = dirname(folder);
const output = join(folder, ".build");

/**
 * Compiles the packages and the worker to JavaScript, as for publication: any Node runs it with any flags, and no loader slows
 * the measurement.
 *
 * @returns path of the worker's script
 */
export function compileWorker(): string {
  rmSync(output, { recursive: true, force: true });
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(folder, "tsconfig.build.json")], { stdio: ["ignore", 2, 2] });
  const scope = join(output, "node_modules/@pushforward");
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(output, "packages"))) {
    const target = join(output, "packages", name);
    copyAssets(join(root, "packages", name, "src"), join(target, "src"));
    writeFileSync(join(target, "package.json"), JSON.stringify({ type: "module", exports: "./src/index.js" }));
    symlinkSync(target, join(scope, name), "junction");
    linkDependencies(join(root, "packages", name));
  }
  writeFileSync(join(output, "package.json"), JSON.stringify({ type: "module" }));
  return join(output, "benchmarks/src/worker/main.js");
}

/** Links the dependencies of a package to its compiled copy. */
function linkDependencies(folder: string): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const name of Object.keys(dependencies).filter((each) => !each.startsWith("@pushforward/"))) {
    const link = join(output, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(realpathSync(join(folder, "node_modules", name)), link, "junction");
  }
}

/** Files that the compiler does not copy and that the code reads at run time. */
function copyAssets(source: string, target: string): void {
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || extname(entry.name) === ".ts") continue;
    const path = join(entry.parentPath, entry.name);
    const copy = join(target, path.slice(source.length));
    if (!existsSync(copy)) cpSync(path, copy);
  }
}

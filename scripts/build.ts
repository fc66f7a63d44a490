/**
 * Compiles every public package to its dist/ folder: ES modules and type declarations.
 *
 * One compiler run covers all packages, so that types cross package borders from source. Then the output is split into packages.
 */
import { cpSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { publicPackages, root, runCommand, tool, type WorkspacePackage } from "./workspace.ts";

const output = join(root, ".build");

/** Files that the compiler does not copy and that the code reads at run time. */
function copyAssets({ folder }: WorkspacePackage): void {
  const source = join(folder, "src");
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || extname(entry.name) === ".ts") continue;
    const path = join(entry.parentPath, entry.name);
    cpSync(path, join(folder, "dist", path.slice(source.length)));
  }
}

/** A declaration that names another package by its path would break once that package is installed elsewhere. */
function checkBorders({ name, folder }: WorkspacePackage): void {
  const dist = join(folder, "dist");
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const [path] = readFileSync(join(dist, file), "utf8").match(/["'][./]*\/(?:packages|src)\/[^"']*["']/) ?? [];
    if (path) {
      throw new Error(`build: ${name} ${file} must name packages by their name, got ${path}; annotate the export`);
    }
  }
}

rmSync(output, { recursive: true, force: true });
runCommand(tool("tsc"), ["-p", "tsconfig.build.json"]);
for (const each of publicPackages()) {
  const dist = join(each.folder, "dist");
  rmSync(dist, { recursive: true, force: true });
  renameSync(join(output, basename(each.folder), "src"), dist);
  copyAssets(each);
  checkBorders(each);
  console.log(`${each.name} → ${dist.slice(root.length + 1)}`);
}
rmSync(output, { recursive: true, force: true });

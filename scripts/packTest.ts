/**
 * Uses the packages as a stranger would: packs each one, installs the tarballs with npm in an empty folder, imports
 * them under plain Node, type-checks against their declarations and runs the README's example.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { checkPrinted, readExample } from "./readme.ts";
import { publicPackages, root, runCommand, tool, type WorkspacePackage } from "./workspace.ts";

/** The pnpm that runs this script, else the one npx fetches: a nested npx would complain of pnpm's settings. */
const running = process.env.npm_execpath ?? "";
const pnpm = running.includes("pnpm") ? [process.execPath, running] : ["npx", "--yes", "pnpm@10"];

/** Packs one package and returns its tarball. */
function pack({ name, folder }: WorkspacePackage, destination: string): string {
  mkdirSync(destination);
  runCommand(pnpm[0], [...pnpm.slice(1), "pack", "--pack-destination", destination], folder);
  const [tarball] = readdirSync(destination);
  if (!tarball) throw new Error(`packTest: ${name} must pack into a tarball, got none`);
  return join(destination, tarball);
}

/** A use of the fluent methods, which reach the declarations by module augmentation. */
const fluent = "export const doubled: tensor.Tensor = tensor.tensor([1, 2]).mul(2);";

/** A project that depends on every tarball, also where one package asks for another. */
function writeConsumer(consumer: string, tarballs: Map<string, string>): void {
  const names = [...tarballs.keys()];
  const dependencies = Object.fromEntries(names.map((name) => [name, `file:${tarballs.get(name)}`]));
  const overrides = Object.fromEntries(names.map((name) => [name, `$${name}`]));
  mkdirSync(consumer);
  const manifest = { name: "consumer", private: true, type: "module", dependencies, overrides };
  writeFileSync(join(consumer, "package.json"), JSON.stringify(manifest));
  const imports = names.map((name) => `import * as ${basename(name)} from "${name}";`);
  const entries = names.map((name) => `  ["${name}", ${basename(name)}],`);
  const lines = [...imports, "for (const [name, module] of [", ...entries, "] as const) {"];
  lines.push('  console.log(name + ": " + (Object.keys(module).join(" ") || "exports nothing"));', "}", fluent);
  writeFileSync(join(consumer, "exports.ts"), `${lines.join("\n")}\n`);
}

/** Type-checks the consumer against the published declarations and lists what each package exports. */
function checkExports(consumer: string): void {
  const compilerOptions = { target: "es2023", module: "nodenext", strict: true, types: ["node"], outDir: "out" };
  const typeRoots = [join(root, "node_modules/@types")];
  const config = { compilerOptions: { ...compilerOptions, typeRoots }, files: ["exports.ts"] };
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify(config));
  runCommand(tool("tsc"), ["-p", "."], consumer);
  runCommand(process.execPath, ["out/exports.js"], consumer);
}

/** Runs the README's example as plain JavaScript. */
function checkReadme(consumer: string): void {
  const example = readExample(join(root, "README.md"));
  if (!example) throw new Error("packTest: README.md must have an example, got no <!-- example --> marker");
  writeFileSync(join(consumer, "example.mjs"), example.code);
  const output = execFileSync(process.execPath, ["example.mjs"], { cwd: consumer, encoding: "utf8" });
  checkPrinted("README.md", example, output);
  console.log(`README.md: the example prints\n${output}`);
}

/** Every command of a package must start from the installed copy. */
function checkCommands(consumer: string): void {
  for (const command of publicPackages().flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}))) {
    runCommand(join(consumer, "node_modules", ".bin", command), ["--help"], consumer);
  }
}

const folder = mkdtempSync(join(tmpdir(), "pushforward-pack-"));
try {
  runCommand(tool("tsx"), ["scripts/build.ts"]);
  const tarballs = new Map<string, string>();
  for (const each of publicPackages()) tarballs.set(each.name, pack(each, join(folder, basename(each.folder))));
  const consumer = join(folder, "consumer");
  writeConsumer(consumer, tarballs);
  runCommand("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], consumer);
  checkExports(consumer);
  checkReadme(consumer);
  checkCommands(consumer);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

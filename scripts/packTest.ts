/**
 * Uses the packages as a new user would: follows "In a project of your own" of the README line by line in an empty folder, then
 * imports every package, compiles and runs the README's examples, and starts the commands there.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { checkPrinted, type Example, exampleOf, readExamples } from "./examples.ts";
import { blocksOf, sectionOf } from "./markdown.ts";
import { publicPackages, root, runCommand } from "./workspace.ts";

const readme = join(root, "README.md");
const heading = "In a project of your own";
/** The name that the README gives to the project, beside the clone. */
const placeholder = "../mine";

/** The instructions of the README: the lines before the file, the file, the lines that run it. */
function readSteps(): { install: string; file: Example; run: string } {
  const blocks = blocksOf(sectionOf(readFileSync(readme, "utf8"), heading)).filter(({ fence }) => fence !== undefined);
  const [install, file, run] = blocks.map(({ text }) => text);
  const fences = blocks.map(({ fence }) => fence).join();
  if (fences !== "sh,ts,sh" || !install.includes(placeholder)) {
    throw new Error(
      `packTest: "${heading}" must have a sh block with ${placeholder}, a ts block, a sh block, got ${fences}`,
    );
  }
  return { install, file: exampleOf(`${file}\n`), run };
}

/** The environment of a fresh shell, without the variables of the package manager that runs this script. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|INIT_CWD$)/i.test(name)),
);

/** Runs lines in a shell, shows their output, and returns it. */
function shell(lines: string, cwd: string): string {
  const output = execFileSync("bash", ["-euo", "pipefail", "-c", lines], {
    cwd,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.stdout.write(output);
  return output;
}

/** A use of the fluent methods, which reach the declarations by module augmentation. */
const fluent = "export const doubled: tensorPackage.Tensor = tensorPackage.tensor([1, 2]).mul(2);";

/** A module that imports every package and lists what each exports. */
function exportsModule(): string {
  const names = publicPackages().map(({ name }) => name);
  // A package may have the name of a keyword: export.
  const variableOf = (name: string): string => `${basename(name)}Package`;
  const imports = names.map((name) => `import * as ${variableOf(name)} from "${name}";`);
  const entries = names.map((name) => `  ["${name}", ${variableOf(name)}],`);
  const lines = [...imports, "for (const [name, module] of [", ...entries, "] as const) {"];
  lines.push('  console.log(name + ": " + (Object.keys(module).join(" ") || "exports nothing"));', "}", fluent);
  return `${lines.join("\n")}\n`;
}

/** Compiles all modules in one strict program against the declarations, then runs each. */
function checkModules(project: string): void {
  const examples = readExamples(readme).map((example, i) => ({ name: `example${i + 1}`, example }));
  for (const { name, example } of examples) writeFileSync(join(project, `${name}.ts`), example.code);
  writeFileSync(join(project, "exports.ts"), exportsModule());
  const compilerOptions = { target: "es2023", module: "nodenext", strict: true, types: ["node"] };
  const files = ["exports", ...examples.map(({ name }) => name)].map((name) => `${name}.ts`);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  shell("npx tsc", project);
  shell("node exports.js", project);
  for (const { name, example } of examples) {
    if (example.notRun === undefined) checkPrinted(`README.md ${name}`, example, shell(`node ${name}.js`, project));
  }
}

/** Every command of a package must start from the installed copy. */
function checkCommands(project: string): void {
  for (const command of publicPackages().flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}))) {
    runCommand(join(project, "node_modules", ".bin", command), ["--help"], project);
  }
}

const folder = mkdtempSync(join(tmpdir(), "pushforward-pack-"));
/** A loss of the user's own trains in the installed command, whose packages it imports. */
function checkOwnLoss(project: string): void {
  const small = "--steps 2 --batch 8 --width 8 --teacher-steps 2 --data gaussian --output own";
  shell("npx pushforward init loss myLoss", project);
  shell(`npx pushforward train ./myLoss.ts ${small}`, project);
}

try {
  const project = join(folder, "mine");
  mkdirSync(project);
  const { install, file, run } = readSteps();
  shell(install.replaceAll(placeholder, project), root);
  writeFileSync(join(project, "first.ts"), file.code);
  checkPrinted(`README.md "${heading}"`, file, shell(run, project));
  checkModules(project);
  checkCommands(project);
  checkOwnLoss(project);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

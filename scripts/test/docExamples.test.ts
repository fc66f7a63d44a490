import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pages } from "../markdown.ts";
import { checkPrinted, readExamples } from "../readme.ts";
import { root, tool } from "../workspace.ts";

/** The front page, whose examples are plain JavaScript, so that a project without types can copy them. */
const front = join(root, "README.md");

/** The examples of the guides and of the front page, each a module of its own. */
const examples = pages()
  .filter((file) => file === front || file.startsWith(join(root, "docs")))
  .flatMap((file) => {
    const page = file === front ? "front" : basename(file, ".md");
    return readExamples(file).map((example, i) => ({
      name: `${page} ${i + 1}`,
      module: `${page}-${i + 1}`,
      file,
      example,
    }));
  });

/** Where every package can be imported by its name: a package does not list itself. */
const scratch = join(root, "packages/lab/node_modules/.docs");

/** Runs modules one after the other in one process, and says for each what it printed or threw. */
const runner = `
const results = {};
for (const name of process.argv.slice(2)) {
  const lines = [];
  console.log = (...values) => lines.push(values.join(" "));
  try {
    await import("./" + name + ".mts");
  } catch (error) {
    lines.push(String(error?.stack ?? error));
  }
  results[name] = lines.join("\\n");
}
process.stdout.write(JSON.stringify(results));
`;

let printed: Record<string, string> = {};

beforeAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  for (const { module, example } of examples) writeFileSync(join(scratch, `${module}.mts`), example.code);
  writeFileSync(join(scratch, "run.mjs"), runner);
  const modules = examples.map(({ module }) => module);
  printed = JSON.parse(execFileSync(tool("tsx"), [join(scratch, "run.mjs"), ...modules], { encoding: "utf8" }));
}, 120_000);

describe("examples of the guides", () => {
  it.each(examples)("$name prints what its comments say", ({ file, module, example }) => {
    checkPrinted(file, example, printed[module]);
  });

  it("have the types that they need, so that they can be copied into a strict project", { timeout: 60_000 }, () => {
    const config = { extends: join(root, "tsconfig.json"), include: ["*.mts"], exclude: ["front-*.mts"] };
    writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify(config));
    const { stdout } = spawnSync(tool("tsc"), ["-p", scratch], { cwd: scratch, encoding: "utf8" });
    expect(stdout).toBe("");
  });

  it("there are twenty or more", () => {
    expect(examples.length).toBeGreaterThanOrEqual(20);
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPrinted, exampleOf, readExamples } from "../examples.ts";
import { blocksOf, pages } from "../markdown.ts";
import { root, tool } from "../workspace.ts";

/** The examples of every page and the first file of the playground, each as a separate module. */
const examples = [
  ...pages().flatMap((file) => readExamples(file).map((example, i) => ({ file, number: i + 1, example }))),
  ...["playground/first.ts"].map((file) => {
    const path = join(root, file);
    return { file: path, number: 1, example: exampleOf(readFileSync(path, "utf8")) };
  }),
].map(({ file, number, example }) => {
  const name = `${relative(root, file)} ${number}`;
  return { name, module: name.replaceAll(/\W/g, "-"), example };
});
const run = examples.filter(({ example }) => example.notRun === undefined);

/** Where a project of the workspace resolves packages by their names: below the root, which lists all published packages. */
mkdirSync(join(root, "node_modules"), { recursive: true });
const scratch = mkdtempSync(join(root, "node_modules/.examples-"));

/** Runs modules one after the other in one process, and records the output or the error of each. */
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

/** Errors of the strict compiler in the modules of a folder. */
function complaints(folder: string): string {
  const config = { extends: join(root, "tsconfig.json"), include: ["*.mts"], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  return spawnSync(tool("tsc"), ["-p", folder], { cwd: folder, encoding: "utf8" }).stdout;
}

let printed: Record<string, string> = {};

beforeAll(() => {
  for (const { module, example } of examples) writeFileSync(join(scratch, `${module}.mts`), example.code);
  writeFileSync(join(scratch, "run.mjs"), runner);
  const modules = run.map(({ module }) => module);
  printed = JSON.parse(execFileSync(tool("tsx"), [join(scratch, "run.mjs"), ...modules], { encoding: "utf8" }));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("examples of the pages", () => {
  it.each(run)("$name prints what its comments say", ({ name, module, example }) => {
    checkPrinted(name, example, printed[module]);
  });

  it("compile under strict TypeScript, so that they can be copied into any project", () => {
    expect(complaints(scratch)).toBe("");
  });

  it("exist on every page that teaches a package", () => {
    const places = new Set(examples.map(({ name }) => name.replace(/ \d+$/, "")));
    const packages = ["tensor", "autodiff", "flows", "losses", "nn", "training", "verify"].map(
      (name) => `packages/${name}/README.md`,
    );
    const guides = ["tensor", "autodiff", "fromScratch", "lesson", "flows", "losses"].map((name) => `docs/${name}.md`);
    expect([...places]).toEqual(expect.arrayContaining(["README.md", ...packages, ...guides]));
  });

  it("run, except the examples of this list, whose reason stands on the page", () => {
    expect(examples.filter(({ example }) => example.notRun).map(({ name }) => name)).toEqual([]);
  });

  it("are marked ts; only the code of a loss has another mark", () => {
    const others = pages().flatMap((file) =>
      blocksOf(readFileSync(file, "utf8"))
        .filter(({ fence }) => /^(typescript|tsx|mts|js|javascript|mjs)$/i.test(fence ?? ""))
        .map(() => relative(root, file)),
    );
    expect(others.filter((file) => !file.startsWith("docs/losses/"))).toEqual([]);
  });
});

describe("the check of examples", () => {
  it("refuses an example with a different output", () => {
    const example = exampleOf("console.log(1, 2, 3); // → 1 2 3");
    expect(() => checkPrinted("page 1", example, "1 2 4\n")).toThrow("must print the lines of its comments");
    expect(() => checkPrinted("page 1", example, "1 2 3\n")).not.toThrow();
  });

  it("refuses an argument without a type", () => {
    const folder = mkdtempSync(join(scratch, "open-"));
    writeFileSync(join(folder, "open.mts"), "export const show = (y) => console.log(y);\n");
    expect(complaints(folder)).toContain("Parameter 'y' implicitly has an 'any' type");
  });

  it("lets every block of a page with one program continue the blocks above it", () => {
    const page = join(scratch, "program.md");
    const blocks = "```ts\nlet x = 1;\n```\n\ntext\n\n```ts\nx++;\n```\n";
    writeFileSync(page, blocks);
    expect(readExamples(page).map(({ code }) => code)).toEqual(["let x = 1;\n", "x++;\n"]);
    writeFileSync(page, `<!-- one program -->\n${blocks}`);
    expect(readExamples(page).map(({ code }) => code)).toEqual(["let x = 1;\n", "let x = 1;\nx++;\n"]);
  });

  it("reads the reason why an example does not run", () => {
    const page = join(scratch, "page.md");
    writeFileSync(page, "<!-- not run: needs a screen -->\n```ts\nlet x = 1;\n```\n\ntext\n\n```ts\nlet y = 2;\n```\n");
    expect(readExamples(page).map(({ code, notRun }) => [code, notRun])).toEqual([
      ["let x = 1;\n", "needs a screen"],
      ["let y = 2;\n", undefined],
    ]);
  });
});

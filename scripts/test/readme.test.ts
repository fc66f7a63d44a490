import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPrinted, readExample } from "../readme.ts";
import { root, tool, workspacePackages } from "../workspace.ts";

/** The READMEs with an example. */
const examples = [root, ...workspacePackages().map(({ folder }) => folder)].flatMap((folder) => {
  const file = join(folder, "README.md");
  const example = existsSync(file) ? readExample(file) : undefined;
  return example ? [{ name: relative(root, file), file, example }] : [];
});

/** Where every package can be imported by its name: a package does not list itself. */
const scratch = join(root, "packages/lab/node_modules/.readme");

describe("README examples", () => {
  it.each(examples)("$name prints what its comments say", { timeout: 60_000 }, ({ name, file, example }) => {
    mkdirSync(scratch, { recursive: true });
    const script = join(scratch, `${name.replaceAll(/\W/g, "-")}.mts`);
    writeFileSync(script, example.code);
    checkPrinted(file, example, execFileSync(tool("tsx"), [script], { encoding: "utf8" }));
  });

  it("an example that prints something else is refused", () => {
    const example = { code: "", prints: ["1 2 3"] };
    expect(() => checkPrinted("README.md", example, "1 2 4\n")).toThrow("must print what it says");
  });
});

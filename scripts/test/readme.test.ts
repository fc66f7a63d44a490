import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPrinted, readExample } from "../readme.ts";
import { root, tool, workspacePackages } from "../workspace.ts";

/** The READMEs with an example, and the package from whose place it runs. The root's may use every package, as lab does. */
const places = [
  { file: join(root, "README.md"), folder: join(root, "packages/lab") },
  ...workspacePackages().map(({ folder }) => ({ file: join(folder, "README.md"), folder })),
].flatMap(({ file, folder }) => {
  const example = existsSync(file) ? readExample(file) : undefined;
  return example ? [{ name: relative(root, file), file, folder, example }] : [];
});

describe("README examples", () => {
  it.each(places)("$name prints what its comments say", { timeout: 60_000 }, ({ file, folder, example }) => {
    const scratch = join(folder, "node_modules", ".readme");
    mkdirSync(scratch, { recursive: true });
    const script = join(scratch, file === join(root, "README.md") ? "root.mjs" : "package.mjs");
    writeFileSync(script, example.code);
    checkPrinted(file, example, execFileSync(tool("tsx"), [script], { encoding: "utf8" }));
  });

  it("an example that prints something else is refused", () => {
    const example = { code: "", prints: ["1 2 3"] };
    expect(() => checkPrinted("README.md", example, "1 2 4\n")).toThrow("must print what it says");
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCircle, importGraph, relativeImports, valueImports } from "../importGraph.ts";
import { root, type WorkspacePackage, workspacePackages } from "../workspace.ts";

/** The packages each one may depend on; tests may use testing besides. */
const arrows: Record<string, string[]> = {
  tensor: [],
  autodiff: ["tensor"],
  flows: ["tensor", "autodiff"],
  nn: ["tensor", "autodiff"],
  losses: ["tensor", "autodiff", "flows"],
  training: ["tensor", "autodiff", "flows", "nn", "losses"],
  verify: ["tensor", "autodiff", "flows", "losses"],
  export: ["tensor", "autodiff", "flows", "losses"],
  lab: ["tensor", "autodiff", "flows", "losses", "nn", "training", "verify", "export"],
  testing: ["tensor", "autodiff"],
};

const scope = "@pushforward/";
const packages = workspacePackages();

/** Names of the packages that a source text imports, Node's own modules left out. */
function importedPackages(source: string): string[] {
  const specifiers = source.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm);
  return Array.from(specifiers, ([, fixed, dynamic]) => fixed ?? dynamic)
    .filter((specifier) => !specifier.startsWith("node:"))
    .map((specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
}

/** `file: package` for every import in a folder of a package that is not among the allowed names. */
function strayImports({ folder }: WorkspacePackage, part: string, allowed: string[]): string[] {
  return readdirSync(join(folder, part), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const imports = importedPackages(readFileSync(join(folder, part, file), "utf8"));
      return imports.filter((name) => !allowed.includes(name)).map((name) => `${part}/${file}: ${name}`);
    });
}

/** Whether a file in a folder imports a module of Node. */
const importsNode = (folder: string): boolean =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .some((file) => /^import\b[^;]*?"node:|\bimport\("node:/m.test(readFileSync(join(folder, file), "utf8")));

/** Paths of the files in a folder of the repository, without built files and installed packages, whose links go round in circles. */
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : filesIn(path);
    return [path];
  });

describe("arrows between packages", () => {
  it("finds imports in every form, and no relative ones", () => {
    const source = [
      'import { a } from "@pushforward/lab";',
      'import type {\n  B,\n} from "mathjs/number";',
      'export * from "./shape.ts";',
      'const plot = await import("@observablehq/plot");',
      'import { join } from "node:path";',
    ].join("\n");
    expect(importedPackages(source)).toEqual(["@pushforward/lab", "mathjs", "@observablehq/plot"]);
  });

  it.each(packages)("$name depends only on the packages below it", ({ name, manifest }) => {
    const listed = Object.keys(manifest.dependencies ?? {}).filter((each) => each.startsWith(scope));
    const allowed = arrows[name.slice(scope.length)].map((each) => scope + each);
    expect(listed.filter((each) => !allowed.includes(each))).toEqual([]);
  });

  it.each(packages)("$name imports only what its package.json lists", (each) => {
    const { dependencies, peerDependencies } = each.manifest;
    expect(strayImports(each, "src", Object.keys({ ...dependencies, ...peerDependencies }))).toEqual([]);
  });

  it("only the command and the tests' helpers import Node's modules: the other packages run in pages", () => {
    const importers = packages.filter(({ folder }) => importsNode(join(folder, "src"))).map(({ name }) => name);
    expect(importers).toEqual(["@pushforward/lab", "@pushforward/testing"]);
  });

  it("finds an import that package.json does not list (control)", () => {
    const lab = packages.find(({ name }) => name === "@pushforward/lab");
    expect(lab && strayImports(lab, "src", []).length).not.toBe(0);
  });

  it("only nn knows what the parameters of its networks look like: all others take networks as they come", () => {
    const files = ["packages", "benchmarks", "tests", "page", "scripts", "docs", "playground"].flatMap(filesIn);
    const readers = files.filter(
      (file) =>
        /\.(?:ts|md|svelte)$/.test(file) && /\b(?:Mlp|Layer)Params\b/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(readers.filter((file) => !file.startsWith("packages/nn/"))).toEqual([]);
    expect(readers.length).toBeGreaterThan(0);
  });
});

describe("arrows between files", () => {
  it.each(packages)("$name has no circle of value imports", ({ folder }) => {
    expect(findCircle(importGraph(join(folder, "src")))).toBeUndefined();
  });

  it("finds a circle of values and no circle of types (control)", () => {
    const circle = new Map([
      ["a.ts", ["b.ts"]],
      ["b.ts", ["c.ts"]],
      ["c.ts", ["b.ts"]],
    ]);
    expect(findCircle(circle)).toEqual(["b.ts", "c.ts", "b.ts"]);
    const source = [
      'import type { A } from "./a.ts";',
      'import { type B, type C } from "./b.ts";',
      'import { type D, e } from "./d.ts";',
      'export * from "./f.ts";',
      'import { join } from "node:path";',
    ].join("\n");
    expect(valueImports(source)).toEqual(["./d.ts", "./f.ts"]);
  });
});

/** Folders of tensor, each of which may import those before it; the last is the folder of `index.ts`, `compile.ts` and `random.ts`. */
const layers = "array scalar primitives interpret ops program expression compiler backends io .".split(" ");

/** Folders whose imports are fewer than their place allows. */
const narrowed: Record<string, string[]> = { scalar: [], expression: ["array", "scalar"], io: ["array"] };

/** `file imports file` for every arrow of a graph that its folder may not draw. */
function turnedArrows(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const folderOf = (file: string): string => (file.includes("/") ? file.split("/")[0] : ".");
  return [...graph].flatMap(([file, imports]) => {
    const folder = folderOf(file);
    const allowed = [folder, ...(narrowed[folder] ?? layers.slice(0, layers.indexOf(folder)))];
    return imports.filter((each) => !allowed.includes(folderOf(each))).map((each) => `${file} imports ${each}`);
  });
}

describe("arrows between the folders of tensor", () => {
  const { folder } = packages.find(({ name }) => name === "@pushforward/tensor")!;
  const graph = importGraph(join(folder, "src"), relativeImports);

  it("point from later folders to earlier ones, types included", () => {
    expect(turnedArrows(graph)).toEqual([]);
    expect(
      new Set([...graph.keys()].map((file) => file.split("/")[0]).filter((name) => !name.endsWith(".ts"))),
    ).toEqual(new Set(layers.slice(0, -1)));
  });

  it("finds an arrow in the wrong direction (control)", () => {
    const turned = new Map([
      ["expression/a.ts", ["backends/b.ts", "array/c.ts", "expression/d.ts"]],
      ["array/c.ts", ["index.ts"]],
      ["index.ts", ["backends/b.ts"]],
    ]);
    expect(turnedArrows(turned)).toEqual(["expression/a.ts imports backends/b.ts", "array/c.ts imports index.ts"]);
    expect(
      relativeImports('import type { A } from "./a.ts";\nexport {\n  b,\n} from "../b.ts";\nimport "node:fs";'),
    ).toEqual(["./a.ts", "../b.ts"]);
  });
});

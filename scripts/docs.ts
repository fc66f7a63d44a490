/** Rewrites the generated tables of every page; with --check it only says which pages are stale, and fails if any is. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { tables } from "./docTables.ts";
import { root, workspacePackages } from "./workspace.ts";

const section = /<!-- generated:(\w+) -->[\s\S]*?<!-- \/generated -->/g;

/** The pages that may hold a table. */
function pages(): string[] {
  const docs = join(root, "docs");
  const guides = existsSync(docs) ? readdirSync(docs).map((file) => join(docs, file)) : [];
  const readmes = [root, join(root, "benchmarks"), ...workspacePackages().map(({ folder }) => folder)];
  return [...readmes.map((folder) => join(folder, "README.md")), join(root, "CONTRIBUTING.md"), ...guides].filter(
    (file) => file.endsWith(".md") && existsSync(file),
  );
}

/**
 * A page with its tables made anew.
 *
 * @throws Error if a marker names a table that nobody generates
 */
async function refresh(file: string, text: string): Promise<string> {
  let fresh = text;
  for (const [old, name] of text.matchAll(section)) {
    const generate = tables[name];
    if (!generate) throw new Error(`${file}: no table is called ${name}; there are ${Object.keys(tables).join(", ")}`);
    const body = await generate();
    fresh = fresh.replace(old, () => `<!-- generated:${name} -->\n${body}\n<!-- /generated -->`);
  }
  return fresh;
}

const check = process.argv.includes("--check");
for (const file of pages()) {
  const text = readFileSync(file, "utf8");
  const fresh = await refresh(file, text);
  if (fresh === text) continue;
  if (!check) writeFileSync(file, fresh);
  else process.exitCode = 1;
  console.log(`${relative(root, file)}: ${check ? "stale tables; run pnpm run docs" : "tables rewritten"}`);
}

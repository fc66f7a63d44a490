/** Rewrites the generated tables of every page; with --check it only says which pages are stale, and fails if any is. */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { tables } from "./docTables.ts";
import { pages } from "./markdown.ts";
import { root } from "./workspace.ts";

const section = /<!-- generated:(\w+) -->[\s\S]*?<!-- \/generated -->/g;

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

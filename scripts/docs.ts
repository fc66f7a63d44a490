/**
 * Rewrites the pages of the losses, and the generated tables and counts of every page; with --check the script only names stale
 * pages, and fails if there are any.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { didYouMean } from "../packages/tensor/src/index.ts";
import { withCounts } from "./counts.ts";
import { tables } from "./docTables.ts";
import { lossPages } from "./lossPages.ts";
import { pages } from "./markdown.ts";
import { root } from "./workspace.ts";

const section = /<!-- generated:(\w+) -->[\s\S]*?<!-- \/generated -->/g;

/**
 * A page with updated tables.
 *
 * @throws Error if a marker names an unknown table
 */
async function refresh(file: string, text: string): Promise<string> {
  let fresh = withCounts(file, text);
  for (const [old, name] of text.matchAll(section)) {
    const generate = tables[name];
    if (!generate)
      throw new Error(
        `${relative(root, file)}: no table is called ${name}${didYouMean(name, Object.keys(tables))}; scripts/docTables.ts lists them`,
      );
    const body = await generate();
    fresh = fresh.replace(old, () => `<!-- generated:${name} -->\n${body}\n<!-- /generated -->`);
  }
  return fresh;
}

const check = process.argv.includes("--check");

/** Names a stale file, or updates it. */
function update(name: string, what: string, make: () => void): void {
  if (check) process.exitCode = 1;
  else make();
  console.log(`${name}: ${check ? `stale ${what}; run npx --yes pnpm@10 run docs` : `${what} rewritten`}`);
}

const write = (file: string, text: string) => (): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

const { pages: whole, strays } = lossPages();
for (const [file, fresh] of whole) {
  const isFresh = existsSync(file) && readFileSync(file, "utf8") === fresh;
  if (!isFresh) update(relative(root, file), "page", write(file, fresh));
}
for (const stray of strays) update(stray, "file of a loss that is gone", () => rmSync(join(root, stray)));
for (const file of pages()) {
  const text = readFileSync(file, "utf8");
  const fresh = await refresh(file, text);
  if (fresh !== text) update(relative(root, file), "tables or counts", write(file, fresh));
}

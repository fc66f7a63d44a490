/**
 * The sizes of registries in sentences. A size stands in a page between `<!-- count:NAME -->` and `<!-- /count -->`, and `pnpm
 * run docs` updates it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { losses } from "../packages/losses/src/index.ts";
import { primitives } from "../packages/tensor/src/index.ts";
import { laws } from "../packages/verify/src/index.ts";
import { sectionOf } from "./markdown.ts";
import { root } from "./workspace.ts";

/** Losses in the study of docs/study.md: the rows of its table with the name of a loss. */
function studied(): number {
  const table = sectionOf(readFileSync(join(root, "docs/study.md"), "utf8"), "eightGaussians");
  return Array.from(table.matchAll(/^ {2}(\w+) /gm)).filter(([, name]) => Object.hasOwn(losses, name)).length;
}

/** Every count by its name in the markers. */
export const counts = {
  losses: Object.keys(losses).length,
  laws: laws.length,
  primitives: Object.keys(primitives).length,
  studied: studied(),
} as const;

const marked = /<!-- count:(\w+) -->.*?<!-- \/count -->/g;

/**
 * A page with updated counts.
 *
 * @throws Error if a marker names a count that is not listed
 */
export const withCounts = (file: string, page: string): string =>
  page.replaceAll(marked, (_, name: string) => {
    if (!Object.hasOwn(counts, name)) {
      throw new Error(`${file}: no count is called ${name}; there are ${Object.keys(counts).join(", ")}`);
    }
    return `<!-- count:${name} -->${counts[name as keyof typeof counts]}<!-- /count -->`;
  });

/** A page without its counts. */
export const withoutCounts = (page: string): string => page.replaceAll(marked, "");

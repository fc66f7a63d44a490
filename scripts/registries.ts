import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "./markdown.ts";
import { root } from "./workspace.ts";

/** The entries of a registry as a list; registries are lists or tables by name. */
export function entriesOf(module: object, registry: string): Entry[] {
  const value = (module as Entry)[registry] as Entry[] | Record<string, Entry> | undefined;
  return Object.entries(value ?? {}).map(([key, entry]) => ({ name: key, ...entry }));
}

/**
 * First paragraphs of the doc comments that stand directly above `name =` or `name:` in a folder's sources.
 *
 * @param ending of the files to read
 */
export function commentsIn(folder: string, ending = ".ts"): Map<string, string> {
  const comments = new Map<string, string>();
  const path = join(root, folder);
  if (!existsSync(path)) return comments;
  for (const file of readdirSync(path, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith(ending))) {
    const source = readFileSync(join(path, file), "utf8");
    for (const [, text, name] of source.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export )?(?:const )?(\w+)\s*[:=(]/g,
    )) {
      const lines = text.split("\n").map((line) => line.replace(/^\s*\*?\s*/, "").trim());
      const start = lines.findIndex((line) => line !== "");
      const end = lines.findIndex((line, index) => index > start && (line === "" || line.startsWith("@")));
      const paragraph = lines.slice(start, end < 0 ? undefined : end).join(" ");
      if (paragraph && !comments.has(name)) comments.set(name, paragraph.trim());
    }
  }
  return comments;
}

/** A paper as a link to its arXiv page. */
export function paperLink({ paper }: Entry): string {
  const { cite = "", arxiv } = (paper ?? {}) as { cite?: string; arxiv?: string };
  return arxiv ? `[${cite}](https://arxiv.org/abs/${arxiv})` : cite;
}

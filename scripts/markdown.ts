import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root, workspacePackages } from "./workspace.ts";

/** One entry of a registry, whatever it is. */
export type Entry = Record<string, unknown>;

/** A column of a table: its heading, and what it shows of an entry. */
export type Column<T = Entry> = [header: string, cell: (entry: T) => unknown];

/** Every page of the repository that people read: the READMEs, the guides, the pages of the losses and CONTRIBUTING.md. */
export function pages(): string[] {
  const guides = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .sort()
    .map((file) => join(root, "docs", file));
  const readmes = [root, join(root, "benchmarks"), ...workspacePackages().map(({ folder }) => folder)];
  return [...readmes.map((folder) => join(folder, "README.md")), join(root, "CONTRIBUTING.md"), ...guides].filter(
    (file) => file.endsWith(".md") && existsSync(file),
  );
}

/** Anything as the text of one cell. */
function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** A Markdown table with one row per entry. */
export function table<T>(entries: readonly T[], columns: readonly Column<T>[]): string {
  if (entries.length === 0) return "None yet.";
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const head = [row(columns.map(([header]) => header)), `|${columns.map(() => "---|").join("")}`];
  return [...head, ...entries.map((entry) => row(columns.map(([, cell]) => cellText(cell(entry)))))].join("\n");
}

/** A name as code. */
export const code = (name: unknown): string => `\`${String(name)}\``;

/**
 * A formula as GitHub sets it: \operatorname is refused there.
 *
 * @source https://github.com/github/markup/issues/1688
 */
const forGitHub = (latex: string): string => latex.replaceAll(/\\operatorname\s*\{/g, "\\mathrm{");

/** A formula on lines of its own: what stands in a fence reaches the renderer as it is, unlike text between dollars. */
export const displayed = (latex: string): string => `\`\`\`math\n${forGitHub(latex)}\n\`\`\``;

/** A formula in a line of text or in a cell. */
export const inline = (latex: string): string => `$\`${forGitHub(latex)}\`$`;

/** A stretch of a page: text, or what stands in a fence, with the word behind the opening one. */
export interface Block {
  readonly fence: string | undefined;
  readonly text: string;
}

/** A page cut at its fences. */
export function blocksOf(page: string): Block[] {
  const blocks: { fence: string | undefined; lines: string[]; mark: string }[] = [
    { fence: undefined, lines: [], mark: "" },
  ];
  for (const line of page.split("\n")) {
    const open = blocks[blocks.length - 1];
    const [, mark, info] = line.match(/^ *(```+) *(\S*)/) ?? [];
    if (open.fence === undefined && mark) blocks.push({ fence: info, lines: [], mark });
    else if (open.fence !== undefined && mark === open.mark && info === "")
      blocks.push({ fence: undefined, lines: [], mark: "" });
    else open.lines.push(line);
  }
  return blocks.map(({ fence, lines }) => ({ fence, text: lines.join("\n") }));
}

/** The part of a page below a heading of the second level, up to the next one; empty if there is no such heading. */
export function sectionOf(page: string, heading: string): string {
  const [, ...sections] = page.split(/^## /m);
  return sections.find((section) => section.startsWith(`${heading}\n`)) ?? "";
}

/** The text of a page without anything fenced. */
const textOf = (page: string): string =>
  blocksOf(page)
    .filter(({ fence }) => fence === undefined)
    .map(({ text }) => text)
    .join("\n\n");

/** A formula of a page, with what stands around it. */
export interface PageFormula {
  readonly latex: string;
  /** How it is marked: ```math, $$…$$, $`…`$ or $…$. */
  readonly kind: "fence" | "double" | "quoted" | "single";
  /** The characters before and behind it, empty at an end of the page. */
  readonly before: string;
  readonly after: string;
}

const kinds = ["double", "quoted", "single"] as const;

/** The formulas of a page, and its text without them and without code: a dollar there is one too many. */
export function formulasIn(page: string): { formulas: PageFormula[]; rest: string } {
  const formulas: PageFormula[] = blocksOf(page)
    .filter(({ fence }) => fence === "math")
    .map(({ text }) => ({ latex: text.trim(), kind: "fence", before: "", after: "" }));
  const text = textOf(page);
  const pattern = /\$\$([\s\S]*?)\$\$|\$`([^`]*)`\$|``(?:(?!``)[^\n])+``|`[^`\n]+`|\$([^$\n]+)\$/g;
  const rest = text.replaceAll(pattern, (whole: string, ...found: unknown[]) => {
    const at = found.findIndex((part, i) => i < kinds.length && part !== undefined);
    if (at < 0) return "";
    const offset = found[kinds.length] as number;
    const [before, after] = [text.charAt(offset - 1), text.charAt(offset + whole.length)];
    formulas.push({ latex: (found[at] as string).trim(), kind: kinds[at], before, after });
    return "";
  });
  return { formulas, rest };
}

/** The relative links and pictures of a page, as written. */
export function relativeLinks(page: string): string[] {
  const text = textOf(page).replaceAll(/`[^`\n]+`/g, "");
  const targets = [
    ...Array.from(text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g), (match) => match[1]),
    ...Array.from(text.matchAll(/\b(?:src|srcset|href)="([^"\s]+)"/g), (match) => match[1]),
  ];
  return targets.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/**
 * The names that headings of a page get, to be linked to.
 *
 * @source how GitHub makes them: lower case, punctuation dropped, spaces as hyphens, numbered when repeated
 */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return Array.from(textOf(page).matchAll(/^#{1,6} +(.+?) *$/gm), ([, heading]) => {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}

/** What is wrong with a link from one page, or undefined. */
export function brokenLink(file: string, target: string): string | undefined {
  const [path, anchor] = target.split("#");
  const place = path === "" ? file : resolve(dirname(file), decodeURIComponent(path));
  const name = relative(root, place);
  if (name.startsWith("..")) return `${target} leaves the repository`;
  if (!existsSync(place)) return `${target} leads to ${name}, which does not exist`;
  if (anchor === undefined || !place.endsWith(".md")) return undefined;
  const anchors = anchorsOf(readFileSync(place, "utf8"));
  return anchors.includes(anchor) ? undefined : `${target}: ${name} has no heading for #${anchor}`;
}

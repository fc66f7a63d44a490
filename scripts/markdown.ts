import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root, workspacePackages } from "./workspace.ts";

/** An entry of any registry. */
export type Entry = Record<string, unknown>;

/** A column of a table: its heading, and the cell of an entry. */
export type Column<T = Entry> = [header: string, cell: (entry: T) => unknown];

/** Every page of the repository: the READMEs, the guides, the pages of the losses, the lessons and CONTRIBUTING.md. */
export function pages(): string[] {
  const guides = ["docs", "page/lessons"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .sort()
      .map((file) => join(root, folder, file)),
  );
  const readmes = [
    root,
    join(root, "benchmarks"),
    join(root, "page"),
    ...workspacePackages().map(({ folder }) => folder),
  ];
  return [...readmes.map((folder) => join(folder, "README.md")), join(root, "CONTRIBUTING.md"), ...guides].filter(
    (file) => file.endsWith(".md") && existsSync(file),
  );
}

/** A value as the text of one cell. */
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
 * A formula for GitHub, which refuses \operatorname.
 *
 * @source https://github.com/github/markup/issues/1688
 */
const forGitHub = (latex: string): string => latex.replaceAll(/\\operatorname\s*\{/g, "\\mathrm{");

/** A formula on separate lines. The renderer gets the text of a fence unchanged, unlike text between dollars. */
export const displayed = (latex: string): string => `\`\`\`math\n${forGitHub(latex)}\n\`\`\``;

/** A formula in a line of text or in a cell. */
export const inline = (latex: string): string => `$\`${forGitHub(latex)}\`$`;

/** A block of a page: text, or the content of a fence with the word after its opening. */
export interface Block {
  readonly fence: string | undefined;
  readonly text: string;
}

/** A page, split at its fences. */
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

/** The text of a page without fences. */
const textOf = (page: string): string =>
  blocksOf(page)
    .filter(({ fence }) => fence === undefined)
    .map(({ text }) => text)
    .join("\n\n");

/** A formula of a page, with the neighbouring characters. */
export interface PageFormula {
  readonly latex: string;
  /** Its delimiters: ```math, $$…$$, $`…`$ or $…$. */
  readonly kind: "fence" | "double" | "quoted" | "single";
  /** The characters before and after the formula, empty at an end of the page. */
  readonly before: string;
  readonly after: string;
}

const kinds = ["double", "quoted", "single"] as const;

/** The formulas of a page, and its text without formulas and code: a dollar in this text is an error. */
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

/** A heading of a page. */
export interface Heading {
  readonly level: number;
  /** The text, in which links have become their texts. */
  readonly title: string;
  readonly anchor: string;
}

/**
 * The headings of a page with their anchors.
 *
 * @source GitHub's rule: lower case, punctuation dropped, spaces as hyphens, numbered when repeated
 */
export function headingsOf(page: string): Heading[] {
  const seen = new Map<string, number>();
  return Array.from(textOf(page).matchAll(/^(#{1,6}) +(.+?) *$/gm), ([, { length: level }, heading]) => {
    const title = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const name = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return { level, title, anchor: count === 0 ? name : `${name}-${count}` };
  });
}

/** The fault of a link from a page, or undefined. */
export function brokenLink(file: string, target: string): string | undefined {
  const [path, anchor] = target.split("#");
  const place = path === "" ? file : resolve(dirname(file), decodeURIComponent(path));
  const name = relative(root, place);
  if (name.startsWith("..")) return `${target} leaves the repository`;
  if (!existsSync(place)) return `${target} leads to ${name}, which does not exist`;
  if (anchor === undefined || !place.endsWith(".md")) return undefined;
  const headings = headingsOf(readFileSync(place, "utf8"));
  return headings.some((heading) => heading.anchor === anchor)
    ? undefined
    : `${target}: ${name} has no heading for #${anchor}`;
}

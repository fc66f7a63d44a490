import { readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { headingsOf, pages } from "../../../scripts/markdown.ts";
import { root } from "../../../scripts/workspace.ts";

/** A Markdown page of the repository as a page of the site. */
export interface GuidePage {
  /** The file in the repository, from its root. */
  readonly source: string;
  /** The file of the site. */
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

/** The file of the site for a Markdown page of the repository. */
function fileOf(source: string): string {
  const folder = dirname(source);
  if (source === "CONTRIBUTING.md") return "guides/contributing.html";
  if (folder === ".") return "guides/readme.html";
  const name = basename(source) === "README.md" ? "index.html" : basename(source).replace(/\.md$/, ".html");
  if (folder === "page/lessons") return `lessons/${name}`;
  if (folder === "docs" || folder === "docs/losses") return `${folder.replace("docs", "guides")}/${name}`;
  return `guides/readmes/${folder}.html`;
}

/** Every Markdown page of the repository. */
export const guidePages = (): GuidePage[] =>
  pages().map((path) => {
    const source = relative(root, path);
    const text = readFileSync(path, "utf8");
    const [{ title }] = headingsOf(text);
    return { source, file: fileOf(source), title, text };
  });

/** Path from a file of the site to another. */
export const pathBetween = (from: string, to: string): string => {
  const path = relative(dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
};

/**
 * Where a link of a page leads in the site.
 *
 * @param targets the pages of the site by their sources
 * @returns the address from the page, or undefined for a file that the site does not contain
 */
export function addressOf(page: GuidePage, link: string, targets: ReadonlyMap<string, GuidePage>): string | undefined {
  if (/^([a-z][a-z+.-]*:|#)/i.test(link)) return link;
  const [path, anchor] = link.split("#");
  const target = targets.get(relative(root, resolve(root, dirname(page.source), path)));
  return target && pathBetween(page.file, target.file) + (anchor ? `#${anchor}` : "");
}

/** Path from a page of the site, in the folder of the page, to a picture that a page of the repository shows. */
export const picturePath = (page: GuidePage, pageRoot: string, link: string): string =>
  relative(dirname(join(pageRoot, page.file)), resolve(root, dirname(page.source), link));

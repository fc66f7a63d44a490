import { dirname, join } from "node:path";
import { relativeLinks } from "../../../scripts/markdown.ts";
import { apiPages } from "./apiPages.ts";
import { guideExamples } from "./guideExamples.ts";
import { addressOf, type GuidePage, guidePages, pathBetween, picturePath } from "./guidePages.ts";
import { pageSource } from "./pageSource.ts";
import { panesOfLoss } from "./panesOfLoss.ts";
import { renderGuide } from "./renderGuide.ts";

/** Pages that list each other. */
interface Shelf {
  readonly title: string;
  /** The page that lists the others in the order of reading. */
  readonly contents: string;
  /** The script of the pages. */
  readonly script: string;
  readonly hasExamples: boolean;
}

const guidesShelf: Shelf = { title: "Guides", contents: "docs/README.md", script: "guide", hasExamples: true };
const shelves: readonly Shelf[] = [
  guidesShelf,
  { title: "Lessons", contents: "page/lessons/README.md", script: "lesson", hasExamples: true },
  { title: "API", contents: "api/README.md", script: "guide", hasExamples: false },
];

/** The shelf of a page; READMEs and pages of losses stand with the guides. */
const shelfOf = ({ source }: GuidePage): Shelf =>
  shelves.find(({ contents }) => dirname(contents) === dirname(source)) ?? guidesShelf;

/** The contents of a shelf and the pages that they list. */
function listedPages({ contents }: Shelf, targets: ReadonlyMap<string, GuidePage>): GuidePage[] {
  const page = targets.get(contents)!;
  const linked = relativeLinks(page.text).map((link) => targets.get(join(dirname(contents), link)));
  return [
    page,
    ...new Set(linked.filter((each) => each !== undefined && dirname(each.source) === dirname(contents))),
  ] as GuidePage[];
}

const linkTo = (from: GuidePage, to: GuidePage): string => {
  const current = from.file === to.file ? ' aria-current="page"' : "";
  return `<li><a href="${pathBetween(from.file, to.file)}"${current}>${to.title.replaceAll("`", "")}</a></li>`;
};

/** The source of a page. */
function sourceOf(page: GuidePage, targets: ReadonlyMap<string, GuidePage>, pageRoot: string): string {
  const shelf = shelfOf(page);
  const examples = shelf.hasExamples ? guideExamples(page) : [];
  const article = renderGuide(page.text, {
    addressOf: (link) => addressOf(page, link, targets),
    pictureOf: (link) => picturePath(page, pageRoot, link),
    exampleOf: (number) => examples[number]?.name,
  });
  const links = listedPages(shelf, targets).map((each) => linkTo(page, each));
  return pageSource({
    title: page.title.replaceAll("`", ""),
    script: shelf.script,
    body: `<div class="guide">
      <nav aria-label="${shelf.title}"><ul>${links.join("")}</ul></nav>
      <main>${article.replace("</h1>", `</h1>${panesOfLoss(page)}`)}</main>
    </div>`,
  });
}

/** Sources of the guides, the lessons, the READMEs, the pages of the losses and the API reference, by their files in the site. */
export async function guideSources(pageRoot: string): Promise<Map<string, () => string>> {
  const all = [...guidePages(), ...(await apiPages())];
  const targets = new Map(all.map((page) => [page.source, page]));
  return new Map(all.map((page) => [page.file, () => sourceOf(page, targets, pageRoot)]));
}

import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { relativeLinks } from "../../../scripts/markdown.ts";
import { apiPages } from "./apiPages.ts";
import { guideExamples } from "./guideExamples.ts";
import { addressOf, type GuidePage, guidePages, pathBetween, picturePath } from "./guidePages.ts";
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

/** The source of a page of the site, as the bundler takes it. */
function sourceOf(page: GuidePage, all: readonly GuidePage[], pageRoot: string): string {
  const targets = new Map(all.map((each) => [each.source, each]));
  const { title, script, hasExamples } = shelfOf(page);
  const examples = hasExamples ? guideExamples(page) : [];
  const listed = listedPages(shelfOf(page), targets);
  const article = renderGuide(page.text, {
    addressOf: (link) => addressOf(page, link, targets),
    pictureOf: (link) => picturePath(page, pageRoot, link),
    exampleOf: (number) => examples[number]?.name,
  });
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="/src/icon.svg">
    <title>${page.title.replaceAll("`", "")} · Pushforward</title>
  </head>
  <body>
    <div class="guide">
      <nav aria-label="${title}"><ul>${listed.map((each) => linkTo(page, each)).join("")}</ul></nav>
      <main>${article.replace("</h1>", `</h1>${panesOfLoss(page)}`)}</main>
    </div>
    <script type="module" src="/src/${script}.ts"></script>
  </body>
</html>
`;
}

/** The guides, the lessons, the READMEs, the pages of the losses and the API reference as pages of the site. */
export function guides(pageRoot: string): Plugin {
  let all: GuidePage[] = [];
  const byId = new Map<string, GuidePage>();
  return {
    name: "pushforward:guides",
    async config() {
      all = [...guidePages(), ...(await apiPages())];
      for (const page of all) byId.set(join(pageRoot, page.file), page);
      return { build: { rolldownOptions: { input: [...byId.keys()] } } };
    },
    resolveId: (id) => (byId.has(id) ? id : undefined),
    load(id) {
      const page = byId.get(id);
      return page && sourceOf(page, all, pageRoot);
    },
  };
}

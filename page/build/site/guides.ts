import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { relativeLinks } from "../../../scripts/markdown.ts";
import { guideExamples } from "./guideExamples.ts";
import { addressOf, type GuidePage, guidePages, pathBetween, picturePath } from "./guidePages.ts";
import { panesOfLoss } from "./panesOfLoss.ts";
import { renderGuide } from "./renderGuide.ts";

/** Whether a page is a lesson, or lists the lessons. */
const isLesson = ({ source }: GuidePage): boolean => source.startsWith("page/lessons/");

/** The pages that every guide, or every lesson, lists: the contents, in the order of reading. */
function listedPages(of: GuidePage, targets: ReadonlyMap<string, GuidePage>): GuidePage[] {
  const contents = isLesson(of) ? "page/lessons/README.md" : "docs/README.md";
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
  const examples = guideExamples(page);
  const listed = listedPages(page, targets);
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
      <nav aria-label="${isLesson(page) ? "Lessons" : "Guides"}"><ul>${listed.map((each) => linkTo(page, each)).join("")}</ul></nav>
      <main>${article.replace("</h1>", `</h1>${panesOfLoss(page)}`)}</main>
    </div>
    <script type="module" src="/src/${isLesson(page) ? "lesson" : "guide"}.ts"></script>
  </body>
</html>
`;
}

/** The guides, the READMEs and the pages of the losses as pages of the site. */
export function guides(pageRoot: string): Plugin {
  const all = guidePages();
  const byId = new Map(all.map((page) => [join(pageRoot, page.file), page]));
  return {
    name: "pushforward:guides",
    config: () => ({ build: { rolldownOptions: { input: [...byId.keys()] } } }),
    resolveId: (id) => (byId.has(id) ? id : undefined),
    load(id) {
      const page = byId.get(id);
      return page && sourceOf(page, all, pageRoot);
    },
  };
}

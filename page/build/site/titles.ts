import { headingsOf } from "../../../scripts/markdown.ts";
import { panePages } from "../../src/pages.ts";
import type { FoundTitle } from "../../src/site/search.ts";
import { type GuidePage, guidePages } from "./guidePages.ts";

/** Deepest heading that a search finds. */
const deepest = 3;

/** The sections of the pages of losses have the same titles on all of them. */
const isLoss = ({ source }: GuidePage): boolean => source.startsWith("docs/losses/");

/** Titles of all pages, and of their sections. */
export const titles = (): FoundTitle[] => [
  ...panePages.map(({ file, title }) => ({ address: file, title, page: "Pane" })),
  ...guidePages().flatMap((page) =>
    headingsOf(page.text)
      .filter(({ level }) => level === 1 || (level <= deepest && !isLoss(page)))
      .map(({ level, title, anchor }) => ({
        address: level === 1 ? page.file : `${page.file}#${anchor}`,
        title: title.replaceAll("`", ""),
        page: level === 1 ? "Guide" : page.title.replaceAll("`", ""),
      })),
  ),
];

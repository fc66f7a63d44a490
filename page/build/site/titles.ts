import { headingsOf } from "../../../scripts/markdown.ts";
import { panePages } from "../../src/pages.ts";
import type { FoundTitle } from "../../src/site/search.ts";
import { apiPages, exportsOf } from "./apiPages.ts";
import { type GuidePage, guidePages } from "./guidePages.ts";

/** Deepest heading that a search finds. */
const deepest = 3;

/** The sections of the pages of losses have the same titles on all of them. */
const isLoss = ({ source }: GuidePage): boolean => source.startsWith("docs/losses/");

/** Titles of the pages of the API reference, and the names of all exports. */
const apiTitles = async (): Promise<FoundTitle[]> =>
  (await apiPages()).flatMap((page) => [
    { address: page.file, title: page.title, page: "API" },
    ...exportsOf(page).map(({ title, anchor }) => ({ address: `${page.file}#${anchor}`, title, page: page.title })),
  ]);

/** Titles of all pages, of their sections, and of all exports. */
export const titles = async (): Promise<FoundTitle[]> => [
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
  ...(await apiTitles()),
];

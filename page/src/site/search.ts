import { titles } from "virtual:titles";
import MiniSearch from "minisearch";

/** A title that a search finds. */
export interface FoundTitle {
  /** Address from the root of the site. */
  readonly address: string;
  readonly title: string;
  /** The page of a section, or the kind of a page. */
  readonly page: string;
}

/** Most titles that a search shows. */
const most = 12;

const index = new MiniSearch<FoundTitle & { readonly id: number }>({
  fields: ["title", "page"],
  searchOptions: {
    prefix: true,
    fuzzy: 0.2,
    boost: { title: 3 },
    boostDocument: (id) => (titles[id].address.includes("#") ? 1 : 2),
    combineWith: "AND",
  },
});
index.addAll(titles.map((title, id) => ({ ...title, id })));

/** The titles that fit a text best, the best first. */
export const search = (text: string): FoundTitle[] =>
  index
    .search(text)
    .slice(0, most)
    .map(({ id }) => titles[id]);

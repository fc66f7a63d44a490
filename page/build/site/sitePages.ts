import { join } from "node:path";
import type { Plugin } from "vite";
import { panePages } from "../../src/pages.ts";
import { guideSources } from "./guideSources.ts";
import { pageSource } from "./pageSource.ts";

/** Every page of the site: those of the panes, and those that are written from Markdown. No page has a file of its own. */
export function sitePages(pageRoot: string): Plugin {
  const sources = new Map<string, () => string>();
  return {
    name: "pushforward:pages",
    async config() {
      for (const page of panePages)
        sources.set(join(pageRoot, page.file), () => pageSource({ ...page, body: '<div id="page"></div>' }));
      for (const [file, source] of await guideSources(pageRoot)) sources.set(join(pageRoot, file), source);
      return { build: { rolldownOptions: { input: [...sources.keys()] } } };
    },
    resolveId: (id) => (sources.has(id) ? id : undefined),
    load: (id) => sources.get(id)?.(),
  };
}

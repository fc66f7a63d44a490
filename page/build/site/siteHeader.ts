import { relative } from "node:path";
import type { Plugin } from "vite";
import { panePages } from "../../src/pages.ts";
import { pathBetween } from "./guidePages.ts";

/** Places of the navigation. */
const places = [
  ...panePages,
  { file: "lessons/index.html", title: "Lessons" },
  { file: "guides/index.html", title: "Guides" },
  { file: "api/index.html", title: "API" },
];

/** The navigation, the same on every page of the site, before any script runs. */
export const siteHeader = (pageRoot: string): Plugin => ({
  name: "pushforward:header",
  transformIndexHtml: (_html, { filename }) => {
    const file = relative(pageRoot, filename);
    const links = places.map((place) => {
      const current = place.file === file ? ' aria-current="page"' : "";
      return `<a href="${pathBetween(file, place.file)}"${current}>${place.title}</a>`;
    });
    return [
      {
        tag: "header",
        attrs: { class: "site" },
        children: `<a class="home" href="${pathBetween(file, "index.html")}">Pushforward</a>
<nav aria-label="Site">${links.join("")}</nav>
<search><input type="search" placeholder="Search titles" aria-label="Search titles" autocomplete="off"></search>`,
        injectTo: "body-prepend",
      },
    ];
  },
});

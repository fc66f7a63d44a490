import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { headingsOf, relativeLinks } from "../../scripts/markdown.ts";
import { apiPages, exportsOf } from "../build/site/apiPages.ts";
import { type GuidePage, guidePages } from "../build/site/guidePages.ts";
import { renderGuide } from "../build/site/renderGuide.ts";

const pages = await apiPages();
const page = (source: string): GuidePage => pages.find((each) => each.source === source)!;
const bySource = new Map([...guidePages(), ...pages].map((each) => [each.source, each]));

/** Anchors of a page: of headings, and of members in tables. */
const anchorsOf = ({ text }: GuidePage): Set<string> =>
  new Set([
    ...headingsOf(text).map(({ anchor }) => anchor),
    ...Array.from(text.matchAll(/<a id="([^"]+)"/g), ([, id]) => id),
  ]);

const anchors = new Map([...bySource.values()].map((each) => [each.source, anchorsOf(each)]));

/** The links of a page that lead nowhere. */
const brokenLinks = ({ source }: GuidePage, links: readonly string[]): string[] =>
  links.filter((link) => {
    const [path, anchor] = link.split("#");
    const found = anchors.get(path === "" ? source : join(dirname(source), path));
    return !found || (anchor !== undefined && !found.has(anchor));
  });

/** The links of a page; in the reference their texts are code. */
const linksOf = ({ text }: GuidePage): string[] => relativeLinks(text.replaceAll(/\[`([^`]*)`\]/g, "[$1]"));

describe("the API reference", () => {
  it("has one page for each published package, and one that lists them", () => {
    const names = ["autodiff", "export", "flows", "lab", "losses", "nn", "tensor", "training", "verify"];
    expect(pages.map(({ file }) => file)).toEqual(["index", ...names].map((name) => `api/${name}.html`));
    expect(brokenLinks(pages[0], linksOf(pages[0]))).toEqual([]);
    expect(linksOf(pages[0])).toHaveLength(names.length + 1);
  });

  it.each(["autodiff", "export", "flows", "losses", "nn", "tensor", "training", "verify"])(
    "names every value that @pushforward/%s exports",
    async (name) => {
      const values = Object.keys(await import(`@pushforward/${name}`));
      const named = new Set(exportsOf(page(`api/${name}.md`)).map(({ title }) => title.match(/\w+(?=\W*$)/)?.[0]));
      expect(values.length).toBeGreaterThan(0);
      expect(values.filter((each) => !named.has(each))).toEqual([]);
      expect(named.has("notExported")).toBe(false); // control
    },
  );

  it.each(pages.slice(1))("of $title has links that lead to a heading or a member", (each) => {
    const links = linksOf(each);
    expect(links.length).toBeGreaterThan(3);
    expect(brokenLinks(each, links)).toEqual([]);
    expect(brokenLinks(each, ["#gone", "gone.md"])).toEqual(["#gone", "gone.md"]); // control
  });

  it("keeps the signs of formulas in comments", () => {
    const html = renderGuide(page("api/flows.md").text, {
      addressOf: (link) => link,
      pictureOf: (link) => link,
      exampleOf: () => undefined,
    });
    expect(html).toContain("<code>γ_k(x) ∝ w_k·N(x; tμ_k, t²Σ_k + (1 − t)²I), ");
    expect(html).toContain("<td>v_t(x) = E[X_1 − X_0 | X_t = x], [batch, dim]</td>");
  });

  it("describes a member where it is defined, and nowhere without its signature", () => {
    const { text } = page("api/flows.md");
    const partOf = (title: string): string => text.split(/^### /m).find((part) => part.startsWith(`${title}\n`))!;
    expect(partOf("ExactDistribution")).toContain("logProb(");
    expect(partOf("GaussianMixture")).toContain("`weights`");
    expect(partOf("GaussianMixture")).not.toContain("logProb(");
    for (const each of pages) expect(each.text).not.toMatch(/^\w+: ;$/m);
  });
});

import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenLink, headingsOf, pages, relativeLinks } from "../markdown.ts";
import { root } from "../workspace.ts";

const readme = join(root, "README.md");

describe("links of the pages", () => {
  it.each(pages().map((file) => ({ name: relative(root, file), file })))("$name has valid links only", ({ file }) => {
    const links = relativeLinks(readFileSync(file, "utf8"));
    expect(links.map((target) => brokenLink(file, target)).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it("the index links to every guide", () => {
    const index = join(root, "docs", "README.md");
    const linked = relativeLinks(readFileSync(index, "utf8")).map((target) => join(root, "docs", target.split("#")[0]));
    // The catalogue links to the pages of the losses; lossPages.test.ts checks it.
    const guides = pages().filter((file) => dirname(file) === join(root, "docs") && file !== index);
    expect(guides.filter((file) => !linked.includes(file)).map((file) => relative(root, file))).toEqual([]);
  });

  it("are found in text and in HTML, and not in code", () => {
    const page =
      '[a](docs/a.md#b) ![p](p.svg) <img src="q.svg"> [out](https://example.org) `[no](no.md)`\n```\n[no](no.md)\n```\n';
    expect(relativeLinks(page)).toEqual(["docs/a.md#b", "p.svg", "q.svg"]);
  });

  it("headings are named as GitHub names them", () => {
    expect(headingsOf("# Two words\n\n## `code`, and more\n\n### Two words\n").map(({ anchor }) => anchor)).toEqual([
      "two-words",
      "code-and-more",
      "two-words-1",
    ]);
  });

  it("finds a missing file, a missing heading and a path out of the repository (control)", () => {
    expect(brokenLink(readme, "nowhere.md")).toContain("does not exist");
    expect(brokenLink(readme, "CONTRIBUTING.md#no-such-heading")).toContain("has no heading");
    expect(brokenLink(readme, "../elsewhere.md")).toContain("leaves the repository");
    expect(brokenLink(readme, "CONTRIBUTING.md#add-a-loss")).toBeUndefined();
  });
});

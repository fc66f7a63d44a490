import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { relativeLinks } from "../../scripts/markdown.ts";
import { root } from "../../scripts/workspace.ts";
import { pageRoot } from "../build/pageConfig.ts";
import { addressOf, guidePages, picturePath } from "../build/site/guidePages.ts";
import { renderGuide } from "../build/site/renderGuide.ts";

const pages = guidePages();
const targets = new Map(pages.map((page) => [page.source, page]));
const guide = (source: string) => targets.get(source)!;
const context = {
  addressOf: (link: string) => (link.startsWith("gone") ? undefined : link.replace(".md", ".html")),
  pictureOf: (link: string) => `../${link}`,
  exampleOf: (number: number) => (number === 0 ? "first-1" : undefined),
};

describe("pages of the site", () => {
  it("stand in different files", () => {
    expect(new Set(pages.map(({ file }) => file)).size).toBe(pages.length);
    expect(guide("docs/README.md").file).toBe("guides/index.html");
    expect(guide("docs/losses/lsd.md").file).toBe("guides/losses/lsd.html");
    expect(guide("packages/flows/README.md").file).toBe("guides/readmes/packages/flows.html");
  });

  it("link to each other with their anchors; files that the site does not contain are no links", () => {
    const from = guide("docs/losses/lsd.md");
    expect(addressOf(from, "../conventions.md#time-and-letters", targets)).toBe("../conventions.html#time-and-letters");
    expect(addressOf(from, "#symbols", targets)).toBe("#symbols");
    expect(addressOf(from, "https://example.org", targets)).toBe("https://example.org");
    expect(addressOf(from, "../../packages/losses/src/lsd.ts", targets)).toBe(undefined);
    const guides = pages.filter(({ source }) => source.startsWith("docs/"));
    for (const page of guides)
      for (const link of relativeLinks(page.text).filter((each) => /^(?!\.\.).*\.md(#|$)/.test(each)))
        expect(addressOf(page, link, targets), `${page.source}: ${link}`).toBeDefined();
  });

  it("find the pictures of the repository", () => {
    const page = guide("docs/losses/lsd.md");
    const path = picturePath(page, pageRoot, "lsd.svg");
    expect(join(pageRoot, page.file, "..", path)).toBe(join(root, "docs/losses/lsd.svg"));
    expect(existsSync(join(pageRoot, page.file, "..", path))).toBe(true);
  });
});

describe("renderGuide", () => {
  it("aligns columns by classes, since the policy forbids style attributes", () => {
    const html = renderGuide("| a | b |\n|---|---:|\n| 1 | 2 |\n", context);
    expect(html).toContain('<td>1</td>\n<td class="right">2</td>');
    expect(html).not.toContain("style");
  });

  it("writes formulas as MathML, headings with anchors, code in colour, and examples with their names", () => {
    const text =
      "# Two `words`\n\nA $`x^2`$ and `$`.\n\n```ts\nconst a = 1;\n```\n\n```ts\nlet b;\n```\n\n```math\ny\n```\n";
    const html = renderGuide(text, context);
    expect(html).toContain('<h1 id="two-words">Two <code>words</code></h1>');
    expect(html).toContain('<math><msup><mi>x</mi><mn class="tml-sml-pad">2</mn></msup></math> and <code>$</code>');
    expect(html).toContain(
      '<div class="code" data-example="first-1"><pre tabindex="0"><code><span class="hljs-keyword">const</span>',
    );
    expect(html).toContain('<div class="code"><pre tabindex="0"><code><span class="hljs-keyword">let</span>');
    expect(html).toMatch(/<p class="formula" tabindex="0"><math display="block"/);
  });

  it("writes panes with the links of their states, and tasks", () => {
    const html = renderGuide("```pane stepper\nf=x + 1\nx=2\n```\n\n```task half\n```\n", context);
    expect(html).toContain('<div class="pane" data-pane="stepper" data-link="#v=1&amp;f=x+%2B+1&amp;x=2"></div>');
    expect(html).toContain('<div class="task" data-task="half"></div>');
  });

  it("follows links and pictures, also in HTML, and keeps the text of links without a target", () => {
    const html = renderGuide('[a](b.md) [c](gone.ts) ![d](e.svg) <img src="f.svg" alt="f">', context);
    expect(html).toContain(
      '<a href="b.html">a</a> <span>c</span> <img src="../e.svg" alt="d"> <img src="../f.svg" alt="f">',
    );
  });
});

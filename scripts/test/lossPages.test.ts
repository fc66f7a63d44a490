import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recipes } from "../../packages/losses/src/index.ts";
import { dotPicture } from "../dotPicture.ts";
import { allLosses, lossIndex, lossPages, pageFolder } from "../lossPages.ts";
import { lossFolder, lossSource } from "../lossSource.ts";
import { symbolsOf } from "../lossSymbols.ts";
import { blocksOf, displayed, relativeLinks } from "../markdown.ts";
import { root } from "../workspace.ts";

// Each page measures stop-gradients on eight networks, so the pages are made once for all tests.
const { pages: written, strays } = lossPages();
const pages = allLosses.map((loss) => ({
  ...{ name: loss.name, loss },
  page: written.get(join(pageFolder, `${loss.name}.md`))!,
}));

/** Text below a heading, up to the next one. */
const below = (page: string, heading: string): string =>
  page.split(`## ${heading}\n`)[1]?.split("\n## ")[0].trim() ?? "";

/** Names of losses that have no page or no picture in a folder. */
const bare = (names: readonly string[], folder: string): string[] =>
  names.filter((name) => ![`${name}.md`, `${name}.svg`].every((file) => existsSync(join(folder, file))));

describe("pages of the losses", () => {
  it("every entry of the registry has a page and a picture", () => {
    const names = allLosses.map(({ name }) => name);
    expect(bare(names, pageFolder)).toEqual([]);
    expect(bare([...names, "noSuchLoss"], pageFolder)).toEqual(["noSuchLoss"]);
  });

  it("no file of a removed loss is left", () => {
    expect(strays).toEqual([]);
  });

  it("the catalogue links to all of them", async () => {
    const linked = relativeLinks(await lossIndex());
    expect(linked).toEqual(expect.arrayContaining(allLosses.map(({ name }) => `losses/${name}.md`)));
    const guide = join(pageFolder, "..", "losses.md");
    expect(relativeLinks(readFileSync(guide, "utf8"))).toEqual(expect.arrayContaining(linked));
  });

  it.each(pages)("$name: formula, paper, grade, tangent, stops, optimum and recipe agree with the registry", (one) => {
    const { formula, paper, grade, tangent, stops, needs, optimum } = one.loss;
    expect(one.page).toContain(displayed(formula));
    for (const fact of [paper?.arxiv ?? "no single paper", tangent ?? "no derivative inside", `(\`${optimum}\`)`]) {
      expect(one.page).toContain(fact);
    }
    expect(one.page).toContain(`| source grade | ${grade}: `);
    for (const need of needs) expect(one.page).toContain(`\`${need}\`, `);
    const stopLabels = Array.from(below(one.page, "Stop-gradients").matchAll(/^- `(\w+)`/gm), ([, label]) => label);
    expect(stopLabels.toSorted()).toEqual(stops.toSorted());
    const recipe = below(one.page, "Recipe");
    for (const term of recipes[one.name as keyof typeof recipes].terms)
      expect(recipe).toContain(`\`${term.loss.name}\``);
    const departures = below(one.page, "Departures from the source");
    const { departs } = recipes[one.name as keyof typeof recipes];
    expect(departures).toBe([...one.loss.departs, ...departs].map((sentence) => `- ${sentence}`).join("\n"));
    expect(one.page.replace(/```typescript[\s\S]*?```/, "")).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(pages)("$name: the code equals the text of the named file", ({ name, page }) => {
    const [excerpt] = blocksOf(page).filter(({ fence }) => fence === "typescript");
    const { files } = lossSource(name);
    const squash = (text: string): string => text.replaceAll(/\s+/g, "");
    const all = files.map((file) => squash(readFileSync(join(root, lossFolder, file), "utf8"))).join("");
    const parts = excerpt.text.split("\n\n").flatMap((part) => part.split("// … metadata"));
    expect(parts.filter((part) => !all.includes(squash(part)))).toEqual([]);
    expect(excerpt.text).toMatch(/loss[:(]/);
  });

  it("an unexplained symbol is an error", () => {
    const strange = { ...allLosses[0], formula: String.raw`\left\lVert U - \xi \right\rVert^2` };
    expect(() => symbolsOf(strange)).toThrow(String.raw`must explain \xi`);
  });

  it("a loss without a body in the sources is an error", () => {
    expect(() => lossSource("noSuchLoss")).toThrow("no file");
  });
});

describe("pictures of the losses", () => {
  it.each(allLosses.map(({ name, label }) => ({ name, label })))(
    "$name is small, and its title says what it shows",
    (one) => {
      const file = join(pageFolder, `${one.name}.svg`);
      const text = readFileSync(file, "utf8");
      expect(statSync(file).size).toBeLessThanOrEqual(8192);
      expect(text).toMatch(/^<svg xmlns/);
      expect(text).toContain("samples of ".slice(1));
      // Samples of a failed training lie outside the picture.
      expect((text.match(/h0/g) ?? []).length).toBeGreaterThan(800);
    },
  );

  it("dots stand at the points", () => {
    const corners = { dim: 2, values: [-1, -1, 1, -1, -1, 1, 1, 1] };
    const svg = dotPicture("a < b", corners, { dim: 2, values: [0, 0, 50, 50] });
    const [under, over] = Array.from(svg.matchAll(/ d="([^"]*)"/g), ([, path]) => path);
    expect(svg).toContain("<title>a &lt; b</title>");
    expect(under).toBe("m25 25h0m250 0h0m0 250h0m-250 0h0");
    expect(over).toBe("m150 150h0");
  });
});

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { describe, expect, it } from "vitest";
import { counts, withCounts, withoutCounts } from "../counts.ts";
import { blocksOf, pages } from "../markdown.ts";
import { root } from "../workspace.ts";

/** Words for what registries hold, with the count that a quoted output must show. */
const nouns: Record<string, number | undefined> = {
  losses: counts.losses,
  laws: counts.laws,
  identities: counts.laws,
  primitives: counts.primitives,
  options: undefined,
  solvers: undefined,
  backends: undefined,
  recipes: undefined,
  operations: undefined,
};

const units = "one two three four five six seven eight nine".split(" ");
const teens = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** Numbers as words or digits; a number below five refers to a few entries, not to a registry. */
const number = `\\d+|(?:${[...units.slice(4), ...teens].join("|")})|(?:${tens.join("|")})(?:-(?:${units.join("|")}))?`;
const typed = new RegExp(
  `\\b(${number})(?:,? (?:other|different|of the|in all))? (${Object.keys(nouns).join("|")})\\b`,
  "gi",
);

/** Numbers of entries in a text, written by hand. */
const typedIn = (text: string): [phrase: string, count: number, noun: string][] =>
  Array.from(text.matchAll(typed), ([phrase, count, noun]): [string, number, string] => [
    phrase,
    Number(count),
    noun.toLowerCase(),
  ]).filter(([, count]) => !(count < 5));

/** Phrases of prose that count by hand, and quoted outputs whose number differs from today's. */
const faults = (page: string): string[] =>
  blocksOf(page.replaceAll(/<!-- generated:(\w+) -->[\s\S]*?<!-- \/generated -->/g, "")).flatMap(({ fence, text }) =>
    typedIn(withoutCounts(text))
      .filter(([, count, noun]) => fence === undefined || (nouns[noun] ?? count) !== count)
      .map(([phrase]) => phrase),
  );

const files = pages().map((file) => ({ name: relative(root, file), file }));

describe("counts of registries", () => {
  it.each(files)("$name takes them from the registries", ({ file }) => {
    expect(faults(readFileSync(file, "utf8"))).toEqual([]);
  });

  it("of the study are of losses that exist", () => {
    expect(counts.studied).toBeGreaterThan(60);
    expect(counts.studied).toBeLessThanOrEqual(counts.losses);
  });
});

describe("the check of counts", () => {
  it.each([
    "all 70 losses",
    "Sixty-eight losses",
    "the five options below",
    "47 identities of the field",
    "63 primitives",
  ])("refuses %s", (phrase) => {
    expect(faults(`There are ${phrase}.`)).toHaveLength(1);
  });

  it("accepts counts of a few entries, and marked counts", () => {
    expect(faults("Two losses, 4 solvers and <!-- count:laws -->46<!-- /count --> laws.")).toEqual([]);
  });

  it("refuses a quoted run with another number", () => {
    expect(faults(`\`\`\`text\n${counts.laws} laws, 10 instances\n\`\`\``)).toEqual([]);
    expect(faults(`\`\`\`text\n${counts.laws + 1} laws, 10 instances\n\`\`\``)).toHaveLength(1);
  });

  it("updates a marked count and refuses an unknown count", () => {
    expect(withCounts("page.md", "<!-- count:laws -->1<!-- /count --> laws")).toContain(`>${counts.laws}<`);
    expect(() => withCounts("page.md", "<!-- count:lawns -->1<!-- /count -->")).toThrow(
      /page\.md: no count is called lawns/,
    );
  });
});

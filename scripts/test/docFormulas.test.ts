import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { describe, expect, it } from "vitest";
import { renderFormula } from "../../packages/lab/src/report/formula.ts";
import { formulasIn, type PageFormula, pages } from "../markdown.ts";
import { root } from "../workspace.ts";

/** Macros that GitHub refuses. @source https://github.com/github/markup/issues/1688 and its neighbours */
const refused =
  /\\(operatorname|mbox|h?phantom|vphantom|newcommand|renewcommand|def|let|require|href|url|unicode|style|class|cssId)\b/;

/** The faults that prevent GitHub from rendering a formula, one sentence each. */
function faultsOf({ latex, kind, before, after }: PageFormula): string[] {
  const faults: string[] = [];
  try {
    renderFormula(latex);
  } catch (error) {
    faults.push((error as Error).message);
  }
  const [macro] = latex.match(refused) ?? [];
  if (macro) faults.push(`GitHub refuses ${macro}, in ${latex}`);
  // Between bare dollars Markdown comes first: it drops the backslash of \, and \{, and pairs of underscores slant.
  const isBare = kind === "double" || kind === "single";
  if (isBare && /\\[^A-Za-z]|[_*][^_*]*[_*]|</.test(latex)) faults.push(`Markdown would change ${latex}; fence it`);
  const isInline = kind === "quoted" || kind === "single";
  if (isInline && latex.includes("\n")) faults.push(`a formula in a line of text must not be broken: ${latex}`);
  if (isInline && !/^[\s(|“]?$/.test(before)) faults.push(`"${before}" before ${latex} prevents its rendering`);
  if (isInline && !/^[\s.,;:!?)|”]?$/.test(after)) faults.push(`"${after}" behind ${latex} prevents its rendering`);
  return faults;
}

const faultsOfPage = (text: string): string[] => {
  const { formulas, rest } = formulasIn(text);
  const stray = rest.split("\n").filter((line) => line.includes("$"));
  return [...formulas.flatMap(faultsOf), ...stray.map((line) => `an unpaired dollar: ${line}`)];
};

describe("formulas of the pages", () => {
  it.each(pages().map((file) => ({ name: relative(root, file), file })))(
    "$name has valid formulas only",
    ({ file }) => {
      expect(faultsOfPage(readFileSync(file, "utf8"))).toEqual([]);
    },
  );

  it("there are many", () => {
    const count = pages().reduce((sum, file) => sum + formulasIn(readFileSync(file, "utf8")).formulas.length, 0);
    expect(count).toBeGreaterThan(100);
  });

  it("are found in every form, and not in code", () => {
    const page = "a $`x_1`$ and $y$, `$no$`\n\n```math\nx^2\n```\n\n```sh\necho $HOME\n```\n\n$$\nz\n$$\n";
    const { formulas, rest } = formulasIn(page);
    expect(formulas.map(({ latex, kind }) => `${kind}: ${latex}`)).toEqual([
      "fence: x^2",
      "quoted: x_1",
      "single: y",
      "double: z",
    ]);
    expect(rest).not.toContain("$");
  });

  it.each([
    ["an unknown macro", "$`\\frob x`$"],
    ["a brace without its partner", "```math\n\\frac{1}{2\n```"],
    ["a macro that GitHub refuses", "$`\\operatorname{sg} x`$"],
    ["a space that Markdown would eat", "$$\na\\,b\n$$"],
    ["underscores that would slant", "$x_1 + x_2$"],
    ["a broken line", "$`a\n+ b`$"],
    ["a letter in front", "the n$`n`$"],
    ["a letter behind", "$`n`$th"],
    ["a dollar alone", "it costs $5 or more"],
  ])("%s would be found", (_, page) => {
    expect(faultsOfPage(page)).not.toEqual([]);
  });
});

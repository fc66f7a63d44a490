/**
 * Reads the examples of pages and the output that their comments promise. Every ts block of a page is an example: it compiles
 * under strict TypeScript and runs in the tests. With a line `<!-- not run: reason -->` above the block, the example is compiled
 * but not run. On a page with the line `<!-- one program -->` every block continues the blocks above it: an example consists of
 * all blocks up to its own.
 */
import { readFileSync } from "node:fs";
import { blocksOf } from "./markdown.ts";

/** An example with the lines that it must print. */
export interface Example {
  readonly code: string;
  /** The text behind `// →` on every line that prints, in order. */
  readonly prints: readonly string[];
  /** The reason why the example does not run in the tests; undefined if it runs. */
  readonly notRun: string | undefined;
}

/** A source text with the output that its comments promise. */
export const exampleOf = (code: string, notRun?: string): Example => ({
  code,
  prints: Array.from(code.matchAll(/\/\/ → (.*)$/gm), (match) => match[1].trim()),
  notRun,
});

/** All examples of a page, in order. */
export function readExamples(file: string): Example[] {
  const page = readFileSync(file, "utf8");
  const isOneProgram = /^<!-- one program -->$/m.test(page);
  const blocks = blocksOf(page);
  let before = "";
  return blocks.flatMap(({ fence, text }, i) => {
    if (fence !== "ts") return [];
    const above = blocks[i - 1]?.text.trimEnd().match(/<!-- not run: (.+) -->$/);
    const code = `${before}${text}\n`;
    if (isOneProgram) before = code;
    return [exampleOf(code, above?.[1])];
  });
}

/**
 * Compares the output of an example with its comments.
 *
 * @throws Error that shows both if they differ
 */
export function checkPrinted(name: string, { prints }: Example, output: string): void {
  const got = output
    .trim()
    .split("\n")
    .map((line) => line.trim());
  if (got.join("\n") !== prints.join("\n")) {
    throw new Error(
      `${name}: the example must print the lines of its comments\n${prints.join("\n")}\ngot\n${got.join("\n")}`,
    );
  }
}

/**
 * Reads the examples of pages, and what their comments promise: in a README the first ts block below the line
 * `<!-- example -->`, in a guide every ts block.
 */
import { readFileSync } from "node:fs";
import { blocksOf } from "./markdown.ts";

/** One example with the lines it must print. */
export interface Example {
  code: string;
  /** The text behind `// →` on every line that prints, in order. */
  prints: string[];
}

/**
 * Finds the example of a README, if it has one.
 *
 * @throws Error if the marker stands without a ts block below it
 */
export function readExample(file: string): Example | undefined {
  const text = readFileSync(file, "utf8");
  const start = text.indexOf("<!-- example -->");
  if (start < 0) return undefined;
  const code = text.slice(start).match(/```ts\n([\s\S]*?)```/)?.[1];
  if (code === undefined) throw new Error(`${file}: a ts block must follow <!-- example -->, got none`);
  return exampleOf(code);
}

/** All examples of a guide, in order. */
export const readExamples = (file: string): Example[] =>
  blocksOf(readFileSync(file, "utf8"))
    .filter(({ fence }) => fence === "ts")
    .map(({ text }) => exampleOf(`${text}\n`));

const exampleOf = (code: string): Example => ({
  code,
  prints: Array.from(code.matchAll(/\/\/ → (.*)$/gm), (match) => match[1].trim()),
});

/**
 * Compares what an example printed with what its comments promise.
 *
 * @throws Error that shows both when they differ
 */
export function checkPrinted(file: string, { prints }: Example, output: string): void {
  const got = output
    .trim()
    .split("\n")
    .map((line) => line.trim());
  if (got.join("\n") !== prints.join("\n")) {
    throw new Error(`${file}: the example must print what it says\n${prints.join("\n")}\ngot\n${got.join("\n")}`);
  }
}

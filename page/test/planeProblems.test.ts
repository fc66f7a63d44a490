import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** An import of all embedded problems, which contain the generator of pictures; code that a pane shows is no import. */
const allProblems = /^import \{[^}]*\bbuiltinProblems\b[^}]*\} from "@pushforward\/training"/m;

it("is all that the page imports of the embedded problems, so that its workers hold no generator of pictures", () => {
  const folder = join(import.meta.dirname, "../src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.(ts|svelte)$/.test(file),
  );
  const sources = files.map((file) => readFileSync(join(folder, file), "utf8"));
  expect(sources.filter((source) => /^ *planeProblems\b|\{ .*\bplaneProblems\b/m.test(source)).length).toBeGreaterThan(
    3,
  );
  expect(sources.filter((source) => allProblems.test(source))).toEqual([]);
  expect('import {\n  add,\n  builtinProblems,\n} from "@pushforward/training";').toMatch(allProblems);
});

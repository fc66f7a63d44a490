import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const source = join(import.meta.dirname, "../src");

/** `file: package` for every import of a package's values in a file of the page. */
function engineImports(file: string, text: string): string[] {
  const imports = text.matchAll(/^\s*import\s+(?!type\b)[^;]*?\bfrom "(@pushforward\/[^"]+)"/gm);
  return Array.from(imports, ([, name]) => `${file}: ${name}`);
}

const found = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(ts|svelte)$/.test(file))
  .flatMap((file) => engineImports(file, readFileSync(join(source, file), "utf8")));

describe("the engine of the page", () => {
  it("is imported by the worker alone, so that the page appears before the engine is loaded", () => {
    expect(found.filter((each) => !each.startsWith("work/"))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  it("is found where another file imports it (control)", () => {
    const text = '  import type { A } from "@pushforward/flows";\n  import { b } from "@pushforward/training";';
    expect(engineImports("panes/Race.svelte", text)).toEqual(["panes/Race.svelte: @pushforward/training"]);
  });
});

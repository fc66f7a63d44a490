import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { trainSettings } from "../src/config.ts";

it("every setting of a training that is an option stands in the guide", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../../docs/lab.md"), "utf8");
  const digest = "dataSha256"; // no option
  const option = (name: string): string =>
    `| \`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}\` |`;
  const missing = trainSettings.filter((name) => name !== digest && !guide.includes(option(name)));
  expect(trainSettings.length).toBeGreaterThan(30);
  expect(missing, "npx --yes pnpm@10 run docs must write a row of each").toEqual([]);
});

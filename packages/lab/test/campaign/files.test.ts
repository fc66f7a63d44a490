import { expect, it } from "vitest";
import { temporaryFolder } from "../run/temporaryFolder.ts";
import { files } from "./files.ts";
import { Random } from "./random.ts";

it("data files give their numbers, and damaged ones give numbers or a refusal that names them", async () => {
  const folder = temporaryFolder();
  const seen = new Set<string>();
  for (let seed = 0; seed < 400; seed++) {
    for (const name of Object.keys(await files.trial(undefined, new Random(seed), folder))) seen.add(name);
  }
  const outcomes = ["csv", "tsv", "txt", "npy", "npz"].flatMap((ending) => [`${ending} read`, `${ending} refused`]);
  expect([...seen].sort()).toEqual(outcomes.sort());
});

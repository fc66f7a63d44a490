import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSafetensors } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OwnTraining, ownSettings, trainOwnLoss } from "../src/ownLoss.ts";
import { reasonToSkip } from "./support/chromium.ts";
import { strictPolicy } from "./support/server.ts";
import { Site } from "./support/site.ts";

const command = join(import.meta.dirname, "../../../packages/lab/bin/pushforward.mjs");

/** The state that the command leaves after `train meanFlow` with the same settings, in the order of its tree. */
function trainedByCommand(): OwnTraining["state"] {
  const folder = mkdtempSync(join(tmpdir(), "pushforward-own-loss-"));
  try {
    const settings = Object.entries(ownSettings).flatMap(([name, value]) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      String(value),
    ]);
    const output = join(folder, "run");
    execFileSync(process.execPath, [command, "train", "meanFlow", "--data", "moons", ...settings, "--output", output], {
      stdio: "ignore",
    });
    const { tensors } = parseSafetensors(readFileSync(join(output, "checkpoint.safetensors")));
    const names = Object.keys(tensors).sort();
    return names.map((name) => Array.from(tensors[name].dataSync()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("a loss of one's own, in one file", () => {
  let inNode: OwnTraining;
  let site: Site | undefined;
  beforeAll(async () => {
    inNode = await trainOwnLoss(0);
    if (!reasonToSkip) site = await Site.open();
  });
  afterAll(() => site?.close());

  it("trains to the bits of the command's `train meanFlow` with the same settings", () => {
    const byCommand = trainedByCommand();
    expect(byCommand.length).toBeGreaterThan(20);
    expectSameBits(inNode.state, byCommand);
  });

  it("trains in a page without eval to the same bits", async (context) => {
    if (!site) return context.skip(reasonToSkip);
    const page = await site.page({ headers: { "Content-Security-Policy": strictPolicy } });
    expectSameBits(await page("trainOwnLoss", 0), inNode);
  });

  it("trains to other bits with another seed (control)", async () => {
    const other = await trainOwnLoss(1);
    expect(other.state.length).toBe(inNode.state.length);
    expect(other.state).not.toEqual(inNode.state);
    expect(other.losses).not.toEqual(inNode.losses);
  });
});

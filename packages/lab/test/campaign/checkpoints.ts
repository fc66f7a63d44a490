import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DomainError } from "@pushforward/tensor";
import { parseRunConfig } from "../../src/config.ts";
import { readCheckpoint } from "../../src/run/checkpoint.ts";
import { readMetrics } from "../../src/run/metricsLog.ts";
import { openRun } from "../../src/run/runFolder.ts";
import { damaged } from "./damage.ts";
import { definePart, hold } from "./part.ts";
import { Scenarios } from "./scenarios.ts";

/** The files of a run that a trial damages, by name. */
const files = ["checkpoint.safetensors", "checkpoint.safetensors", "config.json", "metrics.jsonl"] as const;

/** Damaged files of a run. */
export const checkpoints = definePart<Record<string, Buffer>>({
  name: "checkpoints",
  what: "The checkpoint, the settings or the metrics of a run are damaged at random: a changed checkpoint is refused by name and gives no number; the other files are refused by name or read.",
  async setUp(folder) {
    const { whole } = await new Scenarios(folder).get("teacher");
    return Object.fromEntries(files.map((name) => [name, readFileSync(join(whole, name))]));
  },
  async trial(contents, random, folder) {
    const name = random.choose(files);
    const { how, bytes } = damaged(contents[name], random);
    for (const each of files) writeFileSync(join(folder, each), each === name ? bytes : contents[each]);
    const path = join(folder, name);
    const error = errorOf(() => {
      if (name === "checkpoint.safetensors") readCheckpoint(path);
      else if (name === "config.json") openRun(folder, parseRunConfig);
      else readMetrics(path);
    });
    if (error !== undefined) {
      hold(error instanceof DomainError && error.message.includes(path), () => `${name}, ${how}: ${String(error)}`);
      return { [`${name} refused`]: 1 };
    }
    const isSame = bytes.equals(contents[name]);
    hold(isSame || name !== "checkpoint.safetensors", () => `${name}, ${how}: a damaged checkpoint was read`);
    return { [isSame ? "files unchanged by the damage" : `${name} read`]: 1 };
  },
});

function errorOf(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}

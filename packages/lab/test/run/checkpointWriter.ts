import { writeSync } from "node:fs";
import { fromData } from "@pushforward/tensor";
import { writeCheckpoint } from "../../src/run/checkpoint.ts";

/** Writes checkpoint after checkpoint to the file it is given and says each step once it is done, until it is killed. */
for (let step = 1; step <= 1000; step++) {
  writeCheckpoint(process.argv[2], { step, tensors: { w: fromData(new Float32Array(500_000).fill(step), [500_000]) } });
  writeSync(1, `${step}\n`);
}

/**
 * Draws the picture of the README from a finished comparison: held-out data, and one-step samples of every loss.
 *
 *   pnpm run picture <folder of a run of `start` or `compare`>
 */

import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { colorVariables, Judge, type PointSet, pointsOf, samplerOf, thinPoints } from "@pushforward/training";
import { parseCompareConfig } from "../packages/lab/src/config.ts";
import { finishComparison } from "../packages/lab/src/experiments/compare.ts";
import { plotSamples } from "../packages/lab/src/report/plotSamples.ts";
import { openRun } from "../packages/lab/src/run/runFolder.ts";
import { trainedRecipe } from "../packages/lab/src/training/trainedRecipe.ts";
import { root } from "./workspace.ts";

/** Points of a panel: enough to see a density, few enough for a small file. */
const shown = 1200;
/** Side of a panel in pixels. */
const size = 190;

/** Held-out points, then one-step samples of every loss, by name. */
async function panelsOf(path: string): Promise<{ name: string; points: PointSet }[]> {
  const { folder, problem, students } = await finishComparison(openRun(path, parseCompareConfig), { isQuiet: true });
  const { config } = folder;
  const judge = new Judge(problem, config.dtype);
  const samples = Object.entries(students).map(([name, { network }]) => {
    const sampler = samplerOf(trainedRecipe({ ...config, loss: name }), network);
    return { name, points: pointsOf(sampler(judge.noise(), 1).cast("float64")) };
  });
  const panels = [{ name: "held-out data", points: problem.heldOut }, ...samples];
  return panels.map(({ name, points }) => ({ name, points: thinPoints(points, shown) }));
}

const [path] = process.argv.slice(2).filter((argument) => argument !== "--");
if (path === undefined) throw new Error("picture: must be given the folder of a finished comparison, got none");
const light = await plotSamples(await panelsOf(path), { size });
const dark = light.replace(colorVariables("light"), colorVariables("dark"));
for (const [name, svg] of [
  ["picture.svg", light],
  ["picture-dark.svg", dark],
]) {
  const file = join(root, "docs", name);
  writeFileSync(file, svg);
  console.log(`${relative(root, file)}: ${(svg.length / 1024).toFixed(0)} KiB`);
}

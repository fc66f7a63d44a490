import type { Command } from "commander";
import { defaultLosses, runComparison } from "./compare.ts";
import { type RawOptions, settingsOf, withTrainingOptions } from "./trainingOptions.ts";

/** What `start` trains: eight Gaussians with an exact velocity, at a size that takes a few minutes on two cores. */
const defaults = {
  data: "eightGaussians",
  learningRate: 3e-3,
  velocity: "teacher",
  times: "uniform",
  offDiagonal: 0.75,
  targetEma: 0.95,
};

/** `pushforward start` */
export function addStart(program: Command): void {
  const command = program
    .command("start")
    .description(
      "The main job: train a velocity teacher, distil it into one-step maps by four losses, compare, and report.",
    );
  withTrainingOptions(command).action(async (options: RawOptions) => {
    await runComparison(defaultLosses, { ...defaults, ...settingsOf(options) }, options, "start");
  });
}

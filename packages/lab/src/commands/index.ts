import type { Command } from "commander";
import { addCompare } from "./compare.ts";
import { addDevices } from "./devices.ts";
import { addExplain } from "./explain.ts";
import { addLosses } from "./losses.ts";
import { addResume } from "./resume.ts";
import { addSample } from "./sample.ts";
import { addStart } from "./start.ts";
import { addTrain } from "./train.ts";
import { addVerify } from "./verify.ts";

/** Every subcommand, in the order in which help lists them. */
export const commands: readonly ((program: Command) => void)[] = [
  addStart,
  addTrain,
  addCompare,
  addResume,
  addSample,
  addExplain,
  addLosses,
  addVerify,
  addDevices,
];

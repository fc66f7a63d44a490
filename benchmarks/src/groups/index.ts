import { attention } from "./attention.ts";
import { conv } from "./conv.ts";
import { elementwise } from "./elementwise.ts";
import { firstCall } from "./firstCall.ts";
import type { Group } from "./group.ts";
import { matmul } from "./matmul.ts";
import { memory } from "./memory.ts";
import { networks } from "./networks.ts";
import { overhead } from "./overhead.ts";
import { reductions } from "./reductions.ts";
import { scaling } from "./scaling.ts";
import { step } from "./step.ts";

/** All groups, in the order of the report. */
export const groups: readonly Group[] = [
  step,
  matmul,
  conv,
  attention,
  networks,
  elementwise,
  reductions,
  firstCall,
  overhead,
  memory,
  scaling,
];

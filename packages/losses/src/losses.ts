import { backwardExact, backwardSemi } from "./backward.ts";
import { backwardFiniteDifference } from "./backwardFiniteDifference.ts";
import { consistencyDistillation, consistencyTraining } from "./consistency.ts";
import { esd, esdConvex, esdNone } from "./esd.ts";
import { flowMatching } from "./flowMatching.ts";
import { globalForward, globalForwardFull } from "./globalForward.ts";
import { localForward, localForwardSemi } from "./localForward.ts";
import type { AnyLoss } from "./lossTypes.ts";
import { lsd, lsdNone } from "./lsd.ts";
import { meanFlow } from "./meanFlow.ts";
import { psd, psdNone } from "./psd.ts";
import { shortcut } from "./shortcut.ts";
import { triConsistency, triConsistencyFull } from "./triConsistency.ts";

/** Every loss by name: documentation, the command and the conformance tests loop over this table. */
export const losses = {
  flowMatching,
  localForward,
  localForwardSemi,
  globalForward,
  globalForwardFull,
  backwardExact,
  backwardSemi,
  backwardFiniteDifference,
  meanFlow,
  consistencyDistillation,
  consistencyTraining,
  triConsistency,
  triConsistencyFull,
  shortcut,
  lsd,
  lsdNone,
  esd,
  esdConvex,
  esdNone,
  psd,
  psdNone,
} as const satisfies Record<string, AnyLoss>;

/** Name of a loss. */
export type LossName = keyof typeof losses;

import { ayfEmd, ayfLmd } from "./ayf.ts";
import { backwardExact, backwardSemi } from "./backward.ts";
import { backwardFiniteDifference } from "./backwardFiniteDifference.ts";
import { consistencyDistillation, consistencyTraining } from "./consistency.ts";
import { continuousConsistency } from "./continuousConsistency.ts";
import { ctm, denoising } from "./ctm.ts";
import { esd, esdConvex, esdNone } from "./esd.ts";
import { flowMapMatching } from "./flowMapMatching.ts";
import { flowMatching } from "./flowMatching.ts";
import { globalForward, globalForwardFull } from "./globalForward.ts";
import { localForward, localForwardSemi } from "./localForward.ts";
import type { AnyLoss } from "./lossTypes.ts";
import { lsd, lsdNone } from "./lsd.ts";
import { meanFlow } from "./meanFlow.ts";
import { meanFlowGuided } from "./meanFlowGuided.ts";
import { progressiveDistillation } from "./progressiveDistillation.ts";
import { progressiveFlowMapMatching } from "./progressiveFlowMapMatching.ts";
import { psd, psdNone } from "./psd.ts";
import { scmDistillation, scmTraining } from "./scm.ts";
import { sdee, sdei, stee, stei } from "./secant.ts";
import { secondOrder } from "./secondOrder.ts";
import { shortcut } from "./shortcut.ts";
import { traFlow } from "./traFlow.ts";
import { triConsistency, triConsistencyFull } from "./triConsistency.ts";

/** Every loss by name: documentation, the command and the conformance tests loop over this table. */
export const losses = {
  flowMatching,
  denoising,
  localForward,
  localForwardSemi,
  globalForward,
  globalForwardFull,
  ayfLmd,
  flowMapMatching,
  ctm,
  sdei,
  sdee,
  stei,
  stee,
  backwardExact,
  backwardSemi,
  backwardFiniteDifference,
  meanFlow,
  meanFlowGuided,
  ayfEmd,
  secondOrder,
  consistencyDistillation,
  consistencyTraining,
  continuousConsistency,
  scmDistillation,
  scmTraining,
  triConsistency,
  triConsistencyFull,
  progressiveDistillation,
  progressiveFlowMapMatching,
  traFlow,
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

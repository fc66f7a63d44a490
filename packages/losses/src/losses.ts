import { adversarial } from "./adversarial.ts";
import { alphaFlow, soFlow } from "./alphaFlow.ts";
import { ayfEmd, ayfLmd } from "./ayf.ts";
import { backwardExact, backwardSemi } from "./backward.ts";
import { backwardFiniteDifference } from "./backwardFiniteDifference.ts";
import { consistencyDistillation, consistencyTraining } from "./consistency.ts";
import { continuousAdversarial } from "./continuousAdversarial.ts";
import { continuousConsistency } from "./continuousConsistency.ts";
import { cosim } from "./cosim.ts";
import { ctm, denoising } from "./ctm.ts";
import { dmd, dmd2, dmd2FourStep, pairRegression } from "./dmd.ts";
import { drifting } from "./drifting.ts";
import { esd, esdConvex, esdNone } from "./esd.ts";
import { facm } from "./facm.ts";
import {
  fDistill,
  fDistillForwardKl,
  fDistillHellinger,
  fDistillJeffreys,
  fDistillNeyman,
  fDistillReverseKl,
  fDistillSoftened,
} from "./fDistill.ts";
import { flowMapMatching } from "./flowMapMatching.ts";
import { flowMatching } from "./flowMatching.ts";
import { freeFlow, freeFlowCorrection } from "./freeFlow.ts";
import { globalForward, globalForwardFull, midTraining } from "./globalForward.ts";
import { imm } from "./imm.ts";
import { easyConsistency, improvedConsistency } from "./improvedConsistency.ts";
import { improvedMeanFlow } from "./improvedMeanFlow.ts";
import { diffInstruct, integratedKl, swiftBrush, vsd } from "./klGradients.ts";
import { localForward, localForwardSemi } from "./localForward.ts";
import type { AnyLoss } from "./lossTypes.ts";
import { lsd, lsdNone } from "./lsd.ts";
import { meanFlow } from "./meanFlow.ts";
import { meanFlowGuided } from "./meanFlowGuided.ts";
import { pixelMeanFlow } from "./pixelMeanFlow.ts";
import { progressiveDistillation } from "./progressiveDistillation.ts";
import { progressiveFlowMapMatching } from "./progressiveFlowMapMatching.ts";
import { psd, psdNone, splitMeanFlow } from "./psd.ts";
import { rcm } from "./rcm.ts";
import { rectifiedMeanFlow } from "./rectifiedMeanFlow.ts";
import { scmDistillation, scmTraining } from "./scm.ts";
import { sdee, sdei, stee, stei } from "./secant.ts";
import { secondOrder } from "./secondOrder.ts";
import { sgFlow } from "./sgFlow.ts";
import { shortcut } from "./shortcut.ts";
import { shortcutDistillation } from "./shortcutDistillation.ts";
import { sid, sidHalf, sidOne } from "./sid.ts";
import { sim } from "./sim.ts";
import { terminalVelocity } from "./terminalVelocity.ts";
import { traFlow } from "./traFlow.ts";
import { transition } from "./transition.ts";
import { triConsistency, triConsistencyFull } from "./triConsistency.ts";
import {
  uniInstruct,
  uniInstructChiSquaredExact,
  uniInstructForwardKlExact,
  uniInstructJeffreys,
  uniInstructJeffreysExact,
  uniInstructJensenShannonExact,
  uniInstructReverseKl,
  uniInstructReverseKlExact,
} from "./uniInstruct.ts";
import { fisher, velocityMatching } from "./velocityMatching.ts";

/** Every loss by name: the documentation, the command and the conformance tests loop over this table. */
export const losses = {
  flowMatching,
  continuousAdversarial,
  denoising,
  localForward,
  localForwardSemi,
  globalForward,
  globalForwardFull,
  midTraining,
  ayfLmd,
  freeFlow,
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
  rectifiedMeanFlow,
  sgFlow,
  meanFlowGuided,
  improvedMeanFlow,
  pixelMeanFlow,
  alphaFlow,
  soFlow,
  transition,
  ayfEmd,
  secondOrder,
  consistencyDistillation,
  consistencyTraining,
  improvedConsistency,
  easyConsistency,
  continuousConsistency,
  imm,
  facm,
  scmDistillation,
  scmTraining,
  rcm,
  triConsistency,
  triConsistencyFull,
  progressiveDistillation,
  progressiveFlowMapMatching,
  traFlow,
  shortcut,
  shortcutDistillation,
  lsd,
  lsdNone,
  terminalVelocity,
  esd,
  esdConvex,
  esdNone,
  psd,
  psdNone,
  splitMeanFlow,
  pairRegression,
  velocityMatching,
  integratedKl,
  fisher,
  vsd,
  diffInstruct,
  dmd,
  dmd2,
  dmd2FourStep,
  freeFlowCorrection,
  adversarial,
  drifting,
  swiftBrush,
  fDistill,
  fDistillReverseKl,
  fDistillForwardKl,
  fDistillHellinger,
  fDistillJeffreys,
  fDistillNeyman,
  fDistillSoftened,
  sid,
  sidOne,
  sidHalf,
  sim,
  cosim,
  uniInstruct,
  uniInstructReverseKl,
  uniInstructJeffreys,
  uniInstructReverseKlExact,
  uniInstructForwardKlExact,
  uniInstructJensenShannonExact,
  uniInstructJeffreysExact,
  uniInstructChiSquaredExact,
} as const satisfies Record<string, AnyLoss>;

/** Name of a loss. */
export type LossName = keyof typeof losses;

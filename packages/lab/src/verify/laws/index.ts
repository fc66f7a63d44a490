import type { Law } from "../law.ts";
import { averageVelocities } from "./averageVelocities.ts";
import {
  backwardIsJacobianTimesForward,
  backwardIsJacobianTimesForwardFloat32,
} from "./backwardIsJacobianTimesForward.ts";
import { boundaryForms } from "./boundaryForms.ts";
import { chainRule } from "./chainRule.ts";
import { compiledIsEager } from "./compiledIsEager.ts";
import { continuityEquation } from "./continuityEquation.ts";
import { duality } from "./duality.ts";
import { flowMapAxioms } from "./flowMapAxioms.ts";
import { gaussianGaps } from "./gaussianGaps.ts";
import { jacobians } from "./jacobians.ts";
import { klDerivative } from "./klDerivative.ts";
import { klIntegrals } from "./klIntegrals.ts";
import { linearity } from "./linearity.ts";
import { nestedDerivatives } from "./nestedDerivatives.ts";
import { pathRescaling } from "./pathRescaling.ts";
import { perturbationConfusion } from "./perturbationConfusion.ts";
import { predictionConversions } from "./predictionConversions.ts";
import { primitiveDerivatives } from "./primitiveDerivatives.ts";
import { secondOrder } from "./secondOrder.ts";
import { stopGradients } from "./stopGradients.ts";
import { transportEquations } from "./transportEquations.ts";
import { vmapIsLoop } from "./vmapIsLoop.ts";

/** The identity catalogue, in the order of the report: derivatives, flow maps and distributions, losses. */
export const laws: readonly Law[] = [
  duality,
  primitiveDerivatives,
  linearity,
  chainRule,
  jacobians,
  secondOrder,
  nestedDerivatives,
  perturbationConfusion,
  stopGradients,
  vmapIsLoop,
  compiledIsEager,
  backwardIsJacobianTimesForward,
  backwardIsJacobianTimesForwardFloat32,
  flowMapAxioms,
  transportEquations,
  averageVelocities,
  boundaryForms,
  continuityEquation,
  predictionConversions,
  pathRescaling,
  klDerivative,
  klIntegrals,
  gaussianGaps,
];

import type { Law } from "../law.ts";
import {
  backwardIsJacobianTimesForward,
  backwardIsJacobianTimesForwardFloat32,
} from "./backwardIsJacobianTimesForward.ts";
import { chainRule } from "./chainRule.ts";
import { compiledIsEager } from "./compiledIsEager.ts";
import { duality } from "./duality.ts";
import { jacobians } from "./jacobians.ts";
import { linearity } from "./linearity.ts";
import { nestedDerivatives } from "./nestedDerivatives.ts";
import { perturbationConfusion } from "./perturbationConfusion.ts";
import { primitiveDerivatives } from "./primitiveDerivatives.ts";
import { secondOrder } from "./secondOrder.ts";
import { stopGradients } from "./stopGradients.ts";
import { vmapIsLoop } from "./vmapIsLoop.ts";

/** The identity catalogue, in the order of the report. */
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
];

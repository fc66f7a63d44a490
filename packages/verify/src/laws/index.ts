import type { Law } from "../law.ts";
import { alignYourFlow } from "./alignYourFlow.ts";
import { alphaFlowAtOne } from "./alphaFlowAtOne.ts";
import { alphaFlowTendsToMeanFlow } from "./alphaFlowTendsToMeanFlow.ts";
import { averageVelocities } from "./averageVelocities.ts";
import {
  backwardIsJacobianTimesForward,
  backwardIsJacobianTimesForwardFloat32,
} from "./backwardIsJacobianTimesForward.ts";
import { boundaryForms } from "./boundaryForms.ts";
import { chainRule } from "./chainRule.ts";
import { compiledIsEager } from "./compiledIsEager.ts";
import { conditionalVelocity } from "./conditionalVelocity.ts";
import { consistencyTendsToMeanFlow } from "./consistencyTendsToMeanFlow.ts";
import { continuityEquation } from "./continuityEquation.ts";
import { continuousAdversarialBalance } from "./continuousAdversarialBalance.ts";
import { continuousConsistencyIsMeanFlow } from "./continuousConsistencyIsMeanFlow.ts";
import { driftIsMeanShift } from "./driftIsMeanShift.ts";
import { driftOfEqualSets } from "./driftOfEqualSets.ts";
import { duality } from "./duality.ts";
import { exactMapsAreOptimal } from "./exactMapsAreOptimal.ts";
import { facmIsMeanFlow } from "./facmIsMeanFlow.ts";
import { finiteDifferenceOrder } from "./finiteDifferenceOrder.ts";
import { finiteDifferenceTendsToBackward } from "./finiteDifferenceTendsToBackward.ts";
import { flowMapAxioms } from "./flowMapAxioms.ts";
import { freeFlowIsLagrangian } from "./freeFlowIsLagrangian.ts";
import { gaussianGaps } from "./gaussianGaps.ts";
import { generatorGradients } from "./generatorGradients.ts";
import { immIsConsistency } from "./immIsConsistency.ts";
import { improvedConsistencyMetric } from "./improvedConsistencyMetric.ts";
import { improvedMeanFlowIsMeanFlow } from "./improvedMeanFlowIsMeanFlow.ts";
import { improvedMeanFlowVariance } from "./improvedMeanFlowVariance.ts";
import { jacobians } from "./jacobians.ts";
import { jvpFormIsJacobianForm } from "./jvpFormIsJacobianForm.ts";
import { klDerivative } from "./klDerivative.ts";
import { klIntegrals } from "./klIntegrals.ts";
import { linearity } from "./linearity.ts";
import { lossGradients } from "./lossGradients.ts";
import { meanFlowDiagonal } from "./meanFlowDiagonal.ts";
import { meanFlowIsBackward } from "./meanFlowIsBackward.ts";
import { midpointTriIsShortcut } from "./midpointTriIsShortcut.ts";
import { nestedDerivatives } from "./nestedDerivatives.ts";
import { pathRescaling } from "./pathRescaling.ts";
import { perturbationConfusion } from "./perturbationConfusion.ts";
import { pixelMeanFlowDiagonal } from "./pixelMeanFlowDiagonal.ts";
import { predictionConversions } from "./predictionConversions.ts";
import { primitiveDerivatives } from "./primitiveDerivatives.ts";
import { progressiveIsShortcut } from "./progressiveIsShortcut.ts";
import { rcmIsScm } from "./rcmIsScm.ts";
import { secondOrder } from "./secondOrder.ts";
import { secondOrderResidual } from "./secondOrderResidual.ts";
import { secondOrderTri } from "./secondOrderTri.ts";
import { sgFlowIsBackward } from "./sgFlowIsBackward.ts";
import { soFlowIsAlphaFlow } from "./soFlowIsAlphaFlow.ts";
import { solverTendsToForward } from "./solverTendsToForward.ts";
import { splitMeanFlowIsPsd } from "./splitMeanFlowIsPsd.ts";
import { stationaryLosses } from "./stationaryLosses.ts";
import { stopGradients } from "./stopGradients.ts";
import { stopsKeepValues } from "./stopsKeepValues.ts";
import { terminalVelocityIsLsd } from "./terminalVelocityIsLsd.ts";
import { trajectoryConsistency } from "./trajectoryConsistency.ts";
import { transitionTendsToMeanFlow } from "./transitionTendsToMeanFlow.ts";
import { transportEquations } from "./transportEquations.ts";
import { trigFlowTangent } from "./trigFlowTangent.ts";
import { triLimitOrder } from "./triLimitOrder.ts";
import { triTendsToBackward } from "./triTendsToBackward.ts";
import { triTendsToForward } from "./triTendsToForward.ts";
import { vmapIsLoop } from "./vmapIsLoop.ts";

/** The identity catalogue by subject, in the order of the report. */
export const lawGroups: Readonly<Record<string, readonly Law[]>> = {
  Derivatives: [
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
  ],
  "Flow maps and distributions": [
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
  ],
  Losses: [
    exactMapsAreOptimal,
    conditionalVelocity,
    stationaryLosses,
    lossGradients,
    stopsKeepValues,
    jvpFormIsJacobianForm,
    finiteDifferenceOrder,
    triTendsToForward,
    triTendsToBackward,
    triLimitOrder,
    secondOrderTri,
    secondOrderResidual,
    midpointTriIsShortcut,
    progressiveIsShortcut,
    meanFlowDiagonal,
    meanFlowIsBackward,
    alignYourFlow,
    trigFlowTangent,
    consistencyTendsToMeanFlow,
    continuousConsistencyIsMeanFlow,
    trajectoryConsistency,
    finiteDifferenceTendsToBackward,
    solverTendsToForward,
    alphaFlowTendsToMeanFlow,
    alphaFlowAtOne,
    soFlowIsAlphaFlow,
    improvedMeanFlowIsMeanFlow,
    improvedMeanFlowVariance,
    transitionTendsToMeanFlow,
    facmIsMeanFlow,
    terminalVelocityIsLsd,
    freeFlowIsLagrangian,
    immIsConsistency,
    driftOfEqualSets,
    driftIsMeanShift,
    rcmIsScm,
    splitMeanFlowIsPsd,
    improvedConsistencyMetric,
    pixelMeanFlowDiagonal,
    continuousAdversarialBalance,
    sgFlowIsBackward,
    generatorGradients,
  ],
};

/** Every law. */
export const laws: readonly Law[] = Object.values(lawGroups).flat();

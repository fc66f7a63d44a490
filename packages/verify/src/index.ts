export { checkLaw, controlFraction, type LawReport } from "./checkLaw.ts";
export { checkLoss, conformance, type LossReport, type VerifyLossOptions, verifyLoss } from "./checkLoss.ts";
export { type CheckMapOptions, checkMap, type MapReport } from "./checkMap.ts";
export { Draws } from "./draws.ts";
export { formatVerifyReport } from "./formatVerifyReport.ts";
export { defineLaw, type Law, type LawDefinition, oneByOne, rowByRow } from "./law.ts";
export { lawGroups, laws } from "./laws/index.ts";
export { formatLossCase, type LossCounterexample } from "./lossCounterexample.ts";
export { type VerifyOptions, type VerifyProgress, type VerifyReport, verify } from "./verify.ts";

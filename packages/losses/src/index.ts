export { defineLoss } from "./defineLoss.ts";
export { describeTimes, describeWeighting, percent } from "./describeLaw.ts";
export { type Divergence, type DivergenceName, divergences } from "./divergences.ts";
export { type DriftPoints, driftField } from "./driftField.ts";
export { flowMatching } from "./flowMatching.ts";

export { fittingGroup, inGroups, repeatInGroups } from "./groups.ts";
export { karrasTimes } from "./karrasTimes.ts";
export { kernelDiscrepancy, type RadialKernel } from "./kernelDiscrepancy.ts";
export { logisticRegression } from "./logisticRegression.ts";
export { type LossName, losses } from "./losses.ts";
export type {
  AnyLoss,
  BodyInput,
  Generator,
  Grade,
  GuidanceWeights,
  Learns,
  Loss,
  LossDefinition,
  LossFamily,
  LossInput,
  Models,
  Need,
  Needs,
  Optimum,
  Paper,
  Samples,
} from "./lossTypes.ts";
export { type LossTangent, type LossVectors, type LossVectorsInput, lossVectors } from "./lossVectors.ts";
export { labelsOf, printFormula, struckFormula } from "./markedFormula.ts";
export { offDiagonal } from "./offDiagonal.ts";
export { ownTangent } from "./ownTangent.ts";
export { doublingSteps, pairLaws, progressiveSteps, type Times } from "./pairLaws.ts";
export { defaultRecipe } from "./recipes/defaultRecipe.ts";
export { describeTerm } from "./recipes/describeTerm.ts";
export { firstRecipes } from "./recipes/firstRecipes.ts";
export {
  type Alternation,
  type Critic,
  type FakeVelocity,
  type Guidance,
  type RateSchedule,
  type Recipe,
  type RecipeSettings,
  recipe,
  type ShortSettings,
} from "./recipes/recipe.ts";
export { type RecipeJson, recipeJson } from "./recipes/recipeJson.ts";
export { recipes } from "./recipes/recipes.ts";
export { hasWholeGroups, rowsOfTerms } from "./recipes/rowsOfTerms.ts";
export { teacherRecipe } from "./recipes/teacherRecipe.ts";
export { diagonalTerm, type Term, type TermSettings, term } from "./recipes/term.ts";
export { type ResidualIdentity, residualIdentity } from "./residualIdentity.ts";
export { backwardResidual, forwardResidual } from "./residuals.ts";
export { middleLaws, type SampleTimesOptions, sampleTimes } from "./sampleTimes.ts";
export type { Schedule, Scheduled } from "./schedule.ts";
export { tangentRegression } from "./tangentRegression.ts";
export type { MiddleLaw, PairLaw, StartLaw, TimeLaw } from "./timeLaws.ts";
export {
  adaptiveWeight,
  applyWeighting,
  denoisingWeight,
  learnedWeight,
  normalizedTangent,
  pseudoHuber,
  trigFlowWeight,
  truncatedSnrWeight,
  type Weighting,
  weightings,
} from "./weights.ts";

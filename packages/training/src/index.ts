export { colorVariables, lossVariable } from "./colorVariables.ts";
export { restOfProgram } from "./explain/clusters.ts";
export { type EquationPart, partOf, stopLabel } from "./explain/equationPart.ts";
export { type Explanation, explainLoss, explainRecipe } from "./explain/explainLoss.ts";
export {
  arrowPath,
  type GraphLayout,
  layoutGraph,
  type PlacedBox,
  type PlacedEdge,
  type Point,
} from "./explain/layoutGraph.ts";
export {
  type GroupFigures,
  type LossPlacements,
  lossPlacements,
  type Placement,
  type PlacementFigures,
  placementBatches,
} from "./explain/lossPlacements.ts";
export {
  gradientWithout,
  isIdle,
  lossInstance,
  lossProgram,
  measured,
  type PlacementEffect,
  type ProgramInstance,
  type StopFigures,
  samePlacement,
  stopEffects,
} from "./explain/lossProgram.ts";
export {
  type GraphBox,
  type GraphEdge,
  type ProgramGraph,
  type ProgramGraphOptions,
  programGraph,
} from "./explain/programGraph.ts";
export { type ProgramSvgOptions, programToSvg } from "./explain/programToSvg.ts";
export type { SmallFlow } from "./explain/smallProblem.ts";
export { firstNonFiniteStep, type NonFiniteStep, type ProgramStep, stepThrough } from "./explain/stepThrough.ts";
export { judgedVelocity, judgeTrained } from "./judgeTrained.ts";
export { accuracy } from "./judging/accuracy.ts";
export { type ClassifiedPoints, type Classifier, classifierOf } from "./judging/classifier.ts";
export { type CoverageOptions, coverage } from "./judging/coverage.ts";
export { directionsFor } from "./judging/directions.ts";
export { type EnergyDistanceOptions, energyDistance } from "./judging/energyDistance.ts";
export { frechet } from "./judging/frechet.ts";
export { fitGaussian, type GaussianFit } from "./judging/gaussianFit.ts";
export { type HistogramKlOptions, histogramKl } from "./judging/histogramKl.ts";
export { Judge, sampleCount, teacherSolve } from "./judging/judge.ts";
export { mapError } from "./judging/mapError.ts";
export { type ComparedPoints, isBetterScore, type Metric, type MetricUnit } from "./judging/metric.ts";
export { type MetricName, metricNames, metrics, rankingMetric, type Scores } from "./judging/metrics.ts";
export { type PairedDifference, pairedDifference } from "./judging/pairedDifference.ts";
export { countPoints, type PointSet, thinPoints } from "./judging/pointSet.ts";
export { slicedWasserstein } from "./judging/slicedWasserstein.ts";
export { type Spread, spreadOf } from "./judging/spread.ts";
export { nextTurn } from "./nextTurn.ts";
export { type CosinePart, cosineParts } from "./observatory/cosineParts.ts";
export { type ErrorPart, errorParts, type PartialError, type SpanName, spanNames } from "./observatory/errorParts.ts";
export { asTrained } from "./observatory/estimators.ts";
export { type ExactVelocity, exactAverageVelocity } from "./observatory/exactValues.ts";
export type { Figure, FigureKind, Series } from "./observatory/figure.ts";
export { type FigureName, figureNames, figures } from "./observatory/figures.ts";
export { type HeatScale, heatLevels, heatScaleOf, levelOf } from "./observatory/heatScale.ts";
export { makeObservatory, type Observation, type Observatory } from "./observatory/observatory.ts";
export {
  type ObservedSeed,
  type ObservedTraining,
  type ObservedValues,
  observedNames,
  observedSeries,
  observedSteps,
  type TrainingThird,
} from "./observatory/observedTraining.ts";
export { middleOf, timeCells } from "./observatory/probes.ts";
export { lossNetworks, type TimeMapInput, type TimeMapName, timeMap, timeMapNames } from "./observatory/timeMap.ts";
export { builtinProblems, pictureProblems, problemNames } from "./problems/builtin.ts";
export { drawLabelled } from "./problems/checkProblem.ts";
export type { PictureCoordinates } from "./problems/digits/digits.ts";
export { pixelColumns } from "./problems/pixels.ts";
export { planeProblems } from "./problems/planeProblems.ts";
export { type Classes, type ImageShape, type LabelledPoints, type Problem, pointsOf } from "./problems/problem.ts";
export { type NumberTable, type RowLabels, type TableSplit, tableProblem } from "./problems/tableProblem.ts";
export { formatRecipe, parseRecipe } from "./recipes/parseRecipe.ts";
export { recipeJsonSchema } from "./recipes/recipeSchema.ts";
export { diagonalOf, inChunks, type Sampler, type SamplerHook, samplerOf } from "./samplers.ts";
export {
  allowedOf,
  defaultBeside,
  defaultOf,
  namesAllowed,
  schemaOfGiven,
  valueOfText,
  withDefault,
  withFollowing,
} from "./settings/describeSetting.ts";
export { type Naming, parseSettings } from "./settings/parseSettings.ts";
export { choicesOf, chosenRecipe, type PresetChoices, type RecipeChoices } from "./settings/recipeChoices.ts";
export { type RecipeSetting, recipeSettings } from "./settings/recipeSettings.ts";
export { listOf, namesOutOf, oneOf, real, text, whole } from "./settings/schemas.ts";
export {
  defineSetting,
  type Setting,
  type SettingGroup,
  type SettingTable,
  type SettingValues,
  schemasOf,
} from "./settings/setting.ts";
export {
  inProportion,
  parseTrainingSettings,
  type TrainingSettings,
  trainingSettings,
} from "./settings/trainingSettings.ts";
export {
  lossOfVariant,
  parseVariant,
  printVariant,
  type StopsOf,
  type Variant,
  variantSchema,
  variantSettings,
} from "./settings/variant.ts";
export { type TrainedFlow, type TrainOptions, type TrainUpdate, teacherSettings, train } from "./train.ts";
export type { AppliedNetwork } from "./trainer/appliedNetwork.ts";
export { checkGroups } from "./trainer/checkGroups.ts";
export { checkSteps } from "./trainer/checkSteps.ts";
export { exactTeacherOf, needsLearntTeacher } from "./trainer/exactTeacher.ts";
export {
  causeOfDivergence,
  describeNonFinite,
  firstNonFinite,
  type NonFinite,
  type StepStart,
} from "./trainer/firstNonFinite.ts";
export { checkGuidance } from "./trainer/guidance.ts";
export { usualLabels, withLabels } from "./trainer/labels.ts";
export { type NetworkSize, networkSize } from "./trainer/networkSize.ts";
export { describeNetwork, type NetworkName, perceptrons } from "./trainer/networks.ts";
export type { MakeNetwork, NetworkFamily, NetworkKind, NetworkUse } from "./trainer/networkUse.ts";
export { widthOf } from "./trainer/networkWidth.ts";
export { networksOf as termNetworks } from "./trainer/recipeLoss.ts";
export {
  alternates,
  endsAtData,
  generatorStarts,
  learnsDiagonal,
  needsTeacher,
  stopLabels,
} from "./trainer/recipeTraits.ts";
export type { TrainerOptions } from "./trainer/setup.ts";
export { namedLeaves, restoreTree } from "./trainer/stateFile.ts";
export type { StepInput } from "./trainer/stepInput.ts";
export { makeTrainer, type StepResult, type Trainer } from "./trainer/trainer.ts";
export type { TrainState } from "./trainer/trainState.ts";
export type { OpenedState } from "./trainer/update.ts";

import { losses, teacherRecipe } from "@pushforward/losses";
import { rankingMetric } from "@pushforward/training";
import type { StudyConfig } from "../config.ts";
import type { ResultRow } from "../report/report.ts";
import { type StudyRow, studiedColumns } from "../report/study.ts";
import { spreadsOf } from "./spreadsOf.ts";
import { registeredLoss, trainedName } from "./stops.ts";
import type { StudiedRun } from "./study.ts";

/**
 * Losses are compared with the Gaussian fit only if its score is this many times the score that a perfect sampler gets by
 * chance; otherwise the data are close to Gaussian and the comparison would be noise.
 */
const clearRatio = 4;

/** The numbers of a study. */
const studiedKeys = studiedColumns.map(({ key }) => key);

/**
 * Results of a study on one problem.
 *
 * @param config    names of the losses, and the stop-gradients that are switched off
 * @param runs      all trainings on the problem
 * @param baselines rows for comparison, the Gaussian fit last
 */
export function studyRows(
  { losses: names, withoutStops }: Pick<StudyConfig, "losses" | "withoutStops">,
  runs: readonly StudiedRun[],
  baselines: readonly [training: ResultRow, gaussianFit: ResultRow],
): StudyRow[] {
  const [training, fit] = baselines.map(({ [rankingMetric]: score = Number.NaN }) => score);
  const threshold = fit > clearRatio * training ? fit : undefined;
  const of = (name: string): StudiedRun[] => runs.filter(({ config }) => config.loss === name);
  const families = Object.values(losses).map(({ family }) => family as string);
  const rows = names.map((name) => lossRow(trainedName({ loss: name, withoutStops }), of(name), threshold));
  const familyIndex = ({ family }: StudyRow): number => families.indexOf(family);
  const distance = ({ scores }: StudyRow): number => {
    const mean = scores[rankingMetric]?.mean ?? Number.NaN;
    return Number.isNaN(mean) ? Number.MAX_VALUE : mean;
  };
  const teachers = of(teacherRecipe.name);
  return [
    ...rows.sort((a, b) => familyIndex(a) - familyIndex(b) || distance(a) - distance(b)),
    ...(teachers.length > 0 ? [rowOf("teacher", "teacher", "teacher", teachers)] : []),
    ...baselines.map((row) => ({
      ...{ name: row.name, kind: row.kind, family: row.kind, diverged: 0, failures: [] },
      scores: spreadsOf([row], studiedKeys),
    })),
  ];
}

function lossRow(name: string, runs: readonly StudiedRun[], threshold: number | undefined): StudyRow {
  const row = rowOf(name, "loss", registeredLoss(name)?.family ?? "", runs);
  if (threshold === undefined) return row;
  const distances = row.scores[rankingMetric]?.values ?? [];
  return {
    ...row,
    beatsGaussianFit: distances.length === runs.length && distances.every((value) => value < threshold),
  };
}

function rowOf(name: string, kind: StudyRow["kind"], family: string, runs: readonly StudiedRun[]): StudyRow {
  const judged = runs.flatMap(({ row }) => row ?? []);
  return {
    ...{ name, kind, family, scores: spreadsOf(judged, studiedKeys) },
    diverged: judged.filter((row) => !Number.isFinite(row[rankingMetric])).length,
    failures: runs.flatMap(({ seed, failure }) => (failure === undefined ? [] : [`seed ${seed}: ${failure}`])),
  };
}

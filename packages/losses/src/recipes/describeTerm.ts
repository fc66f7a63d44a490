import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { describeTimes, describeWeighting, percent } from "../describeLaw.ts";
import { checkTerms, type Term } from "./term.ts";

const startWords: Record<Term["start"], string> = {
  data: "X_s noise and data interpolated",
  noise: "X_s noise alone, (1 − s)·X_0",
  student: "X_s a sample of the student from the previous start time, noised to s",
  trajectory: "X_s on the teacher's trajectory that begins as noise",
};

const velocityWords: Record<Term["velocity"], string> = {
  conditional: "v of single samples, X_1 − X_0",
  teacher: "v of the teacher",
};

/** The settings of a term in words: its fraction of the batch, times, weights, the kinds of X_s, v and tangent, and stop-gradients that are off. */
export function describeTerm(term: Term): string[] {
  checkTerms("describeTerm", [term]);
  const { loss, fraction, weight, timeLaw, weighting, velocity, tangent, start, withoutStops, group, afterWarmup } =
    term;
  for (const [name, value, table] of [
    ["velocity", velocity, velocityWords],
    ["start", start, startWords],
  ] as const) {
    if (typeof value === "string" && Object.hasOwn(table, value)) continue;
    throw new DomainError(`describeTerm: ${name} ${mustBeOneOf(value, Object.keys(table))}`);
  }
  const { needs, conditionalVelocity } = loss;
  return [
    fraction === 1 ? "the whole batch" : `${percent(fraction)} of the batch`,
    `times: ${describeTimes(timeLaw)}`,
    ...(group > 1 ? [`groups of ${group} samples at the same times`] : []),
    `weights: ${describeWeighting(weighting)}${weight === 1 ? "" : `; factor ${weight}`}`,
    ...(needs.some((need) => need === "pairs") ? [] : [startWords[start]]),
    ...(conditionalVelocity === "unused" ? [] : [velocityWords[velocity]]),
    ...(tangent === "own" ? ["derivative along the student's own velocity U(X_s, s, s)"] : []),
    ...(afterWarmup ? ["once the warm-up is over"] : []),
    ...(withoutStops.length > 0 ? [`without the stop-gradients ${withoutStops.join(", ")}`] : []),
  ];
}

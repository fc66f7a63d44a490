import { DomainError, mustBe, mustBeOneOf } from "@pushforward/tensor";
import type { Schedule, Scheduled } from "./schedule.ts";
import type { MiddleLaw, PairLaw, StartLaw, TimeLaw } from "./timeLaws.ts";
import type { Weighting } from "./weights.ts";

// Every table is complete: a new law of times or a new weighting does not compile until it is described here.

const scheduleWords: { readonly [K in Schedule["kind"]]: (schedule: Extract<Schedule, { kind: K }>) => string } = {
  exponential: ({ from, to }) => `exponentially from ${from} to ${to}`,
  sigmoid: ({ from, to, gamma, snap = 0 }) =>
    `from ${from} to ${to} along a sigmoid of steepness ${gamma}${snap === 0 ? "" : `, 0 below ${snap} and 1 above ${1 - snap}`}`,
};

/** A part of t − s that is a number, or α with its course in a training. */
const partWords = (opening: string, fraction: Scheduled): string =>
  typeof fraction === "object"
    ? `${opening}α(t − s), where α goes ${wordOf("describeTimes", scheduleWords, fraction)}`
    : `${opening}${fraction}(t − s)`;

const middleWords: { readonly [K in MiddleLaw["kind"]]: (law: Extract<MiddleLaw, { kind: K }>) => string } = {
  uniform: () => "r uniform between them",
  midpoint: () => "r at the midpoint",
  nearStart: ({ fraction }) => partWords("r = s + ", fraction),
  nearEnd: ({ fraction }) => partWords("r = t − ", fraction),
  noiseDecrement: ({ decrement }) => `(1 − r)/r less than (1 − s)/s by ${short(decrement)}, r ≤ t`,
};

const startWords: { readonly [K in StartLaw["kind"]]: (law: Extract<StartLaw, { kind: K }>) => string } = {
  uniform: ({ min = 0, max = 1 }) => `uniform in [${min}, ${max}]`,
  logitNormal: ({ mean, std }) => `logit-normal, mean ${signed(mean)} and deviation ${std}`,
  arctan: ({ mean, std }) => `(2/π)·arctan of a log-normal number, mean ${signed(mean)} and deviation ${std}`,
  karras: ({ min = 0, max = 1 }) => `from ${percent(min)} to ${percent(max)} of the noise levels of Karras et al.`,
  shifted: ({ shift }) => `uniform, shifted to noise by ${shift}`,
  uShaped: ({ rate }) => `with a density in proportion to e^{${rate}t} + e^{${rate}(1 − t)}`,
  grid: ({ steps }) => `on the grid of ${steps}`,
  ddpm: ({ from = 0, to = 1000, anneal }) =>
    `steps ${from} to ${to - 1} of Stable Diffusion${anneal ? ` (to ${anneal.to - 1} after ${anneal.after} updates)` : ""}`,
  mixture: ({ parts }) => parts.map(({ fraction, law }) => `${percent(fraction)} ${startOf(law)}`).join(" and "),
};

const pairWords: { readonly [K in PairLaw["kind"]]: (law: Extract<PairLaw, { kind: K }>) => string } = {
  uniformTriangle: () => "s ≤ t, two uniform times in order",
  logitNormalPair: ({ mean, std }) =>
    `s ≤ t, two logit-normal times in order, mean ${signed(mean)} and deviation ${std}`,
  intervalLogitNormal: ({ mean, std, end }) =>
    `t − s logit-normal, mean ${signed(mean)} and deviation ${std}, ${end ? `t at least as large, logit-normal, mean ${signed(end.mean)} and deviation ${end.std}` : "s uniform in [0, 1 − (t − s)]"}`,
  logitNormalAfter: ({ mean, std, least = 0 }) =>
    `s ≤ t, logit-normal, mean ${signed(mean)} and deviation ${std}, s at least ${least}, t at least s`,
  intervalFrom: ({ start, mean, std, toEnd }) =>
    `s ${startOf(start)}, t − s logit-normal, mean ${signed(mean)} and deviation ${std}, t at most 1${toEnd ? `, and 1 where s < ${toEnd.before} and t > ${toEnd.after}` : ""}`,
  length: ({ steps = 1, onGrid, order }) =>
    `t − s uniform in [0, ${steps === 1 ? "1" : `1/${steps}`}], s uniform in [0, 1 − (t − s)]${onGrid ? ` rounded down to the grid of ${steps}` : ""}${order === "either" ? ", exchanged in half of the pairs" : ""}`,
  diagonal: ({ start }) => `s = t, ${startOf(start)}`,
  diagonalMix: ({ fraction, law }) => `s = t on ${percent(fraction)} of them, elsewhere ${pairOf(law)}`,
  dyadic: ({ base }) => `t − s a power of ½ down to 1/${base / 2}, s a multiple of it`,
  fixedEnd: ({ start, end = 1 }) => `s ${startOf(start)}, t = ${end}`,
  grid: ({ steps, end }) => `s on a grid of ${steps} steps, ${end === undefined ? "t the next point" : `t = ${end}`}`,
  halvingGrid: ({ steps }) => `s and t neighbours on a grid of ${steps} steps, half as many in each stage`,
  karrasGrid: ({ levels }) => `s on the ${levels} noise levels of Karras et al., t = 1`,
  progressiveKarras: ({ from, to }) =>
    `s on the noise levels of Karras et al., whose number grows from ${from} to ${to + 1}, t = 1`,
  doublingKarras: ({ from, to, mean, std }) =>
    `s on the noise levels of Karras et al., whose number doubles from ${from + 1} to ${to + 1}, next to a log-normal σ, mean ${signed(mean)} and deviation ${std}, t = 1`,
  noiseRatio: ({ start, base, stages, k, b }) =>
    `s ${startOf(start)}, t = 1, δ to the noise level σ·(1 − (1 + ${k}/(1 + e^{${b === 1 ? "" : b}σ}))·${base}^{−i}) in part i of ${stages} of the training`,
  karrasJumps: ({ levels }) =>
    `s ≤ r ≤ t on the ${levels} noise levels of Karras et al., r the same number of levels after s in the whole batch`,
  square: () => "s and t uniform, in either order",
  simulated: ({ steps, start, end }) =>
    `s = 0 or the last of up to ${steps - 1} times in order, ${startOf(start)}, t ${startOf(end)}`,
  starts: ({ starts, end }) =>
    `s ${starts.length === 1 ? "=" : "one of"} ${[...starts].map(short).join(", ")}, t ${startOf(end)}`,
};

/** The words for a law by its kind. TypeScript cannot infer that kind and entry belong together. */
const wordOf = <Law extends { readonly kind: string }>(operation: string, words: object, law: Law): string => {
  mustBe(operation, "a law", law, "object");
  if (typeof law.kind === "string" && Object.hasOwn(words, law.kind)) {
    return (words as Record<string, (law: Law) => string>)[law.kind](law);
  }
  throw new DomainError(`${operation}: kind ${mustBeOneOf(law.kind, Object.keys(words))}`);
};

const startOf = (law: StartLaw): string => wordOf("describeTimes", startWords, law);
const pairOf = (law: PairLaw): string => wordOf("describeTimes", pairWords, law);

/** A law of times in words. */
export const describeTimes = (law: TimeLaw): string =>
  [
    pairOf(law),
    ...(law.middle !== undefined ? [wordOf("describeTimes", middleWords, law.middle)] : []),
    ...(law.delta === undefined ? [] : [`δ = ${law.delta}`]),
    ...(law.margin ? [`both kept ${law.margin} away from 0 and 1`] : []),
  ].join("; ");

const weightWords: { readonly [K in Weighting["kind"]]: (how: Extract<Weighting, { kind: K }>) => string } = {
  none: () => "not weighted",
  adaptive: ({ p = 1, c = 0.01 }) => `adaptive, p = ${p} and c = ${c}`,
  pseudoHuber: ({ c }) => `pseudo-Huber, c = ${c}`,
  learned: () => "learnt with the student, ω(s, t)",
  truncatedSnr: () => "truncated signal-to-noise ratio",
  trigFlow: ({ sigmaData = 0.5 }) => `as errors of TrigFlow's velocity, σ_d = ${sigmaData}`,
  denoising: ({ sigmaData = 0.5 }) => `by the noise level, σ_d = ${sigmaData}`,
};

/** A weighting in words. */
export const describeWeighting = (how: Weighting): string => wordOf("describeWeighting", weightWords, how);

/** A fraction as a percentage. */
export function percent(fraction: number): string {
  mustBe("percent", "the fraction", fraction, "number");
  return `${Number((100 * fraction).toPrecision(3))} %`;
}

/** A number with few digits. */
const short = (value: number): string => String(Number(value.toPrecision(3)));

/** A number with the minus sign U+2212. */
const signed = (value: number): string => String(value).replace("-", "−");

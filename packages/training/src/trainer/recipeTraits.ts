import { type FlowMapForm, flowMapForms } from "@pushforward/flows";
import type { Need, Recipe, Term, TimeLaw } from "@pushforward/losses";
import { startsOf } from "./generatorSamples.ts";

/**
 * The form of the network that a loss of the recipe decides; undefined where the losses leave it open. A student of TrigFlow that begins as
 * the teacher is an average velocity, as the teacher is a velocity; its losses get the network that it would be in TrigFlow's form.
 */
export function decidedForm({ terms, init }: Pick<Recipe, "terms" | "init">): FlowMapForm | undefined {
  const decided = terms.map((term) => term.loss.learns).find((learns) => Object.hasOwn(flowMapForms, learns)) as
    | FlowMapForm
    | undefined;
  return decided === "trigFlow" && init === "teacher" ? "firstOrder" : decided;
}

/** Whether a recipe trains auxiliary networks in alternation with the student. */
export const alternates = ({ fakeVelocity, critic }: Recipe): boolean => fakeVelocity !== null || critic !== null;

/** Whether a loss of the recipe needs one of some things. */
const hasNeed = ({ terms }: Recipe, ...needs: readonly Need[]): boolean =>
  terms.some(({ loss }) => needs.some((need) => loss.needs.includes(need)));

/** Whether a recipe distils a velocity that is known or was learnt before. */
export const needsTeacher = (recipe: Recipe): boolean =>
  hasNeed(recipe, "teacher", "solve", "teacherMap", "pairs") ||
  recipe.terms.some(({ velocity, start }) => velocity === "teacher" || start === "trajectory") ||
  recipe.init === "teacher" ||
  recipe.form === "secondOrder" ||
  recipe.pairs === "rectified";

/** Decay of the averaged parameters that targets use; null where no loss has such a target. */
export const targetDecay = (recipe: Recipe): number | null => (hasNeed(recipe, "ema") ? recipe.emaDecay : null);

/** Whether only the diagonal u(x, t, t) is trained, so that samples come from solving an ODE. */
export const learnsDiagonal = ({ terms }: Recipe): boolean => terms.every(({ loss }) => loss.learns === "velocity");

/** Whether weights ω(s, t) of the samples are learnt with the student. */
export const learnsWeights = ({ terms }: Recipe): boolean =>
  terms.some(({ weighting }) => weighting.kind === "learned");

/** Laws of times whose t is always 1. */
const toDataKinds: readonly TimeLaw["kind"][] = ["karrasGrid", "progressiveKarras", "doublingKarras", "noiseRatio"];

/** Whether the network is only trained towards t = 1, so that several steps must go back to noise in between. */
export function endsAtData({ form, terms }: Recipe): boolean {
  const { timeLaw } = terms[terms.length - 1];
  if (form === "trigFlow" || toDataKinds.includes(timeLaw.kind)) return true;
  return timeLaw.kind === "fixedEnd" ? (timeLaw.end ?? 1) === 1 : "end" in timeLaw && timeLaw.end === 1;
}

/**
 * Times from which a generator, or a flow map that is trained from a list of starts alone, makes samples in one step each; empty for any time,
 * undefined where the recipe trains a flow map between any two times.
 */
export function generatorStarts({ terms }: Recipe): readonly number[] | undefined {
  const { loss, timeLaw } = terms[terms.length - 1];
  return loss.learns === "generator" || timeLaw.kind === "starts" ? startsOf(timeLaw) : undefined;
}

/** The last term about samples of a generator, by default the last term. */
export const generatorTerm = ({ terms }: Pick<Recipe, "terms">): Term =>
  [...terms].reverse().find(({ loss }) => loss.learns === "generator") ?? terms[terms.length - 1];

/** Labels of the stop-gradients in the losses of a recipe. */
export const stopLabels = ({ terms }: Recipe): readonly string[] => [
  ...new Set(terms.flatMap(({ loss }) => loss.stops)),
];

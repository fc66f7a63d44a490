import { innerTimes } from "../generatedSample.ts";
import type { AnyLoss } from "../lossTypes.ts";
import type { StartLaw, TimeLaw } from "../timeLaws.ts";
import { type FakeVelocity, type Recipe, type RecipeSettings, recipe } from "./recipe.ts";
import { term } from "./term.ts";

/**
 * The start time of generators that are initialised as the teacher's denoiser. Pure noise carries no information to denoise.
 *
 *   s = 1/(1 + σ), σ = 2.5
 *
 * @source official code of SiD: sigma_init 2.5
 */
export const denoiserStart = 1 / 3.5;

export const starting = (starts: readonly number[], end: StartLaw): TimeLaw => ({ kind: "starts", starts, end });

/** The end law of a loss's own times. */
export function endOf(loss: AnyLoss): StartLaw {
  const law = loss.timeLaw as TimeLaw;
  return law.kind === "starts" ? law.end : innerTimes;
}

/**
 * ψ by flow matching on samples at uniform times, with one update before each update of the student unless a paper gives another
 * number.
 */
export const fakeVelocity = (starts: readonly number[], settings: Partial<FakeVelocity> = {}): FakeVelocity => ({
  updates: 1,
  rate: 1,
  timeLaw: starting(starts, { kind: "uniform" }),
  seesStart: false,
  pull: 0,
  ...settings,
});

/** How the training of ψ differs from the code of every method that has one. */
export const departuresOfFake = [
  "ψ minimises the error of velocities, with equal weight at uniform times; codes weight the error of denoisers by the noise level. The optimum is the same.",
];

/** Settings of a generator's recipe, and the times from which it makes its samples. */
export interface GeneratorSettings extends Partial<RecipeSettings> {
  readonly starts?: readonly number[];
  readonly fake?: Partial<FakeVelocity>;
}

/** A one-step generator that is initialised as the teacher's denoiser, trained in alternation with ψ. */
export function generatorDistillation(loss: AnyLoss, settings: GeneratorSettings = {}): Recipe {
  const { starts = [denoiserStart], fake, ...rest } = settings;
  return recipe({
    terms: [term({ loss, timeLaw: starting(starts, endOf(loss)), start: "noise" })],
    init: "teacher",
    departs: departuresOfFake,
    fakeVelocity: fakeVelocity(starts, fake),
    ...rest,
  });
}

import { type LossName, losses } from "../losses.ts";
import { denoiserStart, departuresOfFake, endOf, fakeVelocity, starting } from "./generatorDistillation.ts";
import { type Alternation, type FakeVelocity, type Recipe, recipe, term } from "./recipe.ts";

const critic = (starts: readonly number[], settings: Partial<Alternation> = {}): Alternation => ({
  updates: 1,
  rate: 1,
  timeLaw: starting(starts, { kind: "karras", min: 0.02, max: 0.98 }),
  ...settings,
});

/** The same recipe with an adversarial term, whose critic also gives the density ratio. */
function withCritic(
  name: LossName,
  weight: number,
  starts: readonly number[] = [denoiserStart],
  settings: Partial<FakeVelocity> = {},
): Recipe {
  const start = starts.length > 1 ? "student" : "noise";
  const terms = [
    term({
      loss: losses.adversarial,
      timeLaw: starting(starts, endOf(losses.adversarial)),
      fraction: 0.5,
      weight,
      start,
    }),
    term({ loss: losses[name], timeLaw: starting(starts, endOf(losses[name])), fraction: 0.5, start }),
  ];
  return recipe({
    terms,
    init: "teacher",
    departs: departuresOfFake,
    fakeVelocity: fakeVelocity(starts, { updates: 5, ...settings }),
    critic: critic(starts, { updates: 5 }),
  });
}

/** Methods that match the distribution of samples instead of a map. */
export const generatorRecipes = {
  pairRegression: recipe({ terms: [term({ loss: losses.pairRegression, start: "noise" })] }),
  /** @source official code of DMD2; the weight of the regression is recalled */
  dmd: recipe({
    terms: [
      term({ loss: losses.pairRegression, start: "noise", fraction: 0.5, weight: 0.25 }),
      term({ loss: losses.dmd, start: "noise", fraction: 0.5 }),
    ],
    fakeVelocity: fakeVelocity([0]),
    departs: [
      ...departuresOfFake,
      "The weight 0.25 of the regression is recalled, not read. Eight Heun steps of the teacher generate new pairs at every training step.",
    ],
  }),
  /**
   * Four start times, of which the first is the denoiser's. ψ receives the start time. Without it ψ would learn the mean over all
   * starts, and errors of different starts could cancel.
   *
   * @source official code: five updates of ψ for each update of the student, adversarial weight 3e-3, four noise levels
   */
  dmd2: withCritic("dmd2", 3e-3, [denoiserStart, 0.45, 0.65, 0.85], { seesStart: true }),
  adversarial: recipe({ terms: [term({ loss: losses.adversarial, start: "noise" })], critic: critic([0]) }),
  fDistill: withCritic("fDistill", 3e-3),
  fDistillReverseKl: withCritic("fDistillReverseKl", 3e-3),
  fDistillForwardKl: withCritic("fDistillForwardKl", 3e-3),
  fDistillHellinger: withCritic("fDistillHellinger", 3e-3),
  fDistillJeffreys: withCritic("fDistillJeffreys", 3e-3),
  fDistillNeyman: withCritic("fDistillNeyman", 3e-3),
  fDistillSoftened: withCritic("fDistillSoftened", 3e-3),
  cosim: recipe({
    terms: [term({ loss: losses.cosim })],
    init: "teacher",
    departs: [
      ...departuresOfFake,
      "ψ is pulled towards the teacher with weight λ = 0.2; the paper's constant is not known to us.",
    ],
    fakeVelocity: {
      updates: 1,
      rate: 1,
      timeLaw: { kind: "uniformTriangle" },
      seesStart: true,
      pull: 0.2,
    },
  }),
  /** @source official code: adversarial weight 0.01 */
  uniInstruct: withCritic("uniInstruct", 0.01),
  uniInstructJeffreys: withCritic("uniInstructJeffreys", 0.01),
  uniInstructForwardKlExact: withCritic("uniInstructForwardKlExact", 0.01),
  uniInstructJensenShannonExact: withCritic("uniInstructJensenShannonExact", 0.01),
  uniInstructJeffreysExact: withCritic("uniInstructJeffreysExact", 0.01),
  uniInstructChiSquaredExact: withCritic("uniInstructChiSquaredExact", 0.01),
} as const satisfies { readonly [Name in LossName]?: Recipe };

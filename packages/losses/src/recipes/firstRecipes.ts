import { consistencyDistillation } from "../consistency.ts";
import { flowMatching } from "../flowMatching.ts";
import type { LossName } from "../losses.ts";
import { lsd } from "../lsd.ts";
import { meanFlow } from "../meanFlow.ts";
import { shortcut } from "../shortcut.ts";
import { selfDistillation } from "./distillation.ts";
import { type Recipe, recipe } from "./recipe.ts";
import { term } from "./term.ts";

/** @source official code, second-hand: adam_b2 0.95 */
export const meanFlowSettings = {
  betas: [0.9, 0.95],
  departs: ["The average that is judged decays by --ema; in the code by 0.9999."],
} as const;

/** MeanFlow's weight. @source official code: norm_p 1, norm_eps 0.01 */
export const adaptive = { kind: "adaptive", p: 1, c: 0.01 } as const;

/** Students that begin as the teacher in their paper. In short trainings of small networks most of them learn no faster so. */
export const fromTeacher = { init: "teacher", short: { init: "zero" } } as const;

/** Start times of shortcut's flow matching. */
export const onGrid = { kind: "diagonal", start: { kind: "grid", steps: 128 } } as const;

/**
 * The recipes that a newcomer meets first, one of each kind: the command compares them where no loss is named. A program that trains only
 * these loads no other loss.
 */
export const firstRecipes = {
  meanFlow: recipe({
    terms: [term({ loss: meanFlow, weighting: adaptive })],
    ...meanFlowSettings,
    short: { offDiagonal: 0.75 },
  }),
  /**
   * The diagonal replaces the paper's smallest step, 1/128.
   *
   * @source official code, second-hand: bootstrap_every 8, 128 base steps, target average 0.999; times of flow matching on the grid of 128
   */
  shortcut: recipe({
    terms: [term({ loss: flowMatching, fraction: 7 / 8, timeLaw: onGrid }), term({ loss: shortcut, fraction: 1 / 8 })],
    short: { offDiagonal: 0.5 },
    departs: [
      "Flow matching stands on the diagonal t = s; in the code it has the step 1/128.",
      "Nothing is clipped. The code clips the intermediate point and the target to [−4, 4]; the recipe's clip: 4 does so.",
    ],
  }),
  lsd: selfDistillation(lsd),
  /** @source launch script of the official code: 40 levels, target average 0.95 */
  consistencyDistillation: recipe({
    terms: [term({ loss: consistencyDistillation })],
    emaDecay: 0.95,
    solver: "heun",
    ...fromTeacher,
  }),
} as const satisfies { readonly [Name in LossName]?: Recipe };

import { add, mul, sub, type Tensor } from "@pushforward/tensor";
import type { Trainer } from "../trainer/trainer.ts";
import type { TermBatches } from "./batches.ts";
import { asTrained, otherVelocities, trainedVelocities, velocityNames } from "./estimators.ts";
import { type Figure, figure } from "./figure.ts";
import { knowsTarget } from "./gradientFigures.ts";
import type { Observed } from "./observed.ts";
import { regressesOnExact } from "./regressesOnExact.ts";

/** Σ fraction·weight·mean over the terms, of values before their weighting, [batches]. */
function total({ trainer: { recipe }, batches }: Observed, of: (term: TermBatches) => Tensor): Tensor {
  const present = recipe.terms.filter(({ fraction }) => fraction > 0);
  return batches()
    .terms.map((term, i) => mul(of(term).mean(-1), present[i].weight * present[i].fraction))
    .reduce((sum, each) => add(sum, each));
}

const hasErrors = (trainer: Trainer): boolean =>
  knowsTarget(trainer) && trainer.recipe.terms.every(({ loss }) => regressesOnExact(loss));

/** The name of the part of the loss that a better velocity would remove. */
const partOfVelocity = (trainer: Trainer): string =>
  trainedVelocities(trainer).includes("conditional") ? "variance of v" : "error of the teacher";

/** The parts of the loss. */
export const lossFigures = {
  lossSplit: figure({
    title: "Parts of the loss",
    kind: "split",
    axis: "log",
    meaning:
      "The value before weighting = ‖u − U‖² of the network (or the residual, where U is not known or the loss compares no average velocities) + the error of a moving target + the variance of the velocity of single samples, or the error of the teacher. Only the first two can fall.",
    applies: () => true,
    measure(observed) {
      const { trainer } = observed;
      const loss = total(observed, ({ values }) => values[asTrained]);
      const better = otherVelocities(trainer).find((kind) => kind !== "conditional");
      const exact = better === undefined ? loss : total(observed, ({ values }) => values[velocityNames[better]]);
      const error = hasErrors(trainer) ? total(observed, (term) => term.error!) : undefined;
      return {
        ...(error ? { "error of the network": error, "moving target": sub(exact, error) } : { residual: exact }),
        ...(better === undefined ? {} : { [partOfVelocity(trainer)]: sub(loss, exact) }),
      };
    },
  }),
} as const satisfies Readonly<Record<string, Figure>>;

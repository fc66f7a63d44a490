import type { TrainedLoss } from "@pushforward/export";
import { DomainError, key, type Tensor, type Tree } from "@pushforward/tensor";
import { samplerOf, type TrainState, termNetworks } from "@pushforward/training";
import type { TrainConfig } from "../config.ts";
import type { RunFolder } from "../run/runFolder.ts";
import { mainTerm } from "../sources/source.ts";
import { openTraining, problemOf } from "./train.ts";

/** Parameters of the networks that the main loss of a training does not train. */
interface Frozen {
  readonly states: Omit<TrainState, "params" | "optimizer" | "ema">;
  readonly teacher: Tree | null;
}

/**
 * The main loss of a training with its networks, and its sampler, in float64.
 *
 * @param steps evaluations of the network by the sampler
 * @throws DomainError if the run has no checkpoint yet, or its sampler draws noise between its steps
 */
export function trainedLoss(folder: RunFolder<TrainConfig>, steps: number): TrainedLoss {
  const problem = problemOf(folder.config);
  const { trainer, state } = openTraining(folder, problem, true, "float64");
  const { recipe } = trainer;
  const term = mainTerm(recipe);
  if (term.loss.learns === "generator" && steps > 1)
    throw new DomainError(
      `export: --steps must be 1 for a generator, which draws noise between its steps, got ${steps}; leave the option out`,
    );
  const { params, optimizer, ema, ...states } = state;
  return {
    ...{ loss: term.loss, dim: problem.dim, dtype: folder.config.dtype, params, average: ema.average },
    frozen: { states, teacher: trainer.teacher ?? null } satisfies Frozen as unknown as Tree,
    functions: (own, frozen) => {
      const { states: others, teacher } = frozen as unknown as Frozen;
      const opened = trainer.open({ ...others, params: own, optimizer, ema } as TrainState, teacher, key(0));
      return termNetworks(term, recipe, opened.input({ student: own, learners: opened.at.learners }));
    },
    times: recipe.network === "velocity" ? ["t"] : ["s", "t"],
    network: (average, x, ...times) =>
      trainer.network({ ...state, ema: { ...ema, average } } as TrainState)(x, ...times),
    sample: (network, noise) => samplerOf(recipe, (x, ...times) => network(x, ...(times as Tensor[])))(noise, steps),
  };
}

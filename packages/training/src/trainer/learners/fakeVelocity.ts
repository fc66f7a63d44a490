import { applyWeighting, type FakeVelocity, flowMatching, type Term, type TimeLaw } from "@pushforward/losses";
import { add, mean, mul, squaredNorm, sub, type Tensor } from "@pushforward/tensor";
import { startsOf } from "../generatorSamples.ts";
import { generatorTerm } from "../recipeTraits.ts";
import type { Setup } from "../setup.ts";
import { velocityOfSamples } from "../velocityOfSamples.ts";
import { type AuxiliaryInput, type AuxiliaryState, alternation } from "./alternation.ts";
import type { Learner } from "./learner.ts";
import { noisedSamples } from "./noisedSamples.ts";

/** ψ, the velocity of the student's own samples, trained in alternation; null where the recipe has none. */
export function fakeVelocity<P>(setup: Setup<P>): Learner<AuxiliaryState<P>> | null {
  const { fakeVelocity: recipe } = setup.recipe;
  if (recipe === null) return null;
  const { start } = generatorTerm(setup.recipe);
  const { updates, rate, seesStart } = recipe;
  return alternation(
    {
      ...{ name: "fakeVelocity", stream: 0, updates, rate, startsAsTeacher: true },
      network: setup.auxiliary(seesStart ? "averageVelocity" : "velocity"),
      loss: (input) => fakeVelocityLoss(recipe, start, input),
      lag: (input) => lagOfFakeVelocity(recipe, start, input),
      // Without `seesStart` the network takes one time.
      input: (network) => ({
        fakeVelocity: seesStart ? network : (x, t, _s, ...conditions) => network(x, t, ...conditions),
      }),
    },
    setup,
  );
}

/** E ‖ψ(X_t, t) − Ẋ‖² + λ·E ‖ψ(X_t, t) − v_φ(X_t)‖² on samples of the student: flow matching, pulled towards the teacher. */
function fakeVelocityLoss(recipe: FakeVelocity, start: Term["start"], input: AuxiliaryInput): Tensor {
  const { s, t, X, freshNoise, xt } = noisedSamples(recipe, start, input);
  const matching = (v: Tensor): Tensor => {
    const u = (x: Tensor, time: Tensor): Tensor =>
      recipe.seesStart ? input.network(x, time, s) : input.network(x, time);
    const errors = flowMatching.loss({ u, noise: freshNoise, data: X, xs: xt, v, s: t, t });
    return mean(applyWeighting(recipe.weighting ?? { kind: "none" }, errors, undefined, t));
  };
  const own = matching(sub(X, freshNoise));
  return recipe.pull > 0 && input.teacher ? add(own, mul(recipe.pull, matching(input.teacher(xt, t)))) : own;
}

/** Times at which the velocity of a few samples is the velocity of their law. */
const lagTimes = { kind: "uniform", min: 0.05, max: 0.8 } as const;
/** Rows at which velocities are compared; the other rows stand for the law. */
const lagRows = 256;

/**
 * How far ψ is from v̂^θ, the exact velocity of a few samples of the present student, and how far the teacher is from v̂^θ.
 *
 *   fakeLag = E‖v_ψ − v̂^θ‖²,   fakeGap = E‖v_φ − v̂^θ‖²
 *
 * The gap vanishes at the end of a training. ψ is exact enough while its lag is far below the gap.
 */
function lagOfFakeVelocity(
  recipe: FakeVelocity,
  start: Term["start"],
  input: AuxiliaryInput,
): Readonly<Record<string, Tensor>> {
  const starts = recipe.seesStart ? [0] : startsOf(recipe.timeLaw);
  const { timeLaw: own } = recipe;
  const timeLaw: TimeLaw =
    own.kind === "simulated"
      ? { ...own, end: lagTimes }
      : { kind: "starts", starts: starts.length > 0 ? starts : [0], end: lagTimes };
  const { X, xt, s, t } = noisedSamples({ ...recipe, timeLaw }, start, input);
  const count = X.shape[0] - lagRows;
  const [x, from, time] = [xt, s, t].map((all) => all.slice([count, count + lagRows]));
  const exact = velocityOfSamples(X.slice([0, count]), x, time);
  const gap = (v: Tensor): Tensor => mean(squaredNorm(sub(v, exact)));
  const fake = recipe.seesStart ? input.network(x, time, from) : input.network(x, time);
  return { fakeLag: gap(fake), ...(input.teacher && { fakeGap: gap(input.teacher(x, time)) }) };
}

import { stopGradient } from "@pushforward/autodiff";
import {
  type Alternation,
  type FakeVelocity,
  logisticRegression,
  losses,
  type Recipe,
  sampleTimes,
  type Term,
  type TimeLaw,
} from "@pushforward/losses";
import { add, foldIn, mean, mul, squaredNorm, sub, sum, type Tensor } from "@pushforward/tensor";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { generate, interpolateLinear, noiseLike, startPoints, startsOf } from "./generatorSamples.ts";
import { velocityOfSamples } from "./velocityOfSamples.ts";

/** Inputs for an update of an auxiliary network; all except `network` have stopped parameters. */
export interface AuxiliaryInput {
  /** The network that is being learnt. */
  readonly network: AppliedNetwork;
  readonly student: AppliedNetwork;
  readonly teacher?: AppliedNetwork;
  readonly data: Tensor;
  readonly key: Tensor;
}

/** How far ψ is from the exact velocity of the samples, which an alternation relies on. */
export interface Lag {
  /** E‖v_ψ − v̂^θ‖², v̂^θ the velocity that carries noise to some samples of the student */
  readonly fakeLag: Tensor;
  /** E‖v_φ − v̂^θ‖², what is to vanish in the end: ψ says enough while its lag is far below this */
  readonly fakeGap?: Tensor;
}

/** A network that learns in alternation with the student. */
export interface Auxiliary extends Pick<Alternation, "updates" | "rate"> {
  /** Whether it takes one time or two. */
  readonly network: "velocity" | "averageVelocity";
  /** The scalar it minimises. */
  loss(input: AuxiliaryInput): Tensor;
  /** How far it lags behind the student, by name; absent where nothing says so. */
  lag?(input: AuxiliaryInput): Lag;
}

/** The auxiliary networks by their names in losses. */
export interface Auxiliaries {
  readonly fakeVelocity: Auxiliary | null;
  readonly critic: Auxiliary | null;
}

/** A critic's logit [batch] of a network with as many outputs as coordinates. */
export const logitOf =
  (network: AppliedNetwork) =>
  (x: Tensor, t: Tensor): Tensor =>
    sum(network(x, t), -1);

/** The networks that a recipe trains along; null where it trains none. */
export function auxiliariesOf(recipe: Recipe): Auxiliaries | null {
  const { fakeVelocity, critic, terms } = recipe;
  if (!fakeVelocity && !critic) return null;
  const { start } = terms[terms.length - 1];
  return {
    fakeVelocity: fakeVelocity && {
      ...{ rate: fakeVelocity.rate, updates: fakeVelocity.updates },
      network: fakeVelocity.seesStart ? "averageVelocity" : "velocity",
      loss: (input) => fakeVelocityLoss(fakeVelocity, start, input),
      lag: (input) => lagOfFakeVelocity(fakeVelocity, start, input),
    },
    critic: critic && {
      ...{ rate: critic.rate, updates: critic.updates },
      network: "velocity",
      loss: (input) => criticLoss(critic, start, input),
    },
  };
}

/** Samples of the student as it is, noised to times of a law. */
function noisedSamples({ timeLaw }: Alternation, start: Term["start"], input: AuxiliaryInput) {
  const { student, data, key } = input;
  const { s, t } = sampleTimes(foldIn(key, 0), data.shape[0], timeLaw, { dtype: data.dtype as "float32" });
  const noise = noiseLike(data, key, 1);
  const xs = startPoints({ start, timeLaw }, { s, noise, data, student, key: foldIn(key, 2) });
  const X = stopGradient(generate(student, xs, s), "sample");
  const freshNoise = noiseLike(data, key, 3);
  return { s, t, X, freshNoise, xt: interpolateLinear(freshNoise, X, t) };
}

/** E ‖ψ(X_t, t) − Ẋ‖² + λ·E ‖ψ(X_t, t) − v_φ(X_t)‖² on samples of the student: flow matching, pulled towards the teacher. */
function fakeVelocityLoss(recipe: FakeVelocity, start: Term["start"], input: AuxiliaryInput): Tensor {
  const { s, t, X, freshNoise, xt } = noisedSamples(recipe, start, input);
  const matching = (v: Tensor): Tensor => {
    const u = (x: Tensor, time: Tensor): Tensor => input.network(x, time, s);
    return mean(losses.flowMatching.loss({ u, noise: freshNoise, data: X, xs: xt, v, s: t, t }));
  };
  const own = matching(sub(X, freshNoise));
  return recipe.pull > 0 && input.teacher ? add(own, mul(recipe.pull, matching(input.teacher(xt, t)))) : own;
}

/** Times at which the velocity of a few samples is that of their law. */
const lagTimes = { kind: "uniform", min: 0.05, max: 0.8 } as const;
/** Rows that are looked at; the others stand for the law. */
const lagRows = 256;

/** How far ψ is from the velocity of the student's samples as they are now, and how far that is from the teacher's. */
function lagOfFakeVelocity(recipe: FakeVelocity, start: Term["start"], input: AuxiliaryInput): Lag {
  const starts = recipe.seesStart ? [0] : startsOf(recipe.timeLaw);
  const timeLaw: TimeLaw = { kind: "starts", starts: starts.length > 0 ? starts : [0], end: lagTimes };
  const { X, xt, s, t } = noisedSamples({ ...recipe, timeLaw }, start, input);
  const count = X.shape[0] - lagRows;
  const [x, from, time] = [xt, s, t].map((all) => all.slice([count, count + lagRows]));
  const exact = velocityOfSamples(X.slice([0, count]), x, time);
  const gap = (v: Tensor): Tensor => mean(squaredNorm(sub(v, exact)));
  const fake = recipe.seesStart ? input.network(x, time, from) : input.network(x, time);
  return { fakeLag: gap(fake), ...(input.teacher && { fakeGap: gap(input.teacher(x, time)) }) };
}

/** The critic's logistic regression of noised data against noised samples. */
function criticLoss(recipe: Alternation, start: Term["start"], input: AuxiliaryInput): Tensor {
  const { t, xt } = noisedSamples(recipe, start, input);
  const real = interpolateLinear(noiseLike(input.data, input.key, 4), input.data, t);
  const logit = logitOf(input.network);
  return mean(logisticRegression(logit(real, t), logit(xt, t)));
}

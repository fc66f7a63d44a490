import { jvp, stopGradient } from "@pushforward/autodiff";
import { defineLoss, recipe, term } from "@pushforward/losses";
import { asTensor, onesLike, squaredNorm, treeLeaves, zerosLike } from "@pushforward/tensor";
import { builtinProblems, train } from "@pushforward/training";

/** A loss of one's own, in one file: the body of MeanFlow, under a name that no registry lists. */
const ownLoss = defineLoss({
  name: "ownLoss",
  label: "A loss of one's own",
  family: "backward",
  learns: "averageVelocity",
  needs: [],
  stops: ["own target"],
  optimum: "zero",
  conditionalVelocity: "unbiased",
  times: "sorted",
  timeLaw: { kind: "diagonalMix", fraction: 0.75, law: { kind: "logitNormalPair", mean: 0.4, std: 1 } },
  tangent: "(v, 1, 0) in (x, s, t), stopped",
  formula: String.raw`\left\lVert U - \sg{own target}{v + (t - s) \tfrac{d}{ds} U} \right\rVert^2`,
  paper: null,
  grade: "C",

  loss({ u, xs, v, s, t }) {
    const [U, dU] = jvp(u, [xs, s, t], [v, onesLike(s), zerosLike(t)]);
    return squaredNorm(U.sub(stopGradient(v.add(t.sub(s).mul(dU)), "own target")));
  },
});

/** How the loss is trained. */
const ownRecipe = recipe({
  terms: [term({ loss: ownLoss, weighting: { kind: "adaptive", p: 1, c: 0.01 } })],
  short: { offDiagonal: 0.75 },
});

/** Settings of a training of a few seconds. */
export const ownSettings = { steps: 6, teacherSteps: 5, batch: 32, width: 8, depth: 2, backend: "wasm" } as const;

/** What a training of the loss did, as plain numbers. */
export interface OwnTraining {
  readonly losses: readonly number[];
  /** The numbers of the whole state at the end, in the order of its tree. */
  readonly state: readonly (readonly number[])[];
}

/** Trains the loss on two moons. */
export async function trainOwnLoss(seed: number): Promise<OwnTraining> {
  const { losses, state } = await train(ownRecipe, builtinProblems.moons(), { ...ownSettings, seed });
  return { losses, state: treeLeaves(state).map((leaf) => Array.from(asTensor(leaf).dataSync())) };
}

import { gaussian } from "@pushforward/flows";
import { type Recipe, recipes } from "@pushforward/losses";
import type { FlowNetwork, OptimizerState } from "@pushforward/nn";
import { fromData, key, mean, normal, squaredNorm, type Tensor, uniform } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { builtinProblems } from "../../../src/problems/builtin.ts";
import { chosenRecipe } from "../../../src/settings/recipeChoices.ts";
import { parseTrainingSettings } from "../../../src/settings/trainingSettings.ts";
import { fakeVelocity } from "../../../src/trainer/learners/fakeVelocity.ts";
import { perceptrons } from "../../../src/trainer/networks.ts";
import { setupOf } from "../../../src/trainer/setup.ts";
import { namedLeaves, restoreTree } from "../../../src/trainer/stateFile.ts";
import { makeTrainer } from "../../../src/trainer/trainer.ts";
import type { TrainState } from "../../../src/trainer/trainState.ts";

const settings = parseTrainingSettings({ batch: 128, width: 32, depth: 2 });
const problem = builtinProblems.gaussian();
const velocity = perceptrons(settings)("velocity", { dim: 2, maxFrequency: null });
const teacher = velocity.init(key(5), { dtype: "float32" });

/** A student that leaves noise where it is: its samples are N(0, I). */
const still: FlowNetwork = {
  ...velocity,
  init: () => ({ layers: [] }),
  apply: (_, x) => x.mul(0),
};
const noParams = { layers: [] };

describe("ψ", () => {
  const recipe: Recipe = { ...recipes.integratedKl, terms: recipes.dmd.terms, fakeVelocity: recipes.dmd.fakeVelocity };
  const setup = {
    ...setupOf(recipe, problem, settings, { teacher }),
    student: still,
    learningRate: () => fromData(Float64Array.of(4e-3), []),
  };
  const psi = fakeVelocity(setup)!;
  const t = uniform(key(1), [400, 1], { min: 0.05, max: 0.8, dtype: "float32" });
  const x = normal(key(2), [400, 2], { dtype: "float32" }).mul(t.mul(t).add(t.mul(-1).add(1).square()).sqrt());

  /** E‖v_ψ − v^θ‖², with the exact velocity of N(0, I). */
  function distanceOf(state: typeof psi.initial): number {
    const exact = gaussian({ mean: [0, 0] }).velocity(x, t);
    return mean(squaredNorm(psi.input(state).fakeVelocity!(x, t).sub(exact))).item();
  }

  it("learns the velocity of the student's samples, and its lag says how far it is", async () => {
    let state = psi.initial;
    const far = distanceOf(state);
    for (let i = 0; i < 250; i++) ({ state } = await psi.before!(state, noParams, normalKey(i)));
    const close = distanceOf(state);
    expect(close).toBeLessThan(0.2 * far);
    const [before, after] = await Promise.all(
      [psi.initial, state].map(async (each) => (await psi.measure!(each, noParams, key(7))).fakeLag),
    );
    // The lag is measured at other points, against samples instead of the exact velocity.
    expect(Math.abs(before / far - 1)).toBeLessThan(0.3);
    expect(after).toBeLessThan(0.3 * before);
  });

  it("has a gap that is the distance of both velocities, whatever ψ knows", async () => {
    const { fakeGap, fakeLag } = await psi.measure!(psi.initial, noParams, key(8));
    // It starts as the teacher: what it lags by is what there is to learn.
    expect(fakeLag).toBeCloseTo(fakeGap, 6);
  });
});

const normalKey = (i: number): Tensor => key(1000 + i);

/** Updates of an auxiliary network. */
const stepsOf = ({ auxiliary }: TrainState, name: string): number =>
  (auxiliary as Record<string, { optimizer: OptimizerState<unknown> }>)[name].optimizer.step.item();

describe("alternation", () => {
  const small = parseTrainingSettings({
    ...settings,
    batch: 16,
    width: 8,
    depth: 1,
    steps: 6,
    fakeUpdates: 3,
    criticUpdates: 2,
  });
  const taught = perceptrons(small)("velocity", { dim: 2, maxFrequency: null }).init(key(9), { dtype: "float32" });
  const make = () => makeTrainer(chosenRecipe(recipes.fDistill, small), problem, small, { teacher: taught });

  it("goes on from a checkpoint bit for bit, ψ and the critic too", async () => {
    const trainer = make();
    let state: TrainState = trainer.initial;
    let half = namedLeaves(state);
    for (let i = 0; i < 6; i++) {
      if (i === 3) half = namedLeaves(state);
      ({ state } = await trainer.step(state, i));
    }
    const again = make();
    let restored = restoreTree(again.initial, half, "checkpoint");
    for (let i = 3; i < 6; i++) ({ state: restored } = await again.step(restored, i));
    expectSameBits(namedLeaves(restored), namedLeaves(state));
    expect(Object.keys(half).filter((name) => name.includes("critic")).length).toBeGreaterThan(3);
  });

  it("updates ψ and the critic as often as it should, before the student", async () => {
    const trainer = make();
    const { state, metrics } = await trainer.step(trainer.initial, 0);
    expect(stepsOf(state, "fakeVelocity")).toBe(3);
    expect(stepsOf(state, "critic")).toBe(2);
    expect(state.optimizer.step.item()).toBe(1);
    expect(Object.keys(metrics).sort()).toEqual(["criticLoss", "fakeVelocityLoss"]);
  });
});

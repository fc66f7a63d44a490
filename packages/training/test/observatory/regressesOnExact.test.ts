import { jvp, stopGradient } from "@pushforward/autodiff";
import { defineLoss, losses } from "@pushforward/losses";
import { compile, onesLike, squaredNorm, type Tensor, tensor, zerosLike } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { regressesOnExact } from "../../src/observatory/regressesOnExact.ts";

const { loss: _meanFlow, ...metadata } = losses.meanFlow;
const { loss: _flowMatching, ...diagonal } = losses.flowMatching;
/** v + (t − s)·du/ds */
const targetOf = (u: (x: Tensor, s: Tensor, t: Tensor) => Tensor, xs: Tensor, v: Tensor, s: Tensor, t: Tensor) => {
  const [, derivative] = jvp(u, [xs, s, t], [v, onesLike(s), zerosLike(t)]);
  return v.add(t.sub(s).mul(derivative));
};

/** Own losses, and whether their value is ‖u − U‖² where the targets are exact. */
const own = {
  "a stopped target": [
    true,
    defineLoss({
      ...metadata,
      loss: ({ u, xs, v, s, t }) => squaredNorm(u(xs, s, t).sub(stopGradient(targetOf(u, xs, v, s, t), "target"))),
    }),
  ],
  "a target without a stop": [
    false,
    defineLoss({
      ...{ ...metadata, stops: [] },
      loss: ({ u, xs, v, s, t }) => squaredNorm(u(xs, s, t).sub(targetOf(u, xs, v, s, t))),
    }),
  ],
  "a factor": [
    false,
    defineLoss({
      ...metadata,
      loss: ({ u, xs, v, s, t }) =>
        squaredNorm(u(xs, s, t).sub(stopGradient(targetOf(u, xs, v, s, t), "target"))).mul(1.01),
    }),
  ],
  "another norm": [
    false,
    defineLoss({
      ...metadata,
      loss: ({ u, xs, v, s, t }) =>
        u(xs, s, t)
          .sub(stopGradient(targetOf(u, xs, v, s, t), "target"))
          .abs()
          .sum(-1),
    }),
  ],
  "a wrong target": [
    false,
    defineLoss({ ...metadata, loss: ({ u, xs, v, s, t }) => squaredNorm(u(xs, s, t).sub(stopGradient(v, "target"))) }),
  ],
  "a velocity": [true, defineLoss({ ...diagonal, loss: ({ u, xs, v, s }) => squaredNorm(u(xs, s, s).sub(v)) })],
  "points of a map": [
    false,
    defineLoss({
      ...{ ...metadata, learns: "flowMap" },
      needs: ["solve"],
      loss: ({ phi, solve, xs, s, t }) => squaredNorm(phi(xs, s, t).sub(stopGradient(solve(xs, s, t), "target"))),
    }),
  ],
  "a critic, which the check has not": [
    false,
    defineLoss({ ...metadata, needs: ["critic"], loss: ({ critic, xs, t }) => critic(xs, t) }),
  ],
} as const;

describe("losses whose value is the squared error of the network where their targets are exact", () => {
  it("are these of the registry", () => {
    const found = Object.values(losses).filter(regressesOnExact);
    expect(found.map(({ name }) => name)).toEqual([
      "flowMatching",
      "freeFlow",
      "backwardSemi",
      "meanFlow",
      "rectifiedMeanFlow",
      "meanFlowGuided",
      "improvedMeanFlow",
      "pixelMeanFlow",
      "ayfEmd",
      "shortcut",
      "shortcutDistillation",
      "psd",
      "splitMeanFlow",
    ]);
    // The control: most losses compare something else.
    expect(Object.keys(losses).length).toBeGreaterThan(5 * found.length);
  });

  it.each(Object.entries(own))("own: %s", (_, [wanted, loss]) => {
    expect(regressesOnExact(loss)).toBe(wanted);
    // The second answer is the first one.
    expect(regressesOnExact(loss)).toBe(wanted);
  });

  it("are found inside a program that is being traced as well", () => {
    const fresh = [own["a stopped target"], own["a factor"]].map(([, loss]) => ({ ...loss }));
    let found: boolean[] = [];
    const traced = compile((x: Tensor) => {
      found = fresh.map(regressesOnExact);
      return x.mul(2);
    });
    expect(traced(tensor(3)).item()).toBe(6);
    expect(found).toEqual([true, false]);
  });
});

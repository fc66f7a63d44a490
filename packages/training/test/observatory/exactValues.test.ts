import { eightGaussiansLaw } from "@pushforward/flows";
import { broadcastTo, key, normal, sub, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { builtinProblems } from "../../src/index.ts";
import { batchCount } from "../../src/observatory/batches.ts";
import { exactAverageVelocity, exactValues } from "../../src/observatory/exactValues.ts";
import { skewed } from "./support/affineNetwork.ts";
import { law } from "./support/diagonalGaussian.ts";
import { affineTrainer, closedForm } from "./support/observing.ts";
import { flowMatchingApart, flowMatchingWith, meanFlowWith, mixed } from "./support/smallRecipes.ts";

/** Pairs of times, forwards and backwards, and at both ends. */
const pairs = [
  ...[
    [0, 1],
    [0.1, 0.9],
    [0.3, 0.35],
    [0.75, 1],
    [0, 0.5],
  ],
  ...[
    [1, 0.4],
    [0.6, 0.2],
    [0.5, 0.5],
    [0, 0],
    [1, 1],
  ],
] as const;

const rows = 200;
const column = (time: number): Tensor => broadcastTo(tensor(time), [rows, 1]);
/** Points X_s of a problem. */
const pointsAt = (name: string, s: number): Tensor =>
  normal(key(1), [rows, 2])
    .mul(1 - s)
    .add(builtinProblems[name]().sample(key(2), rows, "float64").mul(s));
/** Largest |a − b|. */
const distance = (a: Tensor, b: Tensor): number => Math.max(...sub(a, b).abs().dataSync());

describe("the exact average velocity by Runge–Kutta steps", () => {
  it.each([
    ["gaussian", 6e-9],
    ["eightGaussians", 3e-5],
  ] as const)("leads to the end points of the flow map of the problem: %s within %d", (name, bound) => {
    const exact = builtinProblems[name]().exact!;
    const average = exactAverageVelocity(exact);
    const errors = pairs.map(([s, t]) => {
      const x = pointsAt(name, s);
      return distance(x.add(average(x, column(s), column(t)).mul(t - s)), exact.flowMap(x, tensor(s), tensor(t)));
    });
    expect(Math.max(...errors)).toBeLessThan(bound);
    // The control: the bound is near the error, and the velocity at the start is no average velocity.
    expect(Math.max(...errors)).toBeGreaterThan(bound / 10);
    const x = pointsAt(name, 0.1);
    expect(distance(average(x, column(0.1), column(0.9)), exact.velocity(x, column(0.1)))).toBeGreaterThan(0.1);
  });

  it("is the velocity where s = t, and the same from s to t as back from the end point", () => {
    for (const [sampled, name] of [
      [builtinProblems.gaussian().exact!.velocity, "gaussian"],
      [eightGaussiansLaw.velocity, "eightGaussians"],
    ] as const) {
      const average = exactAverageVelocity(builtinProblems[name]().exact!);
      for (const time of [0, 0.4, 1]) {
        const x = pointsAt(name, time);
        expectClose(average(x, column(time), column(time)), sampled(x, column(time)), { rtol: 1e-12, condition: 1 });
      }
      const x = pointsAt(name, 0.2);
      const there = average(x, column(0.2), column(0.7));
      const back = average(x.add(there.mul(0.5)), column(0.7), column(0.2));
      expectClose(back, there, { rtol: 1e-7, condition: 1 });
      expect(() => expectClose(back, there.neg(), { rtol: 1e-2, condition: 1 })).toThrow();
    }
  });

  it("takes times of each row of its own", () => {
    const average = exactAverageVelocity({ velocity: law.velocity, flowMap: law.flowMap });
    const x = tensor([
      [0.1, -0.4],
      [1.2, 0.3],
      [-0.8, 0.9],
    ]);
    const [s, t] = [tensor([[0.1], [0.9], [0.5]]), tensor([[0.8], [0.2], [0.5]])];
    expectClose(average(x, s, t), law.averageVelocity(x, s, t), { rtol: 1e-8, condition: 1 });
    expect(() => expectClose(average(x, t, s), law.averageVelocity(x, s, t), { rtol: 1e-2 })).toThrow();
  });
});

describe("the exact values of an observation", () => {
  const network = { params: skewed, base: "none" } as const;
  const random = key(5);

  it.each(
    Object.entries({
      meanFlow: meanFlowWith("conditional"),
      flowMatching: flowMatchingWith("conditional"),
      "flow matching at two times": flowMatchingApart,
      "two terms": mixed,
    }),
  )("are the closed form at the points of its batches and probes: %s", (_, trained) => {
    const trainer = affineTrainer(trained, network);
    const found = exactValues(trainer, null, random)!;
    const wanted = closedForm(trainer, random);
    expect(found.batches.map((each) => each!.shape[0])).toEqual(trained.terms.map(() => batchCount));
    expectClose(found, wanted, { rtol: 1e-8, condition: 1 });
    expect(() => expectClose(found, closedForm(trainer, key(6)), { rtol: 1e-2 })).toThrow();
  });

  it("leave out a term without rows", () => {
    const [first, second] = mixed.terms;
    const recipe = {
      ...mixed,
      terms: [
        { ...first, fraction: 1 },
        { ...second, fraction: 0 },
      ],
    };
    const { batches } = exactValues(affineTrainer(recipe, network), null, random)!;
    expect([batches[0]?.shape, batches[1]]).toEqual([[batchCount, 12, 2], null]);
  });

  it("are not known where the problem has no velocity, for own samples, and for the straighter flow of rectified pairs", () => {
    const trainer = affineTrainer(meanFlowWith("conditional"), network);
    const { exact: _exact, ...problem } = trainer.problem;
    const { recipe } = trainer;
    const own = recipe.terms.map((term) => ({ ...term, start: "student" as const }));
    expect(exactValues(trainer, null, random)).not.toBeNull();
    expect(exactValues({ ...trainer, problem }, null, random)).toBeNull();
    expect(exactValues({ ...trainer, recipe: { ...recipe, terms: own } }, null, random)).toBeNull();
    expect(exactValues({ ...trainer, recipe: { ...recipe, pairs: "rectified" } }, null, random)).toBeNull();
  });
});

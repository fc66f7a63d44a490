import { freezeStops } from "@pushforward/autodiff";
import { recipes } from "@pushforward/losses";
import { flatten, key, normal, type Tensor, type Tree, treeMap } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type FigureName, figures, makeTrainer, parseTrainingSettings } from "../../src/index.ts";
import { batchKey, batchRows } from "../../src/observatory/batches.ts";
import { asTrained, keptStops } from "../../src/observatory/estimators.ts";
import { observed } from "../../src/observatory/observed.ts";
import { recipeLoss } from "../../src/trainer/recipeLoss.ts";
import { skewed } from "./support/affineNetwork.ts";
import { problem } from "./support/diagonalGaussian.ts";
import {
  entries,
  entriesOf,
  type HandEstimator,
  type HandRecipeBatch,
  handBatches,
  type PlainGradient,
} from "./support/handGradients.ts";
import { affineTrainer, observing, valuesOf } from "./support/observing.ts";
import { meanFlowWith, mixed } from "./support/smallRecipes.ts";

const random = key(5);
const close = { rtol: 1e-10, condition: 1e-2 } as const;

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, each, i) => sum + each * b[i], 0);
const size = (a: readonly number[]): number => Math.sqrt(dot(a, a));
const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / (size(a) * size(b));
const meanOf = (all: readonly (readonly number[])[]): number[] =>
  all[0].map((_, i) => all.reduce((sum, each) => sum + each[i], 0) / all.length);
const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((each, i) => each - b[i]);
/** tr of the sample covariance. */
const variance = (all: readonly (readonly number[])[]): number => {
  const middle = meanOf(all);
  return all.reduce((sum, each) => sum + size(minus(each, middle)) ** 2, 0) / (all.length - 1);
};

/** The estimators of a training with single samples, by hand. */
const estimators: Readonly<Record<string, HandEstimator>> = {
  "as trained": { velocity: "conditional", isStopped: true },
  "without target": { velocity: "conditional", isStopped: false },
  "exact v": { velocity: "exact", isStopped: true },
  "without target, exact v": { velocity: "exact", isStopped: false },
};

/** Two networks, and a batch that is smaller and larger than the most rows of an observation. */
const cases = (["none", "exact"] as const).flatMap((base) =>
  [12, 40].flatMap((batch) =>
    Object.entries({ meanFlow: meanFlowWith("conditional"), mixed }).map(
      ([name, recipe]) => [`${name} around ${base}, batch ${batch}`, recipe, { params: skewed, base }, batch] as const,
    ),
  ),
);

describe.each(cases)("gradients of %s", (_, recipe, network, batch) => {
  const trainer = affineTrainer(recipe, network, { batch });
  const of = observing(trainer, random);
  const hand = (how: HandEstimator | "exact"): HandRecipeBatch[] => handBatches(trainer, random, network, how);
  const gradientsOf = (name: string): number[][] => hand(estimators[name]).map(({ gradient }) => entries(gradient));
  const truth = hand("exact").map(({ gradient }) => entries(gradient));
  const values = (name: FigureName): Record<string, number[]> => valuesOf(of, name);

  it("are those of plain numbers, entry by entry, for every estimator", () => {
    const { gradients, exact } = of.batches();
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(estimators).sort());
    expect(batchRows(trainer)).toBe(Math.min(batch, 32));
    for (const name of Object.keys(estimators))
      for (const [k, wanted] of gradientsOf(name).entries())
        expectClose(entriesOf(trainer, gradients[name], k), wanted, close);
    for (const [k, wanted] of truth.entries()) expectClose(entriesOf(trainer, exact!, k), wanted, close);
    // The control: estimators differ from each other, and batches do.
    expect(() => expectClose(gradientsOf("without target")[0], gradientsOf("as trained")[0], { rtol: 0.01 })).toThrow();
    expect(() => expectClose(truth[0], truth[1], { rtol: 0.01 })).toThrow();
  });

  it("have lengths of all parameters and of each leaf", () => {
    const found = values("gradientNorms");
    const all = hand(estimators["as trained"]).map(({ gradient }) => gradient);
    expect(Object.keys(found)).toEqual(["all", ...flatten(trainer.initial.params).paths]);
    expectClose(
      found.all,
      all.map((gradient) => size(entries(gradient))),
      close,
    );
    for (const name of ["matrix", "start", "end", "offset"] as const) {
      const lengths = all.map((gradient: PlainGradient) => size(gradient[name]));
      expectClose(found[name], lengths, close);
      expect(() => expectClose(found.all, lengths, { rtol: 1e-3 })).toThrow();
    }
  });

  it("have angle and length with and without the stop, and a blocked cotangent", () => {
    const [stopped, free] = ["as trained", "without target"].map(gradientsOf);
    const by = (f: (a: number[], b: number[]) => number): number[] => stopped.map((each, k) => f(each, free[k]));
    expectClose(values("stopCosine"), { target: by(cosine) }, close);
    expectClose(values("stopLength"), { target: by((a, b) => size(b) / size(a)) }, close);
    const blocked = hand(estimators["as trained"]).map(({ terms }) => Math.sqrt(terms[terms.length - 1].blocked));
    expectClose(values("blockedCotangents"), { target: blocked }, close);
    const control = { target: by((a, b) => size(a) / size(b)) };
    expect(() => expectClose(values("stopLength"), control, { rtol: 1e-3 })).toThrow();
    expect(by(cosine).every((each) => each < 0.999)).toBe(true);
  });

  it("have angle, bias and noise against the gradient of the true error", () => {
    const [cosines, bias, noise] = (["trueCosine", "gradientBias", "gradientNoise"] as const).map(values);
    const middle = meanOf(truth);
    for (const name of Object.keys(estimators)) {
      const found = gradientsOf(name);
      expectClose(
        cosines[name],
        found.map((each) => cosine(each, middle)),
        close,
      );
      expectClose(noise[name], [Math.sqrt(variance(found)) / size(middle)], close);
      const errors = found.map((each, k) => minus(each, truth[k]));
      const square = size(meanOf(errors)) ** 2 - variance(errors) / errors.length;
      expectClose(bias[name], [Math.sqrt(Math.max(0, square)) / size(middle)], { ...close, condition: 1 });
    }
    // The control: another estimator has other numbers.
    for (const all of [cosines, noise])
      expect(() => expectClose(all["exact v"], all["without target"], { rtol: 1e-3 })).toThrow();
  });
});

describe("the gradient of a perceptron", () => {
  it.each(["meanFlow", "lsd"] as const)(
    "has the length of the slope of the loss along it, with frozen stops: %s",
    (name) => {
      const settings = parseTrainingSettings({ steps: 2, batch: 8, width: 6, depth: 1, dtype: "float64" });
      const trainer = makeTrainer({ ...recipes[name], init: "zero" }, problem, {
        ...settings,
        teacherVelocity: "exact",
      });
      const { params } = trainer.initial;
      const shaken = treeMap((x: Tensor) => x.add(normal(key(x.size), x.shape).mul(0.3)), params);
      const of = observed({ ...observing(trainer, random), state: { ...trainer.initial, params: shaken } });
      const lengths = valuesOf(of, "gradientNorms").all;
      for (const [k, length] of lengths.entries()) {
        const { input, at } = trainer.open(
          { ...trainer.initial, params: shaken },
          null,
          batchKey(random, k),
          batchRows(trainer),
        );
        const loss = freezeStops((student: Tree) => recipeLoss(trainer.recipe)(input({ ...at, student })));
        loss(shaken);
        const along = (step: number): number => {
          let leaf = 0;
          const moved = (x: Tensor): Tensor =>
            x.add(
              of
                .batches()
                .gradients[asTrained][leaf++].slice(k)
                .reshape(x.shape)
                .mul(step / length),
            );
          return loss(treeMap(moved, shaken)).item();
        };
        const step = 1e-5;
        expectClose((along(step) - along(-step)) / (2 * step), length, { rtol: 1e-7 });
        expect(() => expectClose((along(step) - along(0)) / (2 * step), length, { rtol: 0.1 })).toThrow();
      }
    },
  );
});

describe("the stop-gradients of an observation", () => {
  const network = { params: skewed, base: "exact" } as const;

  it("are those that the training keeps", () => {
    const trainer = affineTrainer(meanFlowWith("conditional"), network, { withoutStops: ["target"] });
    const { gradients, blocked } = observing(trainer, random).batches();
    expect(Object.keys(gradients).sort()).toEqual(["as trained", "exact v"]);
    expect(blocked).toEqual({});
    const free = handBatches(trainer, random, network, estimators["without target"]);
    for (const [k, { gradient }] of free.entries())
      expectClose(entriesOf(trainer, gradients[asTrained], k), entries(gradient), close);
    for (const name of ["stopCosine", "stopLength", "blockedCotangents"] as const)
      expect([figures[name].applies(trainer), figures[name].applies(affineTrainer(mixed, network))]).toEqual([
        false,
        true,
      ]);
  });

  it("are those that are on in a term: off in one term, they are the other term's", () => {
    const [term] = meanFlowWith("conditional").terms;
    const trainerWith = (...off: readonly string[][]) => {
      const terms = off.map((withoutStops) => ({ ...term, fraction: 1 / off.length, withoutStops }));
      return affineTrainer({ ...meanFlowWith("conditional"), terms }, network);
    };
    expect(keptStops(trainerWith(["target"]))).toEqual([]);
    expect(keptStops(trainerWith(["target"], []))).toEqual(["target"]);
    const [half, both] = [["target"], []].map((first) =>
      valuesOf(observing(trainerWith(first, [])), "blockedCotangents"),
    );
    for (const [k, each] of half.target.entries()) expect(each).toBeLessThan(both.target[k]);
    const off = trainerWith(["target"]);
    const free = handBatches(off, random, network, estimators["without target"]);
    expectClose(
      entriesOf(off, observing(off, random).batches().gradients[asTrained], 0),
      entries(free[0].gradient),
      close,
    );
  });

  it("are those of terms with rows", () => {
    const [diagonal, meanFlow] = mixed.terms;
    const terms = [
      { ...diagonal, fraction: 1 },
      { ...meanFlow, fraction: 0 },
    ];
    const trainer = affineTrainer({ ...mixed, terms }, network);
    expect(keptStops(trainer)).toEqual([]);
    expect(figures.blockedCotangents.applies(trainer)).toBe(false);
    expect(valuesOf(observing(trainer, random), "gradientNorms").all.every((each) => each > 0)).toBe(true);
  });

  it("block nothing where a loss lists a label and never uses it", () => {
    const [meanFlow] = meanFlowWith("conditional").terms;
    const loss = { ...meanFlow.loss, stops: ["target", "unused"] };
    const found = valuesOf(
      observing(affineTrainer({ ...meanFlowWith("conditional"), terms: [{ ...meanFlow, loss }] }, network), random),
      "blockedCotangents",
    );
    expect(found.unused).toEqual([0, 0, 0, 0]);
    expect(found.target.every((each) => each > 0)).toBe(true);
  });
});

import { losses, type Recipe, recipe, term } from "@pushforward/losses";
import { key } from "@pushforward/tensor";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type Affine, skewed, zero } from "./support/affineNetwork.ts";
import { type HandEstimator, handBatches } from "./support/handGradients.ts";
import { affineTrainer, observing, valuesOf } from "./support/observing.ts";
import { flowMatchingApart, flowMatchingWith, meanFlowWith, mixed } from "./support/smallRecipes.ts";

const random = key(5);
const close = { rtol: 1e-10, condition: 1 } as const;
const conditional = { velocity: "conditional", isStopped: true } as const;
const exact = { velocity: "exact", isStopped: true } as const;

/** Σ fraction·weight·mean of the values before their weighting, batch by batch, by hand. */
function totals(trained: Recipe, params: Affine, how: HandEstimator | "exact"): number[] {
  const network = { params, base: "exact" } as const;
  return handBatches(affineTrainer(trained, network), random, network, how).map(({ terms }) =>
    terms.reduce((sum, { values }, i) => {
      const { weight, fraction } = trained.terms[i];
      return sum + (weight * fraction * values.reduce((a, b) => a + b, 0)) / values.length;
    }, 0),
  );
}

const split = (trained: Recipe, params: Affine, settings = {}): Record<string, number[]> =>
  valuesOf(observing(affineTrainer(trained, { params, base: "exact" }, settings), random), "lossSplit");

const minus = (a: readonly number[], b: readonly number[]): number[] => a.map((each, i) => each - b[i]);
const sumOf = (parts: Record<string, number[]>): number[] =>
  Object.values(parts).reduce((sum, part) => sum.map((each, k) => each + part[k]));

describe("the parts of the loss", () => {
  it.each(
    Object.entries({
      meanFlow: meanFlowWith("conditional"),
      flowMatching: flowMatchingWith("conditional"),
      "flow matching at two times": flowMatchingApart,
      "two weighted terms": mixed,
    }),
  )("are the error of the network, of its moving target, and the variance of v: %s", (_, trained) => {
    const parts = split(trained, skewed);
    const [loss, moving, error] = [conditional, exact, "exact" as const].map((how) => totals(trained, skewed, how));
    expectClose(
      parts,
      { "error of the network": error, "moving target": minus(moving, error), "variance of v": minus(loss, moving) },
      close,
    );
    expectClose(sumOf(parts), loss, close);
    expect(() => expectClose(sumOf(parts), totals(trained, zero, conditional), { rtol: 1e-3 })).toThrow();
  });

  it("at the exact map are the variance alone", () => {
    const parts = split(meanFlowWith("conditional"), zero);
    for (const name of ["error of the network", "moving target"])
      for (const each of parts[name]) expect(Math.abs(each), name).toBeLessThan(1e-12);
    expectClose(parts["variance of v"], totals(meanFlowWith("conditional"), zero, conditional), close);
    expect(Math.min(...parts["variance of v"])).toBeGreaterThan(0.1);
  });

  it("have no variance where the exact velocity is trained on, and no moving target in flow matching", () => {
    const settings = { teacherVelocity: "exact" } as const;
    const parts = split(meanFlowWith("teacher"), skewed, settings);
    const [loss, error] = [exact, "exact" as const].map((how) => totals(meanFlowWith("teacher"), skewed, how));
    // The series of single samples is beside the loss and no part of it.
    expectClose(parts, { "error of the network": error, "moving target": minus(loss, error) }, close);
    const still = split(flowMatchingWith("teacher"), skewed, settings);
    for (const each of still["moving target"]) expect(Math.abs(each)).toBeLessThan(1e-12);
    expect(Math.max(...parts["moving target"].map(Math.abs))).toBeGreaterThan(0.01);
  });

  it("are a residual where a loss compares no average velocities", () => {
    const trained = recipe({
      terms: [term({ loss: losses.lsd, timeLaw: { kind: "uniformTriangle" }, velocity: "conditional" })],
    });
    const parts = split(trained, skewed);
    expect(Object.keys(parts)).not.toContain("error of the network");
    expect(Math.min(...parts.residual)).toBeGreaterThan(0);
  });

  it("leave out a term without rows", () => {
    const [first, second] = mixed.terms;
    const alone: Recipe = {
      ...mixed,
      terms: [
        { ...first, fraction: 0 },
        { ...second, fraction: 1 },
      ],
    };
    const only: Recipe = { ...mixed, terms: [{ ...second, fraction: 1 }] };
    const parts = split(alone, skewed);
    // The second term draws from a key of its own, so that the numbers are not those of a recipe of one term.
    expect(Object.keys(parts)).toEqual(Object.keys(split(only, skewed)));
    expect(sumOf(parts).every((each) => each > 0)).toBe(true);
  });
});

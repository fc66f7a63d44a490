import { fromData, type Tensor } from "@pushforward/tensor";
import type { Problem } from "@pushforward/training";
import { describe, expect, it } from "vitest";
import { problemKey, problemOf } from "../../src/experiments/train.ts";
import { loadProblem } from "../../src/problems/index.ts";

const options = { heldOut: 0.2, seed: 0 };

/** The part of the variance of training rows that remains when they are rebuilt from their principal components. */
function keptBy(latent: Problem, plain: Problem): number {
  const rowsOf = ({ training: { values, dim }, toOriginal }: Problem): Tensor =>
    toOriginal(fromData(Float64Array.from(values), [values.length / dim, dim]));
  const [rows, rebuilt] = [rowsOf(plain), rowsOf(latent)];
  const squares = (x: Tensor): number => x.mul(x).sum().item();
  return 1 - squares(rows.sub(rebuilt)) / squares(rows.sub(rows.mean(0)));
}

describe("an embedded problem", () => {
  it("of pictures has a scale and principal components as files have", () => {
    const [plain, latent] = [loadProblem("digits", options), loadProblem("digits", { ...options, latent: "pca:12" })];
    expect([plain.dim, latent.dim, latent.columns.length]).toEqual([196, 12, 196]);
    expect(latent.classes!.heldOut).toEqual(plain.classes!.heldOut);
    expect(latent.facts["principal components"]).toBe(
      `12, which keep ${(100 * keptBy(latent, plain)).toFixed(1)} % of the variance of the training rows`,
    );
    const more = loadProblem("digits", { ...options, latent: "pca:13" });
    expect(keptBy(more, plain)).toBeGreaterThan(keptBy(latent, plain) + 0.005); // the control: another number of components
    expect(loadProblem("digits", { ...options, scale: "range" }).scaling).toBe("range");
    expect(loadProblem("digits", { ...options, seed: 9, heldOut: 0.5 })).toBe(plain);
  });

  it("is the same for equal coordinates alone", () => {
    const config = { data: "digits", heldOut: 0.2, seed: 0 };
    const latent = { ...config, latent: "pca:12" };
    expect(problemOf(latent)).toBe(problemOf({ ...latent, seed: 1 }));
    expect(problemKey(latent)).toBe(problemKey({ ...latent, seed: 1 }));
    expect(problemKey(latent)).not.toBe(problemKey(config));
  });

  it("refuses the settings of files", () => {
    expect(() => loadProblem("digits", { ...options, labels: "y" })).toThrow(
      "data: digits is generated and is read from no file; leave --labels out",
    );
    expect(() => loadProblem("moons", { ...options, latent: "pca:1" })).toThrow(
      "data: moons is generated and is read from no file; leave --latent out",
    );
  });
});

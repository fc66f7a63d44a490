import { describe, expect, it } from "vitest";
import { problemKey, problemOf } from "../../src/experiments/train.ts";
import { loadProblem } from "../../src/problems/index.ts";

const options = { heldOut: 0.2, seed: 0 };

describe("an embedded problem", () => {
  it("of pictures has a scale and principal components as files have", () => {
    const [plain, latent] = [loadProblem("digits", options), loadProblem("digits", { ...options, latent: "pca:12" })];
    expect([plain.dim, latent.dim, latent.columns.length]).toEqual([196, 12, 196]);
    expect(latent.classes!.heldOut).toEqual(plain.classes!.heldOut);
    expect(latent.facts["principal components"]).toMatch(/^12, which keep [567]\d\.\d % of the variance/);
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

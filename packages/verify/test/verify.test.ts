import { describe, expect, it } from "vitest";
import { defineLaw, type LawReport, laws, type VerifyProgress, verify } from "../src/index.ts";
import { distributeCases } from "../src/verify.ts";

const quick = ["boundaryForms", "klDerivative"];

describe("verify", () => {
  it("reports every chosen law in the order of the catalogue", () => {
    const report = verify({ cases: 20, only: ["klDerivative", "boundaryForms"] });
    expect(report.laws.map(({ name }) => name)).toEqual(quick);
  });

  it("reports values that JSON can represent", () => {
    const report = verify({ cases: 12, only: quick });
    expect(JSON.parse(JSON.stringify(report)).laws[1]).toMatchObject({
      name: "klDerivative",
      cases: 8,
      worst: expect.any(Number),
      bound: 1e-10,
      passed: true,
      control: { violated: 8, of: 8 },
    });
  });

  it("gives the same bits for the same seed, and different bits for another seed", () => {
    const worst = (seed: number, only = quick): number => verify({ cases: 30, seed, only }).laws[0].worst;
    expect(worst(3)).toBe(worst(3));
    expect(worst(4, ["klIntegrals"])).not.toBe(worst(3, ["klIntegrals"]));
  });

  it("draws a law's instances independently of the other laws", () => {
    const alone = verify({ cases: 20, only: ["klDerivative"] }).laws[0];
    const [, together] = verify({ cases: 30, only: quick }).laws;
    expect(together).toEqual(alone);
  });

  it("reports its progress after every batch, up to the total", () => {
    const seen: VerifyProgress[] = [];
    const reported: LawReport[] = [];
    const { laws: all } = verify({
      ...{ cases: 300, only: quick },
      onProgress: (progress) => seen.push(progress),
      onReport: (report) => reported.push(report),
    });
    expect(reported).toEqual(all);
    expect(seen.map(({ done }) => done)).toEqual([64, 100, 164, 228, 292, 300]);
    expect(seen[0]).toEqual({ law: "boundaryForms", done: 64, total: 300 });
  });

  it("distributes cases by weight, and every law gets at least one", () => {
    const law = (weight: number) =>
      defineLaw({
        ...laws[0],
        name: "example",
        weight,
        residuals: () => new Float64Array(),
        control: () => new Float64Array(),
      });
    expect(distributeCases([law(3), law(1)], 100)).toEqual([75, 25]);
    expect(distributeCases([law(100), law(1), law(1)], 10)).toEqual([10, 1, 1]);
    expect(distributeCases(laws, 10_000).reduce((a, b) => a + b)).toBe(10_000);
  });

  it("names an unknown law and the known ones", () => {
    expect(() => verify({ only: ["dualty"] })).toThrow(/verify: no law is called "dualty"; did you mean duality\?/);
  });

  it("refuses a number of cases that is not a whole number", () => {
    expect(() => verify({ cases: 0 })).toThrow("verify: cases must be a whole number ≥ 1, got 0");
    expect(() => verify({ cases: 2.5 })).toThrow("got 2.5");
  });
});

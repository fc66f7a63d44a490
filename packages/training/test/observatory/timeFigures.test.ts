import { losses, recipe, term } from "@pushforward/losses";
import { expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type Figure, figures, middleOf, timeCells } from "../../src/index.ts";
import { batchCount } from "../../src/observatory/batches.ts";
import { type Observed, observed } from "../../src/observatory/observed.ts";
import { triangleCells } from "../../src/observatory/probes.ts";
import { type Affine, deviation, deviationDerivative, skewed, zero } from "./support/affineNetwork.ts";
import * as exact from "./support/diagonalGaussian.ts";
import { type HandNetwork, handBatches, plainRows, rowsOf } from "./support/handGradients.ts";
import { affineTrainer, observing } from "./support/observing.ts";
import { meanFlowWith, mixed } from "./support/smallRecipes.ts";

/** The finished values of a figure. */
const finished = (name: "times" | "stretch", of: Observed): Record<string, readonly number[]> => {
  const row: Figure = figures[name];
  return row.finish!(row.measure(of));
};
/** The map over the times: [cells²] for each series. */
const maps = (of: Observed): Record<string, readonly number[]> => finished("times", of);

const cell = (values: readonly number[], row: number, column: number): number => values[row * timeCells + column];

const squared = (x: readonly number[]): number => x.reduce((sum, each) => sum + each * each, 0);

/** A point of a cell with its times and the exact velocity there. */
interface Point {
  readonly x: readonly number[];
  readonly v: readonly number[];
  readonly s: number;
  readonly t: number;
}

/** The four quantities at a point for u = U + δ, δ = A·x + b·s + c·t + d, by formulas. */
function quantities(params: Affine, { x, v, s, t }: Point): Record<string, number[]> {
  const h = t - s;
  const [δ, dδ] = [deviation(params, x, s, t), deviationDerivative(params, v)];
  const dU = exact.averageDerivative(x, v, s, t);
  return {
    // dU/ds + dδ/ds
    "‖du/ds‖": dU.map((each, i) => each + dδ[i]),
    // v − u + h·du/ds, and v = U − h·dU/ds
    "backward residual": δ.map((each, i) => h * dδ[i] - each),
    // v(Φ* + hδ) − v(Φ*) − δ − h·c
    "forward residual": δ.map((each, i) => exact.velocityGain(i, t) * h * each - each - h * params.end[i]),
    error: δ.map((each) => h * each),
  };
}

/** Roots of mean squares of the points of each cell with s ≤ t, as a map. */
function handMap(of: Observed, name: string, params: Affine): number[] {
  const { xs } = of.probes();
  const points = plainRows(xs);
  const perCell = points.length / triangleCells.length;
  const map: number[] = new Array(timeCells ** 2).fill(Number.NaN);
  for (const [i, [row, column]] of triangleCells.entries()) {
    const squares = points.slice(i * perCell, (i + 1) * perCell).map((x) => {
      const [s, t] = [middleOf(row), middleOf(column)];
      return squared(quantities(params, { x, v: exact.velocity(x, s), s, t })[name]);
    });
    map[row * timeCells + column] = Math.sqrt(squares.reduce((a, b) => a + b, 0) / perCell);
  }
  return map;
}

const names = ["‖du/ds‖", "backward residual", "forward residual", "error"] as const;

describe("the map over the times", () => {
  it("has no residual and no error at the exact map, and the derivative of U", () => {
    const found = maps(
      observing(affineTrainer(meanFlowWith("teacher"), { params: zero, base: "exact" }, { teacherVelocity: "exact" })),
    );
    for (const name of ["backward residual", "forward residual", "error"])
      for (const [row, column] of triangleCells) expect(cell(found[name], row, column), name).toBeLessThan(1e-10);
    // The control: this training is not at zero everywhere.
    expect(Math.min(...found["‖du/ds‖"].filter(Number.isFinite))).toBeGreaterThan(1e-3);
  });

  it("has the values of the formulas away from the exact map, cell by cell", () => {
    const of = observing(affineTrainer(meanFlowWith("conditional"), { params: skewed, base: "exact" }));
    const found = maps(of);
    for (const name of names) {
      expectClose([...found[name]], handMap(of, name, skewed), { rtol: 1e-9, condition: 1e-2 });
      const control = handMap(of, name, { ...skewed, end: [0.1, 0.6], start: [0.2, 0.4] });
      expect(() => expectClose([...found[name]], control, { rtol: 1e-2 }), name).toThrow();
    }
  });

  it("has cells with s ≤ t only, rows for s and columns for t", () => {
    const of = observing(affineTrainer(meanFlowWith("conditional"), { params: skewed, base: "none" }));
    const found = maps(of);
    for (const name of names) {
      expect(found[name]).toHaveLength(timeCells ** 2);
      for (let row = 0; row < timeCells; row++)
        for (let column = 0; column < timeCells; column++)
          expect(Number.isFinite(cell(found[name], row, column)), name).toBe(row <= column);
    }
    const { s, t } = of.probes();
    expect([s.dataSync()[0], t.dataSync()[0]]).toEqual([0.5 / 16, 0.5 / 16]);
    expect([s.dataSync().at(-1), t.dataSync().at(-1)]).toEqual([15.5 / 16, 15.5 / 16]);
  });

  it("takes the student's own velocity where no other is known: then the residuals of any consistent map are zero", () => {
    // u = d alone is the exact average velocity of the constant velocity d.
    const network: HandNetwork = { params: { ...zero, offset: [0.7, -0.5] }, base: "none" };
    const withoutExact = (params: Affine): Observed => {
      const trainer = affineTrainer(meanFlowWith("conditional"), { ...network, params });
      const { exact: _exact, ...problem } = trainer.problem;
      const of = observing(trainer);
      return observed({ ...of, trainer: { ...trainer, problem }, exact: null });
    };
    const found = maps(withoutExact(network.params));
    expect(Object.keys(found).sort()).toEqual(["backward residual", "forward residual", "loss", "‖du/ds‖"]);
    for (const name of ["backward residual", "forward residual", "‖du/ds‖"])
      for (const [row, column] of triangleCells) expect(cell(found[name], row, column), name).toBeLessThan(1e-14);
    const other = maps(withoutExact(skewed));
    expect(cell(other["backward residual"], 0, 15)).toBeGreaterThan(0.1);
  });

  it.each([
    ["meanFlow", meanFlowWith("conditional")],
    ["two terms", mixed],
    [
      "end times at 1",
      recipe({ terms: [term({ loss: losses.meanFlow, timeLaw: { kind: "fixedEnd", start: { kind: "uniform" } } })] }),
    ],
  ])("has the mean loss of the times that fall in a cell: %s", (_, trained) => {
    const network: HandNetwork = { params: skewed, base: "none" };
    const trainer = affineTrainer(trained, network, { batch: 32 });
    const of = observing(trainer);
    const hand = handBatches(trainer, of.key, network, { velocity: "conditional", isStopped: true });
    const [sums, counts] = [0, 0].map(() => new Array<number>(timeCells ** 2).fill(0));
    for (let k = 0; k < batchCount; k++)
      for (const [i, { values }] of hand[k].terms.entries())
        for (const [j, { s, t }] of rowsOf(trainer, of.key, i, k).entries()) {
          const [row, column] = [s, t].map((time) => Math.min(timeCells - 1, Math.floor(time * timeCells)));
          sums[row * timeCells + column] += values[j];
          counts[row * timeCells + column] += 1;
        }
    const wanted = sums.map((sum, i) => sum / counts[i]);
    expectClose([...maps(of).loss], wanted, { rtol: 1e-10 });
    // The control: the cells are not those of exchanged times.
    const transposed = wanted.map((_each, i) => wanted[(i % timeCells) * timeCells + Math.floor(i / timeCells)]);
    expect(() => expectClose([...maps(of).loss], transposed, { rtol: 1e-10 })).toThrow();
  });
});

/** Singular values of a 2 × 2 matrix in closed form: σ₁ ± σ₂ = √(‖M‖² ± 2|det M|). */
function closedSingularValues([[a, b], [c, d]]: readonly (readonly number[])[]): [number, number] {
  const [norm, det] = [a * a + b * b + c * c + d * d, Math.abs(a * d - b * c)];
  const [sum, difference] = [Math.sqrt(norm + 2 * det), Math.sqrt(Math.max(0, norm - 2 * det))];
  return [(sum + difference) / 2, (sum - difference) / 2];
}

describe("the stretch of the map", () => {
  const fan = ({ params, base }: HandNetwork): Record<string, readonly number[]> => {
    return finished("stretch", observing(affineTrainer(meanFlowWith("conditional"), { params, base })));
  };

  /** The curves by hand: ∇Φ = I + h·(∇U + A), with h in the middle of its cell and eight start times over [0, 1 − h]. */
  function handFan({ params, base }: HandNetwork): Record<string, number[]> {
    const bySpan = Array.from({ length: timeCells }, (_, span) => {
      const h = (span + 0.5) / timeCells;
      return Array.from({ length: 8 }, (_point, i) => {
        const s = ((i + 0.5) / 8) * (1 - h);
        const gain = (j: number): number => (base === "exact" ? exact.averageGain(j, s, s + h) : 0);
        return closedSingularValues(
          params.matrix.map((row, a) => row.map((each, b) => Number(a === b) * (1 + h * gain(a)) + h * each)),
        );
      });
    });
    const mean = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    const of = (which: 0 | 1, f: (numbers: number[]) => number): number[] =>
      bySpan.map((points) => f(points.map((each) => each[which])));
    return {
      "largest of all points": of(0, (all) => Math.max(...all)),
      largest: of(0, mean),
      smallest: of(1, mean),
      "smallest of all points": of(1, (all) => Math.min(...all)),
    };
  }

  it.each([
    ["an affine map", { params: skewed, base: "none" }],
    ["the exact map of a Gaussian", { params: zero, base: "exact" }],
    ["a map beside the exact one", { params: skewed, base: "exact" }],
    [
      "a map that collapses a direction",
      {
        params: {
          ...zero,
          matrix: [
            [0, 0],
            [0, -32 / 31],
          ],
        },
        base: "none",
      },
    ],
  ] as const)("is that of closed forms: %s", (_, network) => {
    const found = fan(network);
    const wanted = handFan(network);
    expect(Object.keys(found)).toEqual(Object.keys(wanted));
    for (const name of Object.keys(wanted))
      expectClose([...found[name]], wanted[name], { rtol: 1e-12, condition: 1e-3 });
    const control = handFan({
      ...network,
      params: {
        ...network.params,
        matrix: [
          [0, 0.3],
          [0, 0],
        ],
      },
    });
    expect(() => expectClose([...found.largest], control.largest, { rtol: 1e-4 })).toThrow();
  });

  it("of a collapsing direction ends at zero", () => {
    const found = fan({
      params: {
        ...zero,
        matrix: [
          [0, 0],
          [0, -32 / 31],
        ],
      },
      base: "none",
    });
    expect(found.smallest.at(-1)).toBeLessThan(1e-15);
    expect(found.largest.at(-1)).toBe(1);
  });
});

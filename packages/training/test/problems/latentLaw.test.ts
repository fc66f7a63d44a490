import { symmetricEigen } from "@pushforward/flows";
import { DomainError, key, matmul, normal, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { pixelColumns, tableProblem } from "../../src/index.ts";
import { principalComponents } from "../../src/problems/principalComponents.ts";

const split = { heldOut: 0.2, seed: 0, scaling: "common" } as const;

/** Rows that vary in some directions, each less than the one before, around a mean that is not zero. */
function rowsOf(n: number, dim: number, rank: number) {
  const spreads = tensor(Array.from({ length: rank }, (_, k) => 0.8 ** k));
  return matmul(normal(key(1), [n, rank]).mul(spreads), normal(key(2), [rank, dim])).add(normal(key(3), [dim]).mul(3));
}

const dotOf = (a: Float64Array, b: ArrayLike<number>): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

describe("principal components", () => {
  it.each([
    [12, 5],
    [90, 8],
  ])("of %d columns are eigenvectors of the covariance of the largest eigenvalues", (dim, count) => {
    const rows = rowsOf(300, dim, dim);
    const { mean, directions, variances, total } = principalComponents(rows.dataSync(), dim, count);
    const centred = rows.sub(rows.mean(0));
    const cov = matmul(centred.transpose(), centred).div(300).toArray() as number[][];
    const symmetric = cov.map((row, i) => row.map((x, j) => (x + cov[j][i]) / 2));
    const { values, vectors } = symmetricEigen(symmetric);
    const order = Array.from(values, (_, k) => k).sort((a, b) => values[b] - values[a]);
    expect(total).toBeCloseTo(
      values.reduce((sum, each) => sum + each, 0),
      9,
    );
    Array.from(rows.mean(0).dataSync()).forEach((x, i) => void expect(mean[i]).toBeCloseTo(x, 12));
    for (let k = 0; k < count; k++) {
      const direction = directions.subarray(k * dim, (k + 1) * dim);
      const exact = Float64Array.from({ length: dim }, (_, i) => vectors[i * dim + order[k]]);
      expect(Math.abs(variances[k] / values[order[k]] - 1)).toBeLessThan(1e-8);
      expect(Math.abs(dotOf(exact, direction))).toBeCloseTo(1, 6);
      for (let m = 0; m <= k; m++)
        expect(dotOf(directions.slice(m * dim, (m + 1) * dim), direction)).toBeCloseTo(m === k ? 1 : 0, 12);
    }
    // a control: the next eigenvector is none of them
    const next = Float64Array.from({ length: dim }, (_, i) => vectors[i * dim + order[count]]);
    expect(Math.abs(dotOf(next, directions.subarray(0, dim)))).toBeLessThan(1e-3);
  });

  it("are the same numbers every time", () => {
    const rows = rowsOf(50, 40, 40).dataSync();
    expect(principalComponents(rows, 40, 3)).toEqual(principalComponents(rows, 40, 3));
  });

  it("are refused where rows vary in fewer directions", () => {
    expect(() => principalComponents(rowsOf(50, 20, 3).dataSync(), 20, 4)).toThrow(
      new DomainError(
        "principalComponents: rows must vary in at least 4 directions, got 3; choose at most 3 components",
      ),
    );
  });
});

describe("a table in its principal components", () => {
  const [n, dim, rank] = [60, 24, 5];
  const values = rowsOf(n, dim, rank);
  const table = { values, names: pixelColumns({ width: 6, height: 4, channels: 1 }) };
  const plain = tableProblem("own", table, split);
  const latent = tableProblem("own", table, { ...split, components: rank });

  it("draws the rows of the table, which come back whole where the components suffice", () => {
    expect([latent.dim, latent.columns.length]).toEqual([rank, dim]);
    const [rows, drawn] = [plain, latent].map((each) => each.toOriginal(each.sample(key(5), 20, "float64")).dataSync());
    Array.from(rows).forEach((x, i) => void expect(drawn[i]).toBeCloseTo(x, 9));
    for (const side of ["training", "heldOut"] as const) {
      const back = latent.toOriginal(tensor(Array.from(latent[side].values)).reshape([-1, rank])).dataSync();
      const whole = plain.toOriginal(tensor(Array.from(plain[side].values)).reshape([-1, dim])).dataSync();
      Array.from(whole).forEach((x, i) => void expect(back[i]).toBeCloseTo(x, 9));
    }
    expect(latent.facts["principal components"]).toBe("5, which keep 100.0 % of the variance of the training rows");
  });

  it("has training rows of mean 0 and standard deviation 1 together, the first coordinate the widest", () => {
    const training = tensor(Array.from(latent.training.values)).reshape([-1, rank]);
    for (const x of training.mean(0).dataSync()) expect(x).toBeCloseTo(0, 10);
    expect(training.std().item()).toBeCloseTo(1, 10);
    const spreads = [...training.std(0).dataSync()];
    expect(spreads).toEqual(spreads.toSorted((a, b) => b - a));
    expect(spreads[0]).toBeGreaterThan(1.2);
  });

  it("leaves out what fewer components do not hold, and no more", () => {
    const small = tableProblem("own", table, { ...split, components: 2 });
    const rows = plain.toOriginal(plain.sample(key(5), 40, "float64"));
    const gap = (of: typeof small): number =>
      of
        .toOriginal(of.sample(key(5), 40, "float64"))
        .sub(rows)
        .square()
        .mean()
        .item();
    expect(gap(small)).toBeGreaterThan(1e-2);
    expect(gap(small)).toBeLessThan(rows.sub(rows.mean(0)).square().mean().item());
    expect(Number.parseFloat(small.facts["principal components"].slice(13))).toBeLessThan(99);
  });

  it("keeps pictures and labels", () => {
    const labels = { names: ["a", "b"], places: Int32Array.from({ length: n }, (_, row) => row % 2) };
    const labelled = tableProblem("own", { ...table, labels }, { ...split, components: rank });
    const reference = tableProblem("own", { ...table, labels }, split);
    expect(labelled.image).toEqual(plain.image);
    const [a, b] = [labelled, reference].map(({ classes }) => classes!.sample(key(8), 30, "float32"));
    expect(a.labels.dataSync()).toEqual(b.labels.dataSync());
    expect(a.data.dataSync()).toEqual(latent.sample(key(8), 30, "float32").dataSync());
  });

  it("is refused with more components than columns or rows", () => {
    expect(() => tableProblem("own", table, { ...split, components: 25 }, "./x.npy")).toThrow(
      "data: ./x.npy must have at least 25 columns and more than 25 training rows for 25 principal components, got 24 columns and 48 rows; choose fewer",
    );
    expect(() => tableProblem("own", table, { ...split, components: 6 })).toThrow("choose at most 5 components");
  });
});

import { compile, DomainError, key, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { drawLabelled, Judge, type Problem, pixelColumns, tableProblem } from "../../src/index.ts";

const rows = Array.from({ length: 20 }, (_, i) => [i, i * i]);
const table = { values: tensor(rows), names: ["x", "y"] };
const split = { heldOut: 0.2, seed: 0 };

describe("a table as a problem", () => {
  it("holds rows out, standardises by the others, and gives the units of the table back", () => {
    const problem = tableProblem("squares", table, split);
    expect(problem).toMatchObject({ name: "squares", dim: 2, columns: ["x", "y"] });
    expect([problem.training.values.length, problem.heldOut.values.length]).toEqual([32, 8]);
    const drawn = problem.toOriginal(problem.sample(key(1), 50, "float64")).dataSync();
    for (let i = 0; i < drawn.length; i += 2) expect(drawn[i + 1]).toBeCloseTo(drawn[i] ** 2, 8);
  });

  it("scales columns one by one, all numbers together, or their range", () => {
    const valuesOf = (scaling?: "columns" | "common" | "range" | "none") =>
      tensor(Array.from(tableProblem("squares", table, { ...split, scaling }).training.values)).reshape([-1, 2]);
    const close = (x: { readonly dataSync: () => ArrayLike<number> }, expected: readonly number[]): void =>
      Array.from(x.dataSync()).forEach((value, i) => void expect(value).toBeCloseTo(expected[i], 12));
    expect(valuesOf()).toEqual(valuesOf("columns"));
    close(valuesOf("columns").mean(0), [0, 0]);
    close(valuesOf("columns").std(0), [1, 1]);
    close(valuesOf("common").mean(), [0]);
    close(valuesOf("common").std(), [1]);
    expect(Math.abs(valuesOf("common").mean(0).dataSync()[0])).toBeGreaterThan(0.1);
    expect([valuesOf("range").min().item(), valuesOf("range").max().item()]).toEqual([-1, 1]);
    expect(Array.from(valuesOf("none").dataSync()).every(Number.isInteger)).toBe(true);
  });

  it("keeps constant tables finite in every scaling", () => {
    const constant = { values: tensor(rows.map(() => [0.1, 0.1])), names: ["x", "y"] };
    for (const scaling of ["columns", "common", "range", "none"] as const) {
      const { training, toOriginal } = tableProblem("constant", constant, { ...split, scaling });
      expect(new Set(Array.from(training.values))).toEqual(new Set([scaling === "none" ? 0.1 : 0]));
      const back = toOriginal(tensor(Array.from(training.values)).reshape([-1, 2]));
      expect(new Set(back.dataSync())).toEqual(new Set([0.1]));
    }
  });

  it("knows grey and coloured pixels by their names, and gives the names", () => {
    const imageOf = (names: readonly string[], isBright?: boolean) =>
      tableProblem(
        "p",
        { values: tensor(rows.map(([x, y]) => names.map((_, i) => x + i * y))), names, isBright },
        split,
      ).image;
    expect(imageOf(pixelColumns({ width: 3, height: 2, channels: 1 }))).toEqual({
      ...{ width: 3, height: 2, channels: 1 },
      range: [0, 19 + 5 * 361],
    });
    expect(imageOf(["pixel_0_0", "pixel_0_01"], true)?.range).toEqual([19 + 361, 0]);
    const colors = pixelColumns({ width: 1, height: 2, channels: 3 });
    expect(colors.slice(0, 4)).toEqual(["pixel_0_0_red", "pixel_0_0_green", "pixel_0_0_blue", "pixel_1_0_red"]);
    expect(imageOf(colors)).toMatchObject({ width: 1, height: 2, channels: 3 });
    const others = [
      ["pixel_0_1", "pixel_0_0"],
      ["pixel_9_9"],
      ["pixel_0_0", "x"],
      colors.slice(0, 2),
      colors.toReversed(),
    ];
    for (const names of others) expect(imageOf(names), names.join()).toBeUndefined();
  });

  it("names the table where rows are too few or numbers too large", () => {
    const few = { ...table, values: tensor(rows.slice(0, 3)) };
    expect(() => tableProblem("few", few, split)).toThrow(
      new DomainError("data: few must have at least 2 rows to train on and 2 to judge by, got 3"),
    );
    const far = { ...table, values: tensor(rows.map(([x, y]) => [x, y * 1e305])) };
    expect(() => tableProblem("far", far, split, "./far.csv")).toThrow(
      'data: ./far.csv, column "y": numbers must be small',
    );
  });
});

describe("labels of a table", () => {
  /** The label of a row follows from its first number: a label that leaves its row is seen. */
  const labels = { names: ["even", "odd", "third"], places: Int32Array.from(rows, ([x]) => (x % 3 === 0 ? 2 : x % 2)) };
  const labelled = tableProblem("squares", { ...table, labels }, split);
  const labelOf = (x: number): number => labels.places[Math.round(x)];

  it("travel with the rows, which have the bits of the problem without labels", () => {
    const plain = tableProblem("squares", table, split);
    expect(plain.classes).toBeUndefined();
    const { names, sample } = labelled.classes!;
    expect(names).toEqual(labels.names);
    for (let seed = 0; seed < 5; seed++) {
      const { data, labels: drawn } = sample(key(seed), 40, "float32");
      expect(data.dataSync()).toEqual(plain.sample(key(seed), 40, "float32").dataSync());
      const numbers = labelled.toOriginal(data.cast("float64")).dataSync();
      expect([...drawn.dataSync()]).toEqual(Array.from({ length: 40 }, (_, i) => labelOf(numbers[2 * i])));
      expect([...drawn.dataSync()]).not.toEqual([...sample(key(seed + 5), 40, "float32").labels.dataSync()]);
    }
  });

  it("of held-out and training points stand beside them", () => {
    for (const side of ["heldOut", "training"] as const) {
      const numbers = labelled.toOriginal(tensor(Array.from(labelled[side].values)).reshape([-1, 2])).dataSync();
      const expected = Array.from({ length: numbers.length / 2 }, (_, i) => labelOf(numbers[2 * i]));
      expect([...labelled.classes![side]]).toEqual(expected);
    }
  });

  it("are drawn inside a compiled function as outside", () => {
    const draw = (k: ReturnType<typeof key>) => drawLabelled(labelled, k, 16, "float64");
    const [traced, plain] = [compile(draw)(key(7)), draw(key(7))];
    expect(traced.labels.dataSync()).toEqual(plain.labels.dataSync());
    expect(traced.data.dataSync()).toEqual(plain.data.dataSync());
  });

  it("are refused where they do not fit their rows, or a problem returns others", () => {
    const refusal = (places: readonly number[]) => () =>
      tableProblem("squares", { ...table, labels: { ...labels, places: Int32Array.from(places) } }, split, "./x.npy");
    expect(refusal([0, 1])).toThrow("data: ./x.npy must have a label for each of 20 rows, got 2 labels");
    expect(refusal([...labels.places.slice(1), 3])).toThrow(
      "the label of row 19 must be the place of a class, from 0 to 2, got 3",
    );
    expect(() => drawLabelled(tableProblem("plain", table, split), key(0), 3, "float32")).toThrow(
      "plain: points must have labels, got none",
    );
    const { data, labels: drawn } = labelled.classes!.sample(key(0), 3, "float32");
    const own = (sample: object): Problem => ({
      ...labelled,
      classes: { ...labelled.classes!, sample: () => ({ data, labels: drawn, ...sample }) },
    });
    const call = 'classes.sample(key, 3, "float32") must be';
    for (const [sample, message] of [
      [{ labels: drawn.cast("float32") }, `squares: labels of ${call} int32[3], got float32; pass the dtype on`],
      [{ labels: drawn.slice([0, 2]) }, `squares: labels of ${call} int32[3], got int32[2]`],
      [{ labels: undefined }, `squares: labels of ${call} int32[3], got undefined`],
      [{ data: data.slice([0, 2]) }, `squares: data of ${call} float32[3, 2], got float32[2, 2]`],
    ] as const) {
      expect(() => drawLabelled(own(sample), key(0), 3, "float32")).toThrow(message);
    }
    expect(() => drawLabelled(own({}), key(0), 3, "float32")).not.toThrow();
  });
});

describe("one score", () => {
  it("is that of all scores", () => {
    const judge = new Judge(tableProblem("squares", table, split), "float64");
    const sampler = (noise: ReturnType<Judge["noise"]>) => noise;
    const all = judge.scores(sampler);
    expect(all.slicedWasserstein).toBeGreaterThan(0);
    expect(judge.score("slicedWasserstein", sampler)).toBe(all.slicedWasserstein);
    expect(judge.score("oneStepError", sampler)).toBeUndefined(); // the exact map is unknown
  });
});

import { valueAndGrad, vmap } from "@pushforward/autodiff";
import { compile, sum, type Tensor, treeMap } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type AnyLoss, inGroups, type LossName, losses } from "../src/index.ts";
import {
  gradientError,
  type Input,
  inputFor,
  labelsOf,
  networksOf,
  optimumError,
  permutationError,
  samples,
  samplesOf,
  withPhi,
} from "./support/conformance.ts";
import { goldenParams, otherParams, type TanhParams, tanhModel } from "./support/goldenProblem.ts";

const entries = Object.entries(losses) as [LossName, AnyLoss][];
const student = tanhModel(goldenParams);

describe.each(entries)("%s", (name, loss) => {
  it("has complete metadata under its own name", () => {
    expect(loss.name).toBe(name);
    expect(Object.isFrozen(loss)).toBe(true);
    expect(loss.label).not.toBe("");
    expect(["A", "B", "C"]).toContain(loss.grade);
    const { paper, departs } = loss;
    // The two losses without a paper on arXiv say where they are from.
    if (paper === null) {
      expect(["secondOrder", "sgFlow"]).toContain(name);
      expect(departs.join(" ")).toContain("The source is");
    } else
      expect([paper.arxiv, paper.cite]).toEqual([
        expect.stringMatching(/^\d{4}\.\d{5}$/),
        expect.stringMatching(/^[A-Z].* \d{4}$/),
      ]);
    for (const sentence of departs) expect(sentence).toMatch(/^\S.*\.$/);
    if (loss.learns !== "generator") expect(loss.formula).toContain("\\left\\lVert");
    for (const [open, close] of ["{}", "()", "[]"]) {
      expect(loss.formula.split(open).length).toBe(loss.formula.split(close).length);
    }
    expect(loss.formula.includes("\\operatorname{sg}")).toBe(loss.stops.length > 0);
    expect(new Set(loss.stops).size).toBe(loss.stops.length);
    expect(JSON.parse(JSON.stringify(loss.timeLaw))).toEqual(loss.timeLaw);
  });

  it("returns one number per sample, 0 or more unless its formula is a product", () => {
    const values = loss.loss(inputFor(loss, student));
    expect(values.shape).toEqual([6]);
    const least = loss.formula.includes("\\cdot") ? Number.NEGATIVE_INFINITY : 0;
    expect([...values.dataSync()].every((value) => value >= least && Number.isFinite(value))).toBe(true);
  });

  it("gives the same result for times as numbers, scalars and columns", () => {
    const times = { s: 0.2, t: 0.7, r: 0.4, delta: 0.05, warmup: 0.9 };
    const columns = treeMap((time: number) => samples.s.mul(0).add(time), times);
    const scalars = treeMap((time: number) => samples.s.slice(0, 0).mul(0).add(time), times);
    const expected = loss.loss({ ...inputFor(loss, student), ...columns } as Input);
    expectSameBits(loss.loss({ ...inputFor(loss, student), ...times }), expected);
    expectSameBits(loss.loss({ ...inputFor(loss, student), ...scalars } as Input), expected);
  });

  it("passes exactly the labels it declares to stopGradient", () => {
    expect(labelsOf(loss)).toEqual([...loss.stops].sort());
  });

  it("is at its declared optimum at the exact map with the exact velocity", () => {
    const { value, gradient } = optimumError(loss);
    if (loss.optimum === "zero") {
      expect(value).toBeLessThan(1e-20);
      expect(gradient).toBeLessThan(1e-9);
    } else {
      expect(value).toBeGreaterThan(1e-8);
    }
  });

  it("has the gradient of the finite difference with every declared stop frozen", () => {
    expect(gradientError(loss)).toBeLessThan(1e-10);
  });

  it("is the same sample by sample, or pair by pair, under vmap", () => {
    const networks = networksOf(student, tanhModel(otherParams));
    const input = inputFor(loss, student);
    const { group = 1 } = input;
    const each = treeMap((x: Tensor) => (group === 1 ? x : inGroups(x, group)), samplesOf(input) as typeof samples);
    const one = (part: typeof samples) => loss.loss({ ...part, ...networks, group });
    expectClose(vmap(one)(each).reshape([6]), loss.loss(input), { condition: 1 });
  });

  it("permutes with the batch", () => {
    expect(permutationError(loss)).toBeLessThan(1e-14);
  });

  it("compiles, with its gradient, to the bits of eager mode", () => {
    const step = (params: TanhParams) =>
      valueAndGrad((p: TanhParams) => sum(loss.loss(inputFor(loss, tanhModel(p)))))(params);
    expectSameBits(compile(step)(otherParams), step(otherParams));
  });

  it("keeps float32", () => {
    const narrow = <T>(tree: T): T => treeMap((x: Tensor) => x.cast("float32"), tree);
    const [u, other] = [tanhModel(narrow(goldenParams)), tanhModel(narrow(otherParams))];
    const input = inputFor(loss, student);
    const small = loss.loss({ ...input, ...narrow(samplesOf(input)), ...networksOf(u, other) } as Input);
    expect(small.dtype).toBe("float32");
    const wide = loss.loss(inputFor(loss, student)).dataSync();
    small.dataSync().forEach((value, i) => {
      expect(Math.abs(value - wide[i])).toBeLessThan(1e-4 * (1 + Math.abs(wide[i])));
    });
  });

  it("names a missing input", () => {
    for (const need of [...loss.needs, "xs", "s", "t"] as const) {
      expect(() => loss.loss({ ...inputFor(loss, student), [need]: undefined })).toThrow(
        `${name}: needs ${need}, got none`,
      );
    }
  });
});

describe("losses of maps", () => {
  it.each(entries.filter(([, { learns }]) => learns === "flowMap"))("%s takes phi or u", (_, loss) => {
    expectSameBits(loss.loss(withPhi(inputFor(loss, student))), loss.loss(inputFor(loss, student)));
  });
});

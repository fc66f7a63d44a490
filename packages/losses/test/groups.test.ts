import { vmap } from "@pushforward/autodiff";
import { compile, key, normal, ShapeError, squaredNorm, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  describeTerm,
  fittingGroup,
  hasWholeGroups,
  inGroups,
  losses,
  recipe,
  repeatInGroups,
  rowsOfTerms,
  sampleTimes,
  term,
} from "../src/index.ts";
import { groupedLoss } from "./support/groupedLoss.ts";

const u = (x: Tensor, s: Tensor, t: Tensor): Tensor => x.mul(0.3).add(s).sub(t).tanh();
const [noise, data] = [normal(key(1), [6, 2]), normal(key(2), [6, 2]).add(1)];
const { s, t } = sampleTimes(key(3), 6, groupedLoss.timeLaw, { group: 3 });
const input = { u, noise, data, xs: s.mul(data).add(s.mul(-1).add(1).mul(noise)), v: data, s, t };

describe("groups of rows", () => {
  it("are consecutive rows, and repeat values of groups at their rows", () => {
    const x = tensor([[1], [2], [3], [4]]);
    expect(inGroups(x, 2).toArray()).toEqual([
      [[1], [2]],
      [[3], [4]],
    ]);
    expect(repeatInGroups(tensor([5, 6]), 2).toArray()).toEqual([5, 5, 6, 6]);
    expect(repeatInGroups(x, 1)).toBe(x);
    expect(() => inGroups(x, 3)).toThrow(
      new ShapeError("inGroups: x must have a multiple of 3 rows, got 4; choose another batch or group"),
    );
    expect(() => inGroups(x, 1.5)).toThrow("inGroups: the group must be a whole number of samples ≥ 1, got 1.5");
  });

  it("fit a batch as its largest common divisor", () => {
    expect([8, 2, 6, 3, 0].map((batch) => fittingGroup(4, batch))).toEqual([4, 2, 2, 1, 4]);
  });
});

describe("times of groups", () => {
  const law = { kind: "uniformTriangle", middle: { kind: "uniform" }, delta: 0.1 } as const;

  it("are those of one row for each group, repeated", () => {
    const [grouped, single] = [sampleTimes(key(0), 12, law, { group: 4 }), sampleTimes(key(0), 3, law)];
    for (const name of ["s", "t", "r", "delta"] as const) {
      expect(grouped[name]?.shape).toEqual([12, 1]);
      expectSameBits(grouped[name]!, repeatInGroups(single[name]!, 4));
    }
    expect(new Set(grouped.s.dataSync()).size).toBe(3);
    expectSameBits(sampleTimes(key(0), 12, law, { group: 1 }).s, sampleTimes(key(0), 12, law).s);
  });

  it("need a batch of whole groups", () => {
    expect(() => sampleTimes(key(0), 10, law, { group: 4 })).toThrow(
      "sampleTimes: batch must be a multiple of the group of 4 samples, got 10",
    );
    expect(() => sampleTimes(key(0), 10, law, { group: 0 })).toThrow("the group must be a whole number of samples ≥ 1");
  });
});

describe("a loss that compares samples", () => {
  it("has its group among its metadata, and its value at every row of a group", () => {
    expect([groupedLoss.group, losses.meanFlow.group]).toEqual([3, 1]);
    const values = [...groupedLoss.loss(input).dataSync()];
    expect(new Set(values).size).toBe(2);
    expect(values.slice(0, 3)).toEqual([values[0], values[0], values[0]]);
  });

  it("takes another group, of one sample too", () => {
    const one = groupedLoss.loss({ ...input, group: 1 });
    const own = input.xs.add(t.sub(s).mul(u(input.xs, s, t)));
    expectClose(one, squaredNorm(own.sub(data)), { condition: 1 });
    expect(() => expectClose(groupedLoss.loss(input), one, { condition: 1 })).toThrow();
  });

  it("refuses batches that are not whole groups", () => {
    const four = Object.fromEntries(
      Object.entries({ noise, data, xs: input.xs, s, t }).map(([name, x]) => [name, x.slice([0, 4])]),
    );
    expect(() => groupedLoss.loss({ ...input, ...four, v: data.slice([0, 4]) })).toThrow(
      new ShapeError(
        "meansOfGroups: xs must have a multiple of 3 rows, because the loss compares 3 samples with each other, got [4, 2]; choose another batch, or pass another group",
      ),
    );
    const single = (x: Tensor) => groupedLoss.loss({ ...input, noise: x, data: x, v: x, xs: x, s: 0.1, t: 0.5 });
    expect(() => vmap(single)(input.xs)).toThrow(
      "meansOfGroups: xs must be [batch, dim], because the loss compares 3 samples with each other, got [2]; map over whole groups, or pass group: 1",
    );
  });

  it("refuses different times within a group, of values that can be read", () => {
    const late = tensor([[0.9], [0.9], [0.9], [0.9], [0.95], [0.9]]);
    const at = (end: Tensor): Tensor => groupedLoss.loss({ ...input, t: end, s: 0.2 });
    expect(() => at(late)).toThrow(
      "meansOfGroups: t must be the same for each group of 3 samples, got 0.9 at batch row 3 and 0.95 at row 4; draw times by sampleTimes(key, batch, law, { group: 3 })",
    );
    expect(() => at(tensor([[0.9], [0.9], [0.9], [0.5], [0.5], [0.5]]))).not.toThrow();
    expect(() => at(tensor(0.7))).not.toThrow();
    expect(compile(at)(late).shape).toEqual([6]);
  });

  it("is refused with a group that is no number of samples, and other losses with any group", () => {
    expect(() => groupedLoss.loss({ ...input, group: 1.5 })).toThrow(
      "meansOfGroups: the group must be a whole number of samples ≥ 1, got 1.5",
    );
    expect(() => losses.meanFlow.loss({ ...input, group: 3 })).toThrow(
      "meanFlow: group must be left out, because the loss compares no samples with each other, got 3",
    );
    expect(() => losses.meanFlow.loss({ ...input, group: 1 })).not.toThrow();
  });
});

describe("a term of groups", () => {
  const terms = [term({ loss: losses.flowMatching, fraction: 0.5 }), term({ loss: groupedLoss, fraction: 0.5 })];

  it("has the group of its loss, and says so", () => {
    expect(terms.map(({ group }) => group)).toEqual([1, 3]);
    expect(describeTerm(terms[1])).toContain("groups of 3 samples at the same times");
    expect(describeTerm(terms[0]).join()).not.toContain("group");
  });

  it("has whole groups of rows, or is refused", () => {
    expect([6, 12, 8, 64].map((batch) => hasWholeGroups(terms, batch))).toEqual([true, true, false, false]);
    expect(rowsOfTerms(terms, 12)).toEqual([
      [0, 6],
      [6, 12],
    ]);
    expect(() => rowsOfTerms(terms, 64)).toThrow(
      "rowsOfTerms: the rows of terms[1] must be a multiple of 3, because meansOfGroups compares 3 samples with each other, got 32 of a batch of 64; choose another batch or group",
    );
    expect(rowsOfTerms([terms[0], term({ loss: groupedLoss, fraction: 0.5, group: 4 })], 64)[1]).toEqual([32, 64]);
  });

  it("must be about a loss that compares samples", () => {
    const wrong = term({ loss: losses.meanFlow, group: 2 });
    expect(() => recipe({ terms: [wrong] })).toThrow(
      "recipe: terms[0].group must be 1, since meanFlow compares no samples with each other, got 2",
    );
    expect(() => recipe({ terms: [term({ loss: groupedLoss, group: 0 })] })).toThrow(
      "recipe: terms[0].group: the group must be a whole number of samples ≥ 1, got 0",
    );
  });
});

import { compile, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { ema, emaSet, linear } from "../src/index.ts";
import { expectWithin } from "./support/close.ts";

const sequence = [2, -1, 4, 0.5].map((value) => ({ w: tensor([value, 2 * value]) }));
const start = { w: tensor([10, 20]) };

describe("ema", () => {
  it("weights the past by powers of the decay", () => {
    const average = ema({ decay: 0.8 });
    const state = sequence.reduce((s, params) => average.update(s, params), average.init(start));
    const expected = 0.8 ** 4 * 10 + 0.2 * (0.8 ** 3 * 2 + 0.8 ** 2 * -1 + 0.8 * 4 + 0.5);
    expectWithin(state.average, [expected, 2 * expected], 1e-13);
    expectWithin(state.step, [4], 0);
  });

  it("with warm-up is the weighted mean of the updates, without the starting value", () => {
    const average = ema({ decay: 0.8, warmup: true });
    let state = average.init(start);
    state = average.update(state, sequence[0]);
    expectWithin(state.average, [2, 4], 1e-14);
    for (const params of sequence.slice(1)) state = average.update(state, params);
    const weights = [0.8 ** 3, 0.8 ** 2, 0.8, 1];
    const total = weights.reduce((a, b) => a + b);
    const expected = (weights[0] * 2 - weights[1] + weights[2] * 4 + 0.5) / total;
    expectWithin(state.average, [expected, 2 * expected], 1e-13);
  });

  it("without warm-up includes the starting value", () => {
    const average = ema({ decay: 0.8 });
    expectWithin(average.update(average.init(start), sequence[0]).average, [8.4, 16.8], 1e-14);
  });

  it("leaves a constant where it is, bit for bit", () => {
    for (const warmup of [false, true]) {
      const average = ema({ decay: 0.999, warmup });
      let state = average.init(sequence[3]);
      for (let i = 0; i < 5; i++) state = average.update(state, sequence[3]);
      expectSameBits(state.average, sequence[3]);
    }
  });

  it("takes a schedule as decay", () => {
    const average = ema({ decay: linear({ from: 0, to: 1, steps: 2 }) });
    let state = average.update(average.init(start), sequence[0]);
    expectWithin(state.average, [2, 4], 1e-15);
    state = average.update(state, sequence[1]);
    expectWithin(state.average, [0.5, 1], 1e-15);
  });

  it("follows the dtype of the parameters and compiles to the same bits", () => {
    const average = ema({ decay: 0.99, warmup: true });
    const params = { w: tensor([1, 2], { dtype: "float32" }) };
    const state = average.update(average.init(params), { w: tensor([3, 5], { dtype: "float32" }) });
    expect(state.average.w.dtype).toBe("float32");
    expectSameBits(compile(average.update)(state, params), average.update(state, params));
  });

  it("of a half-life gives a value half its weight after that many updates", () => {
    const zero = { w: tensor([0, 0]) };
    const weightAfter = (halfLife: number, updates: number): number => {
      const average = ema({ halfLife });
      let state = average.init({ w: tensor([1, 1]) });
      for (let i = 0; i < updates; i++) state = average.update(state, zero);
      return state.average.w.dataSync()[0];
    };
    expect(Math.abs(weightAfter(4, 4) - 0.5)).toBeLessThan(1e-15);
    expect(Math.abs(weightAfter(4, 8) - 0.25)).toBeLessThan(1e-15);
    expect(Math.abs(weightAfter(2.5, 5) - 0.25)).toBeLessThan(1e-15);
    expect(Math.abs(weightAfter(5, 4) - 0.5)).toBeGreaterThan(0.05);
  });

  it("refuses a half-life that is no positive number, or a decay beside it", () => {
    for (const halfLife of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "4"]) {
      expect(() => ema({ halfLife: halfLife as number })).toThrow("ema: halfLife must be a positive number of updates");
    }
    expect(() => ema({ halfLife: 3, decay: 0.9 })).toThrow("ema: decay and halfLife say the same, got both");
  });

  it("refuses a decay outside [0, 1) and warm-up of a schedule", () => {
    expect(() => ema({ decay: 1 })).toThrow("ema: decay must be in [0, 1), got 1");
    expect(() => ema({ decay: linear({ from: 0, to: 1, steps: 2 }), warmup: true })).toThrow("needs a constant decay");
  });
});

describe("ema of other trees", () => {
  const average = ema({ decay: 0.9 });
  const params = { w: tensor([1, 2]), n: tensor([3], { dtype: "int32" }), mask: tensor([true]) };

  it("keeps the latest value of int32 and bool leaves", () => {
    const later = { w: tensor([2, 3]), n: tensor([7], { dtype: "int32" }), mask: tensor([false]) };
    const next = average.update(average.init(params), later).average;
    expectWithin(next.w, [1.1, 2.1], 1e-15);
    expectSameBits([next.n, next.mask], [later.n, later.mask]);
  });

  it("refuses a missing leaf and another shape", () => {
    const update = (next: unknown) => average.update(average.init(params), next as typeof params);
    expect(() => update({ w: params.w })).toThrow(/^ema: trees must have the same structure.*leaf "mask" is missing/);
    expect(() => update({ ...params, w: tensor(1) })).toThrow('ema: the value of leaf "w" must have shape [2], got []');
  });
});

describe("emaSet", () => {
  const settings = { short: { halfLife: 1 }, long: { decay: 0.9, warmup: true } };
  const all = emaSet(settings);

  it("holds the averages that each of its settings gives alone, and compiles to the same bits", () => {
    const state = sequence.reduce((s, params) => all.update(s, params), all.init(start));
    for (const name of ["short", "long"] as const) {
      const one = ema(settings[name]);
      expectSameBits(
        state[name],
        sequence.reduce((s, params) => one.update(s, params), one.init(start)),
      );
    }
    expect([...state.short.average.w.dataSync()]).not.toEqual([...state.long.average.w.dataSync()]);
    expectSameBits(compile(all.update<typeof start>)(state, start), all.update(state, start));
  });

  it("names what is wrong", () => {
    expect(() => emaSet({ short: { decay: 1 } })).toThrow("ema: decay must be in [0, 1), got 1");
    expect(() => all.update({ short: all.init(start).short } as never, start)).toThrow(
      "ema: the state must be an object, got undefined",
    );
  });
});

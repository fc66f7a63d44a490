import { type AnyLoss, losses } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { gradientWithout, isIdle, measured, stopEffects } from "../../src/explain/lossProgram.ts";

const all: readonly AnyLoss[] = Object.values(losses);

describe("switched-off stop-gradients", () => {
  it.each([
    ["esd", ["advection"], ["esdConvex"]],
    ["esd", ["velocity", "advection"], ["esdNone"]],
    ["esdConvex", ["velocity"], ["esdNone"]],
    ["lsd", ["velocity"], ["lsdNone"]],
    ["psd", ["target"], ["psdNone"]],
    ["triConsistency", ["target"], ["triConsistencyFull"]],
    ["localForwardSemi", ["velocity"], ["localForward"]],
    ["meanFlow", ["target"], []],
  ] as const)("%s without %s has the gradient of %s", (name, without, others) => {
    expect(gradientWithout(losses[name], without, all).sameAs).toEqual(others);
  });

  it("one alone does what its effect says, and none does nothing", () => {
    const alone = stopEffects(losses.lsd).velocity;
    const effect = gradientWithout(losses.lsd, ["velocity"], all);
    effect.cosine.values.forEach((value, i) => void expect(value).toBeCloseTo(alone.cosine.values[i], 12));
    effect.lengthRatio.values.forEach((value, i) => void expect(value).toBeCloseTo(alone.lengthRatio.values[i], 12));
    expect(isIdle(gradientWithout(losses.lsd, [], all))).toBe(true);
    expect(isIdle(effect)).toBe(false);
  });

  // Four rows, three of them on s = t, once gave a cosine of 0.977 for MeanFlow: the figure of a handful of rows of one network.
  it("figures come from many rows off the diagonal and from several networks that differ", () => {
    expect(measured.batch).toBeGreaterThanOrEqual(1024);
    expect(measured.seeds).toBeGreaterThanOrEqual(8);
    const { cosine, lengthRatio } = stopEffects(losses.meanFlow).target;
    expect(new Set(cosine.values).size).toBe(measured.seeds);
    expect(cosine.mean).toBeLessThan(0.9);
    expect(cosine.deviation).toBeGreaterThan(0.05);
    expect(lengthRatio.mean).toBeGreaterThan(1.2);
  });
});

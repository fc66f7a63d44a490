import { type AnyLoss, losses } from "@pushforward/losses";
import { describe, expect, it } from "vitest";
import { gradientWithout, stopEffects } from "../../src/experiments/lossProgram.ts";
import { stopsSentence } from "../../src/experiments/stops.ts";

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
    const { normWith, normWithout, cosine } = stopEffects(losses.lsd).velocity;
    const effect = gradientWithout(losses.lsd, ["velocity"], all);
    expect(effect.normWith).toBeCloseTo(normWith, 12);
    expect(effect.normWithout).toBeCloseTo(normWithout, 12);
    expect(effect.cosine).toBeCloseTo(cosine, 12);
    expect(gradientWithout(losses.lsd, [], all).cosine).toBeCloseTo(1, 12);
  });

  it("a result says what changed, and which known loss that is", () => {
    expect(stopsSentence()).toBe("");
    expect(stopsSentence(["advection"], ["esd", "teacher"])).toBe(
      ' With "advection" not stopped: the value is the same, the gradient another (esd has that of esdConvex).',
    );
    expect(stopsSentence(["target"], ["meanFlow"])).toBe(
      ' With "target" not stopped: the value is the same, the gradient another.',
    );
  });
});

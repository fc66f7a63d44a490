import { type AnyLoss, losses } from "@pushforward/losses";
import { programNames } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gradientWithout, isIdle, lossProgram, measured, stopEffects } from "../../src/explain/lossProgram.ts";

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

describe("the program of a loss", () => {
  it.each(all.map((loss) => [loss.name, loss] as const))(
    "%s: names are unique, every declared stop is in it, nothing is unused or computed twice",
    (_, loss) => {
      const { program } = lossProgram(loss);
      const names = [...programNames(program).values()];
      expect(new Set(names).size).toBe(names.length);
      expect(names).toEqual(expect.arrayContaining(["A", "u", "loss", "∇A"]));
      const stops = program.equations.flatMap(({ primitive, params }) =>
        primitive.name === "stopGradient" ? [(params as { label: string }).label] : [],
      );
      expect([...new Set(stops)].sort()).toEqual([...loss.stops].sort());
      const { equations, inputs, outputs } = program;
      const used = new Set([...equations.flatMap(({ operands }) => operands), ...outputs]);
      expect([...inputs, ...equations.map(({ output }) => output)].filter((x) => !used.has(x))).toEqual([]);
      const json = program
        .toJSON()
        .equations.map(({ primitive, operands, params, output }) =>
          JSON.stringify([primitive, operands, params, output.weak]),
        );
      expect(new Set(json).size).toBe(json.length);
    },
  );

  it("computes the value and the gradient that the unmerged program has", () => {
    const { program } = lossProgram(losses.meanFlow);
    const { inputs, equations } = program.toJSON();
    expect(inputs.map(({ name }) => name)).toEqual(["A", "b", "c", "s", "t", "v", "xs"]);
    expect(
      equations.map(({ output: { name } }) => name).filter((name) => name.length > 2 || /^[^a-z]|^d?u$/.test(name)),
    ).toEqual(["u", "du", "target", "loss", "∇u", "∇c", "∇b", "∇A"]);
  });
});

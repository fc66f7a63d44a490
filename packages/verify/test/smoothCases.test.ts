import { jvp, jvpRules } from "@pushforward/autodiff";
import { foldIn, key, type PrimitiveName, type Tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { Draws } from "../src/draws.ts";
import { smoothCase, smoothCaseNames } from "../src/smoothCases.ts";

describe("smooth cases", () => {
  it("cover every primitive with a derivative", () => {
    const met = new Set(
      smoothCaseNames.flatMap((name) => {
        const { run, operands } = smoothCase(name, new Draws(key(6)));
        return trace((...xs: Tensor[]) => run(xs))(...operands).equations.map(({ primitive }) => primitive.name);
      }),
    );
    const differentiable = (Object.keys(jvpRules) as PrimitiveName[]).filter((name) => jvpRules[name] !== null);
    // identities, which the laws of stop-gradients and the unit tests cover
    const exempt = ["cast", "barrier", "stopTangent", "stopCotangent"];
    const missing = differentiable.filter((name) => !met.has(name) && !exempt.includes(name));
    expect(missing, "each needs a step in packages/verify/src/programSteps.ts").toEqual([]);
  });

  it("have a derivative that is not zero, except step functions", () => {
    const steps = ["sign", "floor", "ceil", "round"];
    const flat = smoothCaseNames.filter((name) => {
      const sizes = Array.from({ length: 5 }, (_, i) => {
        const draws = new Draws(foldIn(key(7), i));
        const { run, operands } = smoothCase(name, draws);
        const directions = operands.map((x) => draws.normal(x.shape));
        return jvp((...xs: Tensor[]) => run(xs), [...operands], directions)[1]
          .abs()
          .max()
          .item();
      });
      return Math.max(...sizes) === 0;
    });
    expect(flat).toEqual(steps);
  });
});

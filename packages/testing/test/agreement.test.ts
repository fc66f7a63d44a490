import { bind, isFloat, primitiveOf, type Tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  caseFamilies,
  complexStep,
  defaultSeed,
  forAll,
  isAnalytic,
  primitiveCases,
  primitiveNames,
  richardson,
  worstError,
} from "../src/index.ts";

const smooth = primitiveNames.filter((name) => caseFamilies[name].smoothIn.length > 0 && isAnalytic(name));
// The stops have no derivative, or one of which the oracles know nothing.
const names = smooth.filter((name) => !name.startsWith("stop"));

describe("two oracles on the same case", () => {
  it.each(names)("agree on the derivative of %s to 1e-11", (name) => {
    const primitive = primitiveOf(name);
    forAll(
      primitiveCases(name),
      ({ operands, params }) => {
        const f = (...xs: Tensor[]): Tensor => bind(primitive, xs, params);
        const { smoothIn } = caseFamilies[name];
        const tangents = operands.map((x, i) =>
          isFloat(x.dtype) && (smoothIn === "all" || smoothIn.includes(i)) ? x.mul(3).add(i).sin() : null,
        );
        const error = worstError(richardson(f, operands, tangents), complexStep(f, operands, tangents), 1);
        expect(error).toBeLessThan(1e-11);
      },
      { runs: 100, seed: defaultSeed },
    );
  });
});

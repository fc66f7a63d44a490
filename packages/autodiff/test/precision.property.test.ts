import type { PrimitiveName, Tensor } from "@pushforward/tensor";
import { forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { jvp, vjp } from "../src/index.ts";
import { derivativeCases, differentiable } from "./support/derivativeCase.ts";
import { cotangentsOf, directionsOf, pull, push, relativeGap } from "./support/programs.ts";
import { recordWorst } from "./support/worst.ts";

// Many cases on a busy machine.
/** Of the largest element (at least 1): ten steps of float32. */
const bound = 1e-5;

const record = recordWorst();

const wide = <T extends Tensor>(xs: readonly T[]): Tensor[] => xs.map((x) => x.cast("float64"));

/** float32 results against those of float64 at the same point. */
function expectAlike(narrow: readonly Tensor[], exact: readonly Tensor[]): void {
  for (const x of narrow) expect(x.dtype).toBe("float32");
  expect(record("float32", relativeGap(wide(narrow), exact, 1))).toBeLessThanOrEqual(bound);
}

describe("float32 ≈ float64, and derivatives keep the dtype", () => {
  it.each(differentiable.filter((name) => name !== "cast"))("%s", (name: PrimitiveName) => {
    forAll(
      derivativeCases(name, "float32"),
      ({ f, primals, v, ct }) => {
        const exactly = wide(primals);
        expectAlike([jvp(f, primals, v)[1]], [jvp(f, exactly, wide(v))[1]]);
        const [pulled, exact] = [vjp(f, primals)[1](ct), vjp(f, exactly)[1](ct.cast("float64"))];
        expectAlike(pulled as unknown as Tensor[], exact as unknown as Tensor[]);
      },
      { runs: 5 },
    );
  });

  it("random programs", () => {
    forAll(
      randomPrograms({ dtype: "float32", steps: 5 }),
      (program) => {
        const { f, inputs } = program;
        const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
        expectAlike(push(f, inputs, v), push(f, wide(inputs), wide(v)));
        expectAlike(pull(f, inputs, w), pull(f, wide(inputs), wide(w)));
      },
      { runs: 60 },
    );
  });

  it("a factor of 1 + 1e-4 would be seen", () => {
    let seen = 0;
    forAll(
      derivativeCases("mul", "float32"),
      ({ f, primals, v }) => {
        const exact = jvp(f, wide(primals), wide(v))[1];
        if (
          relativeGap(
            [
              jvp(f, primals, v)[1]
                .mul(1 + 1e-4)
                .cast("float64"),
            ],
            [exact],
            1,
          ) > bound
        )
          seen++;
      },
      { runs: 40 },
    );
    expect(seen).toBeGreaterThan(15);
  });
});

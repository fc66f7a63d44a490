import { interpret, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { expectSameBits, forAll, primitiveNames, randomPrograms } from "../src/index.ts";

const all = ["smooth", "kinky", "discrete", "stop"] as const;

describe("randomPrograms", () => {
  it.each(["float64", "float32"] as const)("are finite, of moderate size and repeatable in %s", (dtype) => {
    forAll(
      randomPrograms({ dtype, kinds: all }),
      ({ f, inputs }) => {
        const first = f(...inputs);
        for (const y of first) {
          expect(y.dtype).toBe(dtype);
          for (const x of y.dataSync()) expect(Math.abs(x)).toBeLessThanOrEqual(8);
        }
        expectSameBits(f(...inputs), first);
      },
      { runs: 300 },
    );
  });

  it("can be traced, and the traced program computes the same bits", () => {
    forAll(
      randomPrograms({ kinds: all }),
      ({ f, inputs }) => expectSameBits(interpret(trace(f)(...inputs), inputs), f(...inputs)),
      { runs: 200 },
    );
  });

  it("use every primitive", () => {
    const seen = new Set<string>();
    forAll(
      randomPrograms({ kinds: all }),
      ({ f, inputs }) => {
        for (const { primitive } of trace(f)(...inputs).equations) seen.add(primitive.name);
      },
      { runs: 500 },
    );
    const missing = primitiveNames.filter((name) => !seen.has(name));
    expect(missing, "each needs a move in packages/testing/src/randomPrograms/moves.ts").toEqual([]);
  });
});

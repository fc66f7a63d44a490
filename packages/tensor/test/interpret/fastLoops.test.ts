import {
  expectSameBits,
  forAll,
  primitiveCasesOfAnyType,
  primitiveNames,
  scaled,
  tensorOf,
} from "@pushforward/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cast, DenseTensor, type Primitive, primitiveOf } from "../../src/index.ts";
import { fastLoops } from "../../src/interpret/fastLoops.ts";

const names = primitiveNames.filter((name) => fastLoops.has(primitiveOf(name)));

/** The same application by the fast loop and by the primitive's own loops. */
function expectSame(primitive: Primitive<object>, operands: readonly DenseTensor[], params: object): void {
  const type = primitive.type(operands, params);
  const result = (evaluate: Primitive["eval"]): DenseTensor =>
    new DenseTensor(evaluate(operands, params as Record<string, never>, type), type.shape, type.dtype);
  expectSameBits(result(fastLoops.get(primitive)!), result(primitive.eval));
}

it("every fast loop belongs to a primitive of the table", () => {
  expect(names).toHaveLength(fastLoops.size);
});

describe.each(names)("the fast loop of %s", (name) => {
  it.each(["wide", "special"] as const)("computes what the primitive's own loops compute, on %s values", (values) => {
    forAll(primitiveCasesOfAnyType(name, { values }), ({ operands, params }) =>
      expectSame(primitiveOf(name), operands, params),
    );
  });
});

describe("the product in tiles", () => {
  const matmul = primitiveOf("matmul");

  it.each(["float64", "float32"] as const)("equals the plain loops around tiles and blocks of terms in %s", (dtype) => {
    const sizes = fc.tuple(
      fc.integer({ min: 0, max: 8 }),
      fc.constantFrom(0, 1, 2, 31, 32, 33, 64, 65, 100),
      fc.integer({ min: 0, max: 7 }),
    );
    const pairs = sizes.chain(([m, k, n]) =>
      fc.tuple(tensorOf([m, k], { elements: scaled() }), tensorOf([k, n], { elements: scaled() })),
    );
    forAll(pairs, (operands) => {
      const typed = operands.map((x) => cast(x, dtype) as DenseTensor);
      expectSame(matmul, typed, {});
    });
  });

  it("equals them where sums overflow", () => {
    const large = new DenseTensor(new Float64Array(2 * 70).fill(1e308), [2, 70], "float64");
    const mixed = new DenseTensor(
      Float64Array.from({ length: 140 }, (_, i) => (i < 90 ? 1 : -1)),
      [70, 2],
      "float64",
    );
    expectSame(matmul, [large, mixed], {});
  });
});

import {
  caseFamilies,
  expectSameBits,
  forAll,
  type PrimitiveCase,
  primitiveCases,
  primitiveCasesOfAnyType,
  primitiveNames,
} from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as exported from "../../src/index.ts";
import {
  cast,
  DenseTensor,
  dtypeOfArray,
  evaluate,
  primitiveFamilies,
  primitiveOf,
  sizeOf,
  type Tensor,
} from "../../src/index.ts";

const run = ({ name, operands, params }: PrimitiveCase): DenseTensor => evaluate(primitiveOf(name), operands, params);

/** Primitives that users reach by other names: keys, random numbers and the functions of autodiff. */
const unnamed = ["threefry", "unitFromBits", "barrier", "stopGradient", "stopTangent", "stopCotangent"];

it("primitives can be called by their names", () => {
  const missing = primitiveNames.filter((name) => !unnamed.includes(name) && !Object.hasOwn(exported, name));
  expect(missing, "each needs an operation of its name in packages/tensor/src/ops").toEqual([]);
});

/** Primitives that act on each element alone. */
const elementwise = primitiveNames.filter((name) => primitiveOf(name).expression !== undefined);
const onFloats = elementwise.filter((name) => caseFamilies[name].dtypes.includes("float32") && name !== "cast");

describe.each(primitiveNames)("%s", (name) => {
  const primitive = primitiveOf(name);

  it("is found under its own name and takes as many operands as it says", () => {
    expect(primitive.name).toBe(name);
    forAll(primitiveCasesOfAnyType(name), ({ operands }) => {
      if (primitive.arity !== "n") expect(operands.length).toBe(primitive.arity);
    });
  });

  it("declares the shape, dtype and weakness that it computes", () => {
    for (const values of ["wide", "special"] as const) {
      forAll(primitiveCasesOfAnyType(name, { values }), (each) => {
        const declared = primitive.type(each.operands, each.params);
        const data = primitive.eval(each.operands, each.params, declared);
        expect(data.length).toBe(sizeOf(declared.shape));
        expect(dtypeOfArray(data)).toBe(declared.dtype);
        expect(declared.weak).toBe(false);
      });
    }
  });

  it("leaves its operands as they were and computes the same again", () => {
    forAll(primitiveCasesOfAnyType(name, { values: "special" }), (each) => {
      const before = each.operands.map((x) => x.buffer.slice());
      const first = run(each);
      expectSameBits(run(each), first);
      each.operands.forEach((x, i) => {
        expectSameBits(x, new DenseTensor(before[i], x.shape, x.dtype));
      });
    });
  });
});

describe("elementwise primitives", () => {
  it("are those of five families, where and the markers", () => {
    const { arithmetic, transcendental, comparison, integer, conversion, marker } = primitiveFamilies;
    const expected = [arithmetic, transcendental, comparison, integer, conversion, marker].flatMap(Object.keys);
    expect([...elementwise].sort()).toEqual(expected.sort());
  });

  it.each(elementwise)("%s computes each element from its own place alone", (name) => {
    forAll(primitiveCasesOfAnyType(name, { values: "wide" }), (each) => {
      const whole = run(each);
      const size = whole.size;
      const cut = (x: DenseTensor, i: number): DenseTensor =>
        new DenseTensor(x.buffer.slice(i, i + 1), [], x.dtype, x.weak);
      for (let i = 0; i < size; i++) {
        const single = run({ ...each, operands: each.operands.map((x) => cut(x, i)) });
        expect(single.buffer[0]).toBe(whole.buffer[i]);
      }
    });
  });

  it.each(onFloats)("%s in float32 is the float64 result, rounded once", (name) => {
    forAll(primitiveCases(name, { dtype: "float32", values: "special" }), (each) => {
      const wide = run({ ...each, operands: each.operands.map((x) => widen(x)) });
      const narrow = run(each);
      expectSameBits(narrow, wide.dtype === "float64" ? cast(wide, "float32") : wide);
    });
  });
});

const widen = (x: DenseTensor): DenseTensor => (x.dtype === "float32" ? dense(cast(x, "float64")) : x);
const dense = (x: Tensor): DenseTensor => x.concrete("test");

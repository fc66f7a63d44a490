import { describe, expect, it } from "vitest";
import {
  add,
  allocate,
  bytesPerElement,
  DTypeError,
  div,
  dtypeOfArray,
  dtypes,
  epsilonOf,
  isFloat,
  mul,
  type TypedArray,
  tensor,
  weakScalar,
} from "../../src/index.ts";

const ofEachType = dtypes.map((dtype) => [dtype, tensor([1, 0], { dtype })] as const);

describe("dtypes", () => {
  it.each(dtypes)("%s is stored in an array of its own kind", (dtype) => {
    const data = allocate(dtype, 3);
    expect(dtypeOfArray(data)).toBe(dtype);
    expect(data.BYTES_PER_ELEMENT).toBe(bytesPerElement(dtype));
    expect([...data]).toEqual([0, 0, 0]);
  });

  it("epsilon is the distance from 1 to the next number", () => {
    expect(1 + epsilonOf("float64")).toBeGreaterThan(1);
    expect(1 + epsilonOf("float64") / 2).toBe(1);
    expect(Math.fround(1 + epsilonOf("float32") / 2)).toBe(1);
    expect(dtypes.filter(isFloat)).toEqual(["float64", "float32"]);
  });

  it("another typed array is refused by name", () => {
    expect(() => dtypeOfArray(new Int16Array(1) as unknown as TypedArray)).toThrow("got Int16Array");
  });
});

describe("tensors are never promoted", () => {
  for (const [a, x] of ofEachType) {
    for (const [b, y] of ofEachType) {
      if (a === b) continue;
      it(`${a} and ${b} do not meet, and the error names the cast`, () => {
        expect(() => x.equal(y)).toThrow(DTypeError);
        expect(() => x.equal(y)).toThrow(/dtypes must agree, got .* and .*; cast one with cast\(x, "/);
      });
    }
  }

  it("a cast settles it", () => {
    const x = tensor([1], { dtype: "float32" });
    expect(x.cast("float64").add(tensor([2])).dtype).toBe("float64");
  });
});

describe("weak numbers", () => {
  it.each(["float64", "float32", "int32"] as const)("follow %s from either side", (dtype) => {
    const x = tensor([1, 2], { dtype });
    for (const y of [x.mul(2), mul(2, x), x.maximum(0), x.sub(weakScalar(3))]) {
      expect(y.dtype).toBe(dtype);
      expect(y.weak).toBe(false);
    }
  });

  it("stay weak among themselves and turn float64 where nothing else decides", () => {
    const both = add(2, 3);
    expect([both.dtype, both.weak, both.item()]).toEqual(["float64", true, 5]);
    expect(both.add(tensor([1], { dtype: "float32" })).dtype).toBe("float32");
  });

  it("are rounded to the dtype they follow before anything is computed", () => {
    const x = tensor([1], { dtype: "float32" });
    expect(x.sub(0.1).item()).toBe(Math.fround(1 - Math.fround(0.1)));
  });

  it("that int32 or bool cannot hold are errors", () => {
    const n = tensor([1, 2], { dtype: "int32" });
    expect(() => n.add(0.5)).toThrow(DTypeError);
    expect(() => n.add(2 ** 31)).toThrow(DTypeError);
    expect(() => n.add(NaN)).toThrow(DTypeError);
    expect(() => tensor([true]).equal(1)).toThrow(DTypeError);
    expect(n.add(-(2 ** 31)).dtype).toBe("int32");
  });

  it("a boolean is a bool, not a number", () => {
    expect(tensor([true]).and(false).dtype).toBe("bool");
    expect(() => tensor([1]).add(true)).toThrow("got float64 and bool");
  });
});

describe("int32", () => {
  it("has no division, also by a number", () => {
    const n = tensor([1], { dtype: "int32" });
    expect(() => div(n, n)).toThrow(
      'div: dtype must be float64 or float32, got int32; cast it with cast(x, "float64")',
    );
    expect(() => n.div(2)).toThrow(DTypeError);
    expect(() => n.mean()).toThrow("mean: dtype must be");
    expect(() => n.exp()).toThrow("exp: dtype must be");
  });

  it("wraps mod 2³²", () => {
    const top = tensor([2 ** 31 - 1], { dtype: "int32" });
    expect(top.add(1).item()).toBe(-(2 ** 31));
    expect(top.mul(top).item()).toBe(1);
    expect(top.neg().sub(2).item()).toBe(2 ** 31 - 1);
  });
});

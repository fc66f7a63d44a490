import { format, inspect } from "node:util";
import { forAll, tensors } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { DTypeError, fromData, type Tensor, tensor, typeOf, weakScalar, zeros } from "../../src/index.ts";

describe("a tensor", () => {
  it("knows its shape, rank, size and dtype", () => {
    const x = zeros([2, 0, 3], { dtype: "float32" });
    expect([x.shape, x.rank, x.size, x.dtype, x.weak, x.readable]).toEqual([[2, 0, 3], 3, 0, "float32", false, true]);
    expect(typeOf(x)).toEqual({ shape: [2, 0, 3], dtype: "float32", weak: false });
  });

  it("hands out copies: writing to them changes nothing", async () => {
    const x = tensor([1, 2]);
    x.dataSync()[0] = 9;
    (await x.data())[1] = 9;
    expect([...x.dataSync()]).toEqual([1, 2]);
  });

  it("does not change when what it was made of changes", () => {
    const values = Float64Array.of(1, 2);
    const shape = [2];
    const x = tensor(values, { shape });
    values[0] = 9;
    shape[0] = 9;
    expect([x.toArray(), x.shape]).toEqual([[1, 2], [2]]);
  });

  it("item reads the one element, whatever the rank", () => {
    expect(tensor([[[7]]]).item()).toBe(7);
    expect(() => tensor([1, 2]).item()).toThrow("item: the tensor must have one element, got [2]");
    expect(() => tensor([]).item()).toThrow("got [0]");
  });

  it("toArray nests as the shape says, also around empty axes", () => {
    expect(tensor(5).toArray()).toBe(5);
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
    expect(zeros([0, 2]).toArray()).toEqual([]);
    forAll(tensors(), (x) => {
      expect(tensor(x.toArray() as number[], { shape: x.shape }).dataSync()).toEqual(x.dataSync());
    });
  });

  it("fromData wraps without copying and checks the length", () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const x = fromData(data, [2, 2]);
    expect([x.dtype, x.buffer]).toEqual(["float32", data]);
    expect(() => fromData(data, [3])).toThrow("fromData: [3] needs 3 elements, got 4");
  });

  it("weakScalar yields to what it meets", () => {
    const half: Tensor = weakScalar(0.5);
    expect([half.weak, half.mul(tensor([1], { dtype: "float32" })).dtype]).toEqual([true, "float32"]);
  });
});

describe("the operators of JavaScript", () => {
  // Without types, as plain JavaScript would use them.
  // biome-ignore lint/suspicious/noExplicitAny: the operators are not typed for tensors
  const x: any = tensor(3);
  const joined = (value: unknown): string => {
    let text = "text";
    text += value;
    return text;
  };
  it.each<[string, () => unknown]>([
    ["x * x", () => x * x],
    ["x + 1", () => x + 1],
    ["1 + x", () => 1 + x],
    ["x += text", () => joined(x)],
    ["x - 1", () => x - 1],
    ["x / 2", () => x / 2],
    ["x ** 2", () => x ** 2],
    ["x % 2", () => x % 2],
    ["-x", () => -x],
    ["+x", () => +x],
    ["~x", () => ~x],
    ["x | 0", () => x | 0],
    ["x > 2", () => x > 2],
    ["2 <= x", () => 2 <= x],
    // biome-ignore lint/suspicious/noDoubleEquals: it is the operator under test
    ["x == 3", () => x == 3],
    // biome-ignore lint/suspicious/noDoubleEquals: it is the operator under test
    ["x != true", () => x != true],
    ["x * 2n", () => x * 2n],
    ["Math.max(x, 1)", () => Math.max(x, 1)],
    ["Number(x)", () => Number(x)],
    ["Math.hypot(x)", () => Number.isFinite(Math.hypot(x))],
    ["x.valueOf() * 2", () => x.valueOf() * 2],
  ])("%s is an error that names the operations", (_, use) => {
    expect(use).toThrow(/^operator: .*float64\[\].*x\.add\(y\).*x\.mul\(y\).*x\.greater\(y\).*where\(/);
    expect(use).toThrow(DTypeError);
  });

  it("leave text, comparison with null and identity as they are", () => {
    expect([`${x}`, String(x), [x].join()]).toEqual(["3 float64[]", "3 float64[]", "3 float64[]"]);
    expect(inspect({ x })).toBe("{ x: 3 float64[] }");
    expect(format("%s %O", x, x)).toBe("3 float64[] 3 float64[]");
    expect([x == null, x === x.valueOf(), Object.is(x, tensor(3))]).toEqual([false, true, false]);
  });

  it("JSON holds the elements, nested", () => {
    expect(
      JSON.stringify({
        x,
        y: tensor([
          [1, 2],
          [3, Number.NaN],
        ]),
      }),
    ).toBe('{"x":3,"y":[[1,2],[3,null]]}');
  });
});

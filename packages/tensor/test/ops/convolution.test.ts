import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { arange, type ConvOptions, compile, conv, ones, type Tensor, tensor, zeros } from "../../src/index.ts";

const picture = arange(12).reshape([1, 3, 4, 1]);
const square = ones([2, 2, 1, 1]);
const errorOf = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return String(error);
  }
  return "no error";
};

describe("conv", () => {
  it("sums windows that fit", () => {
    const got = conv(picture, square, { padding: "valid" });
    expect(got.reshape([2, 3]).toArray()).toEqual([
      [10, 14, 18],
      [26, 30, 34],
    ]);
  });

  it('keeps the sides with "same", the default: an odd row of zeros comes last', () => {
    expect(conv(picture, square).reshape([3, 4]).toArray()).toEqual([
      [10, 14, 18, 10],
      [26, 30, 34, 18],
      [17, 19, 21, 11],
    ]);
    expectSameBits(conv(picture, square, { padding: "same" }), picture.conv(square));
  });

  it("takes numbers or pairs for stride and dilation, and widths of zeros", () => {
    const strided = conv(picture, square, { stride: [2, 1], padding: "valid" });
    expect(strided.reshape([-1]).toArray()).toEqual([10, 14, 18]);
    const spread = conv(picture, square, { dilation: 2, padding: "valid" });
    expect(spread.reshape([-1]).toArray()).toEqual([20, 24]);
    const around = conv(picture, square, { stride: 3, padding: [[1, 0], [1, 2]] }); // biome-ignore format: pairs
    expect(around.shape).toEqual([1, 1, 2, 1]);
    expect(around.reshape([-1]).toArray()).toEqual([0, 5]);
    const less = conv(picture, square, { padding: [[-1, 0], [0, -2]] }); // biome-ignore format: pairs
    expect(less.reshape([-1]).toArray()).toEqual([26]);
  });

  it("gives no pictures for no pictures, and pictures of side 0", () => {
    expect(conv(zeros([0, 3, 4, 1]), square).shape).toEqual([0, 3, 4, 1]);
    expect(conv(zeros([2, 0, 4, 1]), square).shape).toEqual([2, 0, 4, 1]);
    expectSameBits(conv(zeros([1, 2, 2, 0]), zeros([1, 1, 0, 3])), zeros([1, 2, 2, 3]));
  });

  it("is the same compiled", () => {
    const f = (x: Tensor, k: Tensor): Tensor => conv(x, k, { stride: 2 });
    expectSameBits(compile(f)(picture, square), f(picture, square));
  });

  it.each<[string, unknown, unknown, ConvOptions, string]>([
    ["x without channels", zeros([3, 4, 1]), square, {}, "ShapeError: conv: x must be pictures [n, h, w, channels], got [3, 4, 1]; a picture alone is expandDims(x, 0)"],
    ["flat x", zeros([8, 784]), square, {}, "ShapeError: conv: x must be pictures [n, h, w, channels], got [8, 784]"],
    ["a number", 2, square, {}, "ShapeError: conv: x must be pictures [n, h, w, channels], got []"],
    ["a matrix as kernel", picture, zeros([2, 2]), {}, "ShapeError: conv: the kernel must be [kh, kw, cIn, cOut] with kh and kw ≥ 1, got [2, 2]"],
    ["an empty kernel", picture, zeros([0, 2, 1, 1]), {}, "ShapeError: conv: the kernel must be [kh, kw, cIn, cOut] with kh and kw ≥ 1, got [0, 2, 1, 1]"],
    ["other channels", picture, zeros([2, 2, 3, 1]), {}, "ShapeError: conv: x has 1 channels and the kernel takes 3, got x [1, 3, 4, 1] and kernel [2, 2, 3, 1]"],
    ["a large kernel", picture, zeros([4, 2, 1, 1]), { padding: "valid" }, 'ShapeError: conv: the kernel [4, 2, 1, 1] must not be larger than the padded picture, got x [1, 3, 4, 1]; use padding "same" or a smaller kernel'],
    ["a spread kernel", picture, square, { padding: "valid", dilation: [3, 1] }, 'ShapeError: conv: the kernel [2, 2, 1, 1], spread by dilation [3, 1], must not be larger than the padded picture, got x [1, 3, 4, 1]; use padding "same" or a smaller kernel'],
    ["a stride of 0", picture, square, { stride: 0 }, "ShapeError: conv: stride must be a whole number ≥ 1 or a pair of them, got 0"],
    ["a fraction", picture, square, { dilation: [1, 1.5] }, "ShapeError: conv: dilation must be a whole number ≥ 1 or a pair of them, got [1,1.5]"],
    ["another word", picture, square, { padding: "full" as never }, 'DTypeError: conv: padding must be "same", "valid" or [[top, bottom], [left, right]] of whole numbers, got "full"'],
    ["a number as padding", picture, square, { padding: 1 as never }, 'ShapeError: conv: padding must be "same", "valid" or [[top, bottom], [left, right]] of whole numbers, got 1'],
    ["int32", picture.cast("int32"), square.cast("int32"), {}, 'DTypeError: conv: dtype must be float64 or float32, got int32; cast it with cast(x, "float64")'],
    ["two dtypes", picture.cast("float32"), square, {}, 'DTypeError: conv: dtypes must agree, got float32 and float64; cast one with cast(x, "float32")'],
  ])("refuses %s", (_, x, kernel, options, text) => {
    expect(errorOf(() => conv(x as Tensor, kernel as Tensor, options))).toBe(text);
  }); // biome-ignore format: one line each

  it("refuses the same inside a compiled function", () => {
    expect(() => compile((x: Tensor) => conv(x, square))(tensor([1, 2]))).toThrow("conv: x must be pictures");
  });
});

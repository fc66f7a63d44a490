import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { arange, tensor, trace, weakScalar, zeros } from "../../src/index.ts";

describe("printing", () => {
  it("shows scalars, vectors and matrices with shape and dtype", () => {
    expect(String(tensor(2.5))).toMatchInlineSnapshot(`"2.5 float64[]"`);
    expect(String(weakScalar(2))).toMatchInlineSnapshot(`"2 float64 weak[]"`);
    expect(String(tensor([1, -0, NaN, Infinity]))).toMatchInlineSnapshot(
      `"[       1,       -0,      NaN, Infinity] float64[4]"`,
    );
    expect(
      String(
        tensor(
          [
            [1, 20.5],
            [-3, 4],
          ],
          { dtype: "float32" },
        ),
      ),
    ).toMatchInlineSnapshot(`
      "[[   1, 20.5],
       [  -3,    4]] float32[2, 2]"
    `);
    expect(String(tensor([[true], [false]]))).toMatchInlineSnapshot(`
      "[[ true],
       [false]] bool[2, 1]"
    `);
  });

  it("keeps six digits of a float and all of a whole number", () => {
    expect(String(tensor([Math.PI, 1e-7, 123456789, 1e21]))).toMatchInlineSnapshot(
      `"[  3.14159,      1e-7, 123456789,     1e+21] float64[4]"`,
    );
  });

  it("abbreviates long axes", () => {
    expect(String(arange(1000))).toMatchInlineSnapshot(`"[  0,   1,   2, …, 997, 998, 999] float64[1000]"`);
    expect(String(arange(400).reshape([20, 20]))).toMatchInlineSnapshot(`
      "[[  0,   1,   2, …,  17,  18,  19],
       [ 20,  21,  22, …,  37,  38,  39],
       [ 40,  41,  42, …,  57,  58,  59],
       …,
       [340, 341, 342, …, 357, 358, 359],
       [360, 361, 362, …, 377, 378, 379],
       [380, 381, 382, …, 397, 398, 399]] float64[20, 20]"
    `);
  });

  it("shows three axes as blocks, and empty ones as nothing", () => {
    expect(String(arange(8).reshape([2, 2, 2]))).toMatchInlineSnapshot(`
      "[[[0, 1],
        [2, 3]],
       [[4, 5],
        [6, 7]]] float64[2, 2, 2]"
    `);
    expect(String(zeros([0, 3]))).toMatchInlineSnapshot(`"[] float64[0, 3]"`);
  });

  it("is what Node's console shows", () => {
    expect(inspect(tensor([1, 2]))).toBe(String(tensor([1, 2])));
  });

  it("of a value being traced shows its type", () => {
    let text = "";
    trace((x) => {
      text = String(x);
      return x;
    })(tensor([1, 2]));
    expect(text).toBe("Tensor float64[2]");
  });
});

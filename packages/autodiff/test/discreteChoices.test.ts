import { compile, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { jvp, vjp } from "../src/index.ts";

/** x mod y and the derivative in y, −q of x mod y = x − q·y. */
const remainders: readonly (readonly [x: number, y: number, slope: number])[] = [
  [-1e-200, 1e200, 1],
  [1e-200, -1e200, 1],
  [0.9, 0.1, -8],
  [-0.9, 0.1, 9],
  [0.3, 0.1, -2],
  [0.7, 0.1, -6],
  [6, 3, -2],
  [-6, 3, 2],
  [-6.5, 3, 3],
  [5, -3, 2],
  [-1e-20, 3, 1],
  [-1.7e308, 1e308, 2],
  [1.7e308, 1.6e308, -1],
  [5e-324, 1e-323, 0],
  [-5, Infinity, 1],
  [5, Infinity, 0],
  [5, -Infinity, 1],
];

describe("a rule takes its discrete choice from the value, not from a second computation", () => {
  const dtypes = ["float64", "float32"] as const;

  it.each(remainders)("remainder(%d, %d) has the derivative %d in its divisor", (x, y, slope) => {
    const [a, b, one] = [x, y, 1].map((value) => tensor([value]) as Tensor);
    const forward = (p: Tensor, q: Tensor): Tensor => jvp((z: Tensor) => p.remainder(z), [q], [one])[1];
    const reverse = (p: Tensor, q: Tensor): Tensor => vjp((z: Tensor) => p.remainder(z), [q])[1](one)[0];
    for (const f of [forward, reverse, compile(forward, { backend: "wasm" }), compile(reverse, { backend: "wasm" })])
      expect(f(a, b).item() + 0).toBe(slope);
  });

  it.each(dtypes)("remainder: value and derivatives belong to one q, x − q·y, in %s", (dtype) => {
    const tenths = Array.from({ length: 60 }, (_, i) => (i - 30) / 10);
    const divisors = tenths.filter((value) => value !== 0);
    const x = tensor(
      tenths.flatMap((a) => divisors.map(() => a)),
      { dtype },
    );
    const y = tensor(
      tenths.flatMap(() => divisors),
      { dtype },
    );
    const one = x.mul(0).add(1);
    const [rest, minusQ] = jvp((z: Tensor) => x.remainder(z), [y], [one]);
    const gap = rest
      .sub(x.add(minusQ.mul(y)))
      .abs()
      .max()
      .item();
    expect(gap).toBeLessThan(dtype === "float64" ? 1e-15 : 1e-6);
    expect(minusQ.equal(minusQ.round()).all().item()).toBe(1);
    // Negative control: the quotient of rounded numbers chooses another q now and then.
    expect(x.div(y).floor().neg().notEqual(minusQ).any().item()).toBe(1);
  });
});

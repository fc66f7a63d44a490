import { describe, expect, it } from "vitest";
import {
  argmax,
  compile,
  concat,
  cumsum,
  gather,
  iota,
  scatterAdd,
  type Tensor,
  tensor,
} from "../../../../src/index.ts";

/** More elements than float32 can count. */
const n = 2 ** 24 + 37;

describe("arrays beyond 2^24 elements", () => {
  it("are made, summed, searched, moved and picked from at every index", () => {
    const picks = [0, 1, 2 ** 24 - 1, 2 ** 24 + 1, n - 1, n];
    const f = compile(
      (i: Tensor) => {
        const x = iota([n]);
        const half = x.shiftRight(1);
        return {
          picked: gather(x, i),
          best: argmax(x, 0),
          last: gather(cumsum(x, 0), i),
          sum: x.sum(),
          joined: gather(concat([half, x], 0).reshape([2 * n]), i.add(n)),
          turned: gather(x.flip(0), i),
          added: gather(scatterAdd(i.add(1), i, n), i),
          rounded: gather(iota([n], 0, "float32"), i),
        };
      },
      { backend: "wasm" },
    );
    const got = f(tensor(picks, { dtype: "int32" }));
    const at = picks.map((i) => Math.min(i, n - 1));
    expect(got.picked.toArray()).toEqual(at);
    expect(got.best.item()).toBe(n - 1);
    const sumTo = (i: number): number => Number(BigInt.asIntN(32, (BigInt(i) * BigInt(i + 1)) / 2n));
    expect(got.last.toArray()).toEqual(at.map(sumTo));
    expect(got.sum.item()).toBe(sumTo(n - 1));
    expect(got.joined.toArray()).toEqual(at);
    expect(got.turned.toArray()).toEqual(at.map((i) => n - 1 - i));
    // The index behind the end is clamped to the last, which is written twice.
    expect(got.added.toArray()).toEqual(picks.map((i) => (i < n - 1 ? i + 1 : 2 * n + 1)));
    expect(got.rounded.toArray()).toEqual(at.map(Math.fround));
    expect(Math.fround(n)).not.toBe(n);
  });
});

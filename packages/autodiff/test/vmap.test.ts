import {
  arange,
  compile,
  concat,
  foldIn,
  iota,
  key,
  matmul,
  normal,
  split,
  stack,
  type Tensor,
  tensor,
  uniform,
  where,
  zeros,
} from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { grad, jvp, vmap } from "../src/index.ts";

const matrix = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);

describe("vmap", () => {
  it("maps over the first axis", () => {
    expectSameBits(vmap((x: Tensor) => x.sum())(matrix), [3, 7, 11]);
  });

  it("maps over the axes that inAxes names, one for each argument, negative ones from the end", () => {
    const dot = (x: Tensor, y: Tensor) => x.mul(y).sum();
    expectSameBits(vmap(dot, { inAxes: [1, 0] })(matrix, matrix.transpose()), [35, 56]);
    expectSameBits(vmap(dot, { inAxes: -1 })(matrix, matrix), [35, 56]);
    expectSameBits(vmap(dot, { inAxes: [0, null] })(matrix, tensor([1, 10])), [21, 43, 65]);
  });

  it("takes prefix trees of axes: one entry serves a whole subtree", () => {
    const f = (p: { w: Tensor; rest: readonly Tensor[] }, x: Tensor) => p.w.mul(x).add(p.rest[0].mul(p.rest[1]).sum());
    const p = { w: tensor([1, 2]), rest: [tensor([[1], [2]]), tensor([[3], [4]])] };
    const mapped = vmap(f, { inAxes: [{ w: null, rest: 0 }, null] })(p, tensor([1, 1]));
    expectSameBits(mapped, [
      [4, 5],
      [9, 10],
    ]);
    const all = vmap(f, { inAxes: [0, null] })(p, tensor(1));
    expectSameBits(all, [4, 10]);
  });

  it("puts the mapped axis where outAxes says, result by result", () => {
    const f = (x: Tensor) => ({ row: x, pair: [x.mul(2), x.sum()] });
    const out = vmap(f, { outAxes: { row: 1, pair: [-1, 0] } })(matrix);
    expectSameBits(out.row, matrix.transpose());
    expectSameBits(out.pair[0], matrix.transpose().mul(2));
    expectSameBits(out.pair[1], [3, 7, 11]);
  });

  it("repeats a result that no mapped argument reached, and with outAxes null hands it on as it is", () => {
    const f = (_: Tensor) => tensor([7, 8]) as Tensor;
    expectSameBits(vmap(f)(matrix), [
      [7, 8],
      [7, 8],
      [7, 8],
    ]);
    expectSameBits(vmap(f, { outAxes: null })(matrix), [7, 8]);
    expectSameBits(vmap((x: Tensor) => [x.sum(), x.shape[0]], { outAxes: [0, null] })(matrix)[1], 2);
    expect(() => vmap((x: Tensor) => [x.sum()], { outAxes: null })(matrix)).toThrow(
      'vmap: result "[0]" depends on a mapped argument',
    );
  });

  it("nests, each level with an axis of its own", () => {
    const [x, y] = [tensor([1, 2]), tensor([10, 20, 30])];
    const table = vmap((a: Tensor) => vmap((b: Tensor) => a.add(b))(y))(x);
    expectSameBits(table, [
      [11, 21, 31],
      [12, 22, 32],
    ]);
    const swapped = vmap((b: Tensor) => vmap((a: Tensor) => a.mul(b))(x), { outAxes: 1 })(y);
    expectSameBits(swapped, [
      [10, 20, 30],
      [20, 40, 60],
    ]);
    const cube = normal(key(0), [2, 3, 4]);
    const sums = vmap(
      vmap((x: Tensor) => x.sum(), { inAxes: 1 }),
      { inAxes: 1 },
    )(cube);
    expectClose(sums, stack([0, 1, 2].map((i) => stack([0, 1, 2, 3].map((k) => cube.slice(null, i, k).sum())))));
  });

  it("gives the gradient of every sample", () => {
    const loss = (w: Tensor, x: Tensor) => w.mul(x).sum().sin();
    const w = tensor([0.3, -0.2]);
    const each = vmap(grad(loss), { inAxes: [null, 0] })(w, matrix);
    for (let i = 0; i < 3; i++) expectClose(each.slice(i), grad(loss)(w, matrix.slice(i)), { ulp: 2 });
  });

  it("is differentiable itself", () => {
    const f = (x: Tensor) => vmap((row: Tensor) => row.exp().sum())(x).sum();
    expectClose(grad(f)(matrix), matrix.exp(), { ulp: 1 });
    expectClose(jvp(f, [matrix], [matrix])[1], matrix.exp().mul(matrix).sum(), { ulp: 2 });
  });

  it("maps an empty batch to an empty result", () => {
    expectSameBits(vmap((x: Tensor) => x.sum())(zeros([0, 3])), zeros([0]));
  });

  it("maps selections, comparisons and indices that only one side brings along", () => {
    const x = arange(3);
    const masks = tensor([
      [true, false, true],
      [false, false, true],
    ]);
    expectSameBits(vmap((mask: Tensor) => where(mask, x, -1))(masks), [
      [0, -1, 2],
      [-1, -1, 2],
    ]);
    const picks = tensor(
      [
        [2, 0],
        [1, 1],
      ],
      { dtype: "int32" },
    );
    expectSameBits(vmap((index: Tensor) => x.gather(index))(picks), [
      [2, 0],
      [1, 1],
    ]);
    expect(vmap((x: Tensor) => x.gather(picks))(arange(6).reshape([2, 3])).shape).toEqual([2, 2, 2]);
    expect(vmap((x: Tensor) => concat([x, zeros([1])]))(matrix).shape).toEqual([3, 3]);
    expectSameBits(vmap((x: Tensor) => x.add(iota([2], 0, "float64")))(matrix), matrix.add(tensor([0, 1])));
  });

  it("maps matrix products from either side and from both", () => {
    const [a, b] = [normal(key(1), [4, 2, 3]), normal(key(2), [4, 3, 5])];
    const row = (x: Tensor, i: number) => x.slice(i);
    const check = (mapped: Tensor, one: (i: number) => Tensor) =>
      expectClose(mapped, stack([0, 1, 2, 3].map(one)), { condition: 4, ulp: 8 });
    check(vmap(matmul)(a, b), (i) => matmul(row(a, i), row(b, i)));
    check(vmap(matmul, { inAxes: [0, null] })(a, row(b, 0)), (i) => matmul(row(a, i), row(b, 0)));
    check(vmap(matmul, { inAxes: [null, 0] })(row(a, 0), b), (i) => matmul(row(a, 0), row(b, i)));
  });

  it("hands arguments without leaves through", () => {
    expectSameBits(
      vmap((p: { w: Tensor; none: null }) => (p.none === null ? p.w.mul(2) : p.w))({ w: tensor([1, 2]), none: null }),
      [2, 4],
    );
  });

  it("draws from a batch of keys what each key alone would draw", () => {
    const ks = split(key(7), 3);
    const each = stack([0, 1, 2].map((i) => normal(ks.slice(i), [2])));
    expectSameBits(vmap((k: Tensor) => normal(k, [2]))(ks), each);
    expectSameBits(
      vmap((k: Tensor) => uniform(foldIn(k, 3), [2]))(ks),
      stack([0, 1, 2].map((i) => uniform(foldIn(ks.slice(i), 3), [2]))),
    );
  });

  it("runs the same compiled", () => {
    const f = vmap((x: Tensor) => x.softmax().mul(x).sum());
    expectSameBits(compile(f)(matrix), f(matrix));
  });

  it("cannot read the values of one sample", () => {
    expect(() => vmap((x: Tensor) => x.mul(x.sum().item()))(matrix)).toThrow(
      "inside vmap a value stands for a whole batch",
    );
  });
});

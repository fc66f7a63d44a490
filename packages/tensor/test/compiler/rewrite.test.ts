import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { concat, interpret, ones, simplify, type Tensor, tensor, trace, where, zeros } from "../../src/index.ts";

const special = tensor([0, -0, 1, -1, NaN, Infinity, -Infinity, 2 ** -1074, Number.MAX_VALUE, 0.1]);
const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

/** Primitives that are left when the function is traced, simplified and run; the bits must not change. */
function left(f: (x: Tensor) => Tensor, input: Tensor = special): string[] {
  const program = trace(f)(input);
  const simple = simplify(program);
  expectSameBits(interpret(simple, [input]), interpret(program, [input]));
  return simple.equations.map((equation) => equation.primitive.name);
}

describe("identities that hold for every bit pattern are applied", () => {
  it.each<[string, (x: Tensor) => Tensor, string[]]>([
    ["x + (−0) = x", (x) => x.add(-0), []],
    ["(−0) + x = x", (x) => tensor(-0).add(x), []],
    ["x − 0 = x", (x) => x.sub(0), []],
    ["x · 1 = x", (x) => x.mul(1), []],
    ["1 · x = x", (x) => ones([10]).mul(x), []],
    ["x · (−1) = −x", (x) => x.mul(-1), ["neg"]],
    ["x / 1 = x", (x) => x.div(1), []],
    ["−(−x) = x", (x) => x.neg().neg(), []],
    ["x¹ = x", (x) => x.integerPow(1), []],
    ["where(true, x, y) = x", (x) => where(true, x, x.sin()), []],
    ["where(false, x, y) = y", (x) => where(tensor(new Uint8Array(10)), x.sin(), x), []],
    ["concat of one is itself", (x) => concat([x]), []],
    ["slice of all is itself", (x) => x.slice([0]), []],
    ["pad by nothing is itself", (x) => x.pad([[0, 0]]), []],
  ])("%s", (_, f, names) => {
    expect(left(f)).toEqual(names);
  });

  it.each<[string, (x: Tensor) => Tensor, string[]]>([
    ["two transposes join", (x) => x.expandDims(0).transpose([1, 0, 2]).transpose([2, 0, 1]), ["reshape", "transpose"]],
    ["a transpose and its inverse vanish", (x) => x.transpose().transpose(), []],
    ["two reshapes join", (x) => x.reshape([6]).reshape([3, 2]), ["reshape"]],
    ["a reshape there and back vanishes", (x) => x.ravel().reshape([2, 3]), []],
    ["two broadcasts join", (x) => x.broadcastTo([4, 2, 3]).broadcastTo([5, 4, 2, 3]), ["broadcastTo"]],
    ["not(not(x)) = x", (x) => x.less(3).not().not(), ["less"]],
  ])("%s", (_, f, names) => {
    expect(left(f, matrix)).toEqual(names);
  });
});

describe("identities that fail for −0, NaN or infinities are not applied", () => {
  it.each<[string, (x: Tensor) => Tensor, string[]]>([
    ["x + 0 turns −0 into 0", (x) => x.add(0), ["add"]],
    ["x − (−0) turns −0 into 0", (x) => x.sub(-0), ["sub"]],
    ["x · 0 is NaN at ∞ and −0 at −1", (x) => x.mul(0), ["mul"]],
    ["x − x is NaN at ∞", (x) => x.sub(x), ["sub"]],
    ["x / x is NaN at 0", (x) => x.div(x), ["div"]],
    ["0 / x is NaN at 0", (x) => zeros([10]).div(x), ["div"]],
    ["1 / x is not x", (x) => ones([10]).div(x), ["div"]],
    ["0 − x is 0 at 0, −x is −0", (x) => zeros([10]).sub(x), ["sub"]],
  ])("%s", (_, f, names) => {
    expect(left(f)).toEqual(names);
  });

  it("two casts are not one: the way through float32 rounds", () => {
    expect(left((x) => x.cast("float32").cast("float64"))).toEqual(["cast", "cast"]);
  });
});

describe("weak results stay weak", () => {
  it("an identity that would change the weak flag is left alone", () => {
    const program = trace((n: number) => [tensor(1).mul(n), tensor(-1).mul(n), tensor(-0).add(n)])(3);
    const simple = simplify(program);
    for (const out of simple.outputs) expect([out.dtype, out.weak]).toEqual(["float64", false]);
    for (const out of interpret(simple, [tensor(2).mul(1)])) expect(out.weak).toBe(false);
    for (const [i, out] of interpret(simple, [trace(() => 1)().outputs[0]]).entries())
      expect([out.weak, out.item()]).toEqual([false, [1, -1, 1][i]]);
  });
});

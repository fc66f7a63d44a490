import { describe, expect, it } from "vitest";
import {
  add,
  arange,
  bits,
  compile,
  concat,
  type DType,
  einsum,
  eye,
  flatten,
  foldIn,
  full,
  integerPow,
  interpret,
  key,
  linspace,
  matmul,
  outer,
  permutation,
  randint,
  softmax,
  split,
  stack,
  type Tensor,
  tensor,
  trace,
  treeMap,
  uniform,
  where,
  zeros,
} from "../src/index.ts";

// What a user reads after a slip: the operation, what must hold, what came, what to try. The sentences are part of the interface.

const x = zeros([2, 3]);
const single = zeros([2, 3], { dtype: "float32" });
const int = tensor([1, 2], { dtype: "int32" });
const bool = tensor([true, false]);

/** Class and message of the error that a slip raises. */
function error(slip: () => unknown): string {
  try {
    slip();
  } catch (thrown) {
    const { name, message } = thrown as Error;
    return `${name}: ${message}`;
  }
  return "no error";
}

describe("dtypes", () => {
  it("two dtypes meet", () => {
    expect(error(() => x.add(single))).toMatchInlineSnapshot(
      `"DTypeError: add: dtypes must agree, got float64 and float32; cast one with cast(x, "float64")"`,
    );
    expect(error(() => int.mul(bool))).toMatchInlineSnapshot(
      `"DTypeError: mul: dtypes must agree, got int32 and bool; cast one with cast(x, "int32")"`,
    );
    expect(error(() => matmul(single, x.transpose()))).toMatchInlineSnapshot(
      `"DTypeError: matmul: dtypes must agree, got float32 and float64; cast one with cast(x, "float32")"`,
    );
    expect(error(() => concat([x, single]))).toMatchInlineSnapshot(
      `"DTypeError: concat: dtypes must agree, got float64 and float32; cast one with cast(x, "float64")"`,
    );
    expect(error(() => where(bool, int, tensor([1, 2])))).toMatchInlineSnapshot(
      `"DTypeError: where: dtypes must agree, got int32 and float64; cast one with cast(x, "float64")"`,
    );
    expect(error(() => tensor([single, x]))).toMatchInlineSnapshot(
      `"DTypeError: tensor: values must have one dtype, got float32 and float64; cast one with cast(x, "float32")"`,
    );
  });

  it("an operation is not defined for a dtype", () => {
    expect(error(() => int.div(int))).toMatchInlineSnapshot(
      `"DTypeError: div: dtype must be float64 or float32, got int32; cast it with cast(x, "float64")"`,
    );
    expect(error(() => int.exp())).toMatchInlineSnapshot(
      `"DTypeError: exp: dtype must be float64 or float32, got int32; cast it with cast(x, "float64")"`,
    );
    expect(error(() => int.mean())).toMatchInlineSnapshot(
      `"DTypeError: mean: dtype must be float64 or float32, got int32; cast it with cast(x, "float64")"`,
    );
    expect(error(() => softmax(int))).toMatchInlineSnapshot(
      `"DTypeError: softmax: dtype must be float64 or float32, got int32; cast it with cast(x, "float64")"`,
    );
    expect(error(() => bool.sum())).toMatchInlineSnapshot(
      `"DTypeError: sum: dtype must be float64 or float32 or int32, got bool; cast it with cast(x, "int32")"`,
    );
    expect(error(() => x.and(x))).toMatchInlineSnapshot(
      `"DTypeError: and: dtype must be bool, got float64; cast it with cast(x, "bool")"`,
    );
    expect(error(() => x.bitXor(x))).toMatchInlineSnapshot(
      `"DTypeError: bitXor: dtype must be int32, got float64; cast it with cast(x, "int32")"`,
    );
    expect(error(() => where(x, x, x))).toMatchInlineSnapshot(
      `"DTypeError: where: the condition must be bool, got float64; compare it, e.g. notEqual(x, 0)"`,
    );
    expect(error(() => integerPow(int, -1))).toMatchInlineSnapshot(
      `"DTypeError: integerPow: int32 has no power -1; cast it with cast(x, "float64")"`,
    );
  });

  it("a number does not fit", () => {
    expect(error(() => int.add(0.5))).toMatchInlineSnapshot(
      `"DTypeError: add: 0.5 does not fit int32; cast the tensor with cast(x, "float64"), or pass a tensor of dtype int32"`,
    );
    expect(error(() => compile((a: Tensor, n: number) => a.add(n))(int, 2))).toMatchInlineSnapshot(
      `"DTypeError: add: a number that may be fractional does not fit int32; cast the tensor with cast(x, "float64"), or pass a tensor of dtype int32"`,
    );
    expect(error(() => bool.equal(1))).toMatchInlineSnapshot(
      `"DTypeError: equal: 1 does not fit bool; cast the tensor with cast(x, "float64"), or pass a tensor of dtype bool"`,
    );
    expect(error(() => tensor(0.5, { dtype: "int32" }))).toMatchInlineSnapshot(
      `"DomainError: tensor: int32 holds whole numbers in [−2^31, 2^31), got 0.5; use a float dtype"`,
    );
    expect(error(() => full([2], 2, { dtype: "bool" }))).toMatchInlineSnapshot(
      `"DomainError: full: bool holds 0, 1, true or false, got 2; use a float dtype"`,
    );
    expect(error(() => zeros([2], { dtype: "float16" as DType }))).toMatchInlineSnapshot(
      `"DTypeError: zeros: dtype must be one of float64, float32, int32, bool, got float16"`,
    );
    expect(error(() => x.cast("double" as DType))).toMatchInlineSnapshot(
      `"DTypeError: cast: dtype must be one of float64, float32, int32, bool, got double"`,
    );
  });
});

describe("values that are no tensors", () => {
  it("as operands", () => {
    expect(error(() => add([1, 2] as never, x))).toMatchInlineSnapshot(
      `"DTypeError: add: expected a tensor or a number, got an array; make it a tensor with tensor(values)"`,
    );
    expect(error(() => x.add(null as never))).toMatchInlineSnapshot(
      `"DTypeError: add: expected a tensor or a number, got null"`,
    );
    expect(error(() => x.mul("2" as never))).toMatchInlineSnapshot(
      `"DTypeError: mul: expected a tensor or a number, got string"`,
    );
    expect(error(() => x.gather([0, 1] as never))).toMatchInlineSnapshot(
      `"DTypeError: gather: expected a tensor or a number, got an array; make it a tensor with tensor(values)"`,
    );
  });

  it("as values of a new tensor", () => {
    expect(error(() => tensor([[1, 2], [3]]))).toMatchInlineSnapshot(
      `"ShapeError: tensor: rows must have equal lengths, values[1] does not fit [2, 2]"`,
    );
    expect(error(() => tensor([1, "2"] as never))).toMatchInlineSnapshot(
      `"DTypeError: tensor: values[1] must be a number, got string"`,
    );
    expect(error(() => tensor(new Int8Array(2) as never))).toMatchInlineSnapshot(
      `"DTypeError: tensor: a typed array must be one of Float64Array, Float32Array, Int32Array, Uint8Array, got Int8Array; copy it with Array.from"`,
    );
    expect(error(() => tensor([1, 2, 3], { shape: [2, 2] }))).toMatchInlineSnapshot(
      `"ShapeError: tensor: [2, 2] needs 4 elements, got 3"`,
    );
  });
});

describe("shapes", () => {
  it("do not broadcast", () => {
    expect(error(() => x.add(zeros([2])))).toMatchInlineSnapshot(
      `"ShapeError: add: shapes must broadcast, got [2, 3] and [2]; sizes at an axis must agree or be 1"`,
    );
    expect(error(() => x.broadcastTo([2, 4]))).toMatchInlineSnapshot(
      `"ShapeError: broadcastTo: [2, 3] does not broadcast to [2, 4]; axes are aligned at the last one"`,
    );
    expect(error(() => where(bool, x, 0))).toMatchInlineSnapshot(
      `"ShapeError: where: shapes must broadcast, got [2] and [2, 3] and []; sizes at an axis must agree or be 1"`,
    );
  });

  it("do not multiply", () => {
    expect(error(() => matmul(zeros([32, 3]), zeros([4, 8])))).toMatchInlineSnapshot(
      `"ShapeError: matmul: inner sizes must agree, got [32, 3] × [4, 8]"`,
    );
    expect(error(() => matmul(zeros([32, 3]), zeros([8, 3])))).toMatchInlineSnapshot(
      `"ShapeError: matmul: inner sizes must agree, got [32, 3] × [8, 3]; did you mean transpose(b)?"`,
    );
    expect(error(() => matmul(x, 2))).toMatchInlineSnapshot(
      `"ShapeError: matmul: operands need axes, got [2, 3] × []; use mul"`,
    );
    expect(error(() => matmul(zeros([2, 3, 4]), zeros([5, 4, 3])))).toMatchInlineSnapshot(
      `"ShapeError: matmul: axes before the last two must broadcast, got [2, 3, 4] × [5, 4, 3]"`,
    );
    expect(error(() => outer(x, x))).toMatchInlineSnapshot(
      `"ShapeError: outer: needs two vectors, got [2, 3] and [2, 3]"`,
    );
    expect(error(() => einsum("ij,jk->ik", x, x))).toMatchInlineSnapshot(
      `"ShapeError: einsum: "j" of "ij,jk->ik" must have one size, got 3 and 2"`,
    );
    expect(error(() => einsum("ij,jk->il", x, x))).toMatchInlineSnapshot(
      `"ShapeError: einsum: output letters of "ij,jk->il" must be distinct and occur in an operand, got "il""`,
    );
    expect(error(() => einsum("ijk->i", x))).toMatchInlineSnapshot(
      `"ShapeError: einsum: "ijk" of "ijk->i" must have one distinct letter per axis of [2, 3]"`,
    );
  });

  it("cannot be rearranged", () => {
    expect(error(() => x.reshape([4]))).toMatchInlineSnapshot(
      `"ShapeError: reshape: sizes must agree, got [2, 3] (6) to [4] (4)"`,
    );
    expect(error(() => x.reshape([4, -1]))).toMatchInlineSnapshot(
      `"ShapeError: reshape: cannot infer −1 in [4, -1] from [2, 3]"`,
    );
    expect(error(() => x.transpose([0, 0]))).toMatchInlineSnapshot(
      `"ShapeError: transpose: [0, 0] is not a permutation of the axes of [2, 3]"`,
    );
    expect(error(() => x.squeeze(0))).toMatchInlineSnapshot(`"ShapeError: squeeze: axis 0 of [2, 3] must have size 1"`);
    expect(error(() => x.split(2, 1))).toMatchInlineSnapshot(
      `"ShapeError: split: parts must be whole and add up to 3 at axis 1 of [2, 3], got 2 parts"`,
    );
    expect(error(() => x.pad([[1, 1]]))).toMatchInlineSnapshot(
      `"ShapeError: pad: widths must be whole numbers ≥ 0 for every axis of [2, 3], got low [1], high [1]"`,
    );
    expect(error(() => zeros([3]).tril())).toMatchInlineSnapshot(
      `"ShapeError: tril: needs at least two axes, got [3]"`,
    );
    expect(error(() => concat([x, zeros([3, 2])]))).toMatchInlineSnapshot(
      `"ShapeError: concat: shapes must agree except at axis 0, got [2, 3] and [3, 2]"`,
    );
    expect(error(() => stack([x, zeros([3])]))).toMatchInlineSnapshot(
      `"ShapeError: stack: shapes must agree, got [2, 3] and [3]"`,
    );
    expect(error(() => concat([1, 2]))).toMatchInlineSnapshot(
      `"ShapeError: concat: 0-d tensors have no axis to join; use stack"`,
    );
    expect(error(() => stack([]))).toMatchInlineSnapshot(`"ShapeError: stack: needs at least one tensor, got none"`);
  });

  it("are none", () => {
    expect(error(() => zeros([2, -1]))).toMatchInlineSnapshot(
      `"ShapeError: zeros: sizes must be whole numbers ≥ 0, got [2, -1] (axis 1)"`,
    );
    expect(error(() => eye(2.5))).toMatchInlineSnapshot(
      `"ShapeError: eye: sizes must be whole numbers ≥ 0, got [2.5, 2.5] (axis 0)"`,
    );
    expect(error(() => zeros([1e6, 1e6]))).toMatchInlineSnapshot(
      `"ShapeError: zeros: [1000000, 1000000] has 1000000000000 elements, more than 2^32 cannot be held"`,
    );
    expect(error(() => linspace(0, 1, -1))).toMatchInlineSnapshot(
      `"ShapeError: linspace: sizes must be whole numbers ≥ 0, got [-1] (axis 0)"`,
    );
  });
});

describe("axes and indices", () => {
  it("out of range", () => {
    expect(error(() => x.sum(2))).toMatchInlineSnapshot(`"ShapeError: sum: axis 2 is out of range for shape [2, 3]"`);
    expect(error(() => x.mean([0, -2]))).toMatchInlineSnapshot(
      `"ShapeError: mean: axes must differ, got [0, 0] for shape [2, 3]"`,
    );
    expect(error(() => tensor(1).norm())).toMatchInlineSnapshot(
      `"ShapeError: norm: axis -1 is out of range for shape []"`,
    );
    expect(error(() => x.slice(0, 3))).toMatchInlineSnapshot(
      `"ShapeError: slice: index 3 is out of range at axis 1 of [2, 3]"`,
    );
    expect(error(() => x.slice(0, 0, 0))).toMatchInlineSnapshot(
      `"ShapeError: slice: needs at most one range per axis, got 3 for [2, 3]"`,
    );
    expect(error(() => x.slice([null, null, -1]))).toMatchInlineSnapshot(
      `"ShapeError: slice: step must be a whole number ≥ 1, got -1; use flip to reverse"`,
    );
    expect(error(() => x.gather(tensor([0, 2], { dtype: "int32" })))).toMatchInlineSnapshot(
      `"DomainError: gather: indices must lie in [0, 2), got 2 at position 1"`,
    );
    expect(error(() => x.gather(tensor([0])))).toMatchInlineSnapshot(
      `"DTypeError: gather: dtype must be int32, got float64; cast it with cast(x, "int32")"`,
    );
    expect(error(() => x.scatterAdd(tensor([0, 5], { dtype: "int32" }), 3))).toMatchInlineSnapshot(
      `"DomainError: scatterAdd: indices must lie in [0, 3), got 5 at position 1"`,
    );
  });

  it("of nothing", () => {
    expect(error(() => zeros([2, 0]).max(1))).toMatchInlineSnapshot(
      `"ShapeError: max: axis 1 of [2, 0] is empty and has no max"`,
    );
    expect(error(() => zeros([0]).argmax())).toMatchInlineSnapshot(
      `"ShapeError: argmax: axis 0 of [0] is empty and has no argmax"`,
    );
    expect(error(() => zeros([0]).item())).toMatchInlineSnapshot(
      `"ShapeError: item: the tensor must have one element, got [0]; use dataSync() or toArray()"`,
    );
    expect(error(() => x.item())).toMatchInlineSnapshot(
      `"ShapeError: item: the tensor must have one element, got [2, 3]; use dataSync() or toArray()"`,
    );
    expect(error(() => arange(0, 1, 0))).toMatchInlineSnapshot(`"DomainError: arange: step must not be 0"`);
  });
});

describe("random keys", () => {
  it("that are none, and ranges that are empty", () => {
    expect(error(() => key(0.5))).toMatchInlineSnapshot(
      `"DomainError: key: the seed must be a whole number in [−2^31, 2^53), got 0.5"`,
    );
    expect(error(() => bits(tensor([0, 1])))).toMatchInlineSnapshot(
      `"ShapeError: bits: a key is int32 [2], got float64 [2]; make one with key(seed), or cut an array by x.split(parts, axis)"`,
    );
    expect(error(() => uniform(split(key(0)), [3]))).toMatchInlineSnapshot(
      `"ShapeError: uniform: a key is int32 [2], got int32 [2, 2]; take one of them with slice(keys, i), or all with vmap"`,
    );
    expect(error(() => foldIn(key(0), 0.5))).toMatchInlineSnapshot(
      `"DomainError: foldIn: data must be a whole number in [−2^31, 2^32), got 0.5"`,
    );
    expect(error(() => randint(key(0), [2], 5, 5))).toMatchInlineSnapshot(
      `"DomainError: randint: needs whole numbers min < max in [−2^31, 2^31], got 5 and 5"`,
    );
    expect(error(() => permutation(key(0), tensor(3)))).toMatchInlineSnapshot(
      `"ShapeError: permutation: needs an axis to shuffle, got []; pass a count or a tensor with axes"`,
    );
    expect(error(() => split(key(0), -1))).toMatchInlineSnapshot(
      `"ShapeError: split: sizes must be whole numbers ≥ 0, got [-1] (axis 0)"`,
    );
  });
});

describe("transforms", () => {
  it("a value is not there yet, or is no longer there", () => {
    let leaked: Tensor = x;
    compile((a: Tensor) => {
      leaked = a.sin();
      return a;
    })(x);
    expect(error(() => leaked.add(1))).toMatchInlineSnapshot(
      `"DTypeError: add: a value of compile escaped: it was kept after its transform ended, or stored outside it; return it from the function instead"`,
    );
    expect(error(() => leaked.item())).toMatchInlineSnapshot(
      `"DTypeError: item: a value of compile escaped: it was kept after its transform ended, or stored outside it; return it from the function instead"`,
    );
    expect(error(() => compile((a: Tensor) => (a.item() > 0 ? a : a.neg()))(tensor(1)))).toMatchInlineSnapshot(
      `"DTypeError: item: a value being traced has no numbers yet; move what needs them outside of compile, or use where() instead of if"`,
    );
    expect(error(() => compile((a: Tensor) => tensor([a, a]))(tensor(1)))).toMatchInlineSnapshot(
      `"DTypeError: tensor: values[0] is being transformed and would become a constant; join such values with stack([…]), or use it as it is"`,
    );
  });

  it("arguments and results that are no trees", () => {
    expect(error(() => compile((async (a: Tensor) => a) as never)(...([x] as unknown as [])))).toMatchInlineSnapshot(
      `"DTypeError: compile: the argument or result is a Promise; transforms are synchronous, await values before or after them"`,
    );
    expect(error(() => compile((a: unknown) => a)({ w: { b: "text" } }))).toMatchInlineSnapshot(
      `"DTypeError: compile: leaf "[0].w.b" must be a tensor, a number, null, an array or a plain object, got a string (text); close over it, or register its class"`,
    );
    expect(error(() => flatten([x, () => x], "grad"))).toMatchInlineSnapshot(
      `"DTypeError: grad: leaf "[1]" must be a tensor, a number, null, an array or a plain object, got a function (() => x); close over it, or register its class"`,
    );
    expect(error(() => compile((a: unknown) => a)([new Map()]))).toMatchInlineSnapshot(
      `"DTypeError: compile: leaf "[0][0]" must be a tensor, a number, null, an array or a plain object, got an instance of Map; close over it, or register its class"`,
    );
    expect(error(() => treeMap((a: Tensor) => a, { w: x }, { w: x, b: x }))).toMatchInlineSnapshot(
      `"ShapeError: treeMap: trees must have the same structure, expected {"w":*}, got {"b":*,"w":*}; leaf "b" is extra"`,
    );
    expect(error(() => interpret(trace((a: Tensor) => a)(x), []))).toMatchInlineSnapshot(
      `"ShapeError: interpret: the program takes 1 input(s), got 0"`,
    );
    expect(error(() => compile((a: Tensor) => a, { backend: "cuda" as "reference" }))).toMatchInlineSnapshot(
      `"BackendError: compile: backend must be one of wasm, reference, gpujs, auto, got "cuda""`,
    );
  });
});

import { expectSameBits, forAll, type PrimitiveCase, primitiveCasesOfAnyType } from "@pushforward/testing";
import { describe, it } from "vitest";
import { type DenseTensor, evaluate, type PrimitiveName, primitiveOf, type Shape, tensor } from "../../src/index.ts";
import { at, type Index, tabulate } from "../support/naive.ts";

/** The element of the result at an index, by the definition of the operation. */
type Definition<P extends PrimitiveName> = (each: PrimitiveCase<P>, out: Shape) => (index: Index) => number;

/** Compares a primitive with its definition, element by element and bit by bit. */
function agreesWith<P extends PrimitiveName>(name: P, definition: Definition<P>): void {
  for (const values of ["wide", "special"] as const) {
    forAll(primitiveCasesOfAnyType(name, { values }), (each) => {
      const got: DenseTensor = evaluate(primitiveOf(name), each.operands, each.params);
      const want = tabulate(got.shape, definition(each, got.shape));
      expectSameBits(got, tensor(want, { shape: got.shape, dtype: got.dtype }));
    });
  }
}

describe("structural primitives against their definitions", () => {
  it("iota is the index along one axis", () => {
    agreesWith(
      "iota",
      ({ params: { axis } }) =>
        (index) =>
          index[axis],
    );
  });

  it("broadcastTo repeats along new axes and along axes of size 1", () => {
    agreesWith("broadcastTo", ({ operands: [x] }, out) => {
      const offset = out.length - x.rank;
      return (index) =>
        at(
          x,
          x.shape.map((n, axis) => (n === 1 ? 0 : index[axis + offset])),
        );
    });
  });

  it("reshape keeps the row-major order", () => {
    agreesWith("reshape", ({ operands: [x] }) => {
      let next = 0;
      return () => x.buffer[next++];
    });
  });

  it("transpose reads axis permutation[i] where the result has axis i", () => {
    agreesWith(
      "transpose",
      ({ operands: [x], params: { permutation } }) =>
        (index) =>
          at(
            x,
            x.shape.map((_, axis) => index[permutation.indexOf(axis)]),
          ),
    );
  });

  it("slice counts from start in steps", () => {
    agreesWith(
      "slice",
      ({ operands: [x], params: { start, step } }) =>
        (index) =>
          at(
            x,
            index.map((i, axis) => start[axis] + i * step[axis]),
          ),
    );
  });

  it("pad puts zeros around and between", () => {
    agreesWith("pad", ({ operands: [x], params: { low, interior } }) => (index) => {
      const places = index.map((i, axis) => (i - low[axis]) / (interior[axis] + 1));
      const isElement = places.every((i, axis) => Number.isInteger(i) && i >= 0 && i < x.shape[axis]);
      return isElement ? at(x, places) : 0;
    });
  });

  it("concat finds the operand in which an index falls", () => {
    agreesWith("concat", ({ operands, params: { axis } }) => (index) => {
      let i = index[axis];
      let part = 0;
      while (i >= operands[part].shape[axis]) i -= operands[part++].shape[axis];
      return at(operands[part], index.with(axis, i));
    });
  });

  it("flip counts some axes from their end", () => {
    agreesWith(
      "flip",
      ({ operands: [x], params: { axes } }) =>
        (index) =>
          at(
            x,
            index.map((i, axis) => (axes.includes(axis) ? x.shape[axis] - 1 - i : i)),
          ),
    );
  });
});

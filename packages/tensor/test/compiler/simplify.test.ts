import { expectSameBits, forAll, primitiveCasesOfAnyType, primitiveNames, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  arange,
  bind,
  checkProgram,
  constantsOf,
  dropUnused,
  interpret,
  noParams,
  ones,
  type Program,
  primitiveOf,
  primitives,
  simplify,
  type Tensor,
  tensor,
  trace,
} from "../../src/index.ts";

const x = tensor([1, 2, 3]);
const simplified = (f: (...xs: Tensor[]) => unknown, ...inputs: Tensor[]): Program => simplify(trace(f)(...inputs));
const names = (program: Program): string[] => program.equations.map((equation) => equation.primitive.name);
const barrier = (a: Tensor): Tensor => bind(primitives.barrier, [a], noParams);
const stop = (a: Tensor): Tensor => bind(primitives.stopGradient, [a], { label: "target" });

describe("simplify", () => {
  it("keeps the meaning of random programs, bit for bit", () => {
    forAll(
      randomPrograms({ kinds: ["smooth", "kinky", "discrete", "stop"], steps: 12 }),
      ({ f, inputs }) => {
        const program = trace(f)(...inputs);
        const simple = simplify(program);
        checkProgram(simple);
        expect(simple.equations.length).toBeLessThanOrEqual(program.equations.length);
        expectSameBits(interpret(simple, inputs), interpret(program, inputs));
        expect(simplify(simple).equations.length).toBe(simple.equations.length);
      },
      { runs: 300 },
    );
  });

  it.each(primitiveNames)("keeps %s on ±0, ±∞ and NaN, with operands as inputs and as constants", (name) => {
    const primitive = primitiveOf(name);
    forAll(
      primitiveCasesOfAnyType(name, { values: "special" }),
      ({ operands, params }) => {
        const apply = (...xs: Tensor[]): Tensor => bind(primitive, xs, params);
        const want = apply(...operands);
        const inputs = [...operands];
        expectSameBits(interpret(simplified(apply, ...inputs), inputs)[0], want);
        expectSameBits(
          interpret(
            simplified(() => apply(...operands)),
            [],
          )[0],
          want,
        );
        if (operands.length < 2) return;
        const [first, ...rest] = operands;
        expectSameBits(
          interpret(
            simplified((a) => apply(a, ...rest), first),
            [first],
          )[0],
          want,
        );
        expectSameBits(
          interpret(
            simplified((...xs) => apply(first, ...xs), ...rest),
            rest,
          )[0],
          want,
        );
      },
      { runs: 30 },
    );
  });

  it("computes once what is computed twice", () => {
    expect(names(simplified((a) => a.sin().add(a.sin()), x))).toEqual(["sin", "add"]);
    expect(names(simplified((a) => a.mul(2).add(a.mul(2)), x))).toEqual(["mul", "add"]);
  });

  it("does not merge what differs in its parameters", () => {
    const a = arange(4).reshape([2, 2]);
    expect(names(simplified((m) => m.sum(0).add(m.sum(1)), a))).toEqual(["sum", "sum", "add"]);
  });

  it("folds what depends on constants alone, and keeps large results for the run", () => {
    const program = simplified((a) => a.add(x.mul(2).sum()), x);
    expect(names(program)).toEqual(["add"]);
    expect(constantsOf(program).map((c) => c.concrete("test").toArray())).toEqual([[12, 12, 12]]);
    expect(names(simplified((a) => a.add(ones([2000]).mul(2).sum()), x))).toContain("mul");
  });

  it("takes equal small constants for one, but not 0 for −0, nor a weak for a strong one", () => {
    const program = simplified((a) => a.mul(tensor([1, 2, 3])).add(a.mul(tensor([1, 2, 3]))), x);
    expect(names(program)).toEqual(["mul", "add"]);
    const zeros = simplified((a) => [a.div(tensor([0, 0, 0])), a.div(tensor([-0, -0, -0]))], x);
    expectSameBits(interpret(zeros, [x]), [
      [Infinity, Infinity, Infinity],
      [-Infinity, -Infinity, -Infinity],
    ]);
  });

  it("drops what nothing needs", () => {
    const program = trace((a: Tensor) => {
      a.sin().mul(a);
      return a.neg();
    })(x);
    expect(names(dropUnused(program))).toEqual(["neg"]);
    expect(names(simplify(program))).toEqual(["neg"]);
  });

  it("removes derivative markers, which mean nothing to a program that only runs", () => {
    expect(names(simplified((a) => stop(a).mul(a), x))).toEqual(["mul"]);
    expect(names(simplified((a) => a.sin().add(stop(a.sin())), x))).toEqual(["sin", "add"]);
  });

  it("does not look through a barrier", () => {
    const twice = simplified((a) => a.sin().add(barrier(a).sin()), x);
    expect(names(twice)).toEqual(["sin", "barrier", "sin", "add"]);
    expect(names(simplified((a) => a.sin().add(barrier(x)), x))).toContain("barrier");
    expect(names(simplified((a) => barrier(a).add(barrier(a)), x))).toEqual(["barrier", "barrier", "add"]);
  });

  it("an output may turn out to be an input or a constant", () => {
    const program = simplified((a) => [a.neg().neg(), x.mul(2)], x);
    expect(program.equations).toEqual([]);
    expect(program.outputs[0]).toBe(program.inputs[0]);
    expectSameBits(interpret(program, [x]), [x, [2, 4, 6]]);
  });

  it("an error in a constant computation comes while simplifying", () => {
    expect(() => simplified((a) => a.add(x.reshape([4])), x)).toThrow("reshape: sizes must agree");
  });
});

import { bind, DTypeError, evaluation, noParams, primitives, type Tensor, tensor, under } from "@pushforward/tensor";
import { expectSameBits, forAll, type PrimitiveCase, primitiveCases } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { Recorder } from "../src/linearProgram.ts";
import { transposeLinear } from "../src/transpose.ts";
import { linearOperands, transposable, transposeGap } from "./support/transposed.ts";

describe("transposeLinear", () => {
  /** A linear program of two inputs. */
  const record = (f: (x: Tensor, y: Tensor) => Tensor[]) => {
    const recorder = new Recorder(evaluation);
    const inputs = [recorder.input(tensor([0, 0])), recorder.input(tensor([0, 0]))];
    const outputs = under(recorder, () => f(inputs[0], inputs[1]));
    return { inputs, steps: recorder.steps, outputs };
  };

  it("sums what comes back along every path", () => {
    const program = record((x, y) => [x.mul(2).add(y), x.mul(3)]);
    const [x, y] = transposeLinear(program, [tensor([1, 10]), tensor([100, 1000])]);
    expectSameBits(x, [302, 3020]);
    expectSameBits(y, [1, 10]);
  });

  it("gives null for an input that no cotangent reaches", () => {
    const program = record((x, y) => [x.mul(2), y]);
    expect(transposeLinear(program, [null, tensor([1, 1])])[0]).toBe(null);
    expect(
      transposeLinear(
        record((x) => [x]),
        [tensor([1, 1])],
      )[1],
    ).toBe(null);
  });

  it("refuses what is not linear, and products of two tangents", () => {
    const back = (f: (x: Tensor, y: Tensor) => Tensor) => () =>
      transposeLinear(
        record((x, y) => [f(x, y)]),
        [tensor([1, 1])],
      );
    expect(back((x) => x.exp())).toThrow('vjp: a jvp rule must be linear in its tangents, got "exp" of a tangent');
    expect(back((x, y) => x.mul(y))).toThrow('got "mul" of two tangents');
    expect(back((x) => tensor([1, 2]).div(x))).toThrow(DTypeError);
    expect(back((x) => bind(primitives.abs, [x], noParams))).toThrow('got "abs" of a tangent');
    expect(back((x, y) => x.sub(y))).not.toThrow();
  });
});

describe("every transpose rule is the transposed matrix, element by element", () => {
  it.each(transposable)("%s", (name) => {
    forAll(
      primitiveCases(name) as Parameters<typeof forAll<PrimitiveCase>>[0],
      (drawn) => {
        for (const i of linearOperands(drawn)) expect(transposeGap(drawn, i)).toBeLessThanOrEqual(1e-15);
      },
      { runs: 30 },
    );
  });
});

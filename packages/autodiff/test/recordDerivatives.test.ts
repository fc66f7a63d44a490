import { type Tensor, tensor, trace, where } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { grad, jvp, recordDerivatives, stopGradient, vjp } from "../src/index.ts";

/** The records of f at points, by the names that the program gives to values. */
function recordsOf(f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[], tangents: readonly (Tensor | null)[]) {
  return recordDerivatives(trace(f)(...xs), xs, { tangents, cotangents: [tensor(1)] });
}

const numbers = (x: Tensor | undefined) => x && Array.from(x.dataSync());

describe("recordDerivatives", () => {
  it("has the values, tangents and cotangents that are computed by hand", () => {
    // z = x², w = sin z, out = Σ w·x at x = (1, 2) along (1, 0)
    const x = tensor([1, 2]);
    const records = recordsOf((x) => x.mul(x).sin().mul(x).sum(), [x], [tensor([1, 0])]);
    const [input, square, sine, product, sum] = records;
    expect(records).toHaveLength(5);
    expect(input.equation).toBe(undefined);
    expect(square.equation?.primitive.name).toBe("mul");
    const z = [1, 4];
    expect(numbers(square.primal)).toEqual(z);
    expect(numbers(square.tangent)).toEqual([2, 0]);
    expect(numbers(sine.tangent)).toEqual([2 * Math.cos(1), -0]);
    expect(numbers(product.tangent)![0]).toBeCloseTo(2 * Math.cos(1) + Math.sin(1), 15);
    expect(numbers(sum.tangent)![0]).toBeCloseTo(2 * Math.cos(1) + Math.sin(1), 15);
    expect(numbers(sum.cotangent)).toEqual([1]);
    expect(numbers(product.cotangent)).toEqual([1, 1]);
    expect(numbers(sine.cotangent)).toEqual([1, 2]); // x
    z.forEach((value, i) => {
      expect(numbers(square.cotangent)![i]).toBeCloseTo(Math.cos(value) * [1, 2][i], 15);
      const [at] = [[1, 2][i]];
      expect(numbers(input.cotangent)![i]).toBeCloseTo(2 * at * Math.cos(value) * at + Math.sin(value), 14);
    });
  });

  it("agrees with jvp and grad of the whole function", () => {
    const f = (x: Tensor, y: Tensor) => x.mul(y).exp().add(y.square()).div(x).sum();
    const [x, y] = [tensor([0.5, -1.5]), tensor([1.25, 0.75])];
    const [dx, dy] = [tensor([0.3, 1]), tensor([-2, 0.5])];
    const records = recordsOf(f, [x, y], [dx, dy]);
    const [value, tangent] = jvp(f, [x, y], [dx, dy]);
    const last = records[records.length - 1];
    expect(last.primal.item()).toBe(value.item());
    expect(last.tangent!.item()).toBe(tangent.item());
    const [, pullback] = vjp(f, [x, y]);
    const [gx, gy] = pullback(tensor(1));
    expect(numbers(records[0].cotangent)).toEqual(numbers(gx));
    expect(numbers(records[1].cotangent)).toEqual(numbers(gy));
    // ⟨cotangent, tangent⟩ over the inputs is the tangent of the result
    const inner = [0, 1].reduce((sum, i) => sum + records[i].cotangent!.mul(records[i].tangent!).sum().item(), 0);
    expect(inner).toBeCloseTo(tangent.item(), 12);
  });

  it("shows the cotangent that a stop-gradient discards, which does not reach the operand", () => {
    const f = (x: Tensor) => x.mul(stopGradient(x.reciprocal(), "inverse"));
    const records = recordsOf(f, [tensor(4)], [tensor(1)]);
    const stop = records.find(({ equation }) => equation?.primitive.name === "stopGradient")!;
    const operand = records.find(({ variable }) => variable === stop.equation!.operands[0])!;
    expect([stop.primal.item(), stop.tangent!.item(), stop.cotangent!.item()]).toEqual([0.25, 0, 4]);
    expect([operand.primal.item(), operand.tangent!.item(), operand.cotangent!.item()]).toEqual([0.25, -1 / 16, 0]);
    expect(records[0].cotangent!.item()).toBe(grad(f)(tensor(4)).item());
    // control: without the stop the discarded cotangent flows on
    const whole = recordsOf((x) => x.mul(x.reciprocal()), [tensor(4)], [tensor(1)]);
    expect(whole[1].cotangent!.item()).toBe(4);
    expect(whole[0].cotangent!.item()).toBe(0);
  });

  it("leaves out derivatives of values that have none, and treats null as standing still", () => {
    const f = (x: Tensor, y: Tensor) => where(x.greater(y), x, y);
    const records = recordsOf(f, [tensor(2), tensor(1)], [null, tensor(1)]);
    expect(records.find(({ variable }) => variable.dtype === "bool")).toMatchObject({
      tangent: undefined,
      cotangent: undefined,
    });
    expect(records[records.length - 1].tangent!.item()).toBe(0);
    expect(records.map(({ cotangent }) => cotangent?.item())).toEqual([1, 0, undefined, 1]);
  });

  it("refuses directions that do not fit", () => {
    const program = trace((x: Tensor) => x.sin())(tensor(1));
    expect(() => recordDerivatives(program, [tensor(1)], { tangents: [], cotangents: [tensor(1)] })).toThrow(
      "recordDerivatives: tangents must be a list with one entry for each of 1 values of the program, got 0",
    );
    expect(() => recordDerivatives(program, [tensor(1)], { tangents: [null], cotangents: [tensor([1, 2])] })).toThrow(
      /cotangent/,
    );
  });
});

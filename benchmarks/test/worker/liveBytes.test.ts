import { add, broadcastTo, exp, mul, sum, type Tensor, tensor, trace, transpose } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { liveBytes } from "../../src/worker/liveBytes.ts";

const x = tensor([1, 2, 3, 4]); // 32 bytes

describe("liveBytes", () => {
  it("counts the values at the peak: the input stays, a temporary value is dropped after its use", () => {
    const program = trace((x: Tensor) => exp(exp(exp(x))))(x);
    expect(liveBytes(program)).toBe(3 * 32);
  });

  it("keeps what is used later", () => {
    const program = trace((x: Tensor) => {
      const a = exp(x);
      return mul(exp(exp(a)), a);
    })(x);
    expect(liveBytes(program)).toBe(4 * 32);
  });

  it("counts constants, and views for nothing", () => {
    const constant = tensor([[1, 2, 3, 4]]);
    const program = trace((x: Tensor) =>
      sum(add(broadcastTo(x, [8, 4]), transpose(broadcastTo(constant, [8, 4])).transpose())),
    )(x);
    expect(liveBytes(program)).toBe(32 + 32 + 8 * 32 + 8);
  });
});

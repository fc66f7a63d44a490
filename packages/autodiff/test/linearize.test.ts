import { type DenseTensor, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { checkpoint, customVjp, jvp, linearize } from "../src/index.ts";

describe("linearize", () => {
  const f = (x: Tensor, y: Tensor) => ({ product: x.mul(y), sine: x.sin() });
  const point = [tensor([1, 2]), tensor([3, 4])] as [Tensor, Tensor];

  it("gives the value and a function that agrees with jvp in every direction", () => {
    const [out, linear] = linearize(f, point);
    expectSameBits(out.product, [3, 8]);
    for (const [dx, dy] of [
      [tensor([1, 0]), tensor([0, 1])],
      [tensor([0.5, -2]), null],
    ]) {
      expectClose(linear([dx, dy] as never), jvp(f, point, [dx, dy])[1]);
    }
  });

  it("is linear: the tangent of a sum is the sum of the tangents", () => {
    const [, linear] = linearize((x: Tensor) => x.exp().mul(x).sum(), [tensor([0.3, -1])]);
    const [a, b] = [tensor([1, 2]), tensor([-3, 0.5])];
    expectClose(linear([a.add(b.mul(2))]), linear([a]).add(linear([b]).mul(2)));
  });

  it("runs the function once, however often the derivative is asked for", () => {
    let runs = 0;
    const [, linear] = linearize(
      (x: Tensor) => {
        runs++;
        return x.sin();
      },
      [tensor(1)],
    );
    for (let i = 0; i < 5; i++) linear([tensor(i)]);
    expect(runs).toBe(1);
  });

  it("can be differentiated while another transform runs outside", () => {
    // d/dx of the tangent 3x²·1 of x³ is 6x.
    const slope = (x: Tensor) => linearize((z: Tensor) => z.mul(z).mul(z), [x])[1]([tensor(1)]);
    expect(jvp(slope, [tensor(2)], [tensor(1)])[1].item()).toBe(12);
  });

  it("gives zeros where nothing depends on the tangent", () => {
    const [, linear] = linearize((x: Tensor) => ({ constant: tensor([1, 2, 3]), x }), [tensor(1)]);
    expectSameBits(linear([tensor(5)]).constant, [0, 0, 0]);
  });

  it("goes on after a checkpoint whose result depends on no tangent", () => {
    const both = checkpoint((x: Tensor, n: Tensor) => ({ x: x.mul(2), n: n.mul(3) }));
    const f = (x: Tensor) => {
      const { x: twice, n } = both(x, tensor(5) as Tensor);
      return twice.mul(n);
    };
    expect(linearize(f, [tensor(1) as Tensor])[1]([tensor(1)]).item()).toBe(30);
  });

  it("is an error that names customJvp where a customVjp has no forward rule", () => {
    const twice = customVjp(
      (x: Tensor) => x.mul(2),
      (x: Tensor) => [x.mul(2), null] as const,
      (_, ct: Tensor) => [ct.mul(2)],
    );
    const [out, linear] = linearize(twice, [tensor(1) as DenseTensor]);
    expect(out.item()).toBe(2);
    expect(() => linear([tensor(1)])).toThrow("customJvp");
  });
});

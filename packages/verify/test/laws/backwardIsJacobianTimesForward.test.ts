import { jvp } from "@pushforward/autodiff";
import type { FlowMap, VelocityField } from "@pushforward/flows";
import { backwardResidual, forwardResidual } from "@pushforward/losses";
import { add, cos, key, mul, ones, sin, square, sub, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { laws } from "../../src/index.ts";

/** T_t(x) = x + 0.4·t·sin x + 0.2·t² */
const forward = (x: Tensor, t: Tensor): Tensor => add(x, add(mul(mul(0.4, t), sin(x)), mul(0.2, square(t))));

/** Its inverse by a fixed point that contracts by 0.4. */
function inverse(y: Tensor, t: Tensor): Tensor {
  let x = y;
  for (let step = 0; step < 80; step++) x = sub(sub(y, mul(0.2, square(t))), mul(mul(0.4, t), sin(x)));
  return x;
}

const phi: FlowMap = (x, s, t) => forward(inverse(x, s), t);
const v: VelocityField = (x, t) => sub(mul(0.3, x), cos(mul(t, x)));
const [x, s, t] = [0.9, 0.2, 0.7].map((value) => tensor([[value]]));

describe("backward residual = Jacobian × forward residual", () => {
  const backward = backwardResidual(phi, v(x, s), x, s, t).item();
  const ahead = forwardResidual(phi, v, phi(x, s, t), t, s).item();
  const jacobian = jvp((start: Tensor) => phi(start, s, t), [x], [ones([1, 1])])[1].item();

  it("has the worked numbers of the example on the line", () => {
    expect(backward).toBeCloseTo(-1.2289244557, 9);
    expect(jacobian).toBeCloseTo(1.1276867605, 9);
    expect(ahead).toBeCloseTo(-1.0897746597, 9);
  });

  it("holds there", () => {
    expect(Math.abs(backward - jacobian * ahead)).toBeLessThan(1e-14);
  });

  it("is broken by generic networks by about 0.1 in the median", () => {
    const law = laws.find(({ name }) => name === "backwardIsJacobianTimesForward")!;
    const gaps = law.control(key(1), 400).sort();
    expect(gaps[4]).toBeGreaterThan(1e-3);
    expect(gaps[200]).toBeGreaterThan(0.05);
  });
});

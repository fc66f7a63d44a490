import { jvp } from "@pushforward/autodiff";
import {
  add,
  compile,
  cos,
  key,
  matmul,
  mul,
  normal,
  ones,
  onesLike,
  sin,
  sub,
  type Tensor,
  tensor,
} from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { firstOrderFlowMap } from "../../src/flowMaps/firstOrder.ts";
import {
  type Bijection,
  chain,
  couplingLayer,
  invertibleFlowMap,
  invertibleVelocity,
  randomBijection,
} from "../../src/flowMaps/invertible.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const dims = [2, 3, 5];
const batch = 6;
const times = (seed: number) => normal(key(seed), [batch, 1]).mul(0.3).add(0.5);

/** T_t(x) = x + 0.4·t·sin x + 0.2·t², inverted by Newton steps; its derivatives are those of the implicit function. */
const sineFamily: Bijection = {
  dim: 1,
  forward: (z, t) => add(add(z, mul(mul(0.4, t), sin(z))), mul(0.2, mul(t, t))),
  inverse(y, t) {
    let z = y;
    for (let i = 0; i < 30; i++) {
      const miss = sub(sineFamily.forward(z, t), y);
      z = sub(z, miss.div(add(1, mul(mul(0.4, t), cos(z)))));
    }
    return z;
  },
};

describe("invertible flow maps", () => {
  it.each(dims)("in %i dimensions come back to the last digits", (dim) => {
    const psi = randomBijection(key(dim), { dim });
    const map = invertibleFlowMap(psi);
    const x = normal(key(7), [batch, dim]);
    const [s, t] = [times(1), times(2)];
    expectValues(psi.inverse(psi.forward(x, t), t), valuesOf(x), 1e-13);
    expectValues(map(map(x, s, t), t, s), valuesOf(x), 1e-13);
    expectValues(map(x, s, s), valuesOf(x), 1e-13);
    // control: they do move
    expect(
      sub(map(x, s, t), x)
        .abs()
        .max()
        .item(),
    ).toBeGreaterThan(1e-2);
  });

  it.each(dims)("in %i dimensions are semigroups and follow the velocity of their family", (dim) => {
    const psi = randomBijection(key(dim), { dim });
    const map = invertibleFlowMap(psi);
    const x = normal(key(7), [batch, dim]);
    const [s, r, t] = [times(1), times(2), times(3)];
    expectValues(map(map(x, s, r), r, t), valuesOf(map(x, s, t)), 1e-12);
    const [y, slope] = jvp((end: Tensor) => map(x, s, end), [t], [onesLike(t)]);
    expectValues(slope, valuesOf(invertibleVelocity(psi)(y, t)), 1e-12);
  });

  it.each(dims)(
    "in %i dimensions: backward residual = Jacobian × forward residual, for an unrelated velocity",
    (dim) => {
      const map = invertibleFlowMap(randomBijection(key(dim), { dim }));
      const v = (y: Tensor, time: Tensor) => add(mul(0.3, y), cos(mul(time, y)).neg());
      const gap = (phi: typeof map): number => {
        const x = normal(key(7), [batch, dim]);
        const [s, t] = [times(1), times(2)];
        const [y, backward] = jvp((a: Tensor, b: Tensor) => phi(a, b, t), [x, s], [v(x, s), onesLike(s)]);
        // Δ_fwd(y, t; s) = −∂ₛΦ_{t→s}(y) + v_s(Φ_{t→s}(y))
        const [home, slope] = jvp((end: Tensor) => phi(y, t, end), [s], [onesLike(s)]);
        const forward = sub(v(home, s), slope);
        const [, pushed] = jvp((a: Tensor) => phi(a, s, t), [x], [forward]);
        return sub(backward, pushed).abs().max().item();
      };
      expect(gap(map)).toBeLessThan(1e-12);
      // control: a generic network is no invertible pair
      const w = normal(key(dim), [dim, dim]);
      expect(gap(firstOrderFlowMap((y, s, t) => sin(matmul(y, w).add(s).sub(mul(2, t)))))).toBeGreaterThan(1e-3);
    },
  );

  it("reproduce the known residuals of T_t(x) = x + 0.4t·sin x + 0.2t²", () => {
    const map = invertibleFlowMap(sineFamily);
    const v = (y: Tensor, time: Tensor) => sub(mul(0.3, y), cos(mul(time, y)));
    const [x, s, t] = [tensor([[0.9]]), tensor(0.2), tensor(0.7)];
    const [y, backward] = jvp((a: Tensor, b: Tensor) => map(a, b, t), [x, s], [v(x, s), tensor(1)]);
    const [, J] = jvp((a: Tensor) => map(a, s, t), [x], [ones([1, 1])]);
    const [home, slope] = jvp((end: Tensor) => map(y, t, end), [s], [tensor(1)]);
    expectValues(backward, [-1.2289244557], 1e-9);
    expectValues(J, [1.1276867605], 1e-9);
    expectValues(sub(v(home, s), slope), [-1.0897746597], 1e-9);
  });

  it("compile, and the same key gives the same map", () => {
    const map = (seed: number) => invertibleFlowMap(randomBijection(key(seed), { dim: 2, dtype: "float32" }));
    const x = normal(key(7), [batch, 2], { dtype: "float32" });
    const [first, again, other] = [map(1), map(1), map(2)].map((phi) => valuesOf(phi(x, 0.1, 0.9)));
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expectValues(compile((a: Tensor) => map(1)(a, 0.1, 0.9))(x), first, 1e-6);
  });

  it("take a conditioner of one's own", () => {
    const layer = couplingLayer(2, "last", (rest, t) => mul(rest, t).mul(tensor([[1, 0]])));
    // the first coordinate moves by t·x2, log-scale 0
    expectValues(chain([layer]).forward(tensor([[1, 2]]), tensor(0.5)), [2, 2], 1e-15);
  });

  it("need two coordinates and a layer", () => {
    expect(() => couplingLayer(1, "first", (x) => x)).toThrow("couplingLayer: needs at least two coordinates, got 1");
    expect(() => randomBijection(key(0), { dim: 1 })).toThrow(/at least two coordinates, got 1/);
    expect(() => chain([])).toThrow(/at least one bijection/);
  });
});

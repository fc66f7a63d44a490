import { jvp } from "@pushforward/autodiff";
import { matmul, onesLike, sub, type Tensor, tanh, tensor, transpose } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { gaussian } from "../../src/distributions/gaussian.ts";
import { averageVelocityOf } from "../../src/flowMaps/averageVelocity.ts";
import { ctmFlowMap, ctmVelocity } from "../../src/flowMaps/ctm.ts";
import { firstOrderFlowMap } from "../../src/flowMaps/firstOrder.ts";
import { secondOrderFlowMap, secondOrderVelocity } from "../../src/flowMaps/secondOrder.ts";
import { solverFlowMap } from "../../src/flowMaps/solver.ts";
import { expectValues, valuesOf } from "../expectValues.ts";

const law = gaussian({
  mean: [1, -1],
  cov: [
    [1, 0.6],
    [0.6, 0.5],
  ],
});
const xs = tensor([[0.54, -1.04]]);
const [s, t] = [tensor(0.2), tensor(0.7)];

/** The fixed network U = tanh(A·x + b·s + c·t + d) of the golden values. */
const network = (x: Tensor, from: Tensor, to: Tensor): Tensor =>
  tanh(
    matmul(
      x,
      transpose(
        tensor([
          [0.5, -0.3],
          [0.2, 0.4],
        ]),
      ),
    )
      .add(tensor([0.1, -0.2]).mul(from))
      .add(tensor([-0.3, 0.25]).mul(to))
      .add(tensor([0.05, -0.1])),
  );

const slopeAt = (map: typeof network, start: Tensor): Tensor =>
  jvp((end: Tensor) => map(xs, start, end), [start], [onesLike(start)])[1];

describe("first-order form", () => {
  it("has the golden value and derivative", () => {
    const map = firstOrderFlowMap(network);
    expectValues(map(xs, s, t), [0.7476504331, -1.1732070635], 1e-10);
    const [, slope] = jvp((end: Tensor) => map(xs, s, end), [t], [tensor(1)]);
    expectValues(slope, [0.2911720876, -0.1502861878], 1e-10);
  });

  it("is the identity at s = t, and leaves with u", () => {
    const map = firstOrderFlowMap(network);
    expectValues(map(xs, s, s), valuesOf(xs), 0);
    expectValues(slopeAt(map, s), valuesOf(network(xs, s, s)), 1e-15);
  });
});

describe("second-order form", () => {
  const map = secondOrderFlowMap(law.velocity, network);

  it("has the golden value", () => {
    expectValues(map(xs, s, t), [0.9025851223, -1.1214675283], 1e-10);
  });

  it("is the identity at s = t with the exact velocity for every network", () => {
    expectValues(map(xs, s, s), valuesOf(xs), 0);
    expectValues(slopeAt(map, s), valuesOf(law.velocity(xs, s)), 1e-15);
    // control: the first-order form of the same network does not
    expect(
      sub(slopeAt(firstOrderFlowMap(network), s), law.velocity(xs, s))
        .abs()
        .max()
        .item(),
    ).toBeGreaterThan(0.05);
  });

  it("without a correction is Euler's step", () => {
    const bare = secondOrderFlowMap(law.velocity, (x) => x.mul(0));
    expectValues(bare(xs, s, t), valuesOf(solverFlowMap(law.velocity, { solver: "euler", steps: 1 })(xs, s, t)), 1e-15);
  });

  it("derives in s through the velocity: du/ds = dv/ds − n + (t − s)·dn/ds", () => {
    const u = secondOrderVelocity(law.velocity, network);
    const along = (f: (x: Tensor, a: Tensor) => Tensor) => jvp(f, [xs, s], [law.velocity(xs, s), tensor(1)])[1];
    const dv = along((x, a) => law.velocity(x, a));
    const dn = along((x, a) => network(x, a, t));
    const expected = dv.sub(network(xs, s, t)).add(sub(t, s).mul(dn));
    expectValues(
      along((x, a) => u(x, a, t)),
      valuesOf(expected),
      1e-14,
    );
  });

  it("with the exact correction is the exact map, whose limit is half the acceleration", () => {
    const n = (x: Tensor, a: Tensor, b: Tensor) => sub(law.averageVelocity(x, a, b), law.velocity(x, a)).div(sub(b, a));
    expectValues(secondOrderFlowMap(law.velocity, n)(xs, s, t), valuesOf(law.flowMap(xs, s, t)), 1e-14);
    const [, acceleration] = jvp(
      (x: Tensor, a: Tensor) => law.velocity(x, a),
      [xs, s],
      [law.velocity(xs, s), tensor(1)],
    );
    expectValues(n(xs, s, s.add(1e-6)), valuesOf(acceleration.mul(0.5)), 1e-5);
  });

  it("may take the velocity at the end time, where it also starts with the right one", () => {
    const late = secondOrderFlowMap(law.velocity, network, { velocityTime: "end" });
    expectValues(slopeAt(late, s), valuesOf(law.velocity(xs, s)), 1e-15);
    expect(
      sub(late(xs, s, t), map(xs, s, t))
        .abs()
        .max()
        .item(),
    ).toBeGreaterThan(0.01);
  });
});

describe("CTM's form", () => {
  it("is the mean of where x is and what is predicted", () => {
    const expected = xs.mul(0.3 / 0.8).add(network(xs, s, t).mul(0.5 / 0.8));
    expectValues(ctmFlowMap(network)(xs, s, t), valuesOf(expected), 1e-15);
  });

  it("with the denoiser leaves with the exact velocity", () => {
    const map = ctmFlowMap((x, a) => law.denoiser(x, a));
    expectValues(slopeAt(map, s), valuesOf(law.velocity(xs, s)), 1e-14);
    expectValues(ctmVelocity((x, a) => law.denoiser(x, a))(xs, s, s), valuesOf(law.velocity(xs, s)), 1e-14);
  });
});

describe("solverFlowMap", () => {
  it("solves, and its average velocity is the exact one", () => {
    const map = solverFlowMap(law.velocity, { solver: "rk4", steps: 40 });
    expectValues(map(xs, s, t), valuesOf(law.flowMap(xs, s, t)), 1e-8);
    expectValues(averageVelocityOf(map)(xs, s, t), valuesOf(law.averageVelocity(xs, s, t)), 1e-7);
    const golden = averageVelocityOf(law.flowMap)(xs, s, t);
    expectValues(golden, [0.4557908426, -0.2205858015], 1e-10);
  });
});

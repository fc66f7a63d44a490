import { grad } from "@pushforward/autodiff";
import { compile, concat, key, normal, squaredNorm, type Tensor, type TensorLike, tensor } from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  averageVelocityNetwork,
  type Conditions,
  dit,
  fromNamed,
  named,
  sinusoidalEmbedding,
  unet,
  velocityNetwork,
} from "../../src/index.ts";
import { numbersOf } from "../support/close.ts";

const image = [4, 4, 1] as const;
const perceptron = { dim: 16, classes: 3, width: 8, depth: 1, lastInit: "glorotNormal" } as const;
const transformer = { image, patch: 2, dim: 8, depth: 1, heads: 2, classes: 3, zeroOutputs: false } as const;
const convolutions = { image, width: 2, levels: [1], classes: 3, zeroOutputs: false } as const;

/** A network of any number of times, which are given as one list. */
interface Any {
  init(key: Tensor): never;
  apply(params: never, x: Tensor, ...rest: TensorLike[]): Tensor;
  startingAs(params: never): never;
}
const make = {
  velocityNetwork: (guidance: boolean) => velocityNetwork({ ...perceptron, guidance }),
  averageVelocityNetwork: (guidance: boolean) => averageVelocityNetwork({ ...perceptron, guidance }),
  dit: (guidance: boolean) => dit({ ...transformer, guidance }),
  "dit, of a velocity": (guidance: boolean) => dit({ ...transformer, times: 1, guidance }),
  unet: (guidance: boolean) => unet({ ...convolutions, guidance }),
} as unknown as Readonly<Record<string, (guidance: boolean) => Any>>;

const x = normal(key(1), [3, 16]);
const labels = tensor([0, 2, 1], { dtype: "int32" });
const scales = tensor([[1], [2.5], [8]]);
const close = { rtol: 1e-12, condition: 1 } as const;
const largest = (y: Tensor): number => Math.max(...numbersOf(y).map(Math.abs));

describe.each(Object.entries(make))("the scale of guidance in %s", (name, made) => {
  const net = made(true);
  const params = net.init(key(0));
  const times = name.includes("elocity") && name !== "averageVelocityNetwork" ? [0.3] : [0.3, 0.8];
  const at = (...conditions: Conditions): Tensor => net.apply(params, x, ...times, ...conditions);

  it("belongs to its row, is 1 where it is left out, and changes the result", () => {
    const all = at(labels, scales);
    expectSameBits(at(labels), at(labels, 1));
    expectSameBits(at(labels, 3), at(labels, tensor([[3], [3], [3]])));
    for (const row of [0, 1, 2]) {
      const own = at(labels, scales.slice(row).item()).slice(row);
      expectClose(own, all.slice(row), close);
    }
    expect(largest(all.sub(at(labels)).slice(2))).toBeGreaterThan(1e-4);
    expectClose(compile(at)(labels, scales), all, close);
  });

  it("changes nothing in a network that starts as one without it, until the first update", () => {
    const plain = made(false);
    const taught = plain.init(key(3));
    const student = net.startingAs(taught);
    const value = (omega: number): Tensor => net.apply(student, x, ...times, labels, omega);
    expectSameBits(value(7), value(1));
    expectClose(value(7), plain.apply(taught, x, ...times, labels), close);
    const loss = (p: never): Tensor => squaredNorm(net.apply(p, x, ...times, labels, 7).sub(1)).mean();
    const slopes = named(grad(loss)(student));
    const moved = named(student);
    const next = fromNamed(
      Object.fromEntries(Object.entries(moved).map(([path, p]) => [path, p.sub(slopes[path].mul(0.1))])),
      student,
    );
    const after = (omega: number): Tensor => net.apply(next, x, ...times, labels, omega);
    expect(largest(after(7).sub(after(1)))).toBeGreaterThan(1e-7);
  });

  it("is refused where it is not positive, of another shape, or not taken", () => {
    expect(() => at(labels, 0)).toThrow("the scale of guidance must be positive, got 0");
    expect(() => at(labels, tensor([[1], [Number.NaN], [2]]))).toThrow(
      "the scale of guidance must be positive, got NaN",
    );
    expect(() => at(labels, tensor([1, 2, 3]))).toThrow(
      "the scale of guidance must be a scalar or [3, 1] for x [3, 16], got [3]",
    );
    const plain = made(false);
    expect(() => plain.apply(plain.init(key(0)), x, ...times, labels, 2)).toThrow(
      "a scale of guidance needs an input for it, got none; make the network with { guidance: true }",
    );
  });
});

describe("the input of a scale", () => {
  it("is the embedding of 1 − 1/ω, in the last rows of a perceptron", () => {
    const net = averageVelocityNetwork({ ...perceptron, depth: 0, guidance: true });
    const params = net.init(key(4));
    const weight = params.layers[0].weight.slice([-16, undefined as never]);
    const { embed } = sinusoidalEmbedding();
    const gap = net.apply(params, x, 0.2, 0.9, labels, 4).sub(net.apply(params, x, 0.2, 0.9, labels));
    const moved = (from: number): Tensor =>
      embed(tensor([[from]]))
        .sub(embed(tensor([[0]])))
        .matmul(weight);
    expectClose(gap, concat([moved(0.75), moved(0.75), moved(0.75)], 0), close);
    // Control: the embedding of 1/ω is another one.
    expect(largest(gap.slice(0).sub(moved(0.25).slice(0)))).toBeGreaterThan(1e-3);
  });

  it("needs classes", () => {
    const message = "guidance needs classes, got none; give the number of classes or leave guidance out";
    expect(() => velocityNetwork({ dim: 2, guidance: true })).toThrow(`velocityNetwork: ${message}`);
    expect(() => dit({ ...transformer, classes: undefined, guidance: true })).toThrow(`dit: ${message}`);
    expect(() => unet({ ...convolutions, classes: undefined, guidance: true })).toThrow(`unet: ${message}`);
    expect(() => dit({ ...transformer, guidance: "yes" as never })).toThrow("dit: guidance must be");
  });
});

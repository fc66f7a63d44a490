import { compile, key, normal, type Tensor, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { averageVelocityNetwork, type MlpParams, mlp, velocityNetwork } from "../../src/index.ts";
import { expectWithin } from "../support/close.ts";

describe("mlp", () => {
  it("computes affine layers with the activation between them and none at the end", () => {
    const net = mlp({ sizes: [2, 2, 1], activation: "tanh" });
    const params = {
      layers: [
        {
          weight: tensor([
            [0.5, -1],
            [0.25, 2],
          ]),
          bias: tensor([0.1, -0.2]),
        },
        { weight: tensor([[3], [-0.5]]), bias: tensor([0.7]) },
      ],
    };
    const by = (x: number, y: number): number =>
      3 * Math.tanh(0.5 * x + 0.25 * y + 0.1) - 0.5 * Math.tanh(-x + 2 * y - 0.2) + 0.7;
    expectWithin(
      net.apply(
        params,
        tensor([
          [1, 2],
          [-0.3, 0.4],
        ]),
      ),
      [by(1, 2), by(-0.3, 0.4)],
      1e-14,
    );
  });

  it("is a plain tree of weights [in, out] and biases [out] in one dtype", () => {
    const params = mlp({ sizes: [3, 5, 2] }).init(key(0), { dtype: "float32" });
    expect(params.layers.map(({ weight, bias }) => [weight.shape, bias.shape])).toEqual([
      [[3, 5], [5]],
      [[5, 2], [2]],
    ]);
    expect(params.layers.every(({ weight, bias }) => weight.dtype === "float32" && bias.dtype === "float32")).toBe(
      true,
    );
  });

  it("starts as the zero function when the last layer starts at zeros", () => {
    const x = normal(key(1), [4, 3]);
    const zero = mlp({ sizes: [3, 5, 2], lastInit: "zeros" });
    expectWithin(zero.apply(zero.init(key(0)), x), new Array(8).fill(0), 0);
    const other = mlp({ sizes: [3, 5, 2] });
    expect(() => expectWithin(other.apply(other.init(key(0)), x), new Array(8).fill(0), 0)).toThrow();
  });

  it("gives layers different weights, and the same key the same bits", () => {
    const net = mlp({ sizes: [4, 4, 4] });
    const { layers } = net.init(key(5));
    expect([...layers[0].weight.dataSync()]).not.toEqual([...layers[1].weight.dataSync()]);
    expectSameBits(net.init(key(5)), net.init(key(5)));
  });

  it("compiles, initialiser included, to the same bits", () => {
    const net = mlp({ sizes: [2, 8, 2], activation: "gelu" });
    const run = (k: ReturnType<typeof key>) => {
      const params = net.init(k, { dtype: "float32" });
      return { params, out: net.apply(params, tensor([[0.5, -1]], { dtype: "float32" })) };
    };
    expectSameBits(compile(run)(key(7)), run(key(7)));
  });

  it("names what is wrong with its settings and its input", () => {
    expect(() => mlp({ sizes: [2] })).toThrow("mlp: sizes must be at least two positive whole numbers, got [2]");
    expect(() => mlp({ sizes: [2, 2], activation: "swish" as "silu" })).toThrow(
      'mlp: activation must be one of silu, gelu, tanh, softplus, got "swish"',
    );
    const net = mlp({ sizes: [3, 1] });
    expect(() => net.apply(net.init(key(0)), tensor([[1, 2]]))).toThrow(
      "mlp: the last axis must have size 3, got [1, 2]",
    );
  });
});

describe("apply without fitting parameters", () => {
  const x = tensor([[1, 2]]);
  const plain = mlp({ sizes: [2, 4, 2] });
  const [velocity, average] = [velocityNetwork({ dim: 2, depth: 1 }), averageVelocityNetwork({ dim: 2, depth: 1 })];
  const networks = [
    ["mlp", plain.init(key(0)), plain.apply],
    ["velocityNetwork", velocity.init(key(0)), (p: MlpParams, y: Tensor) => velocity.apply(p, y, 0.5)],
    ["averageVelocityNetwork", average.init(key(0)), (p: MlpParams, y: Tensor) => average.apply(p, y, 0, 0.5)],
  ] as const;

  it.each(networks)("%s names what it got", (name, params, apply) => {
    const call = apply as (p: unknown, y: unknown) => Tensor;
    for (const [wrong, got] of [
      [undefined, "undefined"],
      [null, "null"],
      [x, "a tensor [1, 2]"],
      [{}, "object"],
      [3, "number"],
    ] as const) {
      const f = (): Tensor => call(wrong, x);
      expect(f).toThrow(`${name}: apply takes the parameters first, { layers } as init(key) makes them, got ${got}`);
      expect(f).toThrow(expect.objectContaining({ name: "DTypeError" }));
    }
    expect(() => call({ layers: [] }, x)).toThrow(`${name}: layers must have 2 entries, got 0`);
    expect(() => call({ layers: [{}, {}] }, x)).toThrow(`${name}: layers.0.weight must be a tensor`);
    const [first, second] = params.layers;
    expect(() => call({ layers: [first, { ...second, bias: x }] }, x)).toThrow(
      `${name}: layers.1.bias must be [2], got [1, 2]`,
    );
    expect(() => call({ layers: [second, first] }, x)).toThrow(`${name}: layers.0.weight must be [`);
    expect(() => call(params, undefined)).toThrow(`${name}: x must be a tensor`);
    expect(() => call(params, [[1, 2]])).toThrow(expect.objectContaining({ name: "DTypeError" }));
    expect(() => call(params, tensor([[1, 2, 3]]))).toThrow(expect.objectContaining({ name: "ShapeError" }));
    expect(() => call(params, tensor([[1, 2]], { dtype: "float32" }))).toThrow(
      expect.objectContaining({ name: "DTypeError" }),
    );
    expect(call(params, x).shape).toEqual([1, 2]);
  });

  it("names settings that are not counts", () => {
    for (const depth of [-1, 1.5, Number.NaN]) {
      expect(() => velocityNetwork({ dim: 2, depth })).toThrow(
        `velocityNetwork: depth must be a whole number ≥ 0, got ${depth}`,
      );
    }
    expect(() => averageVelocityNetwork({ dim: 0 })).toThrow(
      "averageVelocityNetwork: dim must be a whole number ≥ 1, got 0",
    );
    expect(() => velocityNetwork({ dim: 2, width: 1.5 })).toThrow(
      "velocityNetwork: width must be a whole number ≥ 1, got 1.5",
    );
    expect(() =>
      velocityNetwork({ dim: 2, embedding: { kind: "sinusoidal", maxFrequency: Number.POSITIVE_INFINITY } }),
    ).toThrow("maxFrequency must be at least 1, got Infinity; it must be finite");
  });
});

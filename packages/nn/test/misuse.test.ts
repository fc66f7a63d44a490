import { key, tensor } from "@pushforward/tensor";
import { callOf, faultsOf, type MisuseTable, validCall, whole, withoutRow } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import * as api from "../src/index.ts";

const x = tensor([
  [1, 2],
  [0.5, -1],
  [0.2, 0.3],
]);
const params = { a: tensor([1, 2]), b: [tensor(3)] };
const net = api.velocityNetwork({ dim: 2, width: 4, depth: 1 });
const perceptron = api.mlp({ sizes: [2, 3, 1] });

const pictures = tensor([1, 2, 3, 4, 5, 6, 7, 8]).reshape([2, 2, 2, 1]);
const labels = tensor([0, 2], { dtype: "int32" });
const transformer = api.dit({ image: [2, 2, 1], patch: 1, dim: 4, depth: 1, heads: 2, classes: 2 });

const convolutions = api.unet({ image: [2, 2, 1], width: 1, levels: [1], classes: 2 });

/** The layers that take floats: settings, and the input. */
const layerCalls = {
  linear: [{ in: 2, out: 3, bias: true, init: "zeros" }, x],
  layerNorm: [{ dim: 2, epsilon: 1e-3, affine: true }, x],
  rmsNorm: [{ dim: 2, epsilon: 1e-3 }, x],
  groupNorm: [{ channels: 2, groups: 2, epsilon: 1e-3 }, x],
  attention: [{ dim: 2, heads: 2, qkNorm: true }, x],
  embedding: [{ count: 3, dim: 2 }, labels],
  conv: [
    { in: 1, out: 2, kernel: [1, 2], stride: 2, padding: "valid", dilation: 1, bias: true, init: "zeros" },
    pictures,
  ],
} as const satisfies Record<api.LayerName, readonly [object, unknown]>;

type AnyLayer = (options: object) => api.Layer<never, readonly [unknown]>;

/** Every layer: its settings, its starting values, and its function. */
const ofLayers: MisuseTable = Object.fromEntries(
  Object.entries(layerCalls).flatMap(([name, [options, input]]) => {
    const make = api.layers[name as api.LayerName] as unknown as AnyLayer;
    const layer = make(options);
    return [
      [`layers.${name}`, validCall([options], (l) => l.apply(l.init(key(0)), input), { f: make })],
      [`layers.${name}.init`, validCall([key(0), { dtype: "float32" }], undefined, { f: layer.init })],
      [`layers.${name}.apply`, validCall([layer.init(key(0)), input], undefined, { f: layer.apply })],
    ];
  }),
);

const average = api.ema();
const set = api.emaSet({ short: { halfLife: 2 } });

/** One update. */
const step = (optimizer: api.Optimizer): unknown => optimizer.update(params, optimizer.init(params), params);

const table: MisuseTable = {
  ...ofLayers,
  ...Object.fromEntries(
    Object.entries(api.initializers).map(([name, f]) => [
      `initializers.${name}`,
      validCall([key(0), [2, 3], { dtype: "float32" }], undefined, { f, unread: name === "zeros" ? ["0"] : [] }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(api.initializers).map(([name, f]) => [
      `initializers.${name}, of a kernel`,
      validCall([key(0), [3, 3, 2, 4], { dtype: "float32" }], undefined, { f, unread: name === "zeros" ? ["0"] : [] }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(api.activations).map(([name, f]) => [`activations.${name}`, validCall([x], undefined, { f })]),
  ),
  adam: validCall([{ learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }], step),
  adamW: validCall([{ learningRate: 0.1, weightDecay: 0.1 }], step),
  sgd: validCall([{ learningRate: 0.1, momentum: 0.9, nesterov: true }], step),
  "sgd, without momentum": validCall([{ learningRate: 0.1, momentum: 0 }], step),
  averageVelocityNetwork: validCall(
    [
      {
        dim: 2,
        classes: 2,
        guidance: true,
        width: 4,
        depth: 1,
        activation: "tanh",
        init: "heNormal",
        lastInit: "zeros",
        embedding: { kind: "fourier", size: 4 },
      },
    ],
    (n) => n.apply(n.init(key(0)), x, 0.1, 0.2),
  ),
  velocityNetwork: validCall(
    [{ dim: 2, width: 4, depth: 1, activation: "tanh", lastInit: "zeros", embedding: { kind: "sinusoidal", size: 4 } }],
    (n) => n.apply(n.init(key(0)), x, 0.1),
  ),
  "velocityNetwork.apply": validCall([net.init(key(0)), x, 0.1], undefined, { f: net.apply }),
  "velocityNetwork.init": validCall([key(0), { dtype: "float32" }], undefined, { f: net.init }),
  "mlp.apply": validCall([perceptron.init(key(0)), x], undefined, { f: perceptron.apply }),
  "mlp.init": validCall([key(0), { dtype: "float32" }], undefined, { f: perceptron.init }),
  clipByGlobalNorm: validCall([params, 1], undefined, { unread: ["0"] }),
  globalNorm: validCall([params], undefined, { unread: ["0"] }),
  withClipping: validCall([whole(api.sgd({ learningRate: 0.1 })), 1], step),
  constant: validCall([0.1], (s) => s(tensor(2))),
  cosine: validCall([{ peak: 1, final: 0.1, steps: 10 }], (s) => s(tensor(2))),
  linear: validCall([{ from: 1, to: 0.1, steps: 10 }], (s) => s(tensor(2))),
  inverseSquareRoot: validCall([{ peak: 1, steps: 10 }], (s) => s(tensor(2))),
  product: validCall([api.constant(1), api.constant(2)], (s) => s(tensor(2))),
  sequence: validCall([[{ schedule: api.constant(1), steps: 3 }], api.constant(2)], (s) => s(tensor(2))),
  warmup: validCall([{ peak: 1, steps: 10 }], (s) => s(tensor(2))),
  warmupCosine: validCall([{ peak: 1, warmup: 10, steps: 20 }], (s) => s(tensor(2))),
  ema: validCall([{ decay: 0.9, warmup: true }], (e) => e.update(e.init(params), params)),
  "ema, with a half-life": validCall([{ halfLife: 10 }], (e) => e.update(e.init(params), params)),
  emaSet: validCall([{ short: { halfLife: 10 }, long: { decay: 0.9 } }], (e) => e.update(e.init(params), params)),
  "ema.update": validCall([average.init(params), params], undefined, { f: average.update }),
  "emaSet.update": validCall([set.init(params), params], undefined, { f: set.update }),
  dit: validCall(
    [
      {
        ...{ image: [2, 2, 1], patch: 1, dim: 4, depth: 1, heads: 2, mlpRatio: 2, classes: 2, times: 2, qkNorm: true },
        ...{ guidance: true, zeroOutputs: false, checkpoint: false, embedding: { kind: "timestep", size: 4 } },
      },
    ],
    (n) => n.apply(n.init(key(0)), pictures.reshape([2, 4]), 0.1, 0.5, labels, 2),
  ),
  "dit.init": validCall([key(0), { dtype: "float32" }], undefined, { f: transformer.init }),
  "dit.apply": validCall([transformer.init(key(0)), pictures.reshape([2, 4]), 0.1, 0.5, labels], undefined, {
    f: transformer.apply,
  }),
  unet: validCall(
    [
      {
        ...{ image: [2, 2, 1], width: 2, levels: [1, 2], groups: 1, classes: 2, times: 2 },
        ...{ guidance: true, checkpoint: false, zeroOutputs: false, embedding: { kind: "timestep", size: 4 } },
      },
    ],
    (n) => n.apply(n.init(key(0)), pictures.reshape([2, 4]), 0.1, 0.5, labels),
  ),
  "unet.init": validCall([key(0), { dtype: "float32" }], undefined, { f: convolutions.init }),
  "unet.apply": validCall([convolutions.init(key(0)), pictures.reshape([2, 4]), 0.1, 0.5, labels], undefined, {
    f: convolutions.apply,
  }),
  named: validCall([params], undefined, { unread: ["0"] }),
  fromNamed: validCall([api.named(params), params], undefined, { unread: ["1"] }),
  importTorch: validCall(
    [{ "fc.weight": x }, { rename: { fc: "layers.0", old: null }, transpose: { other: false, "layers.0": [1, 0] } }],
    undefined,
    { unread: ["1.rename.old", "1.transpose.other"] },
  ),
  patchify: validCall([pictures, 2]),
  unpatchify: validCall([pictures.reshape([2, 1, 4]), [2, 2, 1], 2]),
  upsample: validCall([pictures, 2]),
  averagePool: validCall([pictures, 2]),
  positions2d: validCall([[2, 3], 4, { dtype: "float32" }]),
  timestepEmbedding: validCall([{ size: 4, maxPeriod: 100, scale: 2 }], (e) => e.embed(tensor([[0.5]]))),
  fourierEmbedding: validCall([{ size: 4 }], (e) => e.embed(tensor([[0.5]]))),
  sinusoidalEmbedding: validCall([{ size: 4 }], (e) => e.embed(tensor([[0.5]]))),
  makeEmbedding: validCall([{ kind: "fourier", size: 4 }], (e) => e.embed(tensor([[0.5]]))),
  mlp: validCall([{ sizes: [2, 3, 1], activation: "tanh", init: "heNormal", lastInit: "zeros" }], (n) =>
    n.apply(n.init(key(0)), x),
  ),
};

describe("arguments that TypeScript would refuse", () => {
  it("are tested for every exported function: a new function needs a row", () => {
    expect(withoutRow(api, table, [])).toEqual([]);
  });

  it.each(Object.entries(table))("%s takes its valid call", (name, row) => {
    expect(() => callOf(api, name, row)(...row.args)).not.toThrow();
  });

  it.each(Object.entries(table))("%s refuses them by an error class of the framework", (name, row) => {
    expect(faultsOf(api, name, row)).toEqual([]);
  });

  it("are named with the operation, the setting and its range", () => {
    expect(() => api.adam({ learningRate: Number.NaN })).toThrow(
      "adam: learningRate must be finite and at least 0, got NaN",
    );
    expect(() => api.adamW({ learningRate: 1, beta1: 1 })).toThrow("adamW: beta1 must be in [0, 1), got 1");
    expect(() => api.sgd(undefined as never)).toThrow("sgd: the options must be an object, got undefined");
    expect(() => api.sgd({ lr: 0.1 } as never)).toThrow(
      "sgd: learningRate must be finite and at least 0, got undefined",
    );
  });
});

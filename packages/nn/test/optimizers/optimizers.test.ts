import { vjp } from "@pushforward/autodiff";
import { compile, key, normal, type Tensor, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { adam, adamW, cosine, type Optimizer, type OptimizerName, optimizers, sgd } from "../../src/index.ts";
import { expectWithin } from "../support/close.ts";

const start = [1, -2, 0.5];
const gradients = [
  [0.5, -0.25, 0],
  [0.1, 1.5, -0.2],
  [-0.3, 0.75, 0.4],
];

/** Parameters after each of the three updates. */
function path(optimizer: Optimizer, dtype: "float64" | "float32" = "float64"): Tensor[] {
  let params: Tensor = tensor(start, { dtype });
  let state = optimizer.init(params);
  return gradients.map((g) => {
    [params, state] = optimizer.update(tensor(g, { dtype }), state, params);
    return params;
  });
}

/** @source PyTorch's single-tensor formulas of torch.optim.{SGD, Adam, AdamW}, evaluated in double precision */
const golden: { name: string; optimizer: Optimizer; values: number[][] }[] = [
  {
    name: "sgd with momentum 0.9",
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
    values: [
      [0.95, -1.975, 0.5],
      [0.895, -2.1025, 0.52],
      [0.8755, -2.29225, 0.498],
    ],
  },
  {
    name: "sgd with Nesterov momentum 0.9",
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    values: [
      [0.905, -1.9525, 0.5],
      [0.8455, -2.21725, 0.538],
      [0.85795, -2.463025, 0.4782],
    ],
  },
  {
    name: "adam",
    optimizer: adam({ learningRate: 0.1 }),
    values: [
      [0.900000002, -1.9000000039999998, 0.5],
      [0.8196959063846517, -1.9623918700665635, 0.5744136770961723],
      [0.798624611763508, -2.0339100511558197, 0.542985061363516],
    ],
  },
  {
    name: "adamW",
    optimizer: adamW({ learningRate: 0.1 }),
    values: [
      [0.899000002, -1.8980000039999998, 0.4995],
      [0.8177969063826517, -1.9584938700625634, 0.5734141770961723],
      [0.7959078148551253, -2.028053557281757, 0.5414121471864197],
    ],
  },
  {
    name: "adamW with non-default settings",
    optimizer: adamW({ learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1 }),
    values: [
      [0.98900001999996, -1.98800003999984, 0.4995],
      [0.9802140478068957, -1.9926485617361072, 0.5067583569691387],
      [0.9780198956896851, -1.998118750523894, 0.502518237508909],
    ],
  },
];

describe("golden values", () => {
  it.each(golden)("$name follows PyTorch's formulas", ({ optimizer, values }) => {
    for (const [i, params] of path(optimizer).entries()) expectWithin(params, values[i], 2e-13);
    for (const [i, params] of path(optimizer, "float32").entries()) expectWithin(params, values[i], 5e-7);
  });

  it("a plain decay inside the gradient is not AdamW", () => {
    const params = tensor(start);
    const optimizer = adam({ learningRate: 0.1 });
    const [next] = optimizer.update(tensor(gradients[0]).add(params.mul(0.01)), optimizer.init(params), params);
    expect(() => expectWithin(next, golden[3].values[0], 1e-6)).toThrow();
  });
});

const table = Object.keys(optimizers) as OptimizerName[];
const make = (name: OptimizerName): Optimizer =>
  name === "sgd" ? sgd({ learningRate: 0.05, momentum: 0.9 }) : optimizers[name]({ learningRate: 0.05 });

describe.each(table)("%s", (name) => {
  const params = { layers: [{ weight: normal(key(0), [2, 3]), bias: normal(key(1), [3]) }], scale: tensor(0.5) };
  const grads = { layers: [{ weight: normal(key(2), [2, 3]), bias: normal(key(3), [3]) }], scale: tensor(-1.5) };

  it("moves against the gradient at first, and does not change its arguments", () => {
    const before = [...params.layers[0].weight.dataSync()];
    const optimizer = name === "adamW" ? adamW({ learningRate: 0.05, weightDecay: 0 }) : make(name);
    const [next, state] = optimizer.update(grads, optimizer.init(params), params);
    expect(next.scale.item()).toBeGreaterThan(0.5);
    const moves = [...next.layers[0].weight.dataSync()].map((value, i) => value - before[i]);
    const slopes = [...grads.layers[0].weight.dataSync()];
    expect(moves.map(Math.sign)).toEqual(slopes.map((slope) => -Math.sign(slope)));
    expect([...params.layers[0].weight.dataSync()]).toEqual(before);
    expectWithin(state.step, [1], 0);
  });

  it("is a pure function of trees: compiled three times it gives the bits of eager mode", () => {
    const optimizer = make(name);
    const compiled = compile(optimizer.update) as typeof optimizer.update;
    let [a, b] = [params, params];
    let [stateA, stateB] = [optimizer.init(params), optimizer.init(params)];
    for (let i = 0; i < 3; i++) {
      [a, stateA] = optimizer.update(grads, stateA, a);
      [b, stateB] = compiled(grads, stateB, b);
      expectSameBits([b, stateB], [a, stateA]);
    }
  });

  it("keeps the dtype of the parameters, also in its state", () => {
    const optimizer = make(name);
    const [p, g] = [tensor([1, 2], { dtype: "float32" }), tensor([3, -4], { dtype: "float32" })];
    const [next, state] = optimizer.update(g, optimizer.init(p), p);
    expect([next, state.step, ...Object.values(state.slots)].map((x) => x.dtype)).toEqual(
      new Array(2 + Object.keys(state.slots).length).fill("float32"),
    );
  });

  it("finds the minimum of a quadratic", () => {
    const scales = tensor([1, 4, 0.5]);
    const target = tensor([1, -2, 3]);
    const schedule = cosine({ peak: 0.1, steps: 400 });
    const optimizer =
      name === "sgd"
        ? sgd({ learningRate: schedule, momentum: 0.9 })
        : optimizers[name]({ learningRate: schedule, ...(name === "adamW" && { weightDecay: 0 }) });
    const step = compile((p: Tensor, state: ReturnType<typeof optimizer.init<Tensor>>) =>
      optimizer.update(scales.mul(p.sub(target)), state, p),
    );
    let params: Tensor = tensor([0, 0, 0]);
    let state = optimizer.init(params);
    for (let i = 0; i < 400; i++) [params, state] = step(params, state);
    expectWithin(params, [1, -2, 3], 1e-4);
  });

  it("takes a learning rate for one update, which does not retrace", () => {
    const optimizer = make(name);
    const params = tensor([1, 2]);
    const state = optimizer.init(params);
    expectSameBits(optimizer.update(tensor([1, 1]), state, params, { learningRate: 0 })[0], params);
    let traces = 0;
    const step = compile((eta: Tensor) => {
      traces++;
      return optimizer.update(tensor([1, 1]), state, params, { learningRate: eta })[0];
    });
    for (const eta of [0.1, 0.2, 0.3]) {
      expectSameBits(
        step(tensor(eta)),
        optimizer.update(tensor([1, 1]), state, params, { learningRate: tensor(eta) })[0],
      );
    }
    expect(traces).toBe(1);
  });

  it("does not change int32 and bool parameters, whose gradient is null, as in vjp", () => {
    const optimizer = make(name);
    const mixed = { w: tensor([1, 2]), n: tensor([3], { dtype: "int32" }), deep: { mask: tensor([true, false]) } };
    const [[gradient]] = [vjp((p: typeof mixed) => p.w.mul(p.n.cast("float64")).sum(), [mixed])[1](1)];
    expect([gradient.n, gradient.deep.mask]).toEqual([null, null]);
    const [alone] = optimizer.update(gradient.w, optimizer.init(mixed.w), mixed.w);
    for (const backend of ["reference", "wasm"] as const) {
      const step = compile(
        (state: ReturnType<typeof optimizer.init<typeof mixed>>, p: typeof mixed) =>
          optimizer.update({ ...gradient, deep: null }, state, p),
        { backend },
      );
      const [next, state] = step(optimizer.init(mixed), mixed);
      expectSameBits(next, { ...mixed, w: alone });
      expectSameBits(step(state, next)[0].n, mixed.n);
    }
  });

  it("refuses the state of other parameters, and a rate that is not a single number", () => {
    const optimizer = make(name);
    const [small, large] = [tensor([1]), tensor([1, 2])];
    expect(() => optimizer.update(large, optimizer.init(small), large)).toThrow(
      "in the state of the parameters must have shape [2], got [1]",
    );
    expect(() => optimizer.update(large, optimizer.init(large), large, { learningRate: tensor([1, 2]) })).toThrow(
      `${name}: the learning rate must be one number, got [2]`,
    );
  });

  it.each<[string, unknown, string]>([
    ["null for a float leaf", { w: null, n: null }, 'the gradient of leaf "w" must be a tensor, got null'],
    ["null for all", null, 'the gradient of leaf "w" must be a tensor, got null'],
    [
      "a missing key",
      { w: tensor([1, 1]) },
      'must be an object with "n", "w", got an object with "w"; leaf "n" is missing',
    ],
    ["undefined", { w: undefined, n: null }, 'the gradient of leaf "w" must be a tensor or null, got undefined'],
    ["another shape", { w: tensor(1), n: null }, 'the gradient of leaf "w" must have shape [2], got []'],
    ["another dtype", { w: tensor([1, 1], { dtype: "float32" }), n: null }, 'the gradient of leaf "w" must be float64'],
    ["a gradient of int32", { w: tensor([1, 1]), n: tensor([1]) }, 'leaf "n" is int32 and has no gradient; pass null'],
  ])("refuses %s as gradients", (_, wrong, message) => {
    const optimizer = make(name);
    const mixed = { w: tensor([1, 2]), n: tensor([3], { dtype: "int32" }) };
    const update = (grads: unknown) => optimizer.update(grads as never, optimizer.init(mixed), mixed);
    expect(() => update(wrong)).toThrow(`${name}: `);
    expect(() => update(wrong)).toThrow(message);
  });

  it("names the leaf without a gradient", () => {
    const optimizer = make(name);
    const broken = { layers: [{ weight: grads.layers[0].weight }], scale: grads.scale };
    expect(() => optimizer.update(broken as typeof grads, optimizer.init(params), params)).toThrow("layers[0].bias");
  });
});

describe("gradients whose squares leave the range", () => {
  it.each([
    ["float32", [1e18, 3e19, 1e38]],
    ["float64", [1e150, 1e160, 1e308]],
  ] as const)(
    "move parameters by one learning rate in %s; infinite gradients make the parameters NaN",
    (dtype, sizes) => {
      const optimizer = adam({ learningRate: 0.1 });
      const params: Tensor = tensor([0, 0, 0], { dtype });
      const step = (g: readonly number[]): Tensor =>
        optimizer.update(tensor([...g], { dtype }), optimizer.init(params), params)[0];
      for (const run of [step, (g: readonly number[]) => compile(() => step(g), { backend: "wasm" })()]) {
        expectWithin(run(sizes), [-0.1, -0.1, -0.1], 1e-7);
        expectWithin(run(sizes.map((x) => -x)), [0.1, 0.1, 0.1], 1e-7);
        expect([...run([Infinity, -Infinity, Number.NaN]).dataSync()]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
      }
    },
  );
});

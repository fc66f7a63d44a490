import { expectClose, expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  BackendError,
  type BackendName,
  compile,
  gather,
  ones,
  type Tensor,
  tensor,
  trace,
  zeros,
} from "../src/index.ts";

/** A function that counts how often it is run in person: by compile, once for every trace. */
function counted<Args extends unknown[], Out>(
  f: (...args: Args) => Out,
): { f: (...args: Args) => Out; runs: () => number } {
  let runs = 0;
  return {
    f: (...args) => {
      runs++;
      return f(...args);
    },
    runs: () => runs,
  };
}

const x = tensor([1, 2, 3]);

describe("compile", () => {
  it.each(["float64", "float32"] as const)(
    "computes the same bits as the function on random programs in %s",
    (dtype) => {
      forAll(
        randomPrograms({ dtype, kinds: ["smooth", "kinky", "discrete", "stop"], steps: 12 }),
        ({ f, inputs }) => {
          const compiled = compile(f);
          expectSameBits(compiled(...inputs), f(...inputs));
          const others = inputs.map((input) => input.mul(-0.5));
          expectSameBits(compiled(...others), f(...others));
        },
        { runs: 300 },
      );
    },
  );

  it("traces once per structure, shapes, dtypes and weak flags", () => {
    const { f, runs } = counted((tree: unknown, n: unknown) => [tree, n]);
    const compiled = compile(f as (...args: unknown[]) => unknown);
    const calls: [unknown, unknown][] = [
      [{ a: x }, 1],
      [{ a: x.mul(2) }, 1],
      [{ b: x }, 1],
      [[x], 1],
      [[x.cast("float32")], 1],
      [[tensor([1, 2])], 1],
      [[x], tensor(1)],
      [[x], null],
      [{ a: tensor([9, 9, 9]) }, 7],
    ];
    const counts = calls.map((call) => {
      compiled(...call);
      return runs();
    });
    expect(counts).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 7]);
  });

  it("a number is an input: a new learning rate does not retrace", () => {
    const { f, runs } = counted((a: Tensor, rate: number) => a.mul(rate));
    const compiled = compile(f);
    expect([0.1, 0.2, 0.4].map((rate) => compiled(tensor(2), rate).item())).toEqual([0.2, 0.4, 0.8]);
    expect(runs()).toBe(1);
    expect(compiled(tensor(2, { dtype: "float32" }), 0.1).dtype).toBe("float32");
    expect(runs()).toBe(2);
  });

  it("bakes in what the function closes over", () => {
    let rate = 2;
    let bias = tensor([1, 1, 1]);
    const compiled = compile((a: Tensor) => a.mul(rate).add(bias));
    expect(compiled(x).toArray()).toEqual([3, 5, 7]);
    [rate, bias] = [100, x];
    expect(compiled(x).toArray()).toEqual([3, 5, 7]);
  });

  it("returns the tree of the function, with inputs and constants among the leaves", () => {
    const compiled = compile((tree: { w: Tensor; b: null }) => ({ w: tree.w, list: [tree.w.sum(), x], none: tree.b }));
    const out = compiled({ w: x, b: null });
    expect(out.w.toArray()).toEqual([1, 2, 3]);
    expect([out.list[0].item(), out.list[1].toArray(), out.none]).toEqual([6, [1, 2, 3], null]);
  });

  it("inside another transform simply runs the function, so it nests", () => {
    const inner = compile((a: Tensor) => a.sin());
    expect(trace((a: Tensor) => inner(a).mul(2))(x).equations.map((e) => e.primitive.name)).toEqual([
      "sin",
      "broadcastTo",
      "mul",
    ]);
    expectSameBits(compile((a: Tensor) => inner(a).mul(2))(x), x.sin().mul(2));
  });

  it("may call itself", () => {
    const halve: (a: Tensor, depth: { n: null }[]) => Tensor = compile((a: Tensor, depth: { n: null }[]) =>
      depth.length === 0 ? a : halve(a.mul(0.5), depth.slice(1)),
    );
    expect(halve(tensor(8), [{ n: null }, { n: null }, { n: null }]).item()).toBe(1);
  });

  it("works after an error in the function, and after one in a call", () => {
    let isBroken = true;
    const compiled = compile((a: Tensor) => {
      if (isBroken) throw new Error("mine");
      return a.add(1);
    });
    expect(() => compiled(x)).toThrow("mine");
    expect(x.add(1).toArray()).toEqual([2, 3, 4]);
    isBroken = false;
    expect(compiled(x).toArray()).toEqual([2, 3, 4]);
    expect(() => compiled("text" as never)).toThrow('compile: leaf "[0]" must be a tensor');
    expect(compiled(x).toArray()).toEqual([2, 3, 4]);
  });

  it("clamps indices that eager code refuses", () => {
    const pick = (a: Tensor, i: Tensor): Tensor => gather(a, i);
    const indices = tensor([-5, 1, 99], { dtype: "int32" });
    expect(() => pick(x, indices)).toThrow("gather: indices must lie in [0, 3), got -5 at position 0");
    expect(compile(pick)(x, indices).toArray()).toEqual([1, 2, 3]);
  });

  it("computes on empty and 0-d inputs", () => {
    const f = compile((a: Tensor) => a.mul(2).sum());
    expect([f(tensor([])).item(), f(tensor(3)).item(), f(tensor([[]])).item()]).toEqual([0, 6, 0]);
  });

  it("keeps the results of earlier calls", () => {
    const f = compile((a: Tensor) => a.add(1).mul(2));
    const first = f(x);
    f(x.mul(10));
    expect(first.toArray()).toEqual([4, 6, 8]);
  });

  it("keeps 64 signatures and traces the one used longest ago again", () => {
    const { f, runs } = counted((a: Tensor) => a);
    const compiled = compile(f);
    for (let n = 0; n < 65; n++) compiled(tensor(new Float64Array(n)));
    expect(runs()).toBe(65);
    compiled(tensor(new Float64Array(64)));
    expect(runs()).toBe(65);
    compiled(tensor([]));
    expect(runs()).toBe(66);
  });

  it("tells which kernels one run spends its time in, on backends that have kernels", () => {
    const f = (a: Tensor, b: Tensor): Tensor => a.matmul(b).sin().sum();
    const [a, b] = [ones([60, 50]), ones([50, 40])];
    const compiled = compile(f, { backend: "wasm" });
    const profile = compiled.profile(a, b);
    expect(profile.plan.kernels.map(({ kind }) => kind)).toEqual(["contract", "reduce"]);
    expect(profile.milliseconds).toHaveLength(2);
    for (const ms of profile.milliseconds) expect(ms).toBeGreaterThan(0);
    expect(profile.print()).toMatch(/^0 contract +59.2 kB +240 kFLOP .*s +[0-9.]+ % .*FLOP\/s .*B\/s$/m);
    expectClose(compiled(a, b), f(a, b));
    expect(compiled.report()).toMatchObject({ traces: 1, calls: 1 });
    expect(() => compile(f, { backend: "reference" }).profile(a, b)).toThrow(
      'profile: needs a backend that runs kernels synchronously, got "reference"; try wasm',
    );
  });

  it("says so when shapes keep changing, and in which argument", () => {
    const f = compile((a: { x: Tensor }, rate: number) => a.x.mul(rate).sum());
    for (let n = 1; n <= 12; n++) f({ x: zeros([n, 4]) }, 0.1 * n);
    expect(f.report().warning).toBe(
      "compile: shapes should seldom change, got 12 traces in 12 calls, 12 of at most 64 signatures kept; " +
        'lately leaf "[0].x" came as float64[11, 4], then as float64[12, 4]; pad to a few sizes, or compile the part whose sizes stay the same',
    );
    for (let i = 0; i < 40; i++) f({ x: zeros([12, 4]) }, i);
    expect(f.report().warning).toBeUndefined();
    for (let n = 0; n < 80; n++) f({ x: zeros([100 + n]) }, n);
    expect(f.report().warning).toContain("92 traces in 132 calls, 64 of at most 64 signatures kept");
    const g = compile((tree: unknown) => tree);
    for (let n = 1; n <= 8; n++) g(new Array(n).fill(x));
    expect(g.report().warning).toContain("the structure of the arguments differs from the one before");
  });

  it("does not take a few shapes, or many calls of some, for a fault", () => {
    const f = compile((a: Tensor) => a.sum());
    for (let round = 0; round < 5; round++) for (let n = 1; n <= 10; n++) f(zeros([n]));
    expect(f.report().warning).toBeUndefined();
    const g = compile((a: Tensor) => a.sum());
    for (let n = 1; n <= 7; n++) g(zeros([n]));
    expect(g.report().warning).toBeUndefined();
  });

  it("names the backends it knows", () => {
    expect(() => compile((a: Tensor) => a, { backend: "cuda" as BackendName })).toThrow(BackendError);
    expect(() => compile((a: Tensor) => a, { backend: "toString" as BackendName })).toThrow(
      'compile: backend must be one of wasm, reference, gpujs, auto, got "toString"',
    );
  });

  it("says what it has become", () => {
    const f = compile((a: Tensor) => a.mul(2).sum());
    for (const size of [3, 3, 4]) f(zeros([size]));
    expect(f.report()).toMatchObject({ backend: "reference", threads: 1, signatures: 2, traces: 2, calls: 3 });
    const g = compile((a: Tensor) => a.mul(2).sum(), { backend: "wasm" });
    g(zeros([3]));
    expect(g.report()).toMatchObject({ backend: "wasm", simd: expect.stringContaining("128 bits"), launches: 1 });
  });

  it("refuses an async function without an unhandled failure of its promise", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const failing = async (a: Tensor): Promise<Tensor> => {
      throw new Error(`of ${a}`);
    };
    expect(() => compile(failing as never)(...([x] as unknown as []))).toThrow(
      "compile: the argument or result is a Promise",
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

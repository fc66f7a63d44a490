import { compile, type Tensor, tensor } from "@pushforward/tensor";
import { expectClose, expectSameBits, richardson } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  collectStops,
  freezeStops,
  grad,
  hessian,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  stopCotangent,
  stopGradient,
  stopTangent,
  vjp,
  vmap,
  withStopHandler,
  withStops,
} from "../src/index.ts";

const at = tensor([0.3, -0.7, 1.1]) as Tensor;
const ones = tensor([1, 1, 1]);

describe("stopGradient", () => {
  it("changes no value and cuts every derivative, forward and reverse", () => {
    const f = (x: Tensor) => stopGradient(x.mul(x), "target");
    expectSameBits(f(at), at.mul(at));
    expectSameBits(jvp(f, [at], [ones])[1], [0, 0, 0]);
    expectSameBits(vjp(f, [at])[1](ones)[0], [0, 0, 0]);
    expectSameBits(linearize(f, [at])[1]([ones]), [0, 0, 0]);
  });

  it("cuts at every level of nesting", () => {
    const f = (x: Tensor) => stopGradient(x.mul(x), "target").mul(x).sum();
    // Only the last factor counts, at first order x², and nothing at second.
    expectSameBits(grad(f)(at), at.mul(at));
    for (const H of [hessian, (g: typeof f) => jacrev(jacrev(g)), (g: typeof f) => jacfwd(jacfwd(g))])
      expectSameBits((H(f)(at) as Tensor).abs().max(), 0);
    const inner = (x: Tensor) => jvp((y: Tensor) => stopGradient(x, "outer").mul(y), [x], [x])[1].sum();
    // d/dx of sg(x)·x, with the second x live: x.
    expectSameBits(grad(inner)(at), at);
  });

  it("takes trees, and leaves int32 and bool as they are", () => {
    const tree = { w: at, n: tensor([1], { dtype: "int32" }), nested: [at, null] };
    const stopped = stopGradient(tree, "ema");
    expect(stopped.n).toBe(tree.n);
    expect(stopped.nested[1]).toBe(null);
    expectSameBits(grad((w: Tensor) => stopGradient({ ...tree, w }, "ema").w.sum())(at), [0, 0, 0]);
  });

  it("works under vmap and compile, and inside checkpoint", () => {
    const f = (x: Tensor) => x.mul(stopGradient(x, "target")).sum();
    expectSameBits(vmap(grad((x: Tensor) => x.mul(stopGradient(x, "target"))))(at), at);
    expectSameBits(compile(grad(f))(at), at);
    expectSameBits(grad(compile(f))(at), at);
    expectSameBits(grad(checkpoint(f))(at), at);
  });
});

describe("stopTangent and stopCotangent", () => {
  it("cut in one mode only: probes, outside the laws", () => {
    const tangent = (x: Tensor) => stopTangent(x.mul(2), "probe");
    expectSameBits(jvp(tangent, [at], [ones])[1], [0, 0, 0]);
    expectSameBits(vjp(tangent, [at])[1](ones)[0], [2, 2, 2]);
    const cotangent = (x: Tensor) => stopCotangent(x.mul(2), "probe");
    expectSameBits(jvp(cotangent, [at], [ones])[1], [2, 2, 2]);
    expectSameBits(vjp(cotangent, [at])[1](ones)[0], [0, 0, 0]);
    for (const probe of [tangent, cotangent]) {
      expectSameBits(probe(at), at.mul(2));
      // So jacfwd and jacrev disagree, which no stopGradient can do.
      expect(
        (jacfwd(probe)(at) as Tensor)
          .sub(jacrev(probe)(at) as Tensor)
          .abs()
          .max()
          .item(),
      ).toBe(2);
    }
  });

  it("work under vmap and compile", () => {
    const f = (x: Tensor) => stopTangent(x, "a").mul(stopCotangent(x, "b"));
    expectSameBits(vmap((x: Tensor) => jvp(f, [x], [tensor(1)])[1])(at), at);
    expectSameBits(vmap(grad(f))(at), at);
    expectSameBits(compile((x: Tensor) => jvp(f, [x], [ones])[1])(at), at);
  });
});

describe("withStops", () => {
  const f = (x: Tensor) => stopGradient(x, "a").mul(stopGradient(x, "b")).mul(x);

  it("switches some labels off, and all of them with true", () => {
    const slope = (off: readonly string[] | true) => withStops(off, () => grad(f)(tensor(2)).item());
    expect(slope([])).toBe(4);
    expect(slope(["a"])).toBe(8);
    expect(slope(["a", "b"])).toBe(12);
    expect(slope(true)).toBe(12);
    expect(slope(["other"])).toBe(4);
  });

  it("nests, and ends with its function, also after an error", () => {
    expect(withStops(["a"], () => withStops(["b"], () => grad(f)(tensor(2)).item()))).toBe(12);
    expect(() =>
      withStops(true, () => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(grad(f)(tensor(2)).item()).toBe(4);
  });

  it("switches jvp's tangentGrad: false off under its label, tangent", () => {
    const g = (x: Tensor) => jvp((z: Tensor) => z.integerPow(3), [x], [tensor(1)], { tangentGrad: false })[1];
    expect(grad(g)(tensor(2)).item()).toBe(0);
    expect(withStops(["tangent"], () => grad(g)(tensor(2)).item())).toBe(12);
  });
});

describe("collectStops", () => {
  it("lists labels in order, each once, with the result", () => {
    const run = () =>
      stopGradient(at, "b")
        .add(stopGradient([at, at], "a")[0])
        .add(stopGradient(at, "b"));
    const { result, labels } = collectStops(run);
    expect(labels).toEqual(["b", "a"]);
    expectSameBits(result, at.mul(3));
  });
});

describe("withStopHandler", () => {
  it("gives stopGradient another meaning, with the one in force at hand", () => {
    const doubled = withStopHandler(
      (previous) => (x, label) => previous(x.mul(2), label),
      () => stopGradient(at),
    );
    expectSameBits(doubled, at.mul(2));
  });
});

describe("freezeStops", () => {
  const f = (x: Tensor) => x.mul(stopGradient(x.exp(), "target")).sum();

  it("replays the stopped values of its first call", () => {
    const frozen = freezeStops(f);
    expectSameBits(frozen(at), f(at));
    expectClose(frozen(at.mul(2)), at.mul(2).mul(at.exp()).sum());
  });

  it("is what a finite difference must differentiate to meet the gradient", () => {
    const frozen = freezeStops(f);
    frozen(at);
    expectClose(richardson(frozen, [at], [ones]), grad(f)(at).sum(), { rtol: 1e-11 });
    // Negative control: without freezing the difference sees through the stop.
    expect(() => expectClose(richardson(f, [at], [ones]), grad(f)(at).sum(), { rtol: 1e-3 })).toThrow("must be");
  });

  it("keeps what withStops has switched off live", () => {
    const frozen = freezeStops(f);
    const off = (run: () => Tensor) => withStops(["target"], run);
    off(() => frozen(at));
    expectClose(
      off(() => frozen(at.mul(2))),
      off(() => f(at.mul(2))),
    );
  });

  it("is an error if a later call stops something else, more, or less", () => {
    let labels = ["a"];
    const g = freezeStops((x: Tensor) => labels.map((label) => stopGradient(x, label)).reduce((a, b) => a.add(b), x));
    g(at);
    labels = ["b"];
    expect(() => g(at)).toThrow('freezeStops: stop 1 must be "a" [3], as in the first call, got "b" [3]');
    labels = ["a", "b"];
    expect(() => g(at)).toThrow('stop 2 must be no stop, as in the first call, got "b" [3]');
    labels = [];
    expect(() => g(at)).toThrow('stop 1 must be "a" [3], as in the first call, got no stop');
    labels = ["a"];
    expect(() => g(tensor([1]))).toThrow('stop 1 must be "a" [3], as in the first call, got "a" [1]');
    expectSameBits(g(at), at.mul(2));
  });
});

import { compile, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  checkGrads,
  checkpoint,
  collectReads,
  collectStops,
  customJvp,
  customVjp,
  debugNans,
  divergence,
  explain,
  freezeStops,
  grad,
  hessian,
  hvp,
  jacfwd,
  jacrev,
  jvp,
  linearize,
  valueAndGrad,
  vjp,
  vmap,
  withStops,
} from "../src/index.ts";

const x = tensor([1, 2]) as Tensor;
const [a, b] = [tensor(3) as Tensor, tensor(5) as Tensor];
const product = (w: { a: Tensor; b: Tensor }) => w.a.mul(w.b);
const pair = (x: Tensor) => ({ p: x.mul(2), q: x.mul(3) });
const later = async (x: Tensor) => x.sum();
const sum = (x: Tensor) => x.sum();

/** Each call below does not compile, and where types are not looked at it throws. */
describe("refused by types and at run time", () => {
  it.each<[string, () => unknown, string]>([
    [
      "jvp",
      // @ts-expect-error b is missing
      () => jvp(product, [{ a, b }], [{ a }]),
      'an object with "a", "b", got an object with "a"; leaf "[0].b" is',
    ],
    // @ts-expect-error b is missing
    ["linearize", () => linearize(product, [{ a, b }])[1]([{ a }]), 'leaf "[0].b" is missing'],
    // @ts-expect-error b is missing
    ["hvp", () => hvp(product, [{ a, b }], [{ a }]), 'hvp: the tangent of leaf "[0]" must be an object with "a", "b"'],
    [
      "vjp",
      // @ts-expect-error q is missing
      () => vjp(pair, [x])[1]({ p: x }),
      'the cotangents must be an object with "p", "q", got an object with "p"',
    ],
    [
      "vjp with aux",
      // @ts-expect-error q is missing
      () => vjp((x: Tensor) => [pair(x), null] as const, [x], { hasAux: true })[1]({ p: x }),
      'leaf "q" is missing',
    ],
    [
      "customJvp",
      () =>
        jvp(
          // @ts-expect-error q is missing
          customJvp(pair, ([x], [dx]) => [pair(x), { p: dx }]),
          [x],
          [x],
        ),
      'customJvp: the tangents must be an object with "p", "q", got an object with "p"; leaf "q" is missing',
    ],
    [
      "customVjp",
      () =>
        vjp(
          customVjp(
            product,
            (w) => [product(w), null],
            // @ts-expect-error b is missing
            (_: null, ct: Tensor) => [{ a: ct }],
          ),
          [{ a, b }],
        )[1](a),
      'customVjp: the cotangent of leaf "[0]" must be an object with "a", "b", got an object with "a"',
    ],
    [
      "vmap",
      // @ts-expect-error b is missing
      () => vmap(product, { inAxes: [{ a: 0 }] })({ a: x, b: x }),
      'vmap: the inAxes of leaf "[0]" must be an object with "a", "b", got an object with "a"; leaf "[0].b" is missing',
    ],
    [
      "vmap's results",
      // @ts-expect-error q is missing
      () => vmap(pair, { outAxes: { p: 0 } })(x),
      'vmap: the outAxes must be an object with "p", "q", got an object with "p"; leaf "q" is missing',
    ],
  ])("%s with a missing entry", (_, call, message) => {
    expect(call).toThrow(message);
  });

  it.each<[string, () => unknown, string]>([
    // @ts-expect-error two tangents are needed
    ["jvp", () => jvp((a: Tensor, b: Tensor) => a.mul(b), [a, b], [a]), "must be an array of 2, got an array of 1"],
    // @ts-expect-error undefined is no tangent
    ["jvp with undefined", () => jvp(sum, [x], [undefined]), 'leaf "[0]" must be a tensor or null, got undefined'],
    [
      "vmap",
      // @ts-expect-error two axes are needed
      () => vmap((a: Tensor, b: Tensor) => a.mul(b), { inAxes: [0] })(x, x),
      "must be an array of 2, got an array",
    ],
    // @ts-expect-error an axis is a number
    ["vmap with text", () => vmap(sum, { inAxes: ["0"] })(x), 'leaf "[0]" must be a number or null, got string 0'],
    [
      "vmap of a tensor",
      // @ts-expect-error a tensor has no parts
      () => vmap((x: Tensor) => x, { inAxes: [{ w: 0 }] })(x),
      "must be a number or null, got an object",
    ],
    // @ts-expect-error a cotangent is a tensor
    ["vjp with text", () => vjp(sum, [x])[1]("1"), "the cotangents must be a tensor or null, got string 1"],
    // @ts-expect-error the result is no array
    ["vjp with an array", () => vjp(sum, [x])[1]([a]), "the cotangents must be a tensor or null, got an array of 1"],
    // @ts-expect-error the result is a tensor
    ["vjp without", () => vjp(sum, [x])[1](), "the cotangents must be a tensor or null, got undefined"],
  ])("%s with too few or other entries", (_, call, message) => {
    expect(call).toThrow(message);
  });

  it.each<[string, () => unknown]>([
    // @ts-expect-error async
    ["jvp", () => jvp(later, [x], [x])],
    // @ts-expect-error async
    ["vjp", () => vjp(later, [x])],
    // @ts-expect-error async
    ["linearize", () => linearize(later, [x])],
    // @ts-expect-error async
    ["grad", () => grad(later)(x)],
    // @ts-expect-error async
    ["grad with aux", () => grad(async (x: Tensor) => [x.sum(), 1] as const, { hasAux: true })(x)],
    // @ts-expect-error async
    ["valueAndGrad", () => valueAndGrad(later)(x)],
    // @ts-expect-error async
    ["vmap", () => vmap(later)(x)],
    // @ts-expect-error async
    ["jacfwd", () => jacfwd(later)(x)],
    // @ts-expect-error async
    ["jacrev", () => jacrev(later)(x)],
    // @ts-expect-error async
    ["hessian", () => hessian(later)(x)],
    // @ts-expect-error async
    ["hvp", () => hvp(later, [x], [x])],
    // @ts-expect-error async
    ["divergence", () => divergence(later)(x)],
    // @ts-expect-error async
    ["customJvp", () => customJvp(later, ([x], [dx]) => [x, dx])(x)],
    [
      "customJvp's rule",
      () =>
        jvp(
          // @ts-expect-error async
          customJvp(sum, async ([x], [dx]) => [x.sum(), dx.sum()]),
          [x],
          [x],
        ),
    ],
    [
      "customVjp",
      () =>
        customVjp(
          // @ts-expect-error async
          later,
          (x: Tensor) => [x, null],
          (_: null, ct) => [ct],
        )(x),
    ],
    [
      "customVjp's fwd",
      () =>
        vjp(
          customVjp(
            sum,
            // @ts-expect-error async
            async (x: Tensor) => [x.sum(), null],
            (_, ct) => [ct],
          ),
          [x],
        ),
    ],
    [
      "customVjp's bwd",
      () =>
        vjp(
          customVjp(
            sum,
            (x: Tensor) => [x.sum(), null],
            // @ts-expect-error async
            async (_, ct) => [ct],
          ),
          [x],
        )[1](a),
    ],
    // @ts-expect-error async
    ["checkpoint", () => checkpoint(later)(x)],
    // @ts-expect-error async
    ["withStops", () => withStops(true, async () => x)],
    // @ts-expect-error async
    ["collectStops", () => collectStops(async () => x)],
    // @ts-expect-error async
    ["collectReads", () => collectReads(async () => x)],
    // @ts-expect-error async
    ["freezeStops", () => freezeStops(later)(x)],
    // @ts-expect-error async
    ["debugNans", () => debugNans(later)(x)],
    // @ts-expect-error async
    ["checkGrads", () => checkGrads(later, [x])],
    // @ts-expect-error async
    ["explain", () => explain(later)(x)],
    // @ts-expect-error async
    ["trace", () => trace(later)(x)],
    // @ts-expect-error async
    ["compile", () => compile(later)(x)],
  ])("%s of an async function", async (name, call) => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    expect(call).toThrow("is a Promise; transforms are synchronous, await values before or after them");
    expect(call).toThrow(new RegExp(`^${name.replace(/('| ).*/, "")}: `));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it.each<[string, () => unknown, string]>([
    // @ts-expect-error a plain number
    ["grad", () => grad((_: Tensor) => 3)(x), "grad: the function must return a tensor, got the plain number 3"],
    [
      "valueAndGrad",
      // @ts-expect-error a plain number
      () => valueAndGrad((_: Tensor) => 3)(x),
      "valueAndGrad: the function must return a tensor, got the",
    ],
    // @ts-expect-error a plain number beside a tensor
    ["grad of either", () => grad((x: Tensor) => (x.size > 5 ? x.sum() : 3))(x), "got the plain number 3"],
    // @ts-expect-error a plain number
    ["grad with aux", () => grad((x: Tensor) => [3, x] as const, { hasAux: true })(x), "got the plain number 3"],
    // @ts-expect-error a plain number
    ["hvp", () => hvp((_: Tensor) => 3, [x], [x]), "hvp: the function must return a tensor, got the plain number 3"],
    [
      "explain",
      // @ts-expect-error a plain number
      () => explain((_: Tensor) => 3)(x),
      "explain: the function must return a tensor, got the plain number 3",
    ],
    // @ts-expect-error a plain boolean
    ["grad of a boolean", () => grad((_: Tensor) => true)(x), "got the plain boolean true"],
    [
      "a tuple without hasAux",
      // @ts-expect-error a tuple without hasAux
      () => grad((x: Tensor) => [x.sum(), x] as const)(x),
      "got a tree of 2 leaves; with extra",
    ],
    // @ts-expect-error a tree
    ["a tree", () => valueAndGrad((x: Tensor) => ({ loss: x.sum() }))(x), "got a tree of 1 leaves"],
    [
      "hasAux without a tuple",
      // @ts-expect-error hasAux without a tuple
      () => grad((x: Tensor) => x.sum(), { hasAux: true })(x),
      "must return [out, aux], got a",
    ],
    // @ts-expect-error hasAux without a tuple
    ["jvp", () => jvp(sum, [x], [x], { hasAux: true }), "jvp: with hasAux the function must return [out, aux], got a"],
    // @ts-expect-error hasAux without a tuple
    ["vjp", () => vjp(pair, [x], { hasAux: true }), "vjp: with hasAux the function must return [out, aux], got object"],
    // @ts-expect-error nothing
    ["nothing", () => grad((x: Tensor) => void x.sum())(x), "got a tree of 0 leaves"],
    [
      "customJvp",
      () =>
        jvp(
          // @ts-expect-error a rule returns two results
          customJvp(sum, ([x]) => x.sum()),
          [x],
          [x],
        ),
      "must return [out, outTangent], got a tensor",
    ],
    [
      "customVjp",
      () =>
        vjp(
          customVjp(
            sum,
            // @ts-expect-error fwd returns two results
            (x: Tensor) => x.sum(),
            (_: null, ct: Tensor) => [ct],
          ),
          [x],
        ),
      "fwd must return [out, residuals], got a tensor",
    ],
  ])("%s of a function that returns something else", (_, call, message) => {
    expect(call).toThrow(message);
  });

  it("what is right compiles and runs", () => {
    expect(jvp(product, [{ a, b }], [{ a, b: null }])[1].item()).toBe(15);
    expect(jvp(product, [{ a, b }], [null])[1].item()).toBe(0);
    expect(vjp(pair, [x])[1]({ p: null, q: x })[0].toArray()).toEqual([3, 6]);
    expect(vjp((x: Tensor) => x.sum(), [x])[1](2)[0].toArray()).toEqual([2, 2]);
    expect(vmap(product, { inAxes: [{ a: 0, b: null }] })({ a: x, b }).toArray()).toEqual([5, 10]);
    expect(vmap((...all: Tensor[]) => all[0].mul(all[1]), { inAxes: [0, null] })(x, b).toArray()).toEqual([5, 10]);
    expect(vmap((x: Tensor, s?: number) => x.mul(s ?? 2), { inAxes: [0] })(x).toArray()).toEqual([2, 4]);
    expect(grad((x: Tensor) => [x.sum(), 3] as const, { hasAux: true })(x)[1]).toBeDefined();
    expect(grad((x: Tensor, s: number) => x.mul(s).sum(), { argnums: [0, 1] })(x, 2)[1].item()).toBe(3);
  });
});

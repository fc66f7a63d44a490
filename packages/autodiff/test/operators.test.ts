import { compile, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkpoint, grad, jvp, linearize, vjp, vmap } from "../src/index.ts";

const x = tensor([3]) as Tensor;
const one = tensor(3) as Tensor;

/** JavaScript without types: what a beginner writes. */
// biome-ignore lint/suspicious/noExplicitAny: the operators are not typed for tensors
const uses: Record<string, (x: any) => any> = {
  "x * x": (x) => x * x,
  "x + 1": (x) => x + 1,
  "x > 2 ? x : 0": (x) => (x > 2 ? x : x.mul(0)),
  "-x": (x) => -x,
  // biome-ignore lint/suspicious/noDoubleEquals: it is the operator under test
  "x == 3": (x) => (x == 3 ? x : x.mul(0)),
};

describe.each(Object.keys(uses))("%s", (name) => {
  const f = uses[name];
  it.each<[string, () => unknown]>([
    ["grad", () => grad(f)(one)],
    ["grad at a number", () => (grad(f) as (x: number) => unknown)(3)],
    ["grad in grad", () => grad((y: Tensor) => grad(f)(y) as Tensor)(one)],
    ["jvp", () => jvp(f, [x], [x])],
    ["vjp", () => vjp(f, [x])],
    ["linearize", () => linearize(f, [x])],
    ["vmap", () => vmap(f)(x)],
    ["checkpoint", () => checkpoint(f)(x)],
    ["trace", () => trace(f)(x)],
    ["compile", () => compile(f)(x)],
  ])("is an error under %s", (_, run) => {
    expect(run).toThrow("operator: JavaScript's operators do not work on tensors");
  });
});

describe("the text of a value under a transform", () => {
  it("is there for messages", () => {
    const seen: string[] = [];
    const note = (x: Tensor) => {
      seen.push(`${x}`);
      return x.sum();
    };
    grad(note)(x);
    vmap(note)(x);
    compile(note)(x);
    expect(seen).toEqual(["Dual([3] float64[1], Tensor float64[1])", "Tensor float64[]", "Tensor float64[1]"]);
  });
});

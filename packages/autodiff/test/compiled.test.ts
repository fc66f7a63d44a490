import {
  BackendError,
  type BackendName,
  compile,
  key,
  normal,
  ones,
  type Sync,
  type Tensor,
  tensor,
} from "@pushforward/tensor";
import { expectClose, expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { checkpoint, customJvp, customVjp, grad, hessian, jvp, vmap } from "../src/index.ts";

const x = normal(key(1), [9]) as Tensor;
const dx = normal(key(2), [9]) as Tensor;

describe.each(["wasm", "reference"] satisfies BackendName[])("functions compiled for %s", (backend) => {
  const compiled = <A extends readonly unknown[], O>(f: (...args: A) => Sync<O>) => compile(f, { backend });

  it("may be called by functions and rules of custom derivatives, while those are traced", () => {
    const inner = compiled((a: Tensor) => a.sin());
    const slope = compiled((a: Tensor) => a.cos());
    const outer = customJvp(
      (a: Tensor) => inner(a),
      ([a]: [Tensor], [da]: [Tensor]) => [inner(a), slope(a).mul(da)] as const,
    ) as (a: Tensor) => Tensor;
    const reverse = customVjp(
      (a: Tensor) => inner(a),
      (a: Tensor) => [inner(a), slope(a)] as const,
      (saved: Tensor, ct: Tensor) => [saved.mul(ct)] as [Tensor],
    );
    const total = compiled((a: Tensor) => outer(a).mul(checkpoint(inner)(a)).sum());
    for (let round = 0; round < 2; round++) {
      expectClose(compiled((a: Tensor) => jvp(outer, [a], [dx])[1])(x), x.cos().mul(dx));
      expectClose(compiled(grad((a: Tensor) => outer(a).sum()))(x), x.cos());
      expectClose(compiled(grad((a: Tensor) => reverse(a).sum()))(x), x.cos());
      expectClose(compiled(vmap(grad((a: Tensor) => outer(a).sum())))(x), x.cos());
      expectClose(grad(total)(x), x.mul(2).sin());
      expectClose(
        compiled(hessian((a: Tensor) => outer(a).sum()))(x.slice([0, 2])).sum(),
        x.slice([0, 2]).sin().neg().sum(),
      );
      expectClose(inner(x), x.sin());
    }
  });

  it("may call each other, and themselves at other shapes while they are traced", () => {
    const g = compiled((a: Tensor): Tensor => a.mul(2).add(1));
    const f = compiled(
      (a: Tensor): Tensor =>
        a.size <= 1
          ? g(a)
          : f(a.slice([1, a.size]))
              .sum()
              .add(g(a)),
    );
    const plain = (a: Tensor): Tensor => {
      const own = a.mul(2).add(1);
      return a.size <= 1
        ? own
        : plain(a.slice([1, a.size]))
            .sum()
            .add(own);
    };
    expectClose(f(x), plain(x));
    expectClose(f(x.slice([3, 9])), plain(x.slice([3, 9])));
    expectClose(g(x), x.mul(2).add(1));
    expectClose(f(x), plain(x));
  });

  it("may be called while another one is prepared, on values that one closes over", () => {
    const table = compiled((a: Tensor) => a.exp());
    const f = compiled((a: Tensor) => a.mul(table(x)));
    expectClose(f(dx), dx.mul(x.exp()));
    expectClose(table(dx), dx.exp());
    expectClose(f(dx), dx.mul(x.exp()));
  });

  it("keep results, whichever functions run afterwards", () => {
    const f = compiled((a: Tensor) => a.mul(3));
    const g = compiled((a: Tensor) => f(a).add(f(a.neg()).square()));
    const [first, second] = [f(x), g(x)];
    const bits = [first, second].map((y) => y.toArray());
    for (const other of [dx, ones([100]), ones([3])]) expect(g(f(other)).size).toBe(other.size);
    expect([first, second].map((y) => y.toArray())).toEqual(bits);
    expectSameBits(f(x), first);
  });

  it("work after errors in their body, in a rule, in an argument and in a nested call", () => {
    let isBroken = true;
    const failing = (a: Tensor): Tensor => {
      if (isBroken) throw new Error("mine");
      return a.sin();
    };
    const rule = customJvp(
      (a: Tensor) => a.sin(),
      ([a]: [Tensor], [da]: [Tensor]) => [a.sin(), failing(a.add(0.5)).mul(0).add(a.cos().mul(da))] as const,
    ) as (a: Tensor) => Tensor;
    const f = compiled((a: Tensor) => failing(a));
    const g = compiled((a: Tensor) => f(a).sum());
    const slope = compiled(grad((a: Tensor) => rule(a).sum()));
    for (const broken of [f, g, slope]) expect(() => broken(x)).toThrow("mine");
    expect(() => f(tensor([1]).matmul as never)).toThrow("compile");
    expect(x.add(1).size).toBe(9);
    isBroken = false;
    expectClose(f(x), x.sin());
    expectClose(g(x), x.sin().sum());
    expectClose(slope(x), x.cos());
  });
});

describe("a program that does not fit into memory", () => {
  it("is refused before anything is allocated, and the function works with smaller arguments", () => {
    const f = compile((a: Tensor) => a.expandDims(1).mul(a).mul(a.sum()).cumsum(0).sum(), { backend: "wasm" });
    expect(() => f(ones([30_000]))).toThrow(BackendError);
    expect(() => f(ones([30_000]))).toThrow("use smaller batches");
    expect(f(ones([3])).item()).toBe(54);
    expect(f.report()).toMatchObject({ signatures: 1, traces: 3, calls: 1 });
  });
});

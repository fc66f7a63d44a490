import { compile, currentInterpreter, evaluation, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkpoint, customJvp, grad, jacfwd, jvp, linearize, vjp, vmap } from "../src/index.ts";

// Many cases on a busy machine.
const one = tensor(1) as Tensor;

/** Each transform as a function that runs a body on one value. */
const transforms: Record<string, (body: (x: Tensor) => Tensor) => unknown> = {
  jvp: (f) => jvp(f, [one], [one]),
  vjp: (f) => vjp(f, [one])[1](one),
  linearize: (f) => linearize(f, [one])[1]([one]),
  grad: (f) => grad(f)(one),
  vmap: (f) => vmap(f)(tensor([1, 2])),
  jacfwd: (f) => jacfwd(f)(one),
  trace: (f) => trace(f)(one),
  compile: (f) => compile(f)(one),
  checkpoint: (f) => grad(checkpoint(f))(one),
  customJvp: (f) => grad(customJvp(f, ([x], [dx]) => [f(x), dx]))(one),
};

describe.each(Object.keys(transforms))("%s", (name) => {
  const run = transforms[name];

  it("restores the interpreter after an error", () => {
    expect(() =>
      run(() => {
        throw new RangeError("inside");
      }),
    ).toThrow("inside");
    expect(currentInterpreter()).toBe(evaluation);
    expect(one.add(1).item()).toBe(2);
  });

  it("names the Promise that a function returned", () => {
    const promise = (x: Tensor): unknown => Promise.resolve(x);
    expect(() => run(promise as (x: Tensor) => Tensor)).toThrow(/is a Promise; transforms are synchronous/);
    expect(currentInterpreter()).toBe(evaluation);
  });
});

// The function of a customJvp runs on plain values: nothing can escape from it.
describe.each(Object.keys(transforms).filter((name) => name !== "customJvp"))("%s", (name) => {
  it("makes a value that is used after its end an error that says escaped", () => {
    let kept: Tensor = one;
    transforms[name]((x) => {
      kept = x.mul(2);
      return kept;
    });
    expect(() => kept.add(1)).toThrow(/escaped: it was kept after its transform ended/);
    expect(() => grad((x: Tensor) => x.mul(kept))(one)).toThrow("escaped");
    expect(() => vmap((x: Tensor) => x.mul(kept))(tensor([1]))).toThrow("escaped");
  });
});

describe("an async function that goes on after its transform has refused it", () => {
  it("fails in silence: the error was told already", async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listen);
    let wentOn = false;
    const later = async (x: Tensor) => {
      await null;
      wentOn = true;
      return x.mul(2);
    };
    const refusing = [grad, jacfwd, vmap] as readonly unknown[] as readonly ((f: unknown) => (x: Tensor) => unknown)[];
    for (const transform of refusing) expect(() => transform(later)(tensor([1]))).toThrow("Promise");
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", listen);
    expect([wentOn, unhandled]).toEqual([true, []]);
  });
});

describe("nesting", () => {
  /** f(x) = sin x differentiated four times by any composition is sin x again. */
  const forward = (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, [x], [one])[1];
  const linear = (f: (x: Tensor) => Tensor) => (x: Tensor) => linearize(f, [x])[1]([one]);
  const batched = (f: (x: Tensor) => Tensor) => (x: Tensor) => vmap(grad(f))(x.reshape([1])).reshape([]);
  const compiled = (f: (x: Tensor) => Tensor) => compile(grad(f));
  const recomputed = (f: (x: Tensor) => Tensor) => grad(checkpoint(f));
  const modes = { forward, reverse: grad, linear, batched, compiled, recomputed } as Record<
    string,
    (f: (x: Tensor) => Tensor) => (x: Tensor) => Tensor
  >;
  const names = Object.keys(modes);

  it("of any two orders to depth four gives the fourth derivative", () => {
    let count = 0;
    for (const a of names)
      for (const b of names)
        for (const c of names)
          for (const d of names) {
            if (new Set([a, b, c, d]).size > 2) continue;
            const fourth = [a, b, c, d].reduce(
              (f, mode) => modes[mode](f),
              (x: Tensor) => x.sin(),
            );
            expect(fourth(tensor(0.7)).item(), `${d}(${c}(${b}(${a})))`).toBeCloseTo(Math.sin(0.7), 14);
            count++;
          }
    expect(count).toBe(6 + 15 * 14);
  });

  it("keeps perturbations apart in every pair of modes: d/dx [x · d/dy (x + y)] = 1", () => {
    for (const inner of names)
      for (const outer of names) {
        const f = (x: Tensor) => x.mul(modes[inner]((y: Tensor) => x.add(y))(tensor(1)));
        expect(modes[outer](f)(tensor(1)).item(), `${outer} of ${inner}`).toBe(1);
      }
  });

  it("would give 2 if they were mixed up: the trap is a real one", () => {
    // Both derivatives at once along the same direction, as a single dual number would carry them.
    const [, mixed] = jvp((x: Tensor, y: Tensor) => x.add(y), [one, one], [one, one]);
    expect(mixed.item()).toBe(2);
  });
});

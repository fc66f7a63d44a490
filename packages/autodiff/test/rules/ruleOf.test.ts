import { bind, type DenseTensor, DomainError, type Primitive, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { customJvp, jvp, vmap } from "../../src/index.ts";

/** Reverses a vector: a primitive of a caller's own. */
const reversed = (name: string): Primitive => ({
  name,
  arity: 1,
  role: "host",
  type: ([x]) => ({ shape: x.shape, dtype: x.dtype, weak: x.weak }),
  eval: ([x]) => x.buffer.slice().reverse(),
});

const x = tensor([1, 2, 3]);

describe("ruleOf", () => {
  it.each(["reversed", "sin"])("refuses a caller's own primitive called %s, also where the name is known", (name) => {
    const f = (a: Tensor): Tensor => bind(reversed(name), [a], {});
    expect(() => jvp(f, [x], [x])).toThrow(DomainError);
    expect(() => jvp(f, [x], [x])).toThrow(
      `jvp: a primitive must be one of tensor's primitives, got a primitive "${name}" of your own; compose the function of ` +
        "operations of tensor, or give it a derivative with customJvp",
    );
    expect(() => vmap(f)(tensor([[1, 2, 3]]))).toThrow(
      `vmap: a primitive must be one of tensor's primitives, got a primitive "${name}" of your own; compose the function of ` +
        "operations of tensor",
    );
  });

  it("is not asked for a primitive within a function that has a derivative of its own", () => {
    const f = (a: Tensor): Tensor => bind(reversed("reversed"), [a], {});
    const flipped = customJvp(f, ([a], [da]) => [f(a), da.flip(0)]);
    const [, tangent] = jvp(flipped, [x], [tensor([1, 0, 0])]);
    expect((tangent as DenseTensor).toArray()).toEqual([0, 0, 1]);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { grad, jvp, vjp, vmap } from "@pushforward/autodiff";
import { asTensor, flatten, sum, type Tensor, treeLeaves, unflatten } from "@pushforward/tensor";
import { complexStep, expectClose } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { drawn } from "./support/drawn.ts";
import { type GoldenCase, goldenCases } from "./support/goldenCases.ts";

/** Results of a case: the names and shapes of its parameters, and of every result its leaves, or products of large ones. */
interface Golden {
  readonly params: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly value: readonly (readonly number[])[];
  readonly jvp?: readonly (readonly number[])[];
  readonly vjp?: readonly (readonly number[])[];
  readonly gradOfJvp?: readonly (readonly number[])[];
  readonly vmapOfGrad?: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden/golden.json"), "utf8")) as Readonly<
  Record<string, Golden>
>;

const largestOf = (numbers: readonly number[]): number => Math.max(0, ...numbers.map(Math.abs));

/** The part of the largest number of a tree below which a leaf is 0 but for rounding. */
const zero = 1e-12;

/**
 * Leaves in full up to 16 numbers, or the products with four drawn vectors, each to 1e-12 of the numbers that they sum. A leaf that is 0 but for
 * rounding, such as the gradient of a bias before a normalisation, is held to 1e-14 of the largest number, which says how large rounding is.
 */
function expectDigest(tree: unknown, wanted: readonly (readonly number[])[] | undefined): void {
  const leaves = treeLeaves(tree) as Tensor[];
  expect(leaves.length).toBe(wanted?.length);
  const largest = largestOf((wanted ?? []).flat());
  for (const [i, leaf] of leaves.entries()) {
    const flat = leaf.reshape([leaf.size]);
    const numbers = wanted![i];
    const floor = largestOf(numbers) < zero * largest ? 1e-2 * largest : 0;
    if (leaf.size <= 16) expectClose(flat, [...numbers], { condition: Math.max(floor, largestOf(numbers)) });
    else {
      for (let k = 0; k < 4; k++) {
        const products = flat.mul(drawn([leaf.size], 900 + k));
        expectClose(sum(products).item(), numbers[k], {
          condition: Math.max(floor, Number(sum(products.abs()).item())),
        });
      }
    }
  }
}

const inner = (a: Tensor, b: Tensor): Tensor => sum(a.mul(b));

/** Drawn parameters, arguments and tangents of a case, and its function of parameters and arguments. */
function instanceOf({ like, args: shapes, ints, f }: GoldenCase) {
  const flat = flatten(like);
  const drawTree = (seed: number, scale: number): Record<string, unknown> =>
    unflatten(
      flat.structure,
      flat.leaves.map((leaf, i) => drawn(asTensor(leaf).shape, seed + i, scale)),
    ) as Record<string, unknown>;
  const params = drawTree(100, 0.5);
  const args = shapes.map((shape, i) => drawn(shape, 1 + i));
  const dParams = drawTree(300, 1);
  const dArgs = shapes.map((shape, i) => drawn(shape, 200 + i));
  const call = (p: unknown, a: readonly Tensor[]): Tensor => f(p as never, a, ints);
  return { params, args, dParams, dArgs, call, ints, flat };
}

/** ∂/∂(p, x) of ⟨w, the derivative along a drawn tangent of the arguments⟩. */
function gradOfJvp({ params, args, dArgs, call }: ReturnType<typeof instanceOf>): unknown {
  const weight = drawn(call(params, args).shape, 800);
  const slope = (p: unknown, a: Tensor[]): Tensor =>
    inner(weight, jvp((...b: Tensor[]) => call(p, b), a, dArgs as Tensor[])[1] as Tensor);
  return grad(slope, { argnums: [0, 1] })(params as never, args as never);
}

/** The gradient of every sample alone. */
function vmapOfGrad({ params, args, call, ints }: ReturnType<typeof instanceOf>, f: GoldenCase["f"]): unknown {
  const row = drawn(call(params, args).shape.slice(1), 850);
  const single = (x: Tensor): Tensor => x.expandDims(0);
  const one = (p: unknown, a: Tensor[], i: Tensor | null): Tensor =>
    inner(row, f(p as never, a.map(single), i === null ? undefined : single(i)).squeeze(0));
  const perSample = vmap(grad(one as never, { argnums: [0, 1] }) as never, { inAxes: [null, 0, 0] as never });
  return (perSample as (...all: unknown[]) => unknown)(params, args, ints ?? null);
}

describe.each(Object.entries(goldenCases))("%s", (name, each) => {
  const instance = instanceOf(each);
  const { params, args, dParams, dArgs, call, flat } = instance;
  const wanted = golden[name];
  // A function without arguments has fewer derivatives.
  const having = (result: keyof Golden) => (wanted[result] === undefined ? () => undefined : it);

  it("has the parameters and the values of JAX", () => {
    expect(flat.paths.map((path, i) => [path.replace(/\[(\d+)\]/g, ".$1"), asTensor(flat.leaves[i]).shape])).toEqual(
      wanted.params,
    );
    expectDigest(call(params, args), wanted.value);
  });

  having("jvp")("has the jvp of JAX and of a complex step, in parameters and arguments", () => {
    const [, tangent] = jvp(call as never, [params, args] as never, [dParams, dArgs] as never) as [Tensor, Tensor];
    expectDigest(tangent, wanted.jvp);
    const condition = Math.max(...tangent.abs().dataSync());
    expectClose(tangent, complexStep(call, [params, args], [dParams, dArgs]), { rtol: 1e-12, condition });
  });

  having("vjp")("has the vjp of JAX", () => {
    const [value, pullback] = vjp(call as never, [params, args] as never) as [Tensor, (ct: Tensor) => unknown];
    expectDigest(pullback(drawn(value.shape, 800)), wanted.vjp);
  });

  having("gradOfJvp")("has the gradient of a jvp of JAX", () => {
    expectDigest(gradOfJvp(instance), wanted.gradOfJvp);
  });

  having("vmapOfGrad")("has the gradients of single samples of JAX", () => {
    expectDigest(vmapOfGrad(instance, each.f), wanted.vmapOfGrad);
  });

  having("vjp")("differs from JAX at other parameters or arguments (control)", () => {
    const moved = (x: Tensor): Tensor => x.add(drawn(x.shape, 7, 1e-9));
    const other =
      args.length > 0 ? call(params, args.map(moved)) : call({ weight: moved(params.weight as Tensor) }, []);
    expect(() => expectDigest(other, wanted.value)).toThrow();
  });
});

/** Every result with gradients of all parameters. */
const gradients = ["vjp", "gradOfJvp", "vmapOfGrad"] as const;

describe("a relative mistake of 1e-9 in a single leaf of a gradient", () => {
  const isZero = (numbers: readonly number[], all: Golden["value"]): boolean =>
    largestOf(numbers) < zero * largestOf(all.flat());

  it.each(["dit", "unet"] as const)("is found in every leaf of %s that is not 0, however small", (name) => {
    const each = goldenCases[name];
    const instance = instanceOf(each);
    const { params, args, call } = instance;
    const [value, pullback] = vjp(call as never, [params, args] as never) as [Tensor, (ct: Tensor) => unknown];
    const made: Readonly<Record<(typeof gradients)[number], () => unknown>> = {
      vjp: () => pullback(drawn(value.shape, 800)),
      gradOfJvp: () => gradOfJvp(instance),
      vmapOfGrad: () => vmapOfGrad(instance, each.f),
    };
    for (const result of gradients) {
      const wanted = golden[name][result]!;
      const leaves = treeLeaves(made[result]()) as Tensor[];
      expectDigest(leaves, wanted);
      const missed = leaves.flatMap((leaf, i) => {
        const wrong = leaves.map((other, k) => (k === i ? leaf.mul(1 + 1e-9) : other));
        const isFound = !passes(() => expectDigest(wrong, wanted));
        return isFound === isZero(wanted[i], wanted) ? [i] : [];
      });
      expect(missed).toEqual([]);
    }
  });
});

/** Whether a check throws nothing. */
function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

describe("the golden values", () => {
  it("are of these cases", () => {
    expect(Object.keys(golden)).toEqual(Object.keys(goldenCases));
  });
});

import { compile, key, keys, matmul, normal, type Program, silu, type Tensor, tanh, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkpoint, grad } from "../src/index.ts";

const [batch, dim, width, depth] = [256, 32, 256, 6];

interface Layer {
  readonly a: Tensor;
  readonly b: Tensor;
}

const layer = ({ a, b }: Layer, x: Tensor): Tensor => matmul(tanh(matmul(x, a)), b).add(x);

/** The same with large constants, which are the same for every layer: silu compares with one and chooses another. */
const gatedLayer = ({ a, b }: Layer, x: Tensor): Tensor => matmul(silu(matmul(x, a)), b).add(x);

const random = keys(key(0), 2 * depth + 1);
const layers = Array.from(
  { length: depth },
  (_, i): Layer => ({
    a: normal(random[2 * i], [dim, width], { dtype: "float32" }).mul(0.1),
    b: normal(random[2 * i + 1], [width, dim], { dtype: "float32" }).mul(0.1),
  }),
);
const x = normal(random[2 * depth], [batch, dim], { dtype: "float32" });

const gradientOf = (f: typeof layer) =>
  grad((params: readonly Layer[], start: Tensor) =>
    params
      .reduce((h, p) => f(p, h), start)
      .square()
      .mean(),
  );

/** Operations that make no new values. */
const views = ["reshape", "transpose", "broadcastTo", "barrier"];

/** Most bytes that are alive while the equations run one by one in their order, arguments and results included. */
function bytesInProgramOrder({ inputs, equations, outputs }: Program): number {
  const source = new Map<Tensor, Tensor>();
  const ownerOf = (value: Tensor): Tensor => source.get(value) ?? value;
  const lastUse = new Map<Tensor, number>();
  equations.forEach(({ primitive, operands, output }, i) => {
    if (views.includes(primitive.name)) source.set(output, ownerOf(operands[0]));
    for (const value of operands) lastUse.set(ownerOf(value), i);
  });
  for (const value of [...outputs, ...inputs]) lastUse.set(ownerOf(value), equations.length);
  const bytesOf = ({ size }: Tensor): number => 4 * size;
  const alive = new Set<Tensor>(inputs);
  let most = 0;
  equations.forEach(({ output }, i) => {
    if (ownerOf(output) === output) alive.add(output);
    most = Math.max(
      most,
      [...alive].reduce((sum, value) => sum + bytesOf(value), 0),
    );
    for (const value of alive) if ((lastUse.get(value) ?? 0) <= i) alive.delete(value);
  });
  return most;
}

/** Memory of the compiled gradient on one thread and on two. */
const compiledBytes = (f: typeof layer): number[] =>
  [1, 2].map((threads) => {
    const compiled = compile(gradientOf(f), { backend: "wasm", threads });
    compiled(layers, x);
    return compiled.report().bytes!;
  });

describe.each([
  ["of perceptrons", layer],
  ["of layers that share large constants", gatedLayer],
])("checkpoint in a compiled gradient %s", (_, f) => {
  const all = trace(gradientOf(checkpoint(f)))(layers, x);

  it("computes values again when they are needed, not beside their first computation", () => {
    const inOrder = bytesInProgramOrder(all);
    for (const bytes of compiledBytes(checkpoint(f))) expect(bytes).toBeLessThan(1.2 * inOrder);
    for (const bytes of compiledBytes(f)) expect(bytes).toBeGreaterThan(1.2 * inOrder);
  });

  it("has the bits of the gradient that keeps all values", () => {
    const [kept, again] = [f, checkpoint(f)].map((g) => compile(gradientOf(g), { backend: "wasm" })(layers, x));
    for (const [i, { a, b }] of kept.entries()) {
      expect(again[i].a.dataSync()).toEqual(a.dataSync());
      expect(again[i].b.dataSync()).toEqual(b.dataSync());
    }
  });
});

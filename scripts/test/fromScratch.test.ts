import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as autodiff from "../../packages/autodiff/src/index.ts";
import * as engine from "../../packages/tensor/src/index.ts";
import { readExamples } from "../examples.ts";
import { root } from "../workspace.ts";

/** The operations that both engines have, over values V. */
interface Ops<V> {
  readonly add: (x: V, y: V) => V;
  readonly mul: (x: V, y: V) => V;
  readonly div: (x: V, y: V) => V;
  readonly sin: (x: V) => V;
  readonly cos: (x: V) => V;
  readonly stopGradient: (x: V) => V;
}

/** A function of two numbers, written once for both engines. */
type Body = <V>(ops: Ops<V>, x: V, y: V) => V;

const functions: Readonly<Record<string, Body>> = {
  "x·y + sin x": (o, x, y) => o.add(o.mul(x, y), o.sin(x)),
  "sin(x·cos y)/y": (o, x, y) => o.div(o.sin(o.mul(x, o.cos(y))), y),
  "x·x/(y + cos x)": (o, x, y) => o.div(o.mul(x, x), o.add(y, o.cos(x))),
  "x·sg[x/y] + y": (o, x, y) => o.add(o.mul(x, o.stopGradient(o.div(x, y))), y),
  "sin(x·y)·sg[cos x]·x": (o, x, y) => o.mul(o.sin(o.mul(x, y)), o.mul(o.stopGradient(o.cos(x)), x)),
};

type Fn = (...xs: unknown[]) => unknown;

/** What the page exports. */
interface Toy extends Ops<unknown> {
  readonly jvp: (f: Fn, primals: unknown[], tangents: unknown[]) => [unknown, unknown];
  readonly vjp: (f: Fn, primals: unknown[]) => [unknown, (ct: unknown) => unknown[]];
  readonly grad: (f: Fn) => Fn;
  readonly vmap: (f: Fn, size: number) => Fn;
  readonly sum: (x: unknown, size: number) => unknown;
  readonly meanFlow: (cut: Fn) => Fn;
}

const folder = mkdtempSync(join(tmpdir(), "pushforward-scratch-"));
let toy: Toy;

beforeAll(async () => {
  const whole = readExamples(join(root, "docs/fromScratch.md")).at(-1)!;
  writeFileSync(join(folder, "toy.ts"), whole.code);
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  toy = await import(join(folder, "toy.ts"));
  log.mockRestore();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Real = (x: engine.Tensor, y: engine.Tensor) => engine.Tensor;
const ops: Ops<engine.Tensor> = { ...engine, stopGradient: (x) => autodiff.stopGradient(x) };
const point = [0.7, -1.3];
const tensors = (xs: readonly number[]): [engine.Tensor, engine.Tensor] => [
  engine.tensor(xs[0], { dtype: "float64" }),
  engine.tensor(xs[1], { dtype: "float64" }),
];
const close = (got: unknown, wanted: engine.Tensor | null, name: string): void => {
  const [a, b] = [got, wanted!.toArray()].map((x) => [x].flat(3) as number[]);
  expect(a.length, name).toBe(b.length);
  a.forEach((x, i) => {
    expect(Math.abs(x - b[i]), `${name}: ${x} and ${b[i]}`).toBeLessThanOrEqual(4e-15 * (1 + Math.abs(b[i])));
  });
};

describe("the engine of docs/fromScratch.md has the derivatives of the real one", () => {
  it.each(Object.entries(functions))("%s", (_, body) => {
    const mine: Fn = (x, y) => body<unknown>(toy, x, y);
    const real: Real = (x, y) => body(ops, x, y);
    const [x, y] = tensors(point);
    const [dx, dy] = tensors([0.4, 2.5]);
    const tangent = autodiff.jvp(real, [x, y], [dx, dy]);
    toy.jvp(mine, point, [0.4, 2.5]).forEach((part, i) => {
      close(part, tangent[i], "jvp");
    });
    const pulled = autodiff.vjp(real, [x, y])[1](dx);
    toy
      .vjp(mine, point)[1](0.4)
      .forEach((part, i) => {
        close(part, pulled[i], "vjp");
      });
    close(toy.grad(toy.grad(mine))(...point), autodiff.grad(autodiff.grad(real))(x, y), "grad of grad");
    const mixed = toy.jvp(toy.grad(mine), point, [0.4, 2.5])[1];
    close(mixed, autodiff.jvp(autodiff.grad(real), [x, y], [dx, dy])[1], "jvp of grad");
  });

  it.each(Object.entries(functions))("%s, on batches", (_, body) => {
    const mine: Fn = (x, y) => body<unknown>(toy, x, y);
    const real: Real = (x, y) => body(ops, x, y);
    const [xs, ys] = [
      [0.2, -0.5, 1.1],
      [2, -1.5, 0.8],
    ];
    const [x, y] = [engine.tensor(xs, { dtype: "float64" }), engine.tensor(ys, { dtype: "float64" })];
    close(toy.vmap(toy.grad(mine), 3)(xs, ys), autodiff.vmap(autodiff.grad(real))(x, y), "vmap of grad");
    const [theta] = tensors(point);
    const mineOfBatch = toy.grad((theta) => toy.sum(toy.vmap((y) => mine(theta, y), 3)(ys), 3));
    const realOfBatch = autodiff.grad((theta: engine.Tensor) =>
      autodiff
        .vmap((y: engine.Tensor) => real(theta, y))(y)
        .sum(),
    );
    close(mineOfBatch(point[0]), realOfBatch(theta), "grad of vmap");
  });

  it.each([true, false])("MeanFlow with its target stopped: %s", (isStopped) => {
    const [theta, x, v, s, t] = [0.7, 0.5, -0.3, 0.2, 0.9].map((n) => engine.tensor(n, { dtype: "float64" }));
    const real = (theta: engine.Tensor): engine.Tensor => {
      const u = (x: engine.Tensor, s: engine.Tensor, t: engine.Tensor) => theta.mul(x.add(s.mul(t))).sin();
      const [U, dU] = autodiff.jvp(u, [x, s, t], [v, engine.tensor(1), null]);
      const target = v.add(t.sub(s).mul(dU));
      return U.sub(isStopped ? autodiff.stopGradient(target) : target).square();
    };
    const cut: Fn = isStopped ? toy.stopGradient : (target) => target;
    const at = [theta, x, v, s, t].map((x) => x.item());
    close(toy.grad(toy.meanFlow(cut))(...at), autodiff.grad(real)(theta), "MeanFlow");
  });

  it("the comparison would see a missing stop", () => {
    const body = functions["x·sg[x/y] + y"];
    const [x, y] = tensors(point);
    const real: Real = (x, y) => body(ops, x, y);
    const without = autodiff.withStops(true, () => autodiff.grad(real)(x, y)).item();
    const got = toy.grad((x, y) => body<unknown>(toy, x, y))(...point) as number;
    expect(Math.abs(got - without)).toBeGreaterThan(0.1);
  });
});

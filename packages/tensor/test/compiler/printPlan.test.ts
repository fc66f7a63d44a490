import { describe, expect, it } from "vitest";
import { buildPlan } from "../../src/compiler/buildPlan.ts";
import { workOf } from "../../src/compiler/kernelWork.ts";
import type { Plan } from "../../src/compiler/plan.ts";
import { printPlan } from "../../src/compiler/printPlan.ts";
import { concat, matmul, plan, simplify, type Tensor, tanh, trace, zeros } from "../../src/index.ts";

const [x, w, bias] = [zeros([32, 4], { dtype: "float32" }), zeros([8, 4], { dtype: "float32" }), zeros([8])];
const layer = (a: Tensor, b: Tensor, c: Tensor): Tensor => tanh(matmul(a, b.transpose()).add(c.cast("float32"))).sum(0);
const planOf = (f: (...xs: Tensor[]) => unknown, ...inputs: Tensor[]): Plan => buildPlan(simplify(trace(f)(...inputs)));

describe("printPlan", () => {
  it("shows kernels with what is fused in them, how operands are seen, bytes and operations", () => {
    expect(plan(trace(layer)(x, w, bias)).print()).toMatchInlineSnapshot(`
      "{ a: 128 float32, b: 32 float32, c: 8 float64 → j }
      0 contract     1.66 kB  2.05 kFLOP
          d: float32[4,8] = b by strides 1,4
          e: float32[32,8] = matmul a d
      1 map             96 B      8 FLOP
          f: float32[8] = cast[dtype="float32"] c
      2 reduce       1.09 kB    768 FLOP
          g: float32[32,8] = f by strides 0,1
          h: float32[32,8] ≔ add e g
          i: float32[32,8] ≔ tanh h
          j: float32[8] = sum[axes=[0]] i
      3 kernels, 2.85 kB moved, 2.82 kFLOP, 1.98 kB of memory"
    `);
  });

  it("shows times, shares and rates where a run was measured, and prints a plan that was made from it", () => {
    const built = planOf((a: Tensor) => [concat([a, a], 0), a.add(1).sum()], x);
    const milliseconds = [0.001, 0.0005];
    expect(printPlan(built, { milliseconds })).toMatchInlineSnapshot(`
      "{ a: 128 float32 → b, d }
      0 move         1.54 kB      0 FLOP       1 µs  66.7 %      0 FLOP/s     1.54 GB/s
          b: float32[64,4] = concat[axis=0] a a
      1 reduce         516 B    256 FLOP     500 ns  33.3 %   512 MFLOP/s     1.03 GB/s
          c: float32[32,4] ≔ add a 1
          d: float32[] = sum[axes=[0,1]] c
      2 kernels, 2.05 kB moved, 256 FLOP, 1.73 kB of memory, 1.5 µs"
    `);
    expect(printPlan({ ...built, kernels: built.kernels.slice(1) })).toMatch(/^0 reduce/m);
  });

  it("says that a program which returns its input has no kernels", () => {
    expect(printPlan(planOf((a: Tensor) => a, x))).toBe(
      "{ a: 128 float32 → a }\n0 kernels, 0 B moved, 0 FLOP, 576 B of memory",
    );
  });
});

describe("work of a kernel", () => {
  const works = (f: (...xs: Tensor[]) => unknown, ...inputs: Tensor[]) =>
    planOf(f, ...inputs).kernels.map((kernel) => ({ kind: kernel.kind, ...workOf(kernel) }));

  it("counts every byte once, also where a view repeats it, and a multiply-add as two operations", () => {
    expect(works((a, b) => matmul(a, b.transpose()), x, w)).toEqual([
      { kind: "contract", bytes: 4 * (32 * 4 + 8 * 4 + 32 * 8), flops: 2 * 32 * 4 * 8 },
    ]);
    expect(works((a, c) => a.mul(c), zeros([5, 8]), bias)).toEqual([
      { kind: "map", bytes: 8 * (40 + 8 + 40), flops: 40 },
    ]);
  });

  it("counts maps inside reductions, sums along an axis, and no operations of moves", () => {
    expect(works((a) => a.square().sum(1), x)).toEqual([{ kind: "reduce", bytes: 4 * (128 + 32), flops: 256 }]);
    expect(works((a) => a.cumsum(0), x)).toEqual([{ kind: "scan", bytes: 1024, flops: 128 }]);
    expect(works((a) => concat([a, a], 0), x)).toEqual([{ kind: "move", bytes: 4 * 384, flops: 0 }]);
  });
});

import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type Arena, layOut } from "../../src/compiler/arena.ts";
import { buildPlan } from "../../src/compiler/buildPlan.ts";
import type { Plan } from "../../src/compiler/plan.ts";
import { interpret, key, matmul, normal, simplify, type Tensor, tanh, tensor, trace } from "../../src/index.ts";
import { runPlan } from "../support/runPlan.ts";

const planOf = (f: (...xs: Tensor[]) => unknown, ...inputs: Tensor[]): Plan => buildPlan(simplify(trace(f)(...inputs)));
const kinds = (plan: Plan): string[] => plan.kernels.map(({ kind }) => kind);
const [x, w, b] = [[6, 4], [4, 5], [5]].map((shape, i) => normal(key(i), shape).concrete("test"));

describe("buildPlan", () => {
  it("computes what the program does, in one memory that kernels share, on random programs", () => {
    forAll(
      randomPrograms({ kinds: ["smooth", "kinky", "discrete", "stop"], steps: 14 }),
      ({ f, inputs }) => {
        const program = simplify(trace(f)(...inputs));
        const plan = buildPlan(program);
        expectSameBits(runPlan(plan, layOut(plan), inputs), interpret(program, inputs));
      },
      { runs: 400 },
    );
  });

  it("notices an arena in which two live values overlap", () => {
    const f = (a: Tensor): Tensor => matmul(a, w).sum(0).add(matmul(a.neg(), w).sum(0));
    const plan = planOf(f, x);
    const arena: Arena = layOut(plan);
    const squeezed: Arena = { ...arena, offsets: new Map([...arena.offsets].map(([buffer]) => [buffer, 0])) };
    expectSameBits(runPlan(plan, arena, [x]), [f(x)]);
    expect(() => expectSameBits(runPlan(plan, squeezed, [x]), [f(x)])).toThrow();
  });

  it("fuses a chain of maps with its broadcast bias into one kernel with one output", () => {
    const plan = planOf((a, c) => tanh(a.add(c)).mul(2).sub(a), x, tensor([1, 2, 3, 4]));
    expect(kinds(plan)).toEqual(["map"]);
    expect(plan.kernels[0].outputs).toHaveLength(1);
    expect(plan.kernels[0].inputs.map(({ view }) => view.strides)).toEqual([
      [4, 1],
      [0, 1],
    ]);
  });

  it("writes several outputs from one kernel", () => {
    const plan = planOf((a) => [a.sin(), a.sin().mul(a), a.cos()], x);
    expect(kinds(plan)).toEqual(["map"]);
    expect(plan.kernels[0].outputs).toHaveLength(3);
  });

  it("computes a map inside the reduction that alone reads it", () => {
    expect(kinds(planOf((a) => a.sub(1).square().sum(), x))).toEqual(["reduce"]);
    const shared = planOf((a) => {
      const squares = a.square();
      return [squares.sum(), squares];
    }, x);
    expect(kinds(shared)).toEqual(["map", "reduce"]);
  });

  it("never copies a transposed operand of a product", () => {
    const plan = planOf((a, c) => matmul(a.transpose(), matmul(a, c)), x, w);
    expect(kinds(plan)).toEqual(["contract", "contract"]);
    expect(plan.kernels[1].inputs[0].view.strides).toEqual([1, 4]);
  });

  it("reads broadcasts, slices, flips and reshapes in place", () => {
    const plan = planOf((a) => a.slice(null, [1, 3]).flip(0).reshape([12]).mul(2), x);
    expect(kinds(plan)).toEqual(["move", "map"]);
    expect(kinds(planOf((a) => a.slice(null, [1, 3]).flip(0).mul(2), x))).toEqual(["map"]);
  });

  it("reuses memory of values that are no longer needed", () => {
    const deep = (a: Tensor): Tensor =>
      [1, 2, 3, 4, 5, 6].reduce((sum: Tensor) => matmul(sum, w).add(b).matmul(w.transpose()), a);
    const plan = planOf(deep, x);
    const all = plan.buffers.reduce((sum, { size }) => sum + 8 * size, 0);
    expect(layOut(plan).size).toBeLessThan(all / 2);
  });
});

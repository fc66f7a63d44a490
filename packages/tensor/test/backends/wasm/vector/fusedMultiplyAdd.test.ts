import { describe, expect, it } from "vitest";
import { f64x2, ModuleBuilder } from "../../../../src/backends/wasm/assembler/index.ts";
import { ConstantPool, hasFusedMultiplyAdd, Lanes, pushVector } from "../../../../src/backends/wasm/vector/index.ts";
import { webAssembly } from "../../../../src/backends/wasm/webAssembly.ts";
import { fmaModes } from "../support/runKernel.ts";

/** a·b + c in float64, by one instruction or two. */
function multiplyAdd(a: number, b: number, c: number, fma: boolean): number {
  const module = new ModuleBuilder();
  const main = module.addFunction([], ["f64"], (fn) => {
    const { float64: v } = new Lanes(2, new ConstantPool(fn), fma);
    pushVector(fn, v.madd(v.constant(a), v.constant(b), v.constant(c)));
    fn.lane(f64x2.extractLane, 1);
  });
  module.exportFunction("main", main);
  const { exports } = new webAssembly.Instance(new webAssembly.Module(module.toBytes()), {});
  return (exports.main as () => number)();
}

describe("a fused multiply-add", () => {
  const a = 1 + 2 ** -52;

  it("is one that rounds once", () => {
    expect(fmaModes.includes(true)).toBe(hasFusedMultiplyAdd());
    for (const fma of fmaModes) expect(multiplyAdd(a, a, -(a * a), fma)).toBe(fma ? 2 ** -104 : 0);
  });
});

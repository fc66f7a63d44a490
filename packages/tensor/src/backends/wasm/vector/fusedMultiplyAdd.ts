import { f32x4, ModuleBuilder } from "../assembler/index.ts";
import { compileModule, webAssembly } from "../webAssembly.ts";
import { ConstantPool } from "./constantPool.ts";
import { Lanes } from "./lanes.ts";
import { pushVector } from "./vector.ts";

/**
 * Whether this engine has relaxed SIMD and rounds a multiply-add once.
 *
 * Measured by a·b − round(a·b), which is 0 unless the engine fuses: an engine may have the instruction and still round twice.
 */
export function hasFusedMultiplyAdd(): boolean {
  const bytes = probe();
  if (!webAssembly.validate(bytes)) return false;
  const { exports } = new webAssembly.Instance(compileModule(bytes), {});
  return (exports.probe as () => number)() !== 0;
}

function probe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const factor = 1 + 2 ** -23;
  const main = module.addFunction([], ["f32"], (fn) => {
    const { float32: v } = new Lanes(4, new ConstantPool(fn), true);
    pushVector(fn, v.madd(v.constant(factor), v.constant(factor), v.constant(-Math.fround(factor * factor))));
    fn.lane(f32x4.extractLane, 0);
  });
  module.exportFunction("probe", main);
  return module.toBytes();
}

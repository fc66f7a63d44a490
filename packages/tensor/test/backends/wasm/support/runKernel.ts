import { allocate, bytesPerElement, type DType, dtypeOfArray, type TypedArray } from "../../../../src/array/dtype.ts";
import { ModuleBuilder } from "../../../../src/backends/wasm/assembler/index.ts";
import { hasFma } from "../../../../src/backends/wasm/features.ts";
import {
  ConstantPool,
  KernelBody,
  loadLanes,
  loadVector,
  type Place,
  storeLanes,
  storeVector,
} from "../../../../src/backends/wasm/vector/index.ts";
import { type WasmMemory, webAssembly } from "../../../../src/backends/wasm/webAssembly.ts";
import { ExpressionGraph, type Node, scalarFunctions } from "../../../../src/expression/index.ts";

/** Both ways to multiply and add, as far as this engine has them. */
export const fmaModes: readonly boolean[] = hasFma() ? [false, true] : [false];

/** Guard bytes before and after an array, which no kernel may write. */
const guard = 64;
const guardByte = 0xa5;

/** One array in memory. */
interface Slot {
  readonly dtype: DType;
  readonly start: number;
}

/** A compiled elementwise kernel for arrays of one size. */
export interface Kernel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  run(inputs: readonly TypedArray[]): TypedArray[];
}

/** Compiles a loop over whole vectors and one tail. */
export function compileKernel(
  nodes: readonly Node[],
  inputTypes: readonly DType[],
  size: number,
  fma: boolean,
): Kernel {
  let end = guard;
  const place = (dtype: DType): Slot => {
    const start = end;
    end += Math.ceil((size * bytesPerElement(dtype)) / 16) * 16 + guard;
    return { dtype, start };
  };
  const inputs = inputTypes.map(place);
  const outputs = nodes.map(({ dtype }) => place(dtype));
  const bytes = buildModule(nodes, inputs, outputs, size, fma);
  const memory = new webAssembly.Memory({ initial: Math.ceil(end / 65536) });
  const imports = { env: { memory }, host: scalarFunctions };
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), imports);
  return {
    bytes,
    run(values) {
      new Uint8Array(memory.buffer).fill(guardByte);
      inputs.forEach(({ dtype, start }, i) => {
        viewOf(memory, dtype, start, size).set(values[i]);
      });
      (instance.exports.kernel as () => void)();
      return outputs.map(({ dtype, start }) => {
        checkGuards(memory, start, size * bytesPerElement(dtype));
        return viewOf(memory, dtype, start, size).slice();
      });
    },
  };
}

function buildModule(
  nodes: readonly Node[],
  inputs: readonly Slot[],
  outputs: readonly Slot[],
  size: number,
  fma: boolean,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory" });
  const kernel = module.addFunction([], [], (fn) => {
    const body = new KernelBody(fn, nodes, { fma, constants: new ConstantPool(fn) });
    const { laneCount } = body;
    const address = fn.local("i32");
    const index = fn.local("i32");
    const slotPlace = ({ dtype, start }: Slot): Place => {
      fn.get(index);
      fn.i32(bytesPerElement(dtype));
      fn.op(0x6c);
      fn.set(address);
      return { dtype, laneCount, address, offset: start };
    };
    const emit = (count: number): void => {
      const isWhole = count === laneCount;
      const load = (i: number): void => {
        const place = slotPlace(inputs[i]);
        if (isWhole) loadVector(fn, place);
        else loadLanes(fn, place, count);
      };
      const results = body.emit(load);
      results.forEach((local, i) => {
        const place = slotPlace(outputs[i]);
        if (isWhole) storeVector(fn, place, local);
        else storeLanes(fn, place, local, count);
        fn.release(local);
      });
    };
    const whole = size - (size % laneCount);
    fn.countedLoop(
      index,
      () => fn.i32(whole),
      laneCount,
      () => emit(laneCount),
    );
    if (whole < size) emit(size - whole);
  });
  module.exportFunction("kernel", kernel);
  return module.toBytes();
}

function viewOf(memory: WasmMemory, dtype: DType, start: number, size: number): TypedArray {
  const { constructor } = allocate(dtype, 0) as { constructor: unknown };
  return new (constructor as new (buffer: ArrayBuffer, start: number, size: number) => TypedArray)(
    memory.buffer as ArrayBuffer,
    start,
    size,
  );
}

function checkGuards(memory: WasmMemory, start: number, bytes: number): void {
  const all = new Uint8Array(memory.buffer);
  for (const [from, to] of [
    [start - guard, start],
    [start + bytes, start + bytes + guard],
  ]) {
    if (all.subarray(from, to).some((byte) => byte !== guardByte))
      throw new Error(`bytes ${from} to ${to} were overwritten`);
  }
}

/** Computes one expression on arrays. */
export function runText(kernel: string, inputs: readonly TypedArray[], result: DType, fma = false): TypedArray {
  const graph = new ExpressionGraph();
  const types = inputs.map(dtypeOfArray);
  const node = graph.apply(
    kernel,
    types.map((dtype, i) => graph.input(i, dtype)),
    result,
  );
  return compileKernel([node], types, inputs[0].length, fma).run(inputs)[0];
}

/** The same by printed JavaScript. */
export function evaluateJs(source: string, inputs: readonly number[]): number[] {
  const names = inputs.map((_, i) => `x${i}`);
  return new Function("functions", ...names, source)(scalarFunctions, ...inputs) as number[];
}

import { describe, expect, it } from "vitest";
import { type FunctionBuilder, ModuleBuilder, type ValueType } from "../../../../src/backends/wasm/assembler/index.ts";
import {
  type LaneCount,
  loadGathered,
  loadLanes,
  loadSplat,
  loadVector,
  type Place,
  storeLanes,
  storeVector,
} from "../../../../src/backends/wasm/vector/index.ts";
import { type WasmMemory, webAssembly } from "../../../../src/backends/wasm/webAssembly.ts";
import { bytesPerElement, type DType, dtypes } from "../../../../src/index.ts";

const pageSize = 65536;
const constructors = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** Every way to hold a dtype. */
const forms = dtypes.flatMap((dtype): [DType, LaneCount][] =>
  dtype === "float64"
    ? [[dtype, 2]]
    : [
        [dtype, 4],
        [dtype, 2],
      ],
);

/** Runs code with addresses as parameters on one page of memory. */
function run(memory: WasmMemory, addresses: readonly number[], build: (fn: FunctionBuilder) => void): void {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory" });
  const params = addresses.map((): ValueType => "i32");
  module.exportFunction("main", module.addFunction(params, [], build));
  const instance = new webAssembly.Instance(new webAssembly.Module(module.toBytes()), { env: { memory } });
  (instance.exports.main as (...args: readonly number[]) => void)(...addresses);
}

/** Moves a vector from one place to another; elements that were there stay where nothing is written. */
function move(
  dtype: DType,
  laneCount: LaneCount,
  from: number,
  load: (fn: FunctionBuilder, place: Place) => void,
  store: (fn: FunctionBuilder, place: Place, value: number) => void,
): number[] {
  const memory = new webAssembly.Memory({ initial: 1 });
  const array = new constructors[dtype](memory.buffer as ArrayBuffer);
  const size = bytesPerElement(dtype);
  const source = dtype === "bool" ? [1, 0, 1, 1, 0, 1, 1, 0] : [1.5, -2, 3, 4, 5, 6, 7, 8];
  const start = from < 0 ? pageSize / size + from : from;
  array.set(source.slice(0, from < 0 ? -from : 8), start);
  array.fill(9, 64, 72);
  run(memory, [start * size, 64 * size], (fn) => {
    load(fn, { dtype, laneCount, address: 0 });
    const value = fn.local("v128");
    fn.set(value);
    store(fn, { dtype, laneCount, address: 1 }, value);
  });
  return [...array.subarray(64, 72)];
}

const expected = (dtype: DType): number[] =>
  dtype === "bool" ? [1, 0, 1, 1] : [dtype === "int32" ? 1 : 1.5, -2, 3, 4];

describe.each(forms)("%s in %i lanes", (dtype, laneCount) => {
  it("goes from memory to memory unchanged, and nothing around it", () => {
    const moved = move(dtype, laneCount, 8, loadVector, storeVector);
    expect(moved).toEqual([...expected(dtype).slice(0, laneCount), ...Array(8 - laneCount).fill(9)]);
  });

  it("takes an offset", () => {
    const size = bytesPerElement(dtype);
    const moved = move(
      dtype,
      laneCount,
      8,
      (fn, place) => loadVector(fn, { ...place, offset: size }),
      (fn, place, value) => storeVector(fn, { ...place, offset: 2 * size }, value),
    );
    const source = dtype === "bool" ? [0, 1, 1, 0] : [-2, 3, 4, 5];
    expect(moved.slice(0, 2 + laneCount)).toEqual([9, 9, ...source.slice(0, laneCount)]);
  });

  it("reads and writes tails up to the last byte of memory", () => {
    for (let count = 1; count < laneCount; count++) {
      const moved = move(
        dtype,
        laneCount,
        -count,
        (fn, place) => loadLanes(fn, place, count),
        (fn, place, value) => storeLanes(fn, place, value, count),
      );
      expect(moved).toEqual([...expected(dtype).slice(0, count), ...Array(8 - count).fill(9)]);
    }
  });

  it("has zeros in the lanes behind a tail", () => {
    const moved = move(dtype, laneCount, 8, (fn, place) => loadLanes(fn, place, 1), storeVector);
    expect(moved.slice(0, laneCount)).toEqual([expected(dtype)[0], ...Array(laneCount - 1).fill(0)]);
  });

  it("spreads one element over all lanes", () => {
    const moved = move(dtype, laneCount, 8, loadSplat, storeVector);
    expect(moved.slice(0, laneCount)).toEqual(Array(laneCount).fill(expected(dtype)[0]));
  });

  it("gathers elements from anywhere", () => {
    const size = bytesPerElement(dtype);
    const gather = (fn: FunctionBuilder, place: Place): void =>
      loadGathered(fn, place, laneCount, (lane) => {
        fn.get(place.address);
        return (laneCount - 1 - lane) * size;
      });
    const moved = move(dtype, laneCount, 8, gather, storeVector);
    expect(moved.slice(0, laneCount)).toEqual(expected(dtype).slice(0, laneCount).reverse());
  });
});

describe("a byte that is neither 0 nor 1", () => {
  it("counts as true, and is written as 1", () => {
    const memory = new webAssembly.Memory({ initial: 1 });
    const bytes = new Uint8Array(memory.buffer as ArrayBuffer);
    bytes.set([255, 0, 2, 128]);
    run(memory, [0, 16], (fn) => {
      loadVector(fn, { dtype: "bool", laneCount: 4, address: 0 });
      const value = fn.local("v128");
      fn.set(value);
      storeVector(fn, { dtype: "bool", laneCount: 4, address: 1 }, value);
    });
    expect([...bytes.subarray(16, 20)]).toEqual([1, 0, 1, 1]);
  });
});

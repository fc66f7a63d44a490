import { describe, expect, it } from "vitest";
import {
  BackendError,
  compile,
  makeGpujs,
  PendingTensor,
  ready,
  type Tensor,
  tensor,
  weakScalar,
} from "../../src/index.ts";

const backend = makeGpujs({ mode: "webasm" });
const f32 = (values: number[]): Tensor => tensor(values, { dtype: "float32" });
const double = compile((x: Tensor) => x.mul(2), { backend });

describe("results that are awaited", () => {
  it("know their shape and dtype at once and their values once awaited", async () => {
    const y = double(f32([1, 2]));
    expect(y).toBeInstanceOf(PendingTensor);
    expect([y.shape, y.dtype, y.readable]).toEqual([[2], "float32", false]);
    expect(String(y)).toBe("Tensor float32[2], pending: await x.data()");
    expect(await y.data()).toEqual(Float32Array.of(2, 4));
    expect([y.readable, y.toArray(), String(y)]).toEqual([true, [2, 4], "[2, 4] float32[2]"]);
  });

  it("explain themselves when they are read too early", () => {
    const y = double(f32([1]));
    const why =
      "the value must be computed, but gpujs is still computing it; await x.data() or await ready(x) first, " +
      "or pass it to a compiled function as it is";
    const early: [string, () => unknown][] = [
      ["dataSync", () => y.dataSync()],
      ["item", () => y.item()],
      ["toArray", () => y.toArray()],
      ["add", () => y.add(1)],
      ["tensor", () => tensor([y])],
      ["compile", () => compile((x: Tensor) => x.add(1), { backend: "wasm" })(y)],
    ];
    for (const [name, read] of early) {
      expect(read).toThrow(BackendError);
      expect(read).toThrow(`${name}: ${why}`);
    }
  });

  it("go straight into the next compiled call", async () => {
    let y = f32([1]);
    for (let i = 0; i < 10; i++) y = double(y);
    expect(await y.data()).toEqual(Float32Array.of(1024));
  });

  it("are used like any other value once they are here", async () => {
    const y = await ready(double(f32([3])));
    expect(y.add(1).toArray()).toEqual([7]);
    const pending = double(f32([4]));
    await pending.data();
    expect(pending.add(1).toArray()).toEqual([9]);
    expect(tensor([pending, pending]).toArray()).toEqual([[8], [8]]);
  });

  it("come in trees, which ready awaits as a whole", async () => {
    const both = compile((x: Tensor) => ({ sum: x.sum(), parts: [x, x.neg()] as const }), { backend });
    const { sum, parts } = await ready(both(f32([1, 2])));
    expect([sum.item(), parts[0].toArray(), parts[1].toArray()]).toEqual([3, [1, 2], [-1, -2]]);
  });

  it("pass failures on, and end no process when no caller awaits them", async () => {
    const f = compile((x: Tensor, i: Tensor) => x.gather(i), { backend });
    const y = f(f32([1, 2]), tensor([2 ** 25], { dtype: "int32" }));
    const next = double(y);
    await expect(next.data()).rejects.toThrow("gpujs: int32 on the device must stay within ±2^24, got 33554432 in [1]");
    expect(() => y.item()).toThrow(BackendError);
  });

  it("accept plain numbers as arguments", async () => {
    const scale = compile((x: Tensor, by: Tensor) => x.mul(by), { backend });
    expect(await scale(f32([2]), weakScalar(0.5)).data()).toEqual(Float32Array.of(1));
    expect(await (scale as unknown as (x: Tensor, by: number) => Tensor)(f32([2]), 4).data()).toEqual(
      Float32Array.of(8),
    );
  });

  it("are awaited where the backend is auto, wherever it runs", async () => {
    const f = compile((x: Tensor) => x.mul(2), { backend: "auto" });
    expect(await f(tensor([1.5])).data()).toEqual(Float64Array.of(3));
    expect(f.report()).toMatchObject({ backend: "auto", traces: 1 });
  });
});

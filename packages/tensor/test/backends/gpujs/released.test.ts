import { describe, expect, it } from "vitest";
import type { Gpu, GpuRows } from "../../../src/backends/gpujs/gpuJs.ts";
import { GpujsExecutable } from "../../../src/backends/gpujs/gpujsExecutable.ts";
import { iota, key, normal, ones, simplify, type Tensor, trace } from "../../../src/index.ts";

/** A device that answers when it is told to, and counts the pipelines that hold buffers. */
function fakeGpu() {
  const answers: (() => void)[] = [];
  const counts = { made: 0, destroyed: 0 };
  const gpu: Gpu = {
    device: { mode: "webgpu", adapter: "fake", isSoftware: true },
    tileProducts: () => false,
    pipeline(_, record) {
      record(() => ({}) as never, [{} as never]);
      counts.made++;
      return {
        ...{ mode: "webgpu", executor: undefined, fallbackReason: undefined },
        run: () => new Promise<GpuRows[]>((resolve) => answers.push(() => resolve([Float32Array.of(1, 2, 3)]))),
        destroy: () => void counts.destroyed++,
      } as unknown as ReturnType<Gpu["pipeline"]>;
    },
  };
  return { gpu, counts, answers };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

const x = ones([3], { dtype: "float32" });
const program = simplify(trace((a: Tensor) => a.mul(2))(x));

describe("a released executable of a GPU", () => {
  it("gives its buffers back after the last call that needs them", async () => {
    const { gpu, counts, answers } = fakeGpu();
    const executable = new GpujsExecutable(program, async () => gpu);
    const results = [executable.start([x]), executable.start([x])];
    await settled();
    executable.release();
    await settled();
    expect(counts).toEqual({ made: 1, destroyed: 0 });
    answers[0]();
    await results[0];
    await settled();
    expect(counts.destroyed).toBe(0);
    answers[1]();
    expect((await results[1])[0].dataSync()).toEqual(Float32Array.of(1, 2, 3));
    await settled();
    expect(counts).toEqual({ made: 1, destroyed: 1 });
  });

  it("runs a call whose arguments arrive late, and gives everything back again", async () => {
    const { gpu, counts, answers } = fakeGpu();
    const executable = new GpujsExecutable(program, async () => gpu);
    executable.release();
    const result = executable.start([x]);
    await settled();
    answers[0]();
    await result;
    await settled();
    expect(counts).toEqual({ made: 1, destroyed: 1 });
  });

  it("counts the bytes of arguments, constants, results and the part of the host", () => {
    const { gpu } = fakeGpu();
    const bytesOf = (f: (a: Tensor) => Tensor, a = x): number =>
      new GpujsExecutable(simplify(trace(f)(a)), async () => gpu).bytes;
    expect(bytesOf((a) => a.mul(2))).toBe(4 * (3 + 3));
    const constant = normal(key(0), [3], { dtype: "float32" });
    expect(bytesOf((a) => a.mul(constant))).toBe(4 * (3 + 3 + 3));
    const picks = iota([3]).cast("int32").concrete("test");
    expect(bytesOf((a) => a.mul(a).cast("float32").mul(2), picks)).toBeGreaterThan(65_535);
  });
});

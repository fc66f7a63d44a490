import { expect, it } from "vitest";
import { loadGpu, loseDevice } from "../../../src/backends/gpujs/gpuJs.ts";
import { GpujsExecutable } from "../../../src/backends/gpujs/gpujsExecutable.ts";
import { allowTiles } from "../../../src/backends/gpujs/productProbe.ts";
import {
  compile,
  DenseTensor,
  devices,
  key,
  matmul,
  normal,
  ones,
  ready,
  simplify,
  type Tensor,
  tensor,
  trace,
} from "../../../src/index.ts";
import { accuracySuite } from "./support/accuracySuite.ts";
import { expectNear } from "./support/compare.ts";
import { onDevice } from "./support/device.ts";
import { primitiveSuite, programSuite, specialSuite } from "./support/primitiveSuite.ts";

const ones32 = (shape: number[]): DenseTensor => ones(shape, { dtype: "float32" });

await onDevice("webgpu", "gpu.js on WebGPU", (backend) => {
  it("runs a program as one submission", async () => {
    const [x, w] = [ones32([5, 3]), ones32([3, 7])];
    const program = simplify(trace((a: Tensor, b: Tensor) => [matmul(a, b).tanh().sum(0), a.max()])(x, w));
    const executable = new GpujsExecutable(program, () => loadGpu("webgpu"));
    await executable.start([x, w]);
    expect(executable.executor).toBe("fused-encoder");
  });

  it("is listed with the name of its adapter", async () => {
    const listed = await devices();
    expect(listed[0]).toMatchObject({ backend: "wasm", isSoftware: true });
    expect(listed[1].name).toMatch(/\(webgpu(, software)?\)$/);
  });

  it("survives the loss of its device", async () => {
    const f = compile((x: Tensor, y: Tensor) => x.mul(2).add(y), { backend });
    let x: Tensor = f(ones32([5]), ones32([5]));
    await x.data();
    await loseDevice();
    x = f(x, ones32([5]));
    expect(await x.data()).toEqual(new Float32Array(5).fill(7));
  });

  it("runs several programs at once, and chains of calls that are not awaited", async () => {
    const [double, next] = [(x: Tensor) => x.mul(2), (x: Tensor) => x.add(1)].map((f) => compile(f, { backend }));
    let [a, b]: Tensor[] = [ones32([7]), ones32([7])];
    for (let i = 0; i < 20; i++) [a, b] = [double(a), next(b)];
    const [left, right] = await ready([a, b]);
    expect([left.toArray(), right.toArray()]).toEqual([new Array(7).fill(2 ** 20), new Array(7).fill(21)]);
  });

  it("keeps no memory from call to call", async () => {
    const step = compile((x: Tensor, w: Tensor) => [x.mul(0.5).add(w.tanh()), x.sum()], { backend });
    const w = normal(key(1), [33], { dtype: "float32" });
    let [x]: Tensor[] = [ones32([33])];
    const run = async (calls: number): Promise<number> => {
      for (let i = 0; i < calls; i++) [x] = await ready(step(x, w));
      return process.memoryUsage().external;
    };
    const before = await run(500);
    expect((await run(1000)) - before).toBeLessThan(8e6);
  });

  it("counts past 2^24 elements, and says what does not fit a buffer", async () => {
    const n = 2 ** 24 + 5;
    const values = new Float32Array(n).fill(1);
    values[n - 1] = 7;
    const f = compile(
      (x: Tensor) => [
        x.add(1).slice([n - 3, n]),
        x
          .reshape([n, 1])
          .mul(2)
          .slice([n - 2, n]),
      ],
      { backend },
    );
    const [tail, column] = await ready(f(new DenseTensor(values, [n], "float32")));
    expect([tail.toArray(), column.toArray()]).toEqual([
      [2, 2, 8],
      [[2], [14]],
    ]);
    const g = compile((x: Tensor) => x.reshape([-1, 1]).add(x), { backend });
    await expect(g(ones32([60_000])).data()).rejects.toThrow(
      /gpujs: every array must fit a buffer of the device; use smaller batches, got: .*14400000000 bytes/,
    );
    expect(await g(tensor([1], { dtype: "float32" })).data()).toEqual(Float32Array.of(2));
  });

  it("multiplies large matrices in tiles, in every layout", async () => {
    expect(await allowTiles(await loadGpu("webgpu"))).toBe(true);
    const [a, b] = [normal(key(1), [300, 70], { dtype: "float32" }), normal(key(2), [70, 257], { dtype: "float32" })];
    const both = compile(
      (x: Tensor, y: Tensor, xt: Tensor, yt: Tensor) => [
        matmul(x, y),
        matmul(xt.transpose(), yt.transpose()),
        matmul(x, x.transpose()).slice([0, 2]),
      ],
      { backend },
    );
    const [plain, turned, square] = await ready(both(a, b, a.transpose(), b.transpose()));
    const terms = matmul(a.abs(), b.abs()).concrete("test").buffer;
    expectNear(plain, matmul(a, b), 1e-6, (i) => terms[i]);
    expectNear(turned, matmul(a, b), 1e-6, (i) => terms[i]);
    expectNear(square, matmul(a, a.transpose()).slice([0, 2]), 1e-5, () => 70);
  });

  primitiveSuite(backend, 4);
  accuracySuite(backend, 1e-5);
  specialSuite(backend);
  programSuite(backend, 200);
});

import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { chunksOf } from "../../../../src/backends/wasm/threads/parallelRun.ts";
import { wasm } from "../../../../src/backends/wasm/wasmBackend.ts";
import {
  compile,
  concat,
  type DenseTensor,
  gather,
  iota,
  key,
  matmul,
  normal,
  scatterAdd,
  simplify,
  type Tensor,
  trace,
} from "../../../../src/index.ts";

/** Products in all layouts, a map, sums along rows, columns and over everything; sizes that cut unevenly. */
function layer(x: Tensor, w: Tensor): Tensor[] {
  const hidden = matmul(x, w).tanh();
  const back = matmul(hidden, w.transpose());
  const gradient = matmul(x.transpose(), hidden);
  return [back, gradient, hidden.sum(0), hidden.sum(1), hidden.mul(hidden).sum(), back.sum()];
}

/** Whatever moves elements, adds them up in order or compares them, and products of many matrices. */
function moves(x: Tensor, w: Tensor): Tensor[] {
  const picks = iota([777]).mul(13).remainder(130);
  const matrices = x.reshape([111, 7, 130]);
  return [
    concat([x, x.flip(0)], 1),
    x.pad([
      [3, 1],
      [0, 5],
    ]),
    x.transpose().ravel(),
    gather(w, picks),
    scatterAdd(x, picks, 130),
    ...[0, 1].flatMap((axis) => [x.cumsum(axis), x.argmax(axis)]),
    matmul(matrices, matrices.swapAxes(1, 2)),
    matmul(matrices, w.broadcastTo([111, 130, 99])),
  ];
}

const x = normal(key(1), [777, 130], { dtype: "float32" });
const w = normal(key(2), [130, 99], { dtype: "float32" });

/** Waits until workers have started. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 6000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

describe("threads", () => {
  it.each([
    ["layers", layer],
    ["moves", moves],
  ] as const)("give the same bits, however many there are: %s", async (_, body) => {
    const functions = [1, 2, 4].map((threads) => compile(body, { backend: "wasm", threads }));
    const [expected] = functions.map((f) => f(x, w));
    await until(() => functions[2].report().threads === 4);
    for (let call = 0; call < 30; call++) {
      for (const f of functions) expectSameBits(f(x, w), expected);
    }
    expect(functions.map((f) => f.report().threads)).toEqual([1, 2, 4]);
  });

  it("are not used for what is over before a worker has woken", () => {
    const f = compile((a: Tensor) => a.add(1), { backend: "wasm", threads: 4 });
    f(x.slice([0, 4]));
    expect(f.report().threads).toBe(1);
  });

  it("may cut a launch anywhere: chunks in any order give the same bits", () => {
    const inputs = [x, w] as DenseTensor[];
    const executable = wasm.prepare(simplify(trace(layer)(x, w)), { threads: 1 });
    const expected = executable.run(inputs);
    const inside = executable as unknown as Inside;
    inside.calls = inside.lowering.launches.map((launch, i) => {
      if (launch.kind === "host") return inside.calls[i];
      const target = inside.instance.exports[launch.name] as (lo: number, hi: number, chunk: number) => void;
      return () => {
        for (let workItem = launch.workItems - 1; workItem >= 0; workItem--) target(workItem, workItem + 1, workItem);
      };
    });
    expect(inside.lowering.launches.filter((launch) => chunksOf(launch) > 1).length).toBeGreaterThan(4);
    expectSameBits(executable.run(inputs), expected);
  });
});

interface Inside {
  calls: (() => void)[];
  readonly lowering: { readonly launches: readonly Parameters<typeof chunksOf>[0][] };
  readonly instance: { readonly exports: Readonly<Record<string, unknown>> };
}

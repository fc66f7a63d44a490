import { makeGpujs, ones, simplify, type Tensor, trace } from "@pushforward/tensor";
import { expectClose, forAll, type RandomProgram, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { cotangentsOf, directionsOf, pull, push } from "./support/programs.ts";

const one = ones([1], { dtype: "float32" });

/** Derivatives of random programs in float32 on a mode of gpu.js, against float64 by the reference. */
async function checkDerivatives(mode: "webasm" | "webgpu", runs: number): Promise<void> {
  const backend = makeGpujs({ mode });
  const programs: RandomProgram[] = [];
  const drawn = randomPrograms({ dtype: "float32", kinds: ["smooth", "stop"], steps: 8 });
  forAll(drawn, (program) => void programs.push(program), { runs });
  for (const program of programs) {
    const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
    const all = (...xs: Tensor[]): Tensor[] => [...push(program.f, xs, v), ...pull(program.f, xs, w)];
    const got = await backend.prepare(simplify(trace(all)(...program.inputs))).start(program.inputs);
    const wide = (xs: readonly Tensor[]): Tensor[] => xs.map((x) => (x.dtype === "float32" ? x.cast("float64") : x));
    const exact = (...xs: Tensor[]): Tensor[] => [...push(program.f, xs, wide(v)), ...pull(program.f, xs, wide(w))];
    const want = exact(...wide(program.inputs));
    expectClose(
      got.map((y) => (y.dtype === "float32" ? y.cast("float64") : y)),
      want,
      { rtol: 1e-3, condition: 1 },
    );
  }
}

describe("derivatives on gpu.js", () => {
  it("agree with float64 on random programs, on the processor", () => checkDerivatives("webasm", 20));

  it("agree with float64 on random programs, on WebGPU", async (context) => {
    const probe = makeGpujs({ mode: "webgpu" }).prepare(simplify(trace((x: Tensor) => x.exp())(one)));
    const reason = await probe.start([one]).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (reason && process.env.REQUIRE_WEBGPU === "1") expect.fail(reason);
    if (reason) context.skip(reason);
    await checkDerivatives("webgpu", 40);
  });
});

import { spawnSync } from "node:child_process";
import { losses } from "@pushforward/losses";
import { type DenseTensor, ones, type Tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { lossCheck } from "../../src/check/lossCheck.ts";
import { exportProgram } from "../../src/index.ts";
import { worst } from "../support/differences.ts";
import { lossCase, wantedOf } from "../support/lossCases.ts";
import { python, reasonToSkip, runPython } from "../support/python.ts";

const reason = reasonToSkip("jax");

/** Lines that run a case with the rows of its samples on four devices; the first result is the number of devices of the samples. */
const sharded = `

import numpy as np

whole = main


def main(*arrays):
    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("rows",))
    rows = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("rows"))
    arrays = [jax.device_put(x, rows) if x.shape[:1] == (4,) else x for x in arrays]
    return [jnp.array(len(arrays[0].sharding.device_set), jnp.int32), *jax.jit(whole)(*arrays)]
`;

describe.skipIf(reason)(`JAX in other configurations${reason ? ` (skipped: ${reason})` : ""}`, () => {
  it("gives the same loss and gradient for a batch on four devices", () => {
    const chosen = [losses.meanFlow, losses.lsd, losses.fDistill];
    const stored = chosen.map((loss) => lossCheck(loss));
    const cases = chosen.map((loss, i) => {
      const { source, inputs } = lossCase("jax", { loss, without: [] }, stored[i]);
      return { source: source + sharded, inputs };
    });
    const results = runPython("jax", cases, { XLA_FLAGS: "--xla_force_host_platform_device_count=4" });
    results.forEach((result, i) => {
      if (typeof result === "string") throw new Error(result);
      const [devices, ...rest] = result;
      expect(devices.buffer[0]).toBe(4);
      expect(worst(rest, wantedOf(stored[i]))).toBeLessThan(1e-6);
      // Control: a value that is off by a thousandth.
      expect(worst(rest, [stored[i].value.mul(1.001) as DenseTensor])).toBeGreaterThan(1e-6);
    });
  });

  it("refuses a program of float64 where JAX computes in float32", () => {
    const { text } = exportProgram(trace((x: Tensor) => x.sum())(ones([2])), "jax");
    const { status, stderr } = spawnSync(python, ["-c", text], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain("RuntimeError: this file computes in float64");
    const enabled = text.replace("import jax.numpy", 'jax.config.update("jax_enable_x64", True)\nimport jax.numpy');
    expect(spawnSync(python, ["-c", enabled]).status).toBe(0);
  });
});

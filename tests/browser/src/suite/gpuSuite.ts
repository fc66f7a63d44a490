import type { GpuMode } from "@pushforward/tensor";
import { makeGpujs } from "@pushforward/tensor";
import { accuracySuite } from "../../../../packages/tensor/test/backends/gpujs/support/accuracySuite.ts";
import {
  primitiveSuite,
  programSuite,
  specialSuite,
} from "../../../../packages/tensor/test/backends/gpujs/support/primitiveSuite.ts";
import { collected, type Run } from "./collected.ts";
import { describe } from "./vitest.ts";

/** Modes whose tests were collected. */
const loaded = new Set<GpuMode>();

/** Tests of the GPU backend in one mode, by name: every primitive, and random programs. */
export function loadGpuSuite(mode: GpuMode): ReadonlyMap<string, Run> {
  if (!loaded.has(mode)) {
    loaded.add(mode);
    describe(mode, () => {
      const backend = makeGpujs({ mode });
      primitiveSuite(backend, 1);
      accuracySuite(backend, 1e-5);
      specialSuite(backend);
      programSuite(backend, 10);
    });
  }
  return new Map([...collected].filter(([name]) => name.startsWith(`${mode} > `)));
}

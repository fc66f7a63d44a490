import { describe, expect, it } from "vitest";
import { checkMemory, trainingBytes } from "../../src/training/memory.ts";

const size = { batch: 256, width: 64, depth: 3, dtype: "float32", backend: "reference" } as const;

describe("checkMemory", () => {
  it("lets small trainings through and counts every size", () => {
    expect(() => checkMemory(size, 2)).not.toThrow();
    const bytes = trainingBytes(size, 2);
    for (const larger of [{ batch: 512 }, { width: 128 }, { depth: 6 }, { dtype: "float64" as const }]) {
      expect(trainingBytes({ ...size, ...larger }, 2)).toBeGreaterThan(bytes);
    }
    expect(trainingBytes(size, 64)).toBeGreaterThan(bytes);
  });

  it("names the sizes, what they need and what there is", () => {
    expect(() => checkMemory({ ...size, batch: 65_536, width: 1024 }, 64, 4e9)).toThrow(
      /^train: batch 65536, width 1024 and depth 3 on 64 columns need about 8\.\d GB of memory, there are 3\.2 GB; lower --batch or --width$/,
    );
  });

  it("knows that WebAssembly ends at 4 GiB, and that the reference backend does not", () => {
    const large = { ...size, batch: 65_536, width: 1024 };
    expect(() => checkMemory(large, 2, 1e12)).not.toThrow();
    expect(() => checkMemory({ ...large, backend: "wasm" }, 2, 1e12)).toThrow(
      /there are 4\.3 GB; .*or choose --backend reference$/,
    );
  });
});

import { errorBounds, expectWithin } from "@pushforward/testing";
import { expect } from "vitest";
import { type DenseTensor, type DType, key, normal, type Shape, type Tensor, trace } from "../../../../src/index.ts";
import { runSplit } from "./runSplit.ts";

/** Normal numbers, large whole ones in int32. */
export const values = (seed: number, shape: Shape, dtype: DType): DenseTensor =>
  normal(key(seed), shape)
    .mul(dtype === "int32" ? 1e5 : 1)
    .cast(dtype)
    .concrete("test");

/**
 * A check that compiled results are within the bounds of their errors, with every launch in any of these numbers of pieces, and that nothing is
 * left to the host. It returns the work items of every launch.
 */
export const compiledCheck =
  (splits: readonly number[]) =>
  (f: (...xs: Tensor[]) => unknown, ...inputs: DenseTensor[]): readonly number[] => {
    const want = errorBounds(trace(f)(...inputs), inputs);
    const runs = splits.map((pieces) => runSplit(f, inputs, pieces));
    for (const { outputs, hosted } of runs) {
      expect(hosted).toEqual([]);
      expectWithin(outputs, want);
    }
    return runs[0].workItems;
  };

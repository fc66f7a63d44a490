import { BackendError } from "../../array/errors.ts";

/** Sums of whole numbers exceed the whole numbers of float32. */
export function checkNoIntegerSum(operation: string, dtype: string): void {
  if (dtype !== "int32") return;
  throw new BackendError(
    `gpujs: ${operation} of int32 cannot run on values of the device, only on what depends on integer arguments alone; ` +
      `cast its operands with cast(x, "float32")`,
  );
}

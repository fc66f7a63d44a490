import { BackendError } from "./errors.ts";

/** The messages of engines that have no memory left: of arrays, of WebAssembly's memories, modules and instances. */
const sayings =
  /could not allocate|allocation failed|out of memory|cannot allocate|invalid (typed )?(array|buffer) length/i;

/** Whether an error of the engine means that an allocation failed. */
export const isOutOfMemory = (error: unknown): boolean => error instanceof Error && sayings.test(error.message);

/**
 * Calls `make` and returns its result.
 *
 * @param operation what an error begins with
 * @param bytes size of the allocation
 * @throws BackendError where the engine has no memory for it
 */
export function withMemory<T>(operation: string, bytes: number, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!isOutOfMemory(cause)) throw cause;
    throw new BackendError(
      `${operation}: ${sizeText(bytes)} of memory must be free, got "${(cause as Error).message}"; use smaller batches or shapes, ` +
        "drop results and compiled functions that are not needed any more, or give the process more memory",
      { cause },
    );
  }
}

function sizeText(bytes: number): string {
  const [scale, unit] = bytes < 2 ** 20 ? [2 ** 10, "KiB"] : bytes < 2 ** 30 ? [2 ** 20, "MiB"] : [2 ** 30, "GiB"];
  return `${Number((bytes / scale).toPrecision(3))} ${unit}`;
}

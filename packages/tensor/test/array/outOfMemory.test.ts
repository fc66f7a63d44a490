import { describe, expect, it } from "vitest";
import { allocate } from "../../src/array/dtype.ts";
import { isOutOfMemory, withMemory } from "../../src/array/outOfMemory.ts";
import { webAssembly } from "../../src/backends/wasm/webAssembly.ts";
import { BackendError, compile, ones, type Tensor } from "../../src/index.ts";

/** What happens when an engine has no memory: the error of each of its ways to say so. */
const sayings = [
  "WebAssembly.Memory(): could not allocate memory",
  "WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance",
  "Array buffer allocation failed",
  "Invalid typed array length: 8589934592",
  "Invalid array length",
  "Out of memory",
];

describe("memory that is not there", () => {
  it.each(sayings)("is a BackendError that says what to do: %s", (message) => {
    const ask = (): never => {
      throw new RangeError(message);
    };
    expect(() => withMemory("compile", 3 * 2 ** 30, ask)).toThrow(BackendError);
    expect(() => withMemory("compile", 3 * 2 ** 30, ask)).toThrow(
      `compile: 3 GiB of memory must be free, got "${message}"; use smaller batches or shapes`,
    );
  });

  it("leaves other errors as they are", () => {
    const other = new RangeError("Maximum call stack size exceeded");
    expect(isOutOfMemory(other)).toBe(false);
    expect(() =>
      withMemory("compile", 1, () => {
        throw other;
      }),
    ).toThrow(other);
  });

  it("is said of tensors that no engine can hold, whatever makes them", () => {
    expect(() => allocate("float64", 2 ** 53)).toThrow(BackendError);
    expect(() => allocate("float32", 2 ** 50)).toThrow(/^tensor of float32: 4190000 GiB of memory must be free, got "/);
  });

  it("is said by compile when WebAssembly has no memory", () => {
    const { Memory } = webAssembly;
    const f = compile((x: Tensor) => x.mul(2).sum(), { backend: "wasm" });
    try {
      Object.assign(webAssembly, {
        Memory: class {
          constructor() {
            throw new RangeError("WebAssembly.Memory(): could not allocate memory");
          }
        },
      });
      expect(() => f(ones([300_000]))).toThrow(BackendError);
      expect(() => f(ones([300_000]))).toThrow(/^compile: .* of memory must be free, got "WebAssembly\.Memory/);
    } finally {
      Object.assign(webAssembly, { Memory });
    }
    expect(f(ones([300_000])).item()).toBe(600_000);
  });
});

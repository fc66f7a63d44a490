import { expect } from "vitest";
import type { AsyncBackend } from "../../../../src/index.ts";
import { type DenseTensor, type DType, interpret, simplify, type Tensor, trace } from "../../../../src/index.ts";

/** Numbers that a device may lose: float32 has none beyond, and may take the smallest for 0. */
const isOrdinary = (x: number): boolean => x === 0 || (Math.abs(x) < 1e37 && Math.abs(x) > 1e-37);

/** Throws unless every element is within rtol of its own size, or of the scale that belongs to it; what is not finite is not compared. */
export function expectNear(got: Tensor, want: Tensor, rtol: number, scale: (i: number) => number = () => 0): void {
  const [a, b] = [got.concrete("test"), want.concrete("test")];
  expect([a.dtype, a.shape]).toEqual([b.dtype, b.shape]);
  for (let i = 0; i < b.buffer.length; i++) {
    if (!isOrdinary(b.buffer[i])) continue;
    const allowed = rtol * Math.max(Math.abs(b.buffer[i]), scale(i)) + 1e-37;
    if (!(Math.abs(a.buffer[i] - b.buffer[i]) <= allowed))
      expect.fail(`element ${i} of [${b.shape}] must be ${b.buffer[i]}, got ${a.buffer[i]}, allowed ${allowed}`);
  }
}

/** A function's results on a device and by the reference. */
export async function runBoth(
  backend: AsyncBackend,
  f: (...xs: Tensor[]) => unknown,
  inputs: readonly DenseTensor[],
): Promise<{ got: DenseTensor[]; want: Tensor[] }> {
  const program = simplify(trace(f)(...inputs));
  return { got: await backend.prepare(program).start(inputs), want: interpret(program, inputs) };
}

/** Operands of any dtype as float32 arguments, and back: so that they are values of the device. */
export const throughFloat = (dtypes: readonly DType[]) => (xs: readonly Tensor[]) =>
  xs.map((x, i) => (dtypes[i] === "float32" ? x : x.cast(dtypes[i])));

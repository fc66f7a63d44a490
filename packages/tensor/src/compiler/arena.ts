import { bytesPerElement } from "../dtype.ts";
import type { Plan } from "./plan.ts";
import type { Buffer } from "./view.ts";

/** Places in one memory, in bytes from its start. */
export interface Arena {
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Bytes in all. */
  readonly size: number;
}

/** Buffers start at multiples of this, a cache line, and end with room for a vector to be read beyond their last element. */
const alignment = 64;
const slack = 16;

const bytesOf = ({ dtype, size }: Buffer): number =>
  Math.ceil((size * bytesPerElement(dtype) + slack) / alignment) * alignment;

/** First and last kernel at which a buffer holds a value that is still needed. */
interface Lifetime {
  readonly buffer: Buffer;
  from: number;
  to: number;
}

function lifetimesOf(plan: Plan): Lifetime[] {
  const last = plan.kernels.length;
  const lifetimes = new Map<Buffer, Lifetime>(plan.buffers.map((buffer) => [buffer, { buffer, from: last, to: -1 }]));
  const touch = (buffer: Buffer, time: number): void => {
    const lifetime = lifetimes.get(buffer)!;
    lifetime.from = Math.min(lifetime.from, time);
    lifetime.to = Math.max(lifetime.to, time);
  };
  for (const buffer of plan.inputs) touch(buffer, -1);
  for (const { buffer } of plan.constants) {
    touch(buffer, -1);
    touch(buffer, last);
  }
  plan.kernels.forEach(({ inputs, outputs }, time) => {
    for (const { view } of inputs) touch(view.buffer, time);
    for (const { buffer } of outputs) touch(buffer, time);
  });
  for (const { buffer } of plan.outputs) touch(buffer, last);
  return [...lifetimes.values()].filter(({ from, to }) => from <= to);
}

/**
 * Gives every buffer a place so that two that live at the same time never overlap: longest first, each at the lowest place
 * where it fits.
 */
export function layOut(plan: Plan): Arena {
  const placed: { from: number; to: number; start: number; end: number }[] = [];
  const offsets = new Map<Buffer, number>();
  let size = 0;
  for (const { buffer, from, to } of lifetimesOf(plan).sort((a, b) => bytesOf(b.buffer) - bytesOf(a.buffer))) {
    const bytes = bytesOf(buffer);
    const conflicts = placed.filter((other) => other.from <= to && from <= other.to).sort((a, b) => a.start - b.start);
    let start = 0;
    for (const other of conflicts) {
      if (start + bytes <= other.start) break;
      start = Math.max(start, other.end);
    }
    offsets.set(buffer, start);
    placed.push({ from, to, start, end: start + bytes });
    size = Math.max(size, start + bytes);
  }
  return { offsets, size };
}

import { bytesPerElement } from "../array/dtype.ts";
import type { Plan, RowChain } from "./plan.ts";
import type { Buffer } from "./view.ts";

/** Places in one memory, in bytes from its start. */
export interface Arena {
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Bytes in all. */
  readonly size: number;
}

/** Buffers start at multiples of a cache line and end with slack: a vector may be read beyond the last element. */
const alignment = 64;
const slack = 16;

const bytesOf = ({ dtype, size }: Buffer): number =>
  Math.ceil((size * bytesPerElement(dtype) + slack) / alignment) * alignment;

/** First and last kernel at which a buffer holds a value that is still needed. */
interface Lifetime {
  readonly buffer: Buffer;
  from: number;
  to: number;
  /** For a buffer that only kernels of one chain touch: bytes of a row, and its lifetime within the chain. */
  row?: { readonly bytes: number; readonly from: number; readonly to: number };
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
  const used = [...lifetimes.values()].filter(({ from, to }) => from <= to);
  for (const chain of plan.chains) for (const lifetime of used) spanChain(lifetime, chain);
  return used;
}

/** Kernels of a chain run at the same time, on different rows: a buffer that one of them touches lives as long as the chain. */
function spanChain(lifetime: Lifetime, chain: RowChain): void {
  const { from, to, buffer } = lifetime;
  const isInside = chain.from <= from && to < chain.to;
  if (isInside) lifetime.row = { bytes: (buffer.size * bytesPerElement(buffer.dtype)) / chain.rows, from, to };
  if (chain.from <= from && from < chain.to) lifetime.from = chain.from;
  if (chain.from <= to && to < chain.to) lifetime.to = chain.to - 1;
}

interface Placed {
  readonly lifetime: Lifetime;
  readonly start: number;
  readonly end: number;
}

/** Whether two buffers may have the same place: in each row, the lifetime of one ends before the lifetime of the other begins. */
function mayCoincide({ row: a }: Lifetime, { row: b }: Lifetime): boolean {
  return a !== undefined && b !== undefined && a.bytes === b.bytes && (a.to < b.from || b.to < a.from);
}

/**
 * Gives every buffer a place so that buffers with overlapping lifetimes never overlap in memory: the largest first, each at the
 * lowest free place.
 */
export function layOut(plan: Plan): Arena {
  const known = arenas.get(plan);
  if (known) return known;
  const arena = arenaOf(plan);
  arenas.set(plan, arena);
  return arena;
}

/** Several stages of lowering ask for the arena of one plan, and plans do not change. */
const arenas = new WeakMap<Plan, Arena>();

function arenaOf(plan: Plan): Arena {
  const placed: Placed[] = [];
  const offsets = new Map<Buffer, number>();
  let size = 0;
  for (const lifetime of lifetimesOf(plan).sort((a, b) => bytesOf(b.buffer) - bytesOf(a.buffer))) {
    const bytes = bytesOf(lifetime.buffer);
    const conflicts = placed
      .filter(({ lifetime: other }) => other.from <= lifetime.to && lifetime.from <= other.to)
      .sort((a, b) => a.start - b.start);
    const start = coincidence(lifetime, conflicts) ?? firstGap(bytes, conflicts);
    offsets.set(lifetime.buffer, start);
    placed.push({ lifetime, start, end: start + bytes });
    size = Math.max(size, start + bytes);
  }
  return { offsets, size };
}

/** A place that this buffer may share with all buffers that overlap it. */
function coincidence(lifetime: Lifetime, conflicts: readonly Placed[]): number | undefined {
  if (!lifetime.row) return undefined;
  const agrees = (other: Placed, { start, end }: Placed): boolean =>
    other.end <= start || end <= other.start || (other.start === start && mayCoincide(lifetime, other.lifetime));
  const shared = conflicts.find((place) => conflicts.every((other) => agrees(other, place)));
  return shared?.start;
}

function firstGap(bytes: number, conflicts: readonly Placed[]): number {
  let start = 0;
  for (const other of conflicts) {
    if (start + bytes <= other.start) break;
    start = Math.max(start, other.end);
  }
  return start;
}

import { isOutOfMemory, withMemory } from "../../array/outOfMemory.ts";
import { type WasmMemory, webAssembly } from "./webAssembly.ts";

/** Bytes of WebAssembly's pages, and how many of them a memory may have. @source WebAssembly core specification, memory types */
export const [pageBytes, mostPages] = [65_536, 65_536];

/** Largest ratio of a memory's size to the size a program needs, and of its growth: programs of similar sizes share memories. */
const reach = 2;
/** Pages by which any two programs may differ. */
const smallPages = 16;
/** Memories without a program, and bytes of them, that are kept. */
const [mostFree, mostFreeBytes] = [8, 2 ** 26];

/** The memory of one program, which may have belonged to another program: its bytes are arbitrary. */
export interface ProgramMemory {
  readonly memory: WasmMemory;
  readonly isShared: boolean;
  /** Most pages it can grow to. */
  readonly maximum: number;
  /**
   * As many bytes as are shared; never written to, so they cost no memory. Engines do not count shared memory when they decide to
   * collect garbage, and would keep unused memories.
   */
  readonly counted: ArrayBuffer | undefined;
}

/**
 * Memories that programs take and give back: an engine frees a memory only when it next collects garbage, and a loop that
 * never ends its turn may exhaust the machine's memory before.
 */
export class MemoryPool {
  private free: ProgramMemory[] = [];

  /**
   * A memory of at least so many pages.
   *
   * @throws BackendError where there is none
   */
  take(pages: number, isShared: boolean): ProgramMemory {
    return this.reuse(pages, isShared) ?? this.create(pages, isShared);
  }

  /** Keeps a memory for the next program of about its size. */
  give(memory: ProgramMemory): void {
    this.free.push(memory);
    while (this.free.length > mostFree || this.freeBytes > mostFreeBytes) this.free.shift();
  }

  /** Bytes of memories without a program. */
  get freeBytes(): number {
    return this.free.reduce((sum, { memory }) => sum + memory.buffer.byteLength, 0);
  }

  private reuse(pages: number, isShared: boolean): ProgramMemory | undefined {
    const fits = (free: ProgramMemory): boolean =>
      free.isShared === isShared && free.maximum >= pages && pagesOf(free) <= reach * pages + smallPages;
    // The smallest memory that is large enough, else the largest, which grows least.
    const rank = (free: ProgramMemory): number =>
      pagesOf(free) >= pages ? pagesOf(free) : 2 * mostPages - pagesOf(free);
    const best = this.free.filter(fits).sort((a, b) => rank(a) - rank(b))[0];
    if (!best) return undefined;
    this.free = this.free.filter((free) => free !== best);
    const missing = pages - pagesOf(best);
    if (missing <= 0) return best;
    try {
      best.memory.grow(missing);
    } catch (error) {
      if (isOutOfMemory(error) || error instanceof RangeError) return undefined;
      throw error;
    }
    return { ...best, counted: countedBytes(best.memory, isShared) };
  }

  private create(pages: number, isShared: boolean): ProgramMemory {
    const maximum = Math.min(mostPages, reach * pages + smallPages);
    const make = (most: number): ProgramMemory => {
      const memory = new webAssembly.Memory({ initial: pages, maximum: most, shared: isShared });
      return { memory, isShared, maximum: most, counted: countedBytes(memory, isShared) };
    };
    try {
      return make(maximum);
    } catch {
      this.free = [];
      return withMemory("compile", pages * pageBytes, () => make(pages));
    }
  }
}

const pagesOf = ({ memory }: ProgramMemory): number => memory.buffer.byteLength / pageBytes;

const countedBytes = ({ buffer }: WasmMemory, isShared: boolean): ArrayBuffer | undefined =>
  isShared ? new ArrayBuffer(buffer.byteLength) : undefined;

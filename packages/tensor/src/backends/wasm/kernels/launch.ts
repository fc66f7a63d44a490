import type { Arena } from "../../../compiler/arena.ts";
import type { Buffer, View } from "../../../compiler/view.ts";
import { bytesPerElement } from "../../../dtype.ts";
import type { FunctionReference, ModuleBuilder } from "../assembler/moduleBuilder.ts";
import type { VectorFeatures } from "../features.ts";

/** One call of a kernel function over units [lo, hi), or of a host function. */
export type Launch = FunctionLaunch | HostLaunch;

/** A function of the module: (lo, hi, chunk) → nothing; units may be split between threads at will. */
export interface FunctionLaunch {
  readonly kind: "function";
  readonly name: string;
  /** Index of the plan's kernel that it belongs to. */
  readonly kernel: number;
  readonly units: number;
  /** Rough cost of one unit, in ns: what is not worth a thread stays where it is. */
  readonly cost: number;
}

/** Work in JavaScript on the module's memory. */
export interface HostLaunch {
  readonly kind: "host";
  readonly kernel: number;
  run(memory: ArrayBufferLike): void;
}

/** What lowering a kernel needs: where everything is, and where code goes. */
export class Lowering {
  readonly module: ModuleBuilder;
  readonly features: VectorFeatures;
  readonly launches: Launch[] = [];
  private readonly arena: Arena;
  private readonly base: number;
  private scratchSize = 0;
  private readonly shared = new Map<string, FunctionReference>();

  constructor(module: ModuleBuilder, arena: Arena, base: number, features: VectorFeatures) {
    this.module = module;
    this.arena = arena;
    this.base = base;
    this.features = features;
  }

  /** Whether multiply-adds round once. */
  get fma(): boolean {
    return this.features.fma;
  }

  /** Whether a buffer has a place: what nobody reads has none. */
  isPlaced(buffer: Buffer): boolean {
    return this.arena.offsets.has(buffer);
  }

  /** Byte address of a buffer. */
  addressOf(buffer: Buffer): number {
    return this.base + this.arena.offsets.get(buffer)!;
  }

  /** Byte address of a view's first element. */
  startOf({ buffer, offset }: View): number {
    return this.addressOf(buffer) + offset * bytesPerElement(buffer.dtype);
  }

  /** Room for one kernel's temporary data: the next kernel may use the same. */
  scratch(bytes: number): number {
    this.scratchSize = Math.max(this.scratchSize, bytes);
    return this.base + this.arena.size;
  }

  /** Bytes of memory in all. */
  get end(): number {
    return this.base + this.arena.size + this.scratchSize;
  }

  /** A function that several kernels call: made once for each key. */
  sharedFunction(key: string, make: () => FunctionReference): FunctionReference {
    const known = this.shared.get(key) ?? make();
    this.shared.set(key, known);
    return known;
  }

  /** Adds a kernel function over units; its locals 0 and 1 are the bounds. */
  launch(kernel: number, name: string, units: number, cost: number, target: FunctionReference): void {
    if (units === 0) return;
    const unique = `${name}${this.launches.length}`;
    this.module.exportFunction(unique, target);
    this.launches.push({ kind: "function", name: unique, kernel, units, cost });
  }
}

import { bytesPerElement } from "../../../array/dtype.ts";
import type { Arena } from "../../../compiler/arena.ts";
import type { Buffer, View } from "../../../compiler/view.ts";
import type { FunctionReference, ModuleBuilder } from "../assembler/moduleBuilder.ts";
import type { VectorFeatures } from "../features.ts";
import type { FunctionLaunch, Launch } from "./launch.ts";

/** How the results of a chain of kernels are cut into blocks of rows. */
export interface RowBlock {
  /** Rows of a result, and of a block. */
  readonly rows: number;
  readonly blockRows: number;
}

/** Context of lowering: addresses of buffers, the module, and the launches so far. */
export class Lowering {
  readonly module: ModuleBuilder;
  readonly features: VectorFeatures;
  readonly launches: Launch[] = [];
  private readonly arena: Arena;
  private readonly base: number;
  private functions = 0;
  private scratchSize = 0;
  private scratchStart = 0;
  private block: RowBlock | undefined;
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

  /** Whether a buffer has an address; unused buffers have none. */
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

  /** Room for one kernel's temporary data: the next kernel may use the same room, except for kernels of one chain. */
  scratch(bytes: number): number {
    const start = this.scratchStart;
    if (this.block) this.scratchStart += Math.ceil(bytes / 64) * 64;
    this.scratchSize = Math.max(this.scratchSize, start + bytes);
    return this.base + this.arena.size + start;
  }

  /** Lowers kernels that will run on one block of rows after another. */
  inBlocks(block: RowBlock, lower: () => void): void {
    this.block = block;
    lower();
    this.block = undefined;
    this.scratchStart = 0;
  }

  /** Elements of a result of this size in one block of rows, inside a chain. */
  elementsOfBlock(size: number): number | undefined {
    return this.block && (size / this.block.rows) * this.block.blockRows;
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

  /** Adds a kernel function over work items; its locals 0 and 1 are the bounds. */
  launch(
    kernel: number,
    name: string,
    workItems: number,
    cost: number,
    target: FunctionReference,
    more: Pick<FunctionLaunch, "span" | "parts"> = {},
  ): void {
    if (workItems === 0) return;
    const unique = `${name}${this.functions++}`;
    this.module.exportFunction(unique, target);
    this.launches.push({ kind: "function", name: unique, kernel, workItems, cost, target, ...more });
  }
}

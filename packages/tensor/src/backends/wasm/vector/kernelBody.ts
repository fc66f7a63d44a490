import type { DType } from "../../../array/dtype.ts";
import type { Node } from "../../../expression/graph.ts";
import { operations } from "../../../expression/operations.ts";
import { sortedNodes } from "../../../expression/sortedNodes.ts";
import type { FunctionBuilder } from "../assembler/index.ts";
import type { ConstantPool } from "./constantPool.ts";
import { type LaneCount, Lanes } from "./lanes.ts";
import { keepVector, type Vector, vectorIn } from "./vector.ts";

/** How a kernel is emitted. */
export interface EmitOptions {
  /** Whether multiply-adds inside named functions round once (relaxed SIMD that is really fused). */
  readonly fma: boolean;
  /** Constants of the function that is being written: one pool for all kernels in it. */
  readonly constants: ConstantPool;
  /** Default `laneCountOf(nodes)`. */
  readonly laneCount?: LaneCount;
}

/** Pushes the vector of an input, in the form that `loadVector` gives. */
export type LoadInput = (index: number, dtype: DType) => void;

/** Elements that are computed at once: 2 if anything the nodes need is float64, else 4. */
export const laneCountOf = (nodes: readonly Node[]): LaneCount =>
  sortedNodes(nodes).some(({ dtype }) => dtype === "float64") ? 2 : 4;

/** The instructions that compute nodes for one vector of elements, to be written at several places of one function. */
export class KernelBody {
  readonly laneCount: LaneCount;
  private readonly fn: FunctionBuilder;
  private readonly nodes: readonly Node[];
  private readonly sorted: readonly Node[];
  private readonly options: EmitOptions;
  private readonly inputs: readonly { readonly node: Node; readonly local: number }[];
  /** Positions of the instructions that the first call wrote. */
  private written: { readonly start: number; readonly end: number; readonly results: readonly number[] } | undefined;

  constructor(fn: FunctionBuilder, nodes: readonly Node[], options: EmitOptions) {
    this.fn = fn;
    this.nodes = nodes;
    this.options = options;
    this.sorted = sortedNodes(nodes);
    this.laneCount = options.laneCount ?? laneCountOf(nodes);
    this.inputs = this.sorted
      .filter(({ op }) => op === "input")
      .map((node) => ({ node, local: fn.freshLocal("v128") }));
  }

  /**
   * Writes first all loads, then the arithmetic.
   *
   * @returns a local for each node, the caller's to release
   */
  emit(load: LoadInput): number[] {
    this.load(load);
    return this.results();
  }

  /** Writes all loads. */
  load(load: LoadInput): void {
    for (const { node, local } of this.inputs) {
      load(node.index!, node.dtype);
      this.fn.set(local);
    }
  }

  /**
   * Writes the arithmetic on the loaded vectors.
   *
   * @returns a local for each node, the caller's to release
   */
  results(): number[] {
    const { fn } = this;
    if (this.written) fn.repeat(this.written.start, this.written.end);
    else this.written = this.writeArithmetic();
    return this.written.results.map((result) => {
      const own = fn.local("v128");
      fn.get(result);
      fn.set(own);
      return own;
    });
  }

  /** The next call repeats the same bytes, so they must use locals of their own. */
  private writeArithmetic(): NonNullable<KernelBody["written"]> {
    const start = this.fn.position;
    let results: number[] = [];
    this.fn.withOwnLocals(() => {
      results = this.compute();
    });
    return { start, end: this.fn.position, results };
  }

  private compute(): number[] {
    const lanes = new Lanes(this.laneCount, this.options.constants, this.options.fma, (vector) =>
      vectorIn(keepVector(this.fn, vector)),
    );
    const values = new Map<Node, Vector>(this.inputs.map(({ node, local }) => [node, vectorIn(local)]));
    const readers = countReaders(this.sorted, this.nodes);
    for (const node of this.sorted) {
      if (node.op === "input") continue;
      if (node.op === "constant") {
        values.set(node, lanes.constant(node.dtype, node.value!));
        continue;
      }
      const args = node.args.map((arg) => values.get(arg)!);
      const vector = operations[node.op].vector!(lanes, args, node);
      values.set(node, vectorIn(keepVector(this.fn, vector)));
      for (const arg of node.args) {
        const left = readers.get(arg)! - 1;
        readers.set(arg, left);
        if (left === 0 && arg.op !== "constant") this.fn.release(values.get(arg)!.local);
      }
    }
    return this.nodes.map((node) => values.get(node)!.local);
  }
}

/** How often each node is read; results once more, so that they outlive the kernel. */
function countReaders(sorted: readonly Node[], results: readonly Node[]): Map<Node, number> {
  const readers = new Map<Node, number>();
  const count = (node: Node): void => {
    readers.set(node, (readers.get(node) ?? 0) + 1);
  };
  for (const { args } of sorted) args.forEach(count);
  results.forEach(count);
  return readers;
}

/** Writes a kernel at one place: see `KernelBody`. */
export const emitNodes = (
  fn: FunctionBuilder,
  nodes: readonly Node[],
  load: LoadInput,
  options: EmitOptions,
): number[] => new KernelBody(fn, nodes, options).emit(load);

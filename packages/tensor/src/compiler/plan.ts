import type { Shape } from "../array/shape.ts";
import type { DenseTensor, Tensor } from "../array/tensor.ts";
import type { NameWithRole } from "../primitives/index.ts";
import type { Equation } from "../program/equation.ts";
import type { Buffer, View } from "./view.ts";

/** A value that a kernel reads: the operand of the equations, and where its elements are. */
export interface KernelInput {
  readonly value: Tensor;
  readonly view: View;
}

/** A value that a kernel writes, whole and in row-major order. */
export interface KernelOutput {
  readonly value: Tensor;
  readonly buffer: Buffer;
}

interface KernelParts {
  /** The equations that the kernel computes, in order. */
  readonly equations: readonly Equation[];
  readonly inputs: readonly KernelInput[];
  readonly outputs: readonly KernelOutput[];
}

/** Scalar expressions over one shape; inputs are seen in that shape, strides 0 repeat. */
export interface MapKernel extends KernelParts {
  readonly kind: "map";
  readonly shape: Shape;
}

/** An expression over a shape, combined along axes: sum, max, min, or argmax with its index. The last equation reduces. */
export interface ReduceKernel extends KernelParts {
  readonly kind: "reduce";
  readonly shape: Shape;
  readonly axes: readonly number[];
  readonly combiner: NameWithRole<"reduce">;
}

/** A matrix product: the views give the layout of the operands, so that a transposed operand is never copied. */
export interface ContractKernel extends KernelParts {
  readonly kind: "contract";
  readonly contraction: NameWithRole<"contract">;
  /** The equations of a map that may be computed along with the product, element by element, as `withEpilogues` finds them. */
  readonly epilogue: readonly Equation[];
}

/** Running sums along an axis. */
export interface ScanKernel extends KernelParts {
  readonly kind: "scan";
  readonly scan: NameWithRole<"scan">;
}

/** Elements that change places: concat, pad, gather, scatterAdd, argsort, and copies of views. */
export interface MoveKernel extends KernelParts {
  readonly kind: "move";
  /** "reshape" is a copy in row-major order, of a view that strides cannot describe in its new shape. */
  readonly move: NameWithRole<"move"> | "reshape";
}

/** A primitive that backends have no kernel for: its reference loop computes it. */
export interface HostKernel extends KernelParts {
  readonly kind: "host";
}

/** One launch. */
export type Kernel = MapKernel | ReduceKernel | ContractKernel | ScanKernel | MoveKernel | HostKernel;

/** Kernels [from, to) of a plan that may run one after another on blocks of rows: each row is computed from the same row alone. */
export interface RowChain {
  readonly from: number;
  readonly to: number;
  /** Rows of every result, and of a block. */
  readonly rows: number;
  readonly blockRows: number;
}

/** The kernels that a backend runs, in order, over buffers. Plain data. */
export interface Plan {
  readonly kernels: readonly Kernel[];
  /** Ranges of kernels that may run on one block of rows after another. */
  readonly chains: readonly RowChain[];
  /** Where arguments are put. */
  readonly inputs: readonly Buffer[];
  readonly constants: readonly { readonly buffer: Buffer; readonly value: DenseTensor }[];
  /** Where results are found. */
  readonly outputs: readonly View[];
  readonly buffers: readonly Buffer[];
}

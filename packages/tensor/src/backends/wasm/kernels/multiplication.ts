import type { View } from "../../../compiler/view.ts";
import type { FunctionBuilder } from "../assembler/index.ts";
import { maxChunks } from "../threads/claim.js";
import type { Lowering } from "./lowering.ts";
import type { Address } from "./pack.ts";
import type { Places } from "./productEmitter.ts";

/** Addresses of a multiplication's parts, and the local with the number of the chunk that runs. */
export interface MultiplicationPlaces extends Places {
  /** Room besides panels. */
  readonly packed: Address;
  readonly chunk: number;
}

/** A product that first packs B into panels, whatever A is: all that a launch of it needs to know. */
export interface Multiplication {
  /** Text of everything that decides its code: multiplications with equal keys have equal code. */
  readonly key: string;
  readonly elementBytes: number;
  /** Work items of packing, bytes of each, and its cost in ns. */
  readonly panels: number;
  readonly panelBytes: number;
  readonly packCost: number;
  /** Work items of the product, and the cost of one in ns. */
  readonly workItems: number;
  readonly cost: number;
  /** Elements of C that a work item computes, in order; undefined where they are no range of C. */
  readonly span?: number;
  /** Bytes of scratch besides panels, for so many chunks that run at the same time. */
  scratchBytes(chunks: number): number;
  /** Packs panels [lo, hi), locals 0 and 1. */
  emitPack(fn: FunctionBuilder, b: Address, panels: Address): void;
  /** Multiplies work items [lo, hi), locals 0 and 1; `chunks` is that of `scratchBytes`. */
  emitMultiply(fn: FunctionBuilder, places: MultiplicationPlaces, chunks: number): void;
  /** For small matrices, which one thread multiplies whole. */
  readonly whole?: WholeMultiplication | undefined;
}

/** A product of small matrices that are read where they are. */
export interface WholeMultiplication {
  /** Whether B must be packed. */
  readonly isPacked: boolean;
  /** Multiplies whole matrices; b is the address of B, or of its panels. */
  emit(fn: FunctionBuilder, places: WholePlaces): void;
}

/** Locals with the addresses of matrices; they are not changed. */
export interface WholePlaces {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** The views of A and B, the result, and how many axes at their ends belong to one multiplication. */
export interface Operands {
  readonly views: readonly View[];
  readonly c: View;
  readonly inner: number;
}

/** Bytes of all panels. */
export const allPanelBytes = ({ panels, panelBytes }: Multiplication): number => panels * panelBytes;

/** Scratch for a multiplication whose work items are shared between threads. */
export function scratchOf(
  lowering: Lowering,
  multiplication: Multiplication,
): { readonly panels: number; readonly packed: number; readonly chunks: number } {
  const chunks = Math.min(multiplication.workItems, maxChunks);
  const panels = lowering.scratch(allPanelBytes(multiplication) + multiplication.scratchBytes(chunks));
  return { panels, packed: panels + allPanelBytes(multiplication), chunks };
}

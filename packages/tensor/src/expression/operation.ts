import type { DType } from "../array/dtype.ts";
import type { GpuFunction } from "./gpuFunction.ts";
import type { ExpressionGraph, Node } from "./graph.ts";
import type { FloatLanes } from "./lanes/floatLanes.ts";
import type { Lanes } from "./lanes/lanes.ts";

/**
 * The meaning of an operator or a named function of the expression language.
 *
 * A function is one file with all its bodies; most are made by `floatFunction`.
 */
export interface Operation {
  readonly arity: number;
  /** Whole numbers in the text behind the operands, as the power of integerPow; default 0. */
  readonly statics?: 0 | 1;
  /** dtype of the result, undefined for operands that the operation is not defined on. */
  type(operands: readonly DType[]): DType | undefined;
  /** JavaScript source over the sources of the operands, before the result is rounded to its dtype. */
  js?(args: readonly string[], node: Node): string;
  /** Called by the source as functions.name(…), and lane by lane by vector bodies that need it. */
  readonly scalar?: (...numbers: number[]) => number;
  /** Vectors of the operands → a vector. */
  vector?<V>(lanes: Lanes<V>, args: readonly V[], node: Node): V;
  /**
   * For gpu.js, over the sources of the operands, all of them float32, a bool 0 or 1: source, or a function to be called
   * with them. Without it the operation does not run on a GPU.
   */
  gpu?(args: readonly string[], node: Node): string | GpuFunction;
  /** In place of bodies: the function in terms of other operations, where there is such a form. */
  expand?(graph: ExpressionGraph, args: readonly Node[], value?: number): Node | undefined;
}

/** The dtype that all operands share, if it is one of these. */
export const oneOf =
  (...allowed: readonly DType[]) =>
  ([first, ...others]: readonly DType[]): DType | undefined =>
    allowed.includes(first) && others.every((dtype) => dtype === first) ? first : undefined;

export const floats = oneOf("float64", "float32");
export const numbers = oneOf("float64", "float32", "int32");

/** The bodies of a function of floats. */
export interface FloatFunction {
  readonly arity: 1 | 2;
  readonly scalar: (x: number, y: number) => number;
  /** The vector body, once for both formats; without one the scalar is called lane by lane. */
  readonly vector?: <V>(v: FloatLanes<V>, x: V, y: V) => V;
  /** For gpu.js: source over the operand, or a function; without it there is none on a GPU. */
  readonly gpu?: GpuFunction | ((x: string) => string);
}

/** A named function of floats, with a result of their dtype. */
export function floatFunction(name: string, { arity, scalar, vector, gpu }: FloatFunction): Operation {
  return {
    arity,
    type: floats,
    scalar: scalar as (...numbers: number[]) => number,
    gpu: gpu && (([x]) => (typeof gpu === "function" ? gpu(x) : gpu)),
    vector: (lanes, args, { dtype }) => {
      const v = lanes.float(dtype);
      return vector ? vector(v, args[0], args[1]) : v.host(name, args);
    },
  };
}

import { ShapeError, Tensor } from "@pushforward/tensor";

/** The differentiated part of what a function with aux returns. */
export type MainOf<Out> = Out extends readonly [infer Main, unknown] ? Main : Out;

/** The other part. */
export type AuxOf<Out> = Out extends readonly [unknown, infer Aux] ? Aux : never;

/** [out, outTangent], or with aux [out, outTangent, aux]. */
export type Outputs<Out, HasAux extends boolean> = HasAux extends true
  ? [MainOf<Out>, MainOf<Out>, AuxOf<Out>]
  : [Out, Out];

/** Takes [out, aux] apart. */
export function splitAux(operation: string, raw: unknown, hasAux: boolean): { out: unknown; aux: unknown } {
  if (!hasAux) return { out: raw, aux: null };
  if (Array.isArray(raw) && raw.length === 2) return { out: raw[0], aux: raw[1] };
  const got = Array.isArray(raw) ? `an array of ${raw.length}` : raw instanceof Tensor ? "a tensor" : typeof raw;
  throw new ShapeError(`${operation}: with hasAux the function must return [out, aux], got ${got}`);
}

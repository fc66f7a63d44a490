import { checkSync, ShapeError, type Sync, Tensor } from "@pushforward/tensor";

/** The differentiated part of what a function with aux returns. */
export type MainOf<Out> = Out extends readonly [infer Main, unknown] ? Main : Out;

/** The other part. */
export type AuxOf<Out> = Out extends readonly [unknown, infer Aux] ? Aux : never;

/** What a function must return: with hasAux a pair. */
export type Result<HasAux extends boolean> = HasAux extends true ? readonly [unknown, unknown] : unknown;

/** What a function returns: no Promise; beside [] an array literal is a tuple, as the pair of hasAux is, without `as const`. */
export type Returned<Out> = Out & (Sync<Out> | []);

/** [out, outTangent], or with aux [out, outTangent, aux]. */
export type Outputs<Out, HasAux extends boolean> = HasAux extends true
  ? [MainOf<Out>, MainOf<Out>, AuxOf<Out>]
  : [Out, Out];

/** Takes [out, aux] apart. */
export function splitAux(operation: string, raw: unknown, hasAux: boolean): { out: unknown; aux: unknown } {
  if (!hasAux) return { out: raw, aux: null };
  checkSync(operation, raw);
  if (Array.isArray(raw) && raw.length === 2) return { out: raw[0], aux: raw[1] };
  throw new ShapeError(`${operation}: with hasAux the function must return [out, aux], got ${nameOf(raw)}`);
}

/** What came in place of a pair. */
export function nameOf(x: unknown): string {
  if (Array.isArray(x)) return `an array of ${x.length}`;
  if (x instanceof Tensor) return "a tensor";
  return x === null ? "null" : typeof x;
}

import { checkSync, ShapeError, type Sync, Tensor } from "@pushforward/tensor";

/** The differentiated part of what a function with aux returns. */
export type MainOf<Out> = Out extends readonly [infer Main, unknown] ? Main : Out;

/** The auxiliary part of what a function with aux returns. */
export type AuxOf<Out> = Out extends readonly [unknown, infer Aux] ? Aux : never;

/** The type that a function must return: with hasAux a pair. */
export type Result<HasAux extends boolean> = HasAux extends true ? readonly [unknown, unknown] : unknown;

/**
 * The type of a function's result, without Promise. The union with [] makes TypeScript infer a tuple from an array literal, so that the
 * pair of hasAux needs no `as const`.
 */
export type Returned<Out> = Out & (Sync<Out> | []);

/** [out, outTangent], or with aux [out, outTangent, aux]. */
export type Outputs<Out, HasAux extends boolean> = HasAux extends true
  ? [MainOf<Out>, MainOf<Out>, AuxOf<Out>]
  : [Out, Out];

/** Splits [out, aux]. */
export function splitAux(operation: string, raw: unknown, hasAux: boolean): { out: unknown; aux: unknown } {
  if (!hasAux) return { out: raw, aux: null };
  checkSync(operation, raw);
  if (Array.isArray(raw) && raw.length === 2) return { out: raw[0], aux: raw[1] };
  throw new ShapeError(`${operation}: with hasAux the function must return [out, aux], got ${nameOf(raw)}`);
}

/** Describes a result that is not a pair, for messages. */
export function nameOf(x: unknown): string {
  if (Array.isArray(x)) return `an array of ${x.length}`;
  if (x instanceof Tensor) return "a tensor";
  return x === null ? "null" : typeof x;
}

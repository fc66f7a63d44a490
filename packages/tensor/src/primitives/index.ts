import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import { matmul } from "./contraction.ts";
import { cast, unitFromBits } from "./conversion.ts";
import { conv } from "./convolution.ts";
import { argsort, gather, scatterAdd } from "./indexing.ts";
import * as integer from "./integer.ts";
import * as marker from "./marker.ts";
import type { Arity, Primitive, Role } from "./primitive.ts";
import { argmax, cumsum, max, min, sum } from "./reduction.ts";
import { broadcastTo, concat, flip, iota, pad, reshape, slice, transpose } from "./structural.ts";
import * as transcendental from "./transcendental.ts";

const structural = { iota, broadcastTo, reshape, transpose, slice, pad, concat, flip };
const indexing = { gather, scatterAdd, argsort };
const reduction = { sum, max, min, argmax, cumsum };
const contraction = { matmul, conv };
const conversion = { cast, unitFromBits };

/** The families, as documentation groups them. */
export const primitiveFamilies = {
  arithmetic,
  transcendental,
  comparison,
  integer,
  structural,
  indexing,
  reduction,
  contraction,
  conversion,
  marker,
};

/** Every primitive by name: the one table that rules, backends, tests and documentation loop over. */
export const primitives = {
  ...arithmetic,
  ...transcendental,
  ...comparison,
  ...integer,
  ...structural,
  ...indexing,
  ...reduction,
  ...contraction,
  ...conversion,
  ...marker,
} as const;

/** Name of a primitive: rule tables are total over this union. */
export type PrimitiveName = keyof typeof primitives;

/** Names of the primitives with a role: tables over them are total, so that the compiler names a missing row. */
export type NameWithRole<R extends Role> = {
  [P in PrimitiveName]: (typeof primitives)[P]["role"] extends R ? P : never;
}[PrimitiveName];

/** A primitive of the table by its name, with parameters of any kind. */
export const primitiveOf = (name: PrimitiveName): Primitive<object> => primitives[name];

/** The name of a primitive in the table; undefined for a caller's own primitive, whatever its name is. */
export function knownName(primitive: Primitive<object>): PrimitiveName | undefined {
  const { name } = primitive;
  const isKnown = Object.hasOwn(primitives, name) && primitives[name as PrimitiveName] === primitive;
  return isKnown ? (name as PrimitiveName) : undefined;
}

/** Static parameters of each primitive. */
export type PrimitiveParams = {
  [P in PrimitiveName]: (typeof primitives)[P] extends Primitive<infer Params, Arity> ? Params : never;
};

/** Number of operands of each primitive, a literal or "n". */
export type PrimitiveArity = {
  [P in PrimitiveName]: (typeof primitives)[P] extends { readonly arity: infer A } ? A : never;
};

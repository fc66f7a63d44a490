import { type PrimitiveName, type primitiveFamilies, primitives } from "../primitives/index.ts";
import type { Equation } from "../program/equation.ts";

/**
 * How the compiler treats an equation. "host" is a primitive that the table of primitives does not hold and that has no expression
 * text: only its own reference loop knows what it computes.
 */
export type Role = "map" | "view" | "marker" | "reduce" | "contract" | "scan" | "move" | "host";

type Families = typeof primitiveFamilies;

/** Families whose primitives have expressions and are maps. */
type MapFamily = "arithmetic" | "transcendental" | "comparison" | "integer" | "conversion";

type NameIn<F extends keyof Families> = { [G in F]: keyof Families[G] }[F];

/** Primitives that are no maps: a new one does not compile before it has a role here. */
const roles = {
  broadcastTo: "view",
  reshape: "view",
  transpose: "view",
  slice: "view",
  flip: "view",
  stopGradient: "marker",
  stopTangent: "marker",
  stopCotangent: "marker",
  barrier: "marker",
  sum: "reduce",
  max: "reduce",
  min: "reduce",
  argmax: "reduce",
  matmul: "contract",
  cumsum: "scan",
  iota: "move",
  pad: "move",
  concat: "move",
  gather: "move",
  scatterAdd: "move",
  argsort: "move",
} as const satisfies Readonly<Record<NameIn<Exclude<keyof Families, MapFamily>>, Role>>;

type NameWithRole<R extends Role> = {
  [N in keyof typeof roles]: (typeof roles)[N] extends R ? N : never;
}[keyof typeof roles];

/** Primitives that are only another way to look at their operand. */
export type ViewName = NameWithRole<"view">;

/** Primitives that move elements. */
export type MoveName = NameWithRole<"move">;

/** The name of an equation's primitive, or undefined for one that only has the name of one of ours, or none of them. */
export function knownName({ primitive }: Equation): PrimitiveName | undefined {
  const { name } = primitive;
  const isOurs = Object.hasOwn(primitives, name) && (primitives[name as PrimitiveName] as unknown) === primitive;
  return isOurs ? (name as PrimitiveName) : undefined;
}

/** What is neither in the table nor has an expression is left to its own reference loop. */
export function roleOf(equation: Equation): Role {
  const name = knownName(equation);
  if (name !== undefined && Object.hasOwn(roles, name)) return roles[name as keyof typeof roles];
  return equation.primitive.expression ? "map" : "host";
}

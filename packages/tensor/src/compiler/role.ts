import { type PrimitiveName, primitives } from "../primitives/index.ts";
import type { Role } from "../primitives/primitive.ts";
import type { Equation } from "../program/equation.ts";

/** The name of an equation's primitive in the primitives table; undefined for a caller's own primitive, whatever its name is. */
export function knownName({ primitive }: Equation): PrimitiveName | undefined {
  const { name } = primitive;
  const isOurs = Object.hasOwn(primitives, name) && primitives[name as PrimitiveName] === primitive;
  return isOurs ? (name as PrimitiveName) : undefined;
}

/**
 * The role of an equation's primitive. A caller's own primitive is a map, a view or a marker where it says so and has what
 * that role needs, else "host": no kernel is guessed from a name.
 */
export function roleOf(equation: Equation): Role {
  const { role, expression, view } = equation.primitive;
  if (role === "map") return expression ? role : "host";
  if (role === "view") return view ? role : "host";
  return role === "marker" || knownName(equation) !== undefined ? role : "host";
}

import { knownName } from "../primitives/index.ts";
import type { Role } from "../primitives/primitive.ts";
import type { Equation } from "../program/equation.ts";

/**
 * The role of an equation's primitive. A caller's own primitive may be a map with an expression, a view with a `view`, or a
 * marker; otherwise its role is "host", since no kernel is guessed from a name.
 */
export function roleOf({ primitive }: Equation): Role {
  const { role, expression, view } = primitive;
  if (role === "map") return expression ? role : "host";
  if (role === "view") return view ? role : "host";
  return role === "marker" || knownName(primitive) !== undefined ? role : "host";
}

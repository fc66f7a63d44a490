import { DomainError, knownName, type Primitive, type PrimitiveName } from "@pushforward/tensor";

/**
 * The row of a primitive in a table of rules.
 *
 * @throws DomainError for a caller's own primitive, also for one with the name of a primitive of the table
 */
export function ruleOf<T extends { readonly [P in PrimitiveName]?: unknown }>(
  table: T,
  primitive: Primitive<object>,
  transform: "jvp" | "vjp" | "vmap",
): T[PrimitiveName & keyof T] {
  const name = knownName(primitive);
  if (name !== undefined) return table[name as PrimitiveName & keyof T];
  const derivative = transform === "vmap" ? "" : ", or give it a derivative with customJvp";
  throw new DomainError(
    `${transform}: a primitive must be one of tensor's primitives, got a primitive "${primitive.name}" of your own; ` +
      `compose the function of operations of tensor${derivative}`,
  );
}

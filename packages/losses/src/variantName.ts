import type { AnyLoss } from "./lossTypes.ts";

/**
 * The name of a loss whose stop-gradients of some labels are switched off: `meanFlow@-target`, `esd@-velocity@-advection`.
 *
 * @param without labels that are switched off; labels of other losses are left out of the name
 */
export const variantName = (
  { name, stops }: Pick<AnyLoss, "name" | "stops">,
  without: readonly string[] = [],
): string => [name, ...stops.filter((label) => without.includes(label)).map((label) => `-${label}`)].join("@");

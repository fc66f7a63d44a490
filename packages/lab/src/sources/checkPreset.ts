import { DomainError } from "@pushforward/tensor";
import { lossOfVariant } from "@pushforward/training";
import type { Sources } from "./source.ts";

/**
 * Refuses a preset if it would apply to no recipe: recipes of files are trained as they are written.
 *
 * @throws DomainError that says what to do instead
 */
export function checkPreset(
  operation: string,
  names: readonly string[],
  sources: Sources | undefined,
  { preset }: { readonly preset?: unknown },
): void {
  if (
    preset === undefined ||
    sources === undefined ||
    names.some((name) => sources[lossOfVariant(name)]?.recipe === undefined)
  )
    return;
  throw new DomainError(
    `${operation}: --preset must be left out, because the recipe of a file is trained as it is written; pushforward recipe <loss> --preset ${preset} writes the recipe with this preset`,
  );
}

import { hasWholeGroups, type Recipe } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import { asIs, type Naming } from "../settings/parseSettings.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";

/**
 * Checks that a batch gives every term of a recipe whole groups of samples.
 *
 * @param nameOf how the message calls a setting
 * @throws DomainError that names the batch and the group
 */
export function checkGroups(
  { name, terms }: Recipe,
  { batch }: Pick<TrainingSettings, "batch">,
  nameOf: Naming = asIs,
): void {
  if (hasWholeGroups(terms, batch)) return;
  const groups = [...new Set(terms.filter(({ group }) => group > 1).map(({ group }) => group))];
  throw new DomainError(
    `train: ${name} compares samples in groups of ${groups.join(" and ")}, and its batch must give every term whole groups, got ${batch}; choose another ${nameOf("batch")} or ${nameOf("group")}`,
  );
}

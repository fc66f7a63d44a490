import { DomainError } from "@pushforward/tensor";

/**
 * Principal components that workers of this page do not have: their points have two coordinates.
 *
 * @throws DomainError always
 */
export function latentLaw(): never {
  throw new DomainError(
    "latentLaw: points of this page must be learnt by their columns; use the command for components",
  );
}

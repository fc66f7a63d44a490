import { DomainError, div, sub, type Tensor, type TensorLike } from "@pushforward/tensor";
import { columns } from "./columns.ts";

/** Settings of a network that may take the scale of a guidance. */
export interface GuidanceInput {
  /** Number of classes; without it the network has no labels. */
  readonly classes?: number;
  /** Whether the network takes the scale ω of a guidance after its labels; default false. */
  readonly guidance?: boolean;
}

/**
 * The scale ω of a guidance as a network takes it, [..., 1]: 0 without guidance, towards 1 for strong ones. Samples without a scale have ω = 1.
 *
 *   1 − 1/ω
 *
 * @source Geng et al. 2025 (improved MeanFlow), arXiv 2512.02012, official code: embedding of 1 − 1/ω
 * @param omega scalar or [batch, 1]
 * @returns undefined for a network that takes no scale
 * @throws  DomainError for a scale that is not positive, of values that can be read, or that the network does not take
 */
export function guidanceInput(
  operation: string,
  x: Tensor,
  omega: TensorLike | undefined,
  { guidance = false }: GuidanceInput,
): Tensor | undefined {
  if (!guidance) {
    if (omega === undefined || omega === null) return undefined;
    throw new DomainError(
      `${operation}: a scale of guidance needs an input for it, got none; make the network with { guidance: true }`,
    );
  }
  const [scale] = columns(operation, x, [omega ?? 1], "the scale of guidance");
  const bad = scale.readable ? scale.concrete(operation).buffer.find((value) => !(value > 0)) : undefined;
  if (bad !== undefined) throw new DomainError(`${operation}: the scale of guidance must be positive, got ${bad}`);
  return sub(1, div(1, scale));
}

/** @throws DomainError for a network that takes the scale of a guidance and has no classes */
export function checkGuidance(operation: string, { classes, guidance = false }: GuidanceInput): void {
  if (!guidance || classes !== undefined) return;
  throw new DomainError(
    `${operation}: guidance needs classes, got none; give the number of classes or leave guidance out`,
  );
}

import {
  broadcastTo,
  DomainError,
  DTypeError,
  formatShape,
  full,
  inWords,
  ShapeError,
  sizeOf,
  Tensor,
} from "@pushforward/tensor";
import { checkIndices } from "../layers/embedding.ts";

/**
 * Labels of a batch as int32[batch]. Samples without labels have no class, which is the number after the last class.
 *
 * @param lead    axes of the samples before the last one
 * @param classes number of classes; undefined for a network without labels
 * @throws DomainError, DTypeError or ShapeError that names the operation
 */
export function labelsOf(
  operation: string,
  labels: Tensor | undefined,
  lead: readonly number[],
  classes: number | undefined,
): Tensor | undefined {
  const batch = sizeOf(lead);
  if (classes === undefined) {
    if (labels === undefined || labels === null) return undefined;
    throw new DomainError(`${operation}: labels need classes, got none; make the network with { classes }`);
  }
  if (labels === undefined || labels === null) return full([batch], classes, { dtype: "int32" });
  if (!(labels instanceof Tensor)) {
    throw new DTypeError(`${operation}: labels must be an int32 tensor ${formatShape(lead)}, got ${inWords(labels)}`);
  }
  checkIndices(operation, "labels", labels, classes + 1);
  const fits = labels.rank === 0 || formatShape(labels.shape) === formatShape(lead);
  if (fits) return broadcastTo(labels, lead).reshape([batch]);
  throw new ShapeError(
    `${operation}: labels must be ${formatShape(lead)}, one per sample, got ${formatShape(labels.shape)}`,
  );
}

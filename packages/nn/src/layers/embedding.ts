import { DomainError, DTypeError, inWords, optionsOf, Tensor, take } from "@pushforward/tensor";
import { checkWhole, type Layer, makeLayer, Parameter } from "./layer.ts";
import { smallNormal } from "./startingValues.ts";

/** Parameters of layers.embedding. */
export interface EmbeddingParams {
  /** [count, dim] */
  readonly weight: Tensor;
}

/** Settings of layers.embedding. */
export interface EmbeddingOptions {
  /** Number of rows. */
  readonly count: number;
  /** Number of features of a row. */
  readonly dim: number;
}

/**
 * A learnt vector for every whole number below `count`, such as a class.
 *
 * @returns a layer that maps int32 [...] to [..., dim]
 * @throws  DomainError for settings out of range, and for numbers out of range whose values can be read; compiled programs clamp them
 */
export function embedding(options: EmbeddingOptions): Layer<EmbeddingParams, readonly [indices: Tensor]> {
  const { count, dim } = optionsOf("embedding", options);
  checkWhole("embedding", "count", count, 1);
  checkWhole("embedding", "dim", dim, 1);
  const parameters = { weight: new Parameter([count, dim], smallNormal) };
  return makeLayer<EmbeddingParams, readonly [indices: Tensor]>("embedding", parameters, ({ weight }, indices) => {
    checkIndices("embedding", "the indices", indices, count);
    return take(weight, indices);
  });
}

/**
 * Checks whole numbers below `count`; of the values only those that can be read.
 *
 * @throws DTypeError or DomainError that names the operation
 */
export function checkIndices(operation: string, name: string, indices: Tensor, count: number): void {
  if (!(indices instanceof Tensor) || indices.dtype !== "int32") {
    const got = indices instanceof Tensor ? indices.dtype : inWords(indices);
    throw new DTypeError(`${operation}: ${name} must be an int32 tensor, got ${got}`);
  }
  if (!indices.readable) return;
  const { buffer } = indices.concrete(operation);
  const bad = buffer.findIndex((index) => index < 0 || index >= count);
  if (bad >= 0) {
    throw new DomainError(`${operation}: ${name} must lie in [0, ${count - 1}], got ${buffer[bad]} at position ${bad}`);
  }
}

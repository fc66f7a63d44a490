import { totalmem } from "node:os";
import { DomainError } from "@pushforward/tensor";
import { widthOf } from "@pushforward/training";
import type { TrainConfig } from "../config.ts";

/** Numbers of time features that enter a network at most, with the data's coordinates. */
const timeFeatures = 32;
/** Copies of the parameters that a step holds: gradients, moments and averages, each before and after. Measured: 14 to 19. */
const parameterCopies = 20;
/** Arrays of a layer's size that a step holds per layer, derivative inside the loss included. Measured: 5 to 10. */
const activationCopies = 10;
/** Part of the memory that a training may fill. */
const usable = 0.8;
/** Memory that one compiled function can address, in bytes. */
const wasmLimit = 2 ** 32;

/** Settings that decide how large a training is. */
type SizeSettings = Pick<TrainConfig, "batch" | "width" | "depth" | "dtype" | "backend">;

/** About how many bytes a training step holds at most. */
export function trainingBytes(config: SizeSettings, dim: number): number {
  const { batch, depth, dtype } = config;
  const width = widthOf(config, dim);
  const parameters = (dim + timeFeatures) * width + (depth - 1) * width ** 2 + width * dim;
  const activations = batch * (width * depth + dim + timeFeatures);
  return (parameterCopies * parameters + activationCopies * activations) * (dtype === "float64" ? 8 : 4);
}

/** Memory that this process may have, in bytes: the machine's, or less inside a container. */
function availableBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * Refuses a training that would not fit into memory.
 *
 * @throws DomainError that names the three sizes, what they need and what there is
 */
export function checkMemory(config: SizeSettings, dim: number, available: number = availableBytes()): void {
  const { batch, depth, backend } = config;
  const bytes = trainingBytes(config, dim);
  const limit = backend === "wasm" ? Math.min(wasmLimit, usable * available) : usable * available;
  if (bytes <= limit) return;
  const other = limit === wasmLimit ? ", or choose --backend reference" : "";
  throw new DomainError(
    `train: batch ${batch}, width ${widthOf(config, dim)} and depth ${depth} on ${dim} columns need about ${gigabytes(bytes)} of memory, there are ${gigabytes(limit)}; lower --batch or --width${other}`,
  );
}

const gigabytes = (bytes: number): string => `${Number((bytes / 1e9).toPrecision(2))} GB`;

import { totalmem } from "node:os";
import type { Recipe } from "@pushforward/losses";
import { DomainError } from "@pushforward/tensor";
import {
  alternates,
  describeNetwork,
  networkSize,
  type Problem,
  type TrainingSettings,
  widthOf,
} from "@pushforward/training";

/** Copies of the parameters that a step holds: gradients, moments and averages, each before and after. Measured: 14 to 19. */
const parameterCopies = 20;

/**
 * Copies of the numbers of an evaluation that a step holds, derivative inside the loss included. Measured for perceptrons: 1.4 to 3.4. For networks of
 * pictures, whose elementwise operations are mostly fused: 0.6 to 1 without auxiliary networks, and up to 1.5 with them.
 */
const activationCopies = { perceptron: 4, pictures: 1.25, alternating: 2 } as const;

/** Part of the memory that a training may fill. */
const usable = 0.8;
/** Memory that one compiled function can address, in bytes. */
const wasmLimit = 2 ** 32;

/** The points that networks are made for. */
type Points = Pick<Problem, "dim" | "image" | "classes">;

/** Recipes of a training and the memory of the machine. */
export interface MemoryOptions {
  /** The recipes that are trained, one at a time; without them the estimate holds for any. */
  readonly recipes?: readonly Recipe[];
  /** Memory in bytes; default that of the machine. */
  readonly available?: number;
}

/** About how many bytes a training step holds at most. */
export function trainingBytes(config: TrainingSettings, points: Points, recipes?: readonly Recipe[]): number {
  const { batch, dtype, network } = config;
  const { dim, image, classes } = points;
  const use = { dim, ...(image && { image }), ...(classes && { classes: classes.names.length }) };
  const { parameters, perSample } = networkSize(config, use);
  const learnsBeside = recipes?.some(alternates) ?? true;
  const copies = activationCopies[network === "mlp" ? "perceptron" : learnsBeside ? "alternating" : "pictures"];
  return (parameterCopies * parameters + copies * batch * perSample) * (dtype === "float64" ? 8 : 4);
}

/** Memory that this process may have, in bytes: the machine's, or less inside a container. */
function availableBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/**
 * Refuses a training that would not fit into memory.
 *
 * @throws DomainError that names the sizes, what they need and what there is
 */
export function checkMemory(
  config: TrainingSettings,
  points: Points,
  { recipes, available = availableBytes() }: MemoryOptions = {},
): void {
  const bytes = trainingBytes(config, points, recipes);
  const limit = config.backend === "wasm" ? Math.min(wasmLimit, usable * available) : usable * available;
  if (bytes <= limit) return;
  const other = limit === wasmLimit ? ", or choose --backend reference" : "";
  throw new DomainError(
    `train: ${sizesOf(config, points)} on ${points.dim} columns need about ${gigabytes(bytes)} of memory, there are ${gigabytes(limit)}; ${adviceFor(config)}${other}`,
  );
}

/** The sizes that decide the memory, in words. */
function sizesOf(config: TrainingSettings, points: Points): string {
  const { batch, depth, network } = config;
  if (network === "mlp") return `batch ${batch}, width ${widthOf(config, points.dim)} and depth ${depth}`;
  return `batch ${batch} and a ${describeNetwork(config, points)}`;
}

/** Advice for a smaller training. */
function adviceFor({ network, checkpointBlocks }: TrainingSettings): string {
  const smaller = network === "dit" ? "lower --batch or --width, raise --patch" : "lower --batch or --width";
  return network === "mlp" || checkpointBlocks ? smaller : `${smaller}, or add --checkpoint-blocks`;
}

const gigabytes = (bytes: number): string => `${Number((bytes / 1e9).toPrecision(2))} GB`;

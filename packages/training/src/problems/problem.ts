import type { FlowMap, VelocityField } from "@pushforward/flows";
import type { Tensor } from "@pushforward/tensor";
import type { PointSet } from "../judging/pointSet.ts";

/** A law to learn, in the standardised units that training sees. */
export interface Problem {
  readonly name: string;
  /** A sentence for reports. */
  readonly description: string;
  /** In what the distances of a report are measured: "in standard deviations …". */
  readonly units: string;
  readonly dim: number;
  /** n points of this key, [n, dim]: made of our ops, so that a training step compiles with it. */
  sample(key: Tensor, n: number, dtype: "float64" | "float32"): Tensor;
  /** Points that training never sees. */
  readonly heldOut: PointSet;
  /** Points to fit a Gaussian to: the training rows, or a fresh draw. */
  readonly training: PointSet;
  /** The velocity and the flow map from noise, where they are known. */
  readonly exact?: { readonly velocity: VelocityField; readonly flowMap: FlowMap };
  /** Digest of the file it was read from. */
  readonly sha256?: string;
  /** What a person should know of the data before training begins. */
  readonly note?: string;
  /** Names of the coordinates. */
  readonly columns: readonly string[];
  /** From standardised units back to the file's, [n, dim]. */
  toOriginal(x: Tensor): Tensor;
  /** Rows, columns, standardisation … for reports. */
  readonly facts: Readonly<Record<string, string>>;
  /** Samples that are pictures: pixels row by row, with their range in the file's units. */
  readonly image?: { readonly width: number; readonly height: number; readonly range: readonly [number, number] };
}

/** Rows of a tensor [n, dim] as plain numbers. */
export const pointsOf = (x: Tensor): PointSet => ({ values: x.dataSync(), dim: x.shape[1] });

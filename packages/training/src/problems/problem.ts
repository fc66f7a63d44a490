import type { FlowMap, VelocityField } from "@pushforward/flows";
import type { Tensor } from "@pushforward/tensor";
import type { PointSet } from "../judging/pointSet.ts";

/** A law to learn, in the standardised units of training. */
export interface Problem {
  readonly name: string;
  /** A sentence about the data, for reports. */
  readonly description: string;
  /** Unit of metrics in reports, in words: "in data units". */
  readonly units: string;
  readonly dim: number;
  /** n points of this key, [n, dim]. It consists of tensor operations, so that it compiles as a part of the training step. */
  sample(key: Tensor, n: number, dtype: "float64" | "float32"): Tensor;
  /** Points that are not used for training. */
  readonly heldOut: PointSet;
  /** Points to fit a Gaussian to: the training rows, or a fresh draw. */
  readonly training: PointSet;
  /** The velocity and the flow map from noise to data, if they are known. */
  readonly exact?: { readonly velocity: VelocityField; readonly flowMap: FlowMap };
  /** SHA-256 digest of the data file. */
  readonly sha256?: string;
  /** A remark on how the data were read, shown before training begins. */
  readonly note?: string;
  /** Names of the coordinates. */
  readonly columns: readonly string[];
  /** From standardised units back to the units of the file, [n, dim]. */
  toOriginal(x: Tensor): Tensor;
  /** Rows, columns, standardisation … for reports. */
  readonly facts: Readonly<Record<string, string>>;
  /** Set if samples are pictures: pixels row by row, with their range in the units of the file. */
  readonly image?: { readonly width: number; readonly height: number; readonly range: readonly [number, number] };
}

/** Rows of a tensor [n, dim] as plain numbers. */
export const pointsOf = (x: Tensor): PointSet => ({ values: x.dataSync(), dim: x.shape[1] });

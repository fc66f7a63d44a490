import type { FlowMap, ScalingName, VelocityField } from "@pushforward/flows";
import type { Tensor } from "@pushforward/tensor";
import type { PointSet } from "../judging/pointSet.ts";

/** Points with their labels. */
export interface LabelledPoints {
  /** [n, dim] */
  readonly data: Tensor;
  /** Places of the classes in the list of their names, int32[n]. */
  readonly labels: Tensor;
}

/** The classes of a problem whose points have labels. A label is the place of a class in `names`. */
export interface Classes {
  /** Names of the classes, each once. */
  readonly names: readonly string[];
  /** n points of this key with their labels: the points have the bits of `sample` of the problem with the same key. */
  sample(key: Tensor, n: number, dtype: "float64" | "float32"): LabelledPoints;
  /** Labels of the held-out points. */
  readonly heldOut: Int32Array;
  /** Labels of the training points. */
  readonly training: Int32Array;
}

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
  /** From standardised units back to the units of the file, [n, columns] from [n, dim]. It consists of tensor operations, because classifiers compile it. */
  toOriginal(x: Tensor): Tensor;
  /** Rows, columns, standardisation … for reports. */
  readonly facts: Readonly<Record<string, string>>;
  /** Set if samples are pictures. */
  readonly image?: ImageShape;
  /** Set if points have labels. */
  readonly classes?: Classes;
  /** How a table was scaled. */
  readonly scaling?: ScalingName;
}

/** How a row of numbers is a picture: pixel by pixel, row by row, the channels of a pixel side by side. */
export interface ImageShape {
  readonly width: number;
  readonly height: number;
  /** 1 for grey pictures, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  /** The numbers that are shown white and black, in the units of the file. */
  readonly range: readonly [number, number];
}

/** Rows of a tensor [n, dim] as plain numbers. */
export const pointsOf = (x: Tensor): PointSet => ({ values: x.dataSync(), dim: x.shape[1] });

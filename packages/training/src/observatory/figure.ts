import type { Tensor } from "@pushforward/tensor";
import type { Trainer } from "../trainer/trainer.ts";
import type { Observed } from "./observed.ts";

/**
 * The drawing of a figure: lines over the updates of a training, maps over (s, t), curves over t − s, or parts whose sum is a line.
 */
export type FigureKind = "lines" | "times" | "fan" | "split";

/** Values of a figure, by the name of the series. */
export type Series<Values = Tensor> = Readonly<Record<string, Values>>;

/**
 * Something that is measured inside a training: a function of a state, of tensors, which is compiled with all other figures.
 *
 * Lines and parts have a number, or one number per batch [batches]; maps have a value per cell [{@link timeCells}²], row s, column t;
 * curves have values over t − s.
 */
export interface Figure {
  readonly title: string;
  readonly kind: FigureKind;
  /** The axis of its values: cosines from −1 to 1, or positive numbers on a logarithmic axis. */
  readonly axis: "cosine" | "log";
  /** A sentence about the meaning of its values. */
  readonly meaning: string;
  /** Whether the figure has a meaning for a training. */
  applies(trainer: Trainer): boolean;
  /** Its values, as tensors. */
  measure(observed: Observed): Series;
  /** Its values as plain numbers, where they are not those of `measure`. */
  finish?(values: Series<Tensor>): Series<readonly number[]>;
}

/** A figure, checked against its type. */
export const figure = (row: Figure): Figure => row;

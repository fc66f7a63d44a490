import type { DifferenceErrors } from "@pushforward/autodiff";
import type { TimeMapName } from "@pushforward/training";
import type { ModelChoice, TangentChoice } from "../../microscope/microscopeState.ts";
import type { Plane } from "../../paint/plane.ts";

/** A vector of the plane. */
export type Pair = readonly [number, number];

/** The subject of a microscope: data, loss and average velocity. */
export interface Subject {
  readonly data: string;
  readonly loss: string;
  readonly model: ModelChoice;
}

/** A prepared subject. */
export interface Prepared {
  readonly plane: Plane;
  /** Held-out points, x and y in turn. */
  readonly points: readonly number[];
  /** Updates that the network still needs. */
  readonly updates: number;
}

/** A place in (x, s, t) with a tangent. */
export interface Spot {
  readonly x: Pair;
  readonly s: number;
  readonly t: number;
  readonly tangent: TangentChoice;
}

/** The vectors at a spot. */
export interface Sight {
  /** v(x, s), exact. */
  readonly velocity: Pair;
  /** The tangent in x. */
  readonly along: Pair;
  /** U(x, s, t). */
  readonly average: Pair;
  /** d/ds U along the tangent, and times t − s. */
  readonly derivative: Pair;
  readonly correction: Pair;
  /** U − ½·∂L/∂U. */
  readonly target: Pair;
  /** The exact average velocity. */
  readonly exact: Pair;
  /** The loss. */
  readonly value: number;
  /** ‖target − exact‖, ‖target − U‖ and ‖U − exact‖. */
  readonly targetError: number;
  readonly residual: number;
  readonly averageError: number;
  /** Points of the exact path from (x, s) to t, x and y in turn. */
  readonly path: readonly number[];
}

/** The average velocity to first order around a spot. */
export interface FirstOrder extends Pick<Sight, "velocity" | "along" | "average"> {
  /** ∂U/∂x₁, ∂U/∂x₂, ∂U/∂s and ∂U/∂t. */
  readonly slopes: readonly Pair[];
}

/** The exact derivative and the errors of differences over their steps. */
export interface Differences {
  readonly steps: readonly number[];
  readonly derivative: Pair;
  readonly float32: DifferenceErrors;
  readonly float64: DifferenceErrors;
}

/** A map over (s, t) as it is drawn, row by row of s from 0; cells with s > t are NaN and have the colour 0. */
export interface ColoredMap {
  readonly name: TimeMapName;
  readonly values: readonly number[];
  /** Cells in a row. */
  readonly cells: number;
  /** Colours from 0, none, to the number of colours. */
  readonly levels: readonly number[];
  readonly colors: number;
  /** Numbers of the first and the last colour; absent where no number is positive. */
  readonly domain?: readonly [number, number];
}

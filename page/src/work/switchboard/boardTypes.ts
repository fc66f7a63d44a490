import type { GraphBox, GraphEdge, PlacementFigures, Point } from "@pushforward/training";
import type { BoardState } from "../../switchboard/boardState.ts";

/** Which drawing is asked for. */
export type DrawInput = Pick<BoardState, "loss" | "seed" | "opened">;

/** Which figures are asked for. */
export type BoardInput = Omit<BoardState, "opened">;

/** A box with its place. */
export type DrawnBox = GraphBox & {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** An arrow with its paths, and with the text of the cut that it can have. */
export type DrawnEdge = Omit<GraphEdge, "uses"> & {
  readonly line: string;
  readonly head: string;
  readonly middle: Point;
  readonly cut: string;
};

/** The program of a loss as boxes and arrows with places. */
export interface BoardDrawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly DrawnEdge[];
  readonly stops: readonly string[];
  readonly isTruthKnown: boolean;
}

/** Figures with the exact velocity, and with that of single samples. */
export type FiguresByVelocity = Readonly<Record<"exact" | "single", PlacementFigures>>;

/** Figures of the paper's placement and of the chosen one. */
export interface BoardFigures {
  readonly paper: FiguresByVelocity;
  readonly chosen: FiguresByVelocity;
}

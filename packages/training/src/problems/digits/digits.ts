import { key } from "@pushforward/tensor";
import { pixelColumns } from "../pixels.ts";
import type { Problem } from "../problem.ts";
import { type NumberTable, type TableSplit, tableProblem } from "../tableProblem.ts";
import { digitPictures, digitSide } from "./digitPictures.ts";

/** Pictures in all, and those of them that are held out. */
const [count, heldOut] = [12_000, 2_000];
/** Seed of the pictures and of their split: fixed, so that every run is judged on the same points. */
const seed = 1_000_003;

/** How embedded pictures are learnt: their scale, and their principal components in the place of their pixels. */
export type PictureCoordinates = Pick<TableSplit, "scaling" | "components">;

let table: NumberTable | undefined;
const problems = new Map<string, Problem>();

/** Pictures of digits with their labels. They are drawn once, and equal coordinates are the same problem. */
export function digits(coordinates: PictureCoordinates = {}): Problem {
  const { scaling, components } = coordinates;
  const name = `${scaling} ${components}`;
  const problem = problems.get(name) ?? made(coordinates);
  problems.set(name, problem);
  return problem;
}

function made(coordinates: PictureCoordinates): Problem {
  const size = { width: digitSide, height: digitSide, channels: 1 } as const;
  table ??= { ...digitPictures(key(seed), count), names: pixelColumns(size) };
  return {
    ...tableProblem("digits", table, { ...coordinates, heldOut: heldOut / count, seed }),
    description: `Handwritten digits of ${digitSide} × ${digitSide} pixels, drawn by strokes; ten classes.`,
  };
}

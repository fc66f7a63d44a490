import { fromData } from "@pushforward/tensor";
import { type Problem, type TableSplit, tableProblem } from "@pushforward/training";
import type { Data } from "./messages.ts";
import { readPoints } from "./readPoints.ts";

/** Rows that are held out of tables, and the seed that chooses them: those of the command. */
const split: TableSplit = { heldOut: 0.2, seed: 0 };

/**
 * The problem of points that the reader drew, or of a text file.
 *
 * @throws DomainError about a table that is not one of points in the plane
 */
export function ownProblem(data: Exclude<Data, { readonly kind: "embedded" }>): Problem {
  if (data.kind === "file") return tableProblem(data.name, readPoints(data.name, data.bytes), split);
  const values = fromData(Float64Array.from(data.points), [data.points.length / 2, 2], "float64");
  return tableProblem("drawn points", { values, names: ["x", "y"] }, split);
}

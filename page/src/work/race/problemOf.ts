import { fromData } from "@pushforward/tensor";
import { type Problem, planeProblems, type TableSplit, tableProblem } from "@pushforward/training";
import type { Data } from "./messages.ts";

/** Rows that are held out of tables, and the seed that chooses them: those of the command. */
const split: TableSplit = { heldOut: 0.2, seed: 0 };

/**
 * The problem that the data of a race pose. The reader of text files is loaded with the first file.
 *
 * @throws DomainError about a table that is not one of points in the plane
 */
export async function problemOf(data: Data): Promise<Problem> {
  switch (data.kind) {
    case "embedded":
      return planeProblems[data.name]();
    case "drawn": {
      const values = fromData(Float64Array.from(data.points), [data.points.length / 2, 2], "float64");
      return tableProblem("drawn points", { values, names: ["x", "y"] }, split);
    }
    case "file": {
      const { readPoints } = await import("./readPoints.ts");
      return tableProblem(data.name, readPoints(data.name, data.bytes), split);
    }
  }
}

import { type Problem, planeProblems } from "@pushforward/training";
import { loaded } from "../loaded.ts";
import type { Data } from "./messages.ts";

/**
 * The problem that the data of a race pose. The script that makes a problem of the reader's own points is loaded with the first of them.
 *
 * @throws DomainError about a table that is not one of points in the plane; Error about a part of the page that did not load
 */
export async function problemOf(data: Data): Promise<Problem> {
  if (data.kind === "embedded") return planeProblems[data.name]();
  const { ownProblem } = await loaded("The reader of points", import("./ownProblem.ts"));
  return ownProblem(data);
}

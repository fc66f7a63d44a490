import type { Case } from "../groups/group.ts";
import { matmulFlops } from "../groups/matmul.ts";
import { stepFlops } from "../groups/step.ts";
import type { Row } from "../report/row.ts";
import { type Task, unitsOf } from "../tasks/task.ts";

/** Shorter calls, in ms, consist mostly of the overhead of a call and do not predict the time of a larger call. */
const shortestPredictive = 250;

/** Floating-point operations of one call. */
const callFlops = (task: Task): number =>
  task.kind === "matmul" ? task.count * matmulFlops(task.size) : stepFlops(task);

/**
 * How long a call of a case would take, in ms, extrapolated from the last measured case of its group; undefined if no
 * extrapolation is possible.
 *
 * @param cases all cases of the group
 * @param rows  rows of one competitor in the group so far
 */
export function expectedCall({ task }: Case, cases: readonly Case[], rows: readonly Row[]): number | undefined {
  const last = rows.findLast(({ medianMs }) => medianMs !== null);
  const before = cases.find(({ name }) => name === last?.case)?.task;
  if (before === undefined || typeof last?.medianMs !== "number") return undefined;
  const call = last.medianMs * unitsOf(before);
  return call < shortestPredictive ? undefined : (call * callFlops(task)) / callFlops(before);
}

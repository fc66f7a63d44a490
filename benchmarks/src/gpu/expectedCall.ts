import type { Case } from "../groups/group.ts";
import { matmulFlops } from "../groups/matmul.ts";
import { stepFlops } from "../groups/step.ts";
import type { Row } from "../report/row.ts";
import { type Task, unitsOf } from "../tasks/task.ts";

/** Below this many ms the cost of a call itself rules, and says nothing of a larger one. */
const shortestPredictive = 250;

/** Floating-point operations of one call. */
const callFlops = (task: Task): number =>
  task.kind === "matmul" ? task.count * matmulFlops(task.size) : stepFlops(task);

/**
 * How long a call of a case would take, in ms, by the last case of its group that was measured; undefined where nothing can be said.
 *
 * @param cases all cases of the group
 * @param rows  what one competitor gave in the group so far
 */
export function expectedCall({ task }: Case, cases: readonly Case[], rows: readonly Row[]): number | undefined {
  const last = rows.findLast(({ medianMs }) => medianMs !== null);
  const before = cases.find(({ name }) => name === last?.case)?.task;
  if (before === undefined || typeof last?.medianMs !== "number") return undefined;
  const call = last.medianMs * unitsOf(before);
  return call < shortestPredictive ? undefined : (call * callFlops(task)) / callFlops(before);
}

import { constants } from "node:os";

/** Things to undo outside this process when it ends. */
const actions = new Set<() => void>();

/**
 * Has something undone at the end of this process, also where a signal ends it.
 *
 * @returns takes the action back, for a caller that has undone it
 */
export function atExit(action: () => void): () => void {
  if (actions.size === 0) process.on("exit", undoAll);
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size === 0) process.off("exit", undoAll);
  };
}

/** The latest first: a disk is taken off before its folder is removed. */
function undoAll(): void {
  for (const action of [...actions].reverse()) {
    try {
      action();
    } catch {
      // The other actions are still to be done.
    }
  }
}

/** Lets the signals that end a process end it through its exit, so that all is undone. */
export function exitOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

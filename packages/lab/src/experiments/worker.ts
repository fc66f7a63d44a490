import type { Task } from "./task.ts";

/** The word that makes the command a process which takes tasks from its parent. */
export const workerWord = "work-for-parent";

/** What a worker tells its parent: that it begins a task, how many updates are done, that it is finished, or why it failed. */
export type WorkerMessage =
  | { readonly isBegun: true }
  | { readonly done: number }
  | { readonly failed: string }
  | { readonly isFinished: true };

/** Whether this process was started as a worker. */
export const isWorker = (): boolean => process.send !== undefined && process.argv[2] === workerWord;

/**
 * Does one task after the other for the process that started this one, and ends with it, since nobody would wait for the
 * result.
 */
export function work(): void {
  const loading = Promise.all([import("./task.ts"), import("../describeError.ts")]);
  const tell = (message: WorkerMessage): void => void process.send?.(message);
  process.once("disconnect", () => process.exit());
  process.on("message", async (task) => {
    const [{ perform }, { describeError }] = await loading;
    tell({ isBegun: true });
    try {
      await perform(task as Task, { onProgress: (done) => tell({ done }) });
      tell({ isFinished: true });
    } catch (error) {
      tell({ failed: describeError(error) });
    }
  });
}

import type { Task } from "./task.ts";

/** Argument that makes the command a worker, which receives tasks from its parent process. */
export const workerWord = "work-for-parent";

/** Messages of a worker to its parent: a task begins, updates are done, a task failed, a task is finished. */
export type WorkerMessage =
  | { readonly isBegun: true }
  | { readonly done: number }
  | { readonly failed: string }
  | { readonly isFinished: true };

/** Whether this process was started as a worker. */
export const isWorker = (): boolean => process.send !== undefined && process.argv[2] === workerWord;

/**
 * Does tasks of the parent process one after the other. The worker ends with its parent, since its results are then unused.
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

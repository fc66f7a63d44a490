import { startProgress } from "./progress.ts";

/** A display of the progress of several jobs as one. */
export interface SumOfProgress {
  /** @param part name of a job @param done units of this job done so far @param note a few words beside the bar */
  update(part: string, done: number, note?: string): void;
  finish(): void;
}

/**
 * Starts showing the progress of several jobs as one.
 *
 * @param total units of all jobs
 */
export function sumOfProgress(
  label: string,
  total: number,
  { isQuiet }: { readonly isQuiet?: boolean },
): SumOfProgress {
  const progress = startProgress({ label, total, ...(isQuiet ? { plain: true } : {}) });
  const parts = new Map<string, number>();
  let sum = 0;
  return {
    update(part, done, note) {
      sum += done - (parts.get(part) ?? 0);
      parts.set(part, done);
      progress.update(sum, note);
    },
    finish: () => progress.finish(),
  };
}

import { ThreadPool } from "./threadPool.ts";

const scope = globalThis as {
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: string): { availableParallelism?(): number } | undefined;
  };
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly crossOriginIsolated?: boolean;
};

/** Whether memory can be shared between threads: in a browser only a cross-origin isolated page may. */
export const canShare = (): boolean =>
  typeof SharedArrayBuffer !== "undefined" &&
  (scope.process?.getBuiltinModule !== undefined || scope.crossOriginIsolated === true);

/** Default number of threads: PUSHFORWARD_THREADS, else one for each core. */
export function defaultThreads(): number {
  const asked = Number(scope.process?.env?.PUSHFORWARD_THREADS);
  if (asked >= 1) return Math.floor(asked);
  const { availableParallelism } = scope.process?.getBuiltinModule?.("node:os") ?? {};
  return availableParallelism?.() ?? scope.navigator?.hardwareConcurrency ?? 1;
}

let pool: ThreadPool | undefined;

/** The pool of this realm with workers for `threads` threads, or undefined where threads are impossible. */
export function sharedPool(threads: number): ThreadPool | undefined {
  if (threads <= 1 || !canShare()) return undefined;
  pool ??= new ThreadPool();
  pool.grow(threads);
  return pool;
}

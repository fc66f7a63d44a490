/** A started worker. */
export interface WorkerHandle {
  post(message: object): void;
  stop(): void;
}

/** The part of a worker object that Node and browsers share, and what Node adds. */
interface WorkerObject {
  postMessage(message: object): void;
  terminate(): unknown;
  unref?(): void;
  on?(event: "error", listener: () => void): void;
  onerror?: () => void;
}

type WorkerConstructor = new (url: URL, options: Readonly<Record<string, unknown>>) => WorkerObject;

const scope = globalThis as unknown as {
  readonly process?: { getBuiltinModule?(name: string): { readonly Worker: WorkerConstructor } | undefined };
  readonly Worker?: WorkerConstructor;
};

/**
 * Starts a worker of the pool, which never keeps a process alive.
 *
 * @param onLost called when the worker could not start or has ended
 */
export function startWorker(onLost: () => void): WorkerHandle {
  const Worker = scope.process?.getBuiltinModule?.("node:worker_threads")?.Worker ?? scope.Worker!;
  // Bundlers look for exactly this form. Flags of the process are for its main script, not for this one.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", execArgv: [] });
  worker.unref?.();
  if (worker.on) worker.on("error", onLost);
  else worker.onerror = onLost;
  return { post: (message) => worker.postMessage(message), stop: () => void worker.terminate() };
}

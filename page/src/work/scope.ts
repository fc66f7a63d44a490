/** The part of a worker's global scope that is used here. */
export interface WorkerScope {
  onmessage: (event: { readonly data: never }) => void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

/** The global scope of the worker that runs. */
export const scope = globalThis as unknown as WorkerScope;

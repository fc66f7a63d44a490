import type { Request, Result } from "./messages.ts";

/** The worker of a pane, as the page sees it. */
export interface Client {
  send(request: Request, transfer?: Transferable[]): void;
  close(): void;
}

/**
 * Starts a worker with the engine.
 *
 * @param onResult called with every message; a worker that cannot start or that dies sends `failed`
 */
export function startClient(onResult: (result: Result) => void): Client {
  const fail = (message: string): void => onResult({ kind: "failed", message });
  try {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Result>) => onResult(data);
    worker.onerror = ({ message }) =>
      fail(`The worker of this pane stopped: ${message || "its script did not load or is forbidden here"}.`);
    return {
      send: (request, transfer = []) => worker.postMessage(request, transfer),
      close: () => worker.terminate(),
    };
  } catch (error) {
    fail(`This browser starts no workers here, and the page computes in workers only: ${(error as Error).message}.`);
    return { send: () => {}, close: () => {} };
  }
}

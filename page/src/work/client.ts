import type { Message, Request } from "./messages.ts";

/** The worker of a lane, as the page sees it. */
export interface Client {
  send(request: Request, transfer?: Transferable[]): void;
  close(): void;
}

/**
 * Starts a worker with the engine.
 *
 * @param onResult called with every message; a worker that cannot start, or that died, answers every request with `failed`
 */
export function startClient(onResult: (message: Message) => void): Client {
  let reason: string | undefined;
  const fail = (message: string): void => {
    reason = message;
    onResult({ kind: "failed", message });
  };
  try {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Message>) => onResult(data);
    worker.onerror = ({ message }) =>
      fail(`The worker of this lane stopped: ${message || "its script did not load or is forbidden here"}.`);
    return {
      send: (request, transfer = []) => (reason === undefined ? worker.postMessage(request, transfer) : fail(reason)),
      close: () => worker.terminate(),
    };
  } catch (error) {
    const message = `This browser starts no workers here, and the page computes in workers only: ${(error as Error).message}.`;
    return { send: () => fail(message), close: () => {} };
  }
}

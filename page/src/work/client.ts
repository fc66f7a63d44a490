import { type WorkerName, workers } from "./workers.ts";

/** A worker of a pane, as the page sees it. */
export interface Client<Request> {
  send(request: Request, transfer?: Transferable[]): void;
  close(): void;
}

/** The listener to a worker. */
export interface Listener<Message> {
  onMessage(message: Message): void;
  /** Called with a sentence when the worker cannot start or has died, and at every request afterwards. */
  onFailure(sentence: string): void;
}

/**
 * Starts a worker with the engine.
 *
 * @param name the worker whose script answers the requests
 */
export function startClient<Request, Message>(
  name: WorkerName,
  { onMessage, onFailure }: Listener<Message>,
): Client<Request> {
  let reason: string | undefined;
  const fail = (sentence: string): void => {
    reason = sentence;
    onFailure(sentence);
  };
  try {
    const worker = workers[name]();
    worker.onmessage = ({ data }: MessageEvent<Message>) => onMessage(data);
    worker.onerror = ({ message }) =>
      fail(`The worker of this pane stopped: ${message || "its script did not load or is forbidden here"}.`);
    return {
      send: (request, transfer = []) => (reason === undefined ? worker.postMessage(request, transfer) : fail(reason)),
      close: () => worker.terminate(),
    };
  } catch (error) {
    const sentence = `This browser starts no workers here, and the page computes in workers only: ${(error as Error).message}.`;
    return { send: () => fail(sentence), close: () => {} };
  }
}

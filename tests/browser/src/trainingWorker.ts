import { type TrainingOptions, type TrainingRecord, train } from "./training.ts";

/** The part of a worker's global scope that is used here. */
const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: TrainingOptions }) => void;
  postMessage(record: TrainingRecord): void;
};

scope.onmessage = async ({ data }) => scope.postMessage(await train(data));

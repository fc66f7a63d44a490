import { Easel } from "./easel.ts";
import { LaneRunner } from "./laneRunner.ts";
import type { Message, Request, Result } from "./messages.ts";

/** The part of a worker's global scope that is used here. */
const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: Request }) => void;
  postMessage(message: Message): void;
};

const easel = new Easel();
/** Number of the training that was prepared last. */
let number = 0;
const send = (result: Result): void => scope.postMessage({ ...result, number });
const runner = new LaneRunner(easel, send);

function answer(request: Request): unknown {
  switch (request.kind) {
    case "canvas":
      easel.setCanvas(request.canvas);
      return runner.refresh();
    case "look":
      easel.setLook(request);
      return runner.refresh();
    case "prepare":
      number = request.number;
      return runner.prepare(request.training);
    case "run":
      return runner.run(request.until);
    case "change":
      return runner.change(request.learningRate, request.withoutStops);
    case "show":
      return runner.show(request.update);
  }
}

scope.onmessage = async ({ data }) => {
  try {
    await answer(data);
  } catch (error) {
    send({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};

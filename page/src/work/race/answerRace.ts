import { Easel } from "../easel.ts";
import { scope } from "../scope.ts";
import { LaneRunner } from "./laneRunner.ts";
import type { Message, Request, Result } from "./messages.ts";

const easel = new Easel();
/** Number of the training that was prepared last. */
let number = 0;
const send = (result: Result): void => scope.postMessage({ ...result, number } satisfies Message);
const runner = new LaneRunner(easel, send);

function start(request: Request): unknown {
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
      return runner.change(request.change);
    case "show":
      return runner.show(request.update);
    case "view":
      return runner.setView(request.view);
  }
}

scope.onmessage = async ({ data }: { readonly data: Request }) => {
  try {
    await start(data);
  } catch (error) {
    send({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};

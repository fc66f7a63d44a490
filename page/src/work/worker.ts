import { builtinProblems } from "@pushforward/training";
import { planeAround } from "../paint/plane.ts";
import { Easel } from "./easel.ts";
import type { Request, Result } from "./messages.ts";

/** The part of a worker's global scope that is used here. */
const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: Request }) => void;
  postMessage(result: Result): void;
};

const easel = new Easel();

function answer(request: Request): string | undefined {
  switch (request.kind) {
    case "canvas":
      return easel.setCanvas(request.canvas);
    case "look":
      return easel.setLook(request);
    case "data": {
      const { values } = builtinProblems[request.problem]().heldOut;
      return easel.setScene({ plane: planeAround(values), data: values, samples: [] });
    }
  }
}

scope.onmessage = ({ data }) => {
  try {
    const pixels = answer(data);
    if (pixels !== undefined) scope.postMessage({ kind: "painted", pixels });
  } catch (error) {
    scope.postMessage({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};

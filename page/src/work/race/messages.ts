import type { CanvasRequest } from "../easel.ts";

/** The data of a race: an embedded problem, points that were drawn in the page, or a text file of the reader. */
export type Data =
  | { readonly kind: "embedded"; readonly name: string }
  /** x and y of each point in turn. */
  | { readonly kind: "drawn"; readonly points: readonly number[] }
  | { readonly kind: "file"; readonly name: string; readonly bytes: Uint8Array };

/** Settings that all lanes of a race share; each has the meaning of the training's setting of its name. */
export interface SharedSettings {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly width: number;
  readonly seed: number;
}

/** The training of a lane. */
export interface LaneTraining {
  readonly data: Data;
  /** Name of the loss. */
  readonly loss: string;
  /** Labels of the stop-gradients that are off. */
  readonly withoutStops: readonly string[];
  /** The velocity that the loss gets; default that of its recipe. */
  readonly velocity?: "conditional" | "teacher";
  readonly settings: SharedSettings;
  readonly times: TimesLaw;
  readonly backend: RaceBackend;
}

/** The device of the updates: the processor through WebAssembly, or the GPU through gpu.js. */
export type RaceBackend = "wasm" | "gpujs";

/** Times that losses draw: uniform, or by the law of the paper. */
export type TimesLaw = "uniform" | "recipe";

/** Settings that may change while a training runs; they hold from the next update on. */
export interface LaneChange {
  readonly learningRate: number;
  readonly withoutStops: readonly string[];
  readonly times: TimesLaw;
}

/** Contents of the pictures of all lanes. */
export interface View {
  /** Samples; paths of some of them through the steps of the sampler; or the velocity of the network. */
  readonly show: "samples" | "paths" | "field";
  /** Steps of the sampler for samples and paths. */
  readonly evaluations: number;
  /** Time of the velocity. */
  readonly time: number;
}

/** An error after a number of steps of the sampler. */
export interface StepsMark {
  readonly evaluations: number;
  /** Sliced W₂ distance to the held-out points. */
  readonly error: number;
}

/** A kept state in numbers. */
export interface Mark {
  /** Updates done. */
  readonly update: number;
  /** Of the metric that {@link LaneFigures.metric} names. */
  readonly error: number;
}

/** Figures of a lane at a moment. */
export interface LaneFigures {
  /** Updates of the teacher that is learnt first; absent where none is learnt or the teacher is finished. */
  readonly teacherDone?: number;
  /** Updates done. */
  readonly done: number;
  /** Name of the GPU that computes the updates, once one has; absent on the processor. */
  readonly device?: string;
  /** Loss of the newest update. */
  readonly loss?: number;
  /** Title of the metric of the marks. */
  readonly metric: string;
  /** Kept states, the oldest first. */
  readonly marks: readonly Mark[];
  /** Updates of the state whose samples are shown. */
  readonly shown: number;
}

/** A request to the worker of a lane. */
export type Request =
  | CanvasRequest
  /** Prepares a training at its start; a training before it is dropped. */
  | { readonly kind: "prepare"; readonly training: LaneTraining; readonly number: number }
  /** Takes updates up to a number of them; a number that is reached already ends the updates. */
  | { readonly kind: "run"; readonly until: number }
  /** Goes on with other values from the next update on. */
  | { readonly kind: "change"; readonly change: LaneChange }
  /** Shows the newest kept state of at most so many updates; without a number the newest state of all. */
  | { readonly kind: "show"; readonly update?: number }
  | { readonly kind: "view"; readonly view: View };

/** Digests by which tests compare a lane with the command. */
export interface LaneDigests {
  /** Of the losses of all updates, float64. */
  readonly losses: string;
  /** Of the samples that are shown. */
  readonly samples: string;
  /** Of the pixels of the picture; absent before the canvas is there. */
  readonly pixels?: string;
}

/** A message of the worker, with the number of the training that it is about; messages about an earlier training come late. */
export type Message = Result & { readonly number?: number };

/** The news of a lane. */
export type Result =
  | { readonly kind: "figures"; readonly figures: LaneFigures }
  /** No update is running now. */
  | {
      readonly kind: "idle";
      readonly figures: LaneFigures;
      readonly digests: LaneDigests;
      /** Errors of the state that is shown after 1, 2, 4 … steps; empty while the teacher is learnt. */
      readonly bySteps: readonly StepsMark[];
    }
  /** The request had no result, or the training ended early; a sentence says why. */
  | { readonly kind: "failed"; readonly message: string };

import type { Competitor } from "../run/pool.ts";
import type { PageDevice } from "../worker/protocol.ts";

/** What a competitor computes with in a page. */
export type PageMode = "webgpu" | "webgl2" | "wasm";

/** One that is measured in the page. */
export interface PageCompetitor extends Competitor {
  readonly implementation: "ours" | "jaxJs" | "tfjs";
  readonly mode: PageMode;
  /** Steps that one call makes; default 1. */
  readonly stepsPerCall?: number;
  /** The package whose version is told. */
  readonly package?: string;
  /** What it computes on, once known. */
  readonly device?: PageDevice;
}

/** The one that ratios refer to. */
export const ourGpuName = "pushforward, webgpu";

/** Steps of a call that keeps parameters on the device. */
const manySteps = 8;

/** Everyone, in the order of the columns. */
export const pageCompetitors: readonly PageCompetitor[] = [
  { name: ourGpuName, implementation: "ours", mode: "webgpu" },
  {
    name: `${ourGpuName}, ${manySteps} steps a call`,
    implementation: "ours",
    mode: "webgpu",
    stepsPerCall: manySteps,
  },
  { name: "pushforward, webgl2", implementation: "ours", mode: "webgl2" },
  { name: "jax-js, webgpu", implementation: "jaxJs", mode: "webgpu", package: "@jax-js/jax" },
  { name: "tfjs, webgl2", implementation: "tfjs", mode: "webgl2", package: "@tensorflow/tfjs-backend-webgl" },
  { name: "pushforward, wasm", implementation: "ours", mode: "wasm" },
];

import type { Competitor } from "../run/pool.ts";
import type { PageDevice } from "../worker/protocol.ts";

/** Computing backend of a competitor in a page. */
export type PageMode = "webgpu" | "webgl2" | "wasm";

/** An implementation that is measured in the page. */
export interface PageCompetitor extends Competitor {
  readonly implementation: "ours" | "jaxJs" | "tfjs";
  readonly mode: PageMode;
  /** Steps per call; default 1. */
  readonly stepsPerCall?: number;
  /** The package whose version is reported. */
  readonly package?: string;
  /** Its adapter, once known. */
  readonly device?: PageDevice;
}

/** The reference of the ratios. */
export const ourGpuName = "pushforward, webgpu";

/** Steps of a call that keeps parameters on the device. */
const manySteps = 8;

/** All competitors, in the order of the columns. */
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

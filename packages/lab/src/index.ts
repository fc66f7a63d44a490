export { runCli } from "./cli.ts";
export { type PlotSamplesOptions, plotSamples } from "./report/plotSamples.ts";
export type { SamplePanel } from "./report/report.ts";

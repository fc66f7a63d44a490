import { matmulName } from "../groups/matmul.ts";
import { stepLosses, stepName, stepSizesOfTargets } from "../groups/step.ts";
import { ourName } from "../run/contenders.ts";
import { figureOf, type Rows } from "./row.ts";

/** A measured cell and its number. */
export interface Cell {
  readonly name: string;
  readonly value: number;
}

/** Bounds of a target: for every cell, and for the geometric mean of all of them. */
export interface Bounds {
  readonly every?: number;
  readonly mean?: number;
}

/** A target of the project, as data. */
export interface Target {
  readonly name: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  /** The bound that must hold. */
  readonly floor: Bounds;
  /** The desired bound; absent if there is only a floor. */
  readonly goal?: Bounds;
  /** Names of its cells. */
  readonly cells: readonly string[];
  /** The number of a cell, if it was measured. */
  value(rows: Rows, cell: string): number | undefined;
}

const oneThread = `${ourName}, 1 thread`;

/**
 * Speed of the 4 × 8 micro-kernel on one core with fused multiply-adds, in GFLOP/s.
 *
 * @source measured alone on AMD EPYC (Zen 4), Node 20; the instructions allow 56
 */
const kernelCeiling = 53;

const stepNamesOf = (sizes: readonly (readonly [number, number])[]): string[] =>
  sizes.flatMap(([batch, width]) => stepLosses.map((loss) => stepName(batch, width, loss)));

const [small, middle, wide, large] = stepSizesOfTargets;
const allSteps = stepNamesOf(stepSizesOfTargets);

/** The time of another contender's step over the time of ours. */
const stepAgainst =
  (theirs: string, ours: (rows: Rows) => string = () => ourName) =>
  (rows: Rows, cell: string): number | undefined =>
    rows.ratio("step", cell, theirs, ours(rows));

/** This project on another Node, all threads, with wide vectors. */
const oursOnWideNode = (rows: Rows): string =>
  rows.all.find(({ implementation }) => /^pushforward, Node [^,]* wide$/.test(implementation))?.implementation ?? "";

/** Part of the ceiling that a product reaches on one thread. */
const partOfCeiling = (rows: Rows, cell: string): number | undefined => {
  const gflops = figureOf(rows.find("matmul", cell, oneThread) ?? {}, "gflops");
  return Number.isNaN(gflops) ? undefined : gflops / kernelCeiling;
};

/** Two threads against one; on a machine with two cores the default is two threads. */
const twoThreads = (rows: Rows, cell: string): number | undefined =>
  rows.ratio("step", cell, oneThread, `${ourName}, 2 threads`) ??
  (rows.find("step", cell, ourName)?.figures?.threads === 2 ? rows.ratio("step", cell, oneThread, ourName) : undefined);

const sgAgainstFull = (rows: Rows, size: string): number | undefined => {
  const [sg, full] = stepLosses.map((loss) => rows.find("step", `${size} ${loss}`, ourName)?.medianMs ?? undefined);
  return sg === undefined || full === undefined ? undefined : sg / full;
};

const bytesAgainstLive = (rows: Rows, cell: string): number | undefined => {
  const row = rows.find("memory", cell, ourName) ?? {};
  const ratio = figureOf(row, "executableBytes") / figureOf(row, "liveBytes");
  return Number.isNaN(ratio) ? undefined : ratio;
};

/** The time of our step of a network over that of JAX. */
const networkOverJax = (rows: Rows, cell: string): number | undefined => rows.ratio("networks", cell, ourName, "JAX");

/** The memory in MB that our step of a network keeps. */
const networkMegabytes = (rows: Rows, cell: string): number | undefined => {
  const bytes = figureOf(rows.find("networks", cell, ourName) ?? {}, "executableBytes");
  return Number.isNaN(bytes) ? undefined : bytes / 1e6;
};

/** The targets, in the order of importance. A guest called "prototype" is the hand-lowered step. */
export const targets: readonly Target[] = [
  {
    name: "step against jax-js",
    unit: "×",
    better: "higher",
    floor: { every: 2.2, mean: 4 },
    goal: { every: 2.2, mean: 6 },
    cells: allSteps,
    value: stepAgainst("jax-js"),
  },
  {
    name: "step against tfjs",
    unit: "×",
    better: "higher",
    floor: { every: 15 },
    cells: stepNamesOf([wide]),
    value: stepAgainst("tfjs"),
  },
  {
    name: "step against JAX, smallest and largest",
    unit: "×",
    better: "higher",
    floor: { every: 0.45 },
    goal: { every: 1 },
    cells: stepNamesOf([small, large]),
    value: stepAgainst("JAX"),
  },
  {
    name: "step against JAX, sizes between",
    unit: "×",
    better: "higher",
    floor: { every: 0.45 },
    goal: { every: 0.65 },
    cells: stepNamesOf([middle, wide]),
    value: stepAgainst("JAX"),
  },
  {
    name: "step on a Node with wide SIMD against JAX",
    unit: "×",
    better: "higher",
    floor: { every: 1 },
    goal: { every: 1.3 },
    cells: allSteps,
    value: stepAgainst("JAX", oursOnWideNode),
  },
  {
    name: "step against the hand-lowered prototype",
    unit: "×",
    better: "higher",
    floor: { every: 0.75 },
    goal: { every: 1 },
    cells: allSteps,
    value: stepAgainst("prototype"),
  },
  {
    name: `products, 1 thread, part of ${kernelCeiling} GFLOP/s`,
    unit: "",
    better: "higher",
    floor: { every: 0.8 },
    goal: { every: 0.95 },
    cells: [64, 128, 256, 512, 1024].map(matmulName),
    value: partOfCeiling,
  },
  {
    name: `products of odd sizes, 1 thread, part of ${kernelCeiling} GFLOP/s`,
    unit: "",
    better: "higher",
    floor: { every: 0.65 },
    goal: { every: 0.95 },
    cells: [100, 333, 1000].map(matmulName),
    value: partOfCeiling,
  },
  {
    name: "first call of the step",
    unit: " ms",
    better: "lower",
    floor: { every: 100 },
    goal: { every: 30 },
    cells: [stepName(...small, "full"), stepName(...middle, "sg")],
    value: (rows, cell) => rows.find("firstCall", cell, ourName)?.medianMs ?? undefined,
  },
  {
    name: "sg against full",
    unit: "×",
    better: "lower",
    floor: { every: 0.72 },
    goal: { every: 0.67 },
    cells: stepSizesOfTargets.map(([batch, width]) => `(${batch}, ${width})`),
    value: sgAgainstFull,
  },
  {
    name: "two threads against one",
    unit: "×",
    better: "higher",
    floor: { every: 1.7 },
    goal: { every: 1.95 },
    cells: stepNamesOf([large]),
    value: twoThreads,
  },
  {
    name: "memory kept by the step against its live tensors",
    unit: "×",
    better: "lower",
    floor: { every: 2 },
    goal: { every: 1.2 },
    cells: [stepName(...large, "full")],
    value: bytesAgainstLive,
  },
  {
    name: "step of a U-Net, part of the time of JAX",
    unit: "×",
    better: "lower",
    floor: { every: 0.6 },
    cells: ["U-Net 16-32-32"],
    value: networkOverJax,
  },
  {
    name: "step of a DiT of patch 4, part of the time of JAX",
    unit: "×",
    better: "lower",
    floor: { every: 0.8 },
    cells: ["DiT patch 4, 64 × 2"],
    value: networkOverJax,
  },
  {
    name: "memory kept by the step of a U-Net",
    unit: " MB",
    better: "lower",
    floor: { every: 250 },
    cells: ["U-Net 16-32-32"],
    value: networkMegabytes,
  },
  {
    name: "memory kept by the step of a DiT of patch 2",
    unit: " MB",
    better: "lower",
    floor: { every: 300 },
    cells: ["DiT patch 2, 64 × 4, checkpoints"],
    value: networkMegabytes,
  },
];

import { jvp } from "@pushforward/autodiff";
import { formulaVelocity } from "@pushforward/flows";
import {
  type CompileReport,
  compile,
  type Device,
  devices,
  type GpuMode,
  type Tensor,
  tensor,
} from "@pushforward/tensor";
import { trainOwnLoss } from "./ownLoss.ts";
import { type TrainingOptions, type TrainingRecord, train } from "./training.ts";

/** What a page may do, and what a compiled function becomes there. */
export interface PageContext {
  /** Whether memory may be shared with workers. */
  readonly isIsolated: boolean;
  /** Whether text may be run as a program. */
  readonly canEval: boolean;
  readonly report: CompileReport;
}

function canEval(): boolean {
  try {
    return new Function("return true")() as boolean;
  } catch {
    return false;
  }
}

function context(): PageContext {
  const double = compile((x: Tensor) => x.mul(2));
  double(tensor([1, 2]));
  const { crossOriginIsolated = false } = globalThis as { crossOriginIsolated?: boolean };
  return { isIsolated: crossOriginIsolated, canEval: canEval(), report: double.report() };
}

/** A velocity field that is given as text, at the point (1, 2) and half time, and its derivative along that point. */
export function evaluateFormula(text: string): number[][] {
  const velocity = formulaVelocity(text, { dim: 2 });
  const x = tensor([[1, 2]]);
  return jvp((y: Tensor) => velocity(y, 0.5), [x], [x]).map((each) => Array.from((each as Tensor).dataSync()));
}

interface WorkerObject {
  postMessage(options: TrainingOptions): void;
  terminate(): void;
  onmessage: (event: { readonly data: TrainingRecord }) => void;
  onerror: (event: { readonly message: string }) => void;
}

/** Trains in a worker, so that the page stays awake. */
function trainInWorker(options: TrainingOptions): Promise<TrainingRecord> {
  const { Worker } = globalThis as unknown as { Worker: new (url: URL, options: { type: "module" }) => WorkerObject };
  const worker = new Worker(new URL("./trainingWorker.ts", import.meta.url), { type: "module" });
  return new Promise<TrainingRecord>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(options);
  }).finally(() => worker.terminate());
}

/** What can be asked of the page; arguments and results travel as plain data. */
export const pageFunctions = {
  context,
  train,
  trainInWorker,
  evaluateFormula,
  trainOwnLoss,

  /** What programs can run on in this page. */
  listDevices: (): Promise<Device[]> => devices(),

  /** Names of the GPU backend's tests in one mode. */
  async gpuTestNames(mode: GpuMode): Promise<string[]> {
    const { loadGpuSuite } = await import("./suite/gpuSuite.ts");
    return [...loadGpuSuite(mode).keys()];
  },

  /** Runs one of them. */
  async runGpuTest(mode: GpuMode, name: string): Promise<void> {
    const { loadGpuSuite } = await import("./suite/gpuSuite.ts");
    await loadGpuSuite(mode).get(name)!();
  },

  /** Names of the wasm backend's tests. */
  async testNames(): Promise<string[]> {
    const { loadSuite } = await import("./suite/suite.ts");
    return [...(await loadSuite()).keys()];
  },

  /** Runs one of them. */
  async runTest(name: string): Promise<void> {
    const { loadSuite } = await import("./suite/suite.ts");
    await (await loadSuite()).get(name)!();
  },
};

/** The page as its tests see it. */
export type PageFunctions = typeof pageFunctions;

/** Which test files share a process, which are slow, and in which order files run. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Every test file. */
export const testFiles = ["{packages/*,benchmarks,tests/browser,scripts}/test/**/*.test.ts"];

/**
 * Files that need a separate process: their tests start processes or pages, use threads or a device, or replace modules and
 * variables. The other files share one process for each core and so load the packages once.
 */
export const apartFiles = [
  "{benchmarks,tests/browser}/test/**/*.test.ts",
  "packages/lab/test/{campaign,commands,experiments,run}/**/*.test.ts",
  "packages/lab/test/sources/own*.test.ts",
  "packages/export/test/{jax,torch}/**/*.test.ts",
  "packages/*/test/**/gpujs/**/*.test.ts",
  "packages/*/test/**/gpujs*.test.ts",
  "packages/tensor/test/backends/wasm/{threads/*,dropped,evicted}.test.ts",
  "scripts/test/{docExamples,play,testFiles}.test.ts",
];

/**
 * Files that take longer than about a second and a half on a quiet core: thousands of random programs, every primitive in every
 * composition, elementary functions over their whole range, trainings. `pnpm test --quick` leaves them out.
 */
export const slowFiles = [
  "packages/*/test/**/*.property.test.ts",
  "packages/autodiff/test/{conformance/*,mutants,ranges}.test.ts",
  "packages/flows/test/{marginalSde,solvers/order}.test.ts",
  "packages/lab/test/training/{generatorRuns,trainingRun}.test.ts",
  "packages/training/test/observatory/{biasOfEstimators,gradientFigures,observatory}.test.ts",
  "packages/training/test/trainer/learners/alternation.test.ts",
  "packages/verify/test/laws.test.ts",
  "packages/losses/test/{conformance,sampleTimes}.test.ts",
  "packages/tensor/test/backends/wasm/{chains,programs,kernels/*,vector/accuracy}.test.ts",
  "packages/tensor/test/{compiler/{simplify,buildPlan},primitives/{conformance,transcendental},program/interpret}.test.ts",
  "packages/tensor/test/scalar/accuracy.test.ts",
  "packages/testing/test/{agreement,oracles,randomPrograms}.test.ts",
  "scripts/test/lossPages.test.ts",
];

/** Runs the files with separate processes first, because a shared process ends before each of these files. */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isApart = ({ project }: TestSpecification): boolean => project.config.isolate;
    return [...sorted.filter(isApart), ...sorted.filter((file) => !isApart(file))];
  }
}

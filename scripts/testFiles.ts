/** Which test files share a process, which are slow, and in which order files run. */
import { join } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { root } from "./workspace.ts";

/** Every test file. */
export const testFiles = ["{packages/*,benchmarks,tests/browser,page,scripts}/test/**/*.test.ts"];

/** Folders of the tests that need a browser. */
export const browserFolders = ["tests/browser/test", "page/test/browser"];

/**
 * Files that need a separate process: their tests show pages, use threads or a device, measure memory, or replace modules and
 * variables. The other files share one process for each core and so load the packages once.
 */
export const apartFiles = [
  "benchmarks/test/{gpu,worker}/**/*.test.ts",
  ...browserFolders.map((folder) => `${folder}/**/*.test.ts`),
  "page/test/{identity/identityCode,microscope/microscope{Code,Jax},stepper/stepper{Command,Jax}}.test.ts",
  "packages/lab/test/commands/{bundle,devices}.test.ts",
  "packages/export/test/{jax,torch}/**/*.test.ts",
  "packages/*/test/**/gpujs/**/*.test.ts",
  "packages/*/test/**/gpujs*.test.ts",
  "packages/tensor/test/backends/wasm/{threads/*,dropped,evicted}.test.ts",
  "scripts/test/{docExamples,play,testFiles}.test.ts",
];

/**
 * Files that start processes, or take longer than about a second and a half on a quiet core: thousands of random programs, every
 * primitive in every composition, elementary functions over their whole range, trainings. `pnpm test --quick` leaves them out.
 */
export const slowFiles = [
  "benchmarks/test/run/process.test.ts",
  "packages/lab/test/{campaign,commands,experiments}/**/*.test.ts",
  "packages/lab/test/run/{checkpoint,claim}.test.ts",
  "packages/lab/test/sources/*.test.ts",
  "packages/*/test/**/*.property.test.ts",
  "packages/autodiff/test/{conformance/*,mutants,ranges}.test.ts",
  "packages/flows/test/{marginalSde,solvers/order}.test.ts",
  "packages/lab/test/training/{generatorRuns,trainingRun}.test.ts",
  "packages/training/test/explain/lossPlacements.test.ts",
  "packages/training/test/trainer/labels.test.ts",
  "packages/training/test/observatory/{biasOfEstimators,exactValues,gradientFigures,observatory}.test.ts",
  "packages/training/test/trainer/learners/alternation.test.ts",
  "page/test/{lane,identity/{bench,identityCode},microscope/{microscopeCode,microscopeJax,subject},stepper/stepper{Command,Jax}}.test.ts",
  "packages/verify/test/laws.test.ts",
  "packages/losses/test/{conformance,sampleTimes}.test.ts",
  "packages/tensor/test/backends/wasm/{chains,programs,kernels/*,vector/accuracy}.test.ts",
  "packages/tensor/test/{compiler/{simplify,buildPlan},primitives/{conformance,transcendental},program/interpret}.test.ts",
  "packages/tensor/test/scalar/accuracy.test.ts",
  "packages/testing/test/{agreement,oracles,randomPrograms}.test.ts",
  "scripts/test/lossPages.test.ts",
];

/** Files of shared processes that take more than about eight seconds on a quiet core, the longest first. */
const longFiles = [
  "packages/training/test/explain/lossPlacements.test.ts",
  "packages/lab/test/commands/killed.test.ts",
  "packages/lab/test/campaign/campaign.test.ts",
  "packages/lab/test/commands/commandLine.test.ts",
  "packages/lab/test/commands/study.test.ts",
  "packages/lab/test/sources/ownLosses.test.ts",
  "packages/tensor/test/scalar/accuracy.test.ts",
  "packages/lab/test/commands/interrupted.test.ts",
  "packages/autodiff/test/ranges.test.ts",
  "packages/verify/test/laws.test.ts",
  "packages/tensor/test/longSums.property.test.ts",
  "packages/lab/test/commands/damagedRun.test.ts",
  "packages/lab/test/sources/recipeFiles.test.ts",
  "packages/lab/test/training/generatorRuns.test.ts",
  "packages/lab/test/experiments/compare.test.ts",
  "packages/tensor/test/backends/wasm/kernels/moves.test.ts",
  "scripts/test/docCommands.test.ts",
].map((file) => join(root, file));

/**
 * Runs the files with separate processes first, because a shared process ends before each of these files, and then the long ones:
 * short ones at the end keep every core busy.
 */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification): number => {
      if (project.config.isolate) return 0;
      const place = longFiles.indexOf(moduleId);
      return 1 + (place < 0 ? longFiles.length : place);
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b)); // a stable order
  }
}

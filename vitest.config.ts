import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { apartFiles, slowFiles, TestOrder, testFiles } from "./scripts/testFiles.ts";

/** `pnpm test --quick` runs files of the shared processes only, and of those the fast ones. */
const isQuick = process.env.TEST_QUICK === "1";
const apart = {
  name: "apart",
  include: apartFiles,
  isolate: true,
  globalSetup: ["page/test/support/siteFolder.ts"],
};
const shared = {
  name: "shared",
  include: testFiles,
  // Without the defaults a search for tests walks through node_modules, for seconds.
  exclude: [...configDefaults.exclude, ...apartFiles, ...(isQuick ? slowFiles : [])],
  isolate: false,
};

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: availableParallelism(),
    sequence: { sequencer: TestOrder },
    // Only a test that hangs reaches these: machines are busy at times, and speed is measured in benchmarks.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Compiled functions are compared with eager ones bit for bit; other backends are compared with the reference by name.
    env: { PUSHFORWARD_BACKEND: "reference" },
    projects: (isQuick ? [shared] : [apart, shared]).map((test) => ({ extends: true, test })),
  },
});

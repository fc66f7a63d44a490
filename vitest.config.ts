import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages/*,benchmarks,browser,scripts}/test/**/*.test.ts"],
    pool: "forks",
    // Machines are busy at times; speed is measured in benchmarks.
    testTimeout: 60_000,
    // Compiled functions are compared with eager ones bit for bit; other backends are compared with the reference by name.
    env: { PUSHFORWARD_BACKEND: "reference" },
  },
});

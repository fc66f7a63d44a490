import { defineConfig } from "vite";

/** Test files are loaded for their effects: they register tests. The package's own list of modules with effects does not name them. */
const testsHaveEffects = {
  name: "pushforward:tests-have-effects",
  transform: (_: string, id: string) => (id.endsWith(".test.ts") ? { moduleSideEffects: true } : undefined),
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [testsHaveEffects],
  // The tests of the wasm backend run in the page as they are, with a vitest that a page can have.
  resolve: { alias: { vitest: `${import.meta.dirname}/src/suite/vitest.ts` } },
  build: { target: "es2023", chunkSizeWarningLimit: 4096 },
});

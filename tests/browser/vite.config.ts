import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  // The tests of the wasm backend run in the page as they are, with a vitest that a page can have.
  resolve: { alias: { vitest: `${import.meta.dirname}/src/suite/vitest.ts` } },
  build: { target: "es2023", chunkSizeWarningLimit: 4096 },
});

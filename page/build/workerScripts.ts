import type { BuildOptions } from "vite";

/** Modules that workers import on demand alone, although the entry of the package, whose side effects are needed, imports them. */
const late = /[\\/]packages[\\/]tensor[\\/]src[\\/]io[\\/]/;

/**
 * How workers are cut into scripts: all that runs first is one script, because one text is compressed better than several, and each part that
 * is imported on demand is another.
 */
export const workerScripts: BuildOptions["rolldownOptions"] = {
  output: {
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: "first", tags: ["$initial"], test: (id) => !late.test(id) }],
    },
  },
};

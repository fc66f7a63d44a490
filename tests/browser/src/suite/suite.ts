/// <reference types="vite/types/importMeta.d.ts" />
import { collected, type Run } from "./collected.ts";

/** The files with the wasm backend's tests; a page has no processes to test. */
const files = import.meta.glob([
  "../../../../packages/tensor/test/backends/wasm/**/*.test.ts",
  "!../../../../packages/tensor/test/backends/wasm/**/{process,stopped,dropped,evicted,opcodes}.test.ts",
]);

let loaded: Promise<ReadonlyMap<string, Run>> | undefined;

/** The wasm backend's tests, by file, group and name. */
export function loadSuite(): Promise<ReadonlyMap<string, Run>> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<ReadonlyMap<string, Run>> {
  for (const file of Object.values(files)) await file();
  return collected;
}

import type { Backend } from "./backend.ts";
import { reference } from "./reference/reference.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/** Every backend by name. */
export const backends = { wasm, reference } as const satisfies Record<string, Backend>;

/** Name of a backend. */
export type BackendName = keyof typeof backends;

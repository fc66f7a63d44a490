import type { Backend } from "./backend.ts";
import { reference } from "./reference/reference.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/** Every backend by name. */
export const backends = { wasm, reference } as const satisfies Record<string, Backend>;

/** Name of a backend. */
export type BackendName = keyof typeof backends;

/** Environment variable that chooses the backend of functions that name none. */
export const backendVariable = "PUSHFORWARD_BACKEND";

/** What compile uses where nothing is said: wasm, or what the environment names. */
export function defaultBackend(): string {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  return process?.env?.[backendVariable] || "wasm";
}

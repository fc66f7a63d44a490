import type { AsyncBackend } from "./asyncBackend.ts";
import { auto } from "./auto.ts";
import type { Backend } from "./backend.ts";
import { gpujs } from "./gpujs/gpujsBackend.ts";
import { reference } from "./reference/reference.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/** Every backend whose results are there at once, by name. */
export const backends = { wasm, reference } as const satisfies Record<string, Backend>;

/** Every backend whose results are awaited, by name. */
export const asyncBackends = { gpujs, auto } as const satisfies Record<string, AsyncBackend>;

/** Every backend by name. */
export const allBackends = { ...backends, ...asyncBackends } as const;

/** Name of a backend. */
export type BackendName = keyof typeof allBackends;

/** Environment variable that chooses the backend of functions that name none. */
export const backendVariable = "PUSHFORWARD_BACKEND";

/** What compile uses where nothing is said: wasm, or what the environment names. */
export function defaultBackend(): string {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  return process?.env?.[backendVariable] || "wasm";
}

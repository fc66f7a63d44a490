import type { AsyncBackend } from "./asyncBackend.ts";
import { auto } from "./auto.ts";
import type { Backend } from "./backend.ts";
import { gpujs } from "./gpujs/gpujsBackend.ts";
import { reference } from "./reference/reference.ts";
import { wasm } from "./wasm/wasmBackend.ts";

/** Every backend that computes results synchronously, by name. */
export const backends = { wasm, reference } as const satisfies Record<string, Backend>;

/** Every backend whose results are awaited, by name. */
export const asyncBackends = { gpujs, auto } as const satisfies Record<string, AsyncBackend>;

/** Every backend by name. */
export const allBackends = { ...backends, ...asyncBackends } as const;

/** Name of a backend. */
export type BackendName = keyof typeof allBackends;

/** Environment variable with the default backend of `compile`. */
export const backendVariable = "PUSHFORWARD_BACKEND";

/** The default backend of `compile`: the one that the environment names, else wasm. */
export function defaultBackend(): string {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  return process?.env?.[backendVariable] || "wasm";
}

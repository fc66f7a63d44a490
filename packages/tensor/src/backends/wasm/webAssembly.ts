import { BackendError } from "../../array/errors.ts";

/** Linear memory. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  /** Adds pages; earlier views of the buffer do not include them. */
  grow(pages: number): number;
}

/** A module with its imports. */
export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** The part of the engine's WebAssembly object that is used here: Node and browsers have it, TypeScript only with the DOM. */
interface WebAssemblyObject {
  readonly Memory: new (descriptor: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => WasmInstance;
  validate(bytes: Uint8Array): boolean;
}

/** The engine's WebAssembly. */
export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyObject }).WebAssembly;

/**
 * Compiles a module, here and now.
 *
 * @throws BackendError where the page's Content-Security-Policy forbids it
 */
export function compileModule(bytes: Uint8Array): object {
  try {
    return new webAssembly.Module(bytes);
  } catch (error) {
    const { message } = error as Error;
    // A policy forbids every module, even an empty one; any other error is a bug in the generated module and is thrown as it is.
    if (!isForbidden()) throw error;
    throw new BackendError(
      `compile: the page's Content-Security-Policy must allow WebAssembly, got "${message}"; add 'wasm-unsafe-eval' to script-src, or use { backend: "reference" }`,
    );
  }
}

/** Whether the engine refuses even the smallest module (a magic number and a version). */
function isForbidden(): boolean {
  try {
    new webAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    return false;
  } catch {
    return true;
  }
}

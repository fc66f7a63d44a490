/** Linear memory. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
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

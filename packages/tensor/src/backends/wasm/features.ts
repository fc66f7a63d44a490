import { webAssembly } from "./webAssembly.ts";

/** A module with one relaxed multiply-add: engines that lack it refuse the bytes. */
const relaxedModule = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
);

let relaxed: boolean | undefined;

/**
 * Whether f32x4.relaxed_madd, which rounds x·y + z once, is there. Node 20 has it behind a flag, which is set here before the
 * first module is compiled.
 */
export function hasRelaxedSimd(): boolean {
  relaxed ??= webAssembly.validate(relaxedModule) || enableOnNode20();
  return relaxed;
}

function enableOnNode20(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string }; getBuiltinModule?: (name: string) => unknown } };
  const major = Number(process?.versions?.node?.split(".")[0]);
  if (!(major < 21)) return false;
  const v8 = process?.getBuiltinModule?.("node:v8") as { setFlagsFromString?: (flag: string) => void } | undefined;
  v8?.setFlagsFromString?.("--experimental-wasm-relaxed-simd");
  return webAssembly.validate(relaxedModule);
}

import { hasFusedMultiplyAdd } from "./vector/index.ts";

let fused: boolean | undefined;

/**
 * Whether x·y + z can be rounded once. Node 20 has the instruction behind a flag, which is set here before the first module is
 * compiled.
 */
export function hasFma(): boolean {
  fused ??= hasFusedMultiplyAdd() || enableOnNode20();
  return fused;
}

function enableOnNode20(): boolean {
  const { process } = globalThis as {
    process?: { versions?: { node?: string }; getBuiltinModule?: (name: string) => unknown };
  };
  const major = Number(process?.versions?.node?.split(".")[0]);
  if (!(major < 21)) return false;
  const v8 = process?.getBuiltinModule?.("node:v8") as { setFlagsFromString?: (flag: string) => void } | undefined;
  v8?.setFlagsFromString?.("--experimental-wasm-relaxed-simd");
  return hasFusedMultiplyAdd();
}

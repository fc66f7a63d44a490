import { hasFusedMultiplyAdd } from "./vector/index.ts";
import { wideIsFaster } from "./wideIsFaster.ts";

/** Vector instructions that the engine has. */
export interface VectorFeatures {
  /** x·y + z can be rounded once. */
  readonly fma: boolean;
  /** Two neighbouring vectors become one instruction of 256 bits. */
  readonly wide: boolean;
}

const { process } = globalThis as {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly execArgv?: readonly string[];
    readonly env?: Readonly<Record<string, string | undefined>>;
    getBuiltinModule?(name: string): unknown;
  };
};

/** V8's flag for pairing vectors. */
const pairing = "--experimental-wasm-revectorize";

let features: VectorFeatures | undefined;

/** Detected once, before the first program is compiled. */
export function vectorFeatures(): VectorFeatures {
  if (features) return features;
  const fma = hasFma();
  features = { fma, wide: asksForPairs() && wideIsFaster(fma) };
  return features;
}

/**
 * Whether x·y + z can be rounded once. Node 20 has the instruction behind a flag, which is set here before the first module is
 * compiled.
 */
export function hasFma(): boolean {
  if (hasFusedMultiplyAdd()) return true;
  if (!(nodeMajor() < 21)) return false;
  setFlag("--experimental-wasm-relaxed-simd");
  return hasFusedMultiplyAdd();
}

/**
 * Whether wide vectors are requested: by V8's flag, or by PUSHFORWARD_WIDE_SIMD=1, which sets the flag. The flag is experimental,
 * applies to the whole process, and exists in Node since version 24.
 */
function asksForPairs(): boolean {
  if (!(nodeMajor() >= 24)) return false;
  const { execArgv = [], env = {} } = process ?? {};
  if (env.PUSHFORWARD_WIDE_SIMD === "1") {
    setFlag(pairing);
    return true;
  }
  return [...execArgv, env.NODE_OPTIONS ?? ""].some((option) => option.includes(pairing));
}

const nodeMajor = (): number => Number(process?.versions?.node?.split(".")[0]);

function setFlag(flag: string): void {
  const v8 = process?.getBuiltinModule?.("node:v8") as { setFlagsFromString?: (flag: string) => void } | undefined;
  v8?.setFlagsFromString?.(flag);
}

import { shorten } from "../array/quote.ts";
import { formatShape } from "../array/shape.ts";
import type { Tensor } from "../array/tensor.ts";
import { type Flattened, structureKey } from "../array/tree.ts";

/** The properties of a call by which a compiled function finds its code. */
export interface Signature {
  /** Equal for calls that may share code. */
  readonly key: string;
  readonly structure: string;
  readonly paths: readonly string[];
  /** Type of every leaf; a star marks a weak one. */
  readonly types: readonly string[];
}

/** Signature of the arguments of a call. */
export function signatureOf({ structure, paths }: Flattened, inputs: readonly Tensor[]): Signature {
  const types = inputs.map((x) => `${x.dtype}${x.weak ? "*" : ""}${formatShape(x.shape)}`);
  const key = structureKey(structure);
  return { key: `${key};${types.join()}`, structure: key, paths, types };
}

/** The difference between two signatures, in words. */
export function differenceOf(before: Signature, after: Signature): string {
  if (before.structure !== after.structure) return "the structure of the arguments differs from the one before";
  const leaf = after.types.findIndex((type, i) => type !== before.types[i]);
  return `leaf "${shorten(after.paths[leaf]!)}" came as ${before.types[leaf]}, then as ${after.types[leaf]}`;
}

/** The number of traces from which advice is given, and the calls that each trace should serve at least. */
const [manyTraces, callsPerTrace] = [8, 4];

/** How often a function was traced and called, how many signatures are kept and may be kept, and the last change of signature. */
interface Tracing {
  readonly traces: number;
  readonly calls: number;
  readonly kept: number;
  readonly most: number;
  readonly change: string;
}

/** Advice about shapes that keep changing, or undefined where tracing is rare. */
export function tracingAdvice({ traces, calls, kept, most, change }: Tracing): string | undefined {
  if (traces < manyTraces || calls >= callsPerTrace * traces) return undefined;
  const counts = `${traces} traces in ${calls} calls, ${kept} of at most ${most} signatures kept`;
  return `compile: shapes should seldom change, got ${counts}; lately ${change}; pad to a few sizes, or compile the part whose sizes stay the same`;
}

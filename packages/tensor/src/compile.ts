import type { Executable } from "./backends/backend.ts";
import { type BackendName, backends } from "./backends/index.ts";
import { simplify } from "./compiler/simplify.ts";
import { BackendError } from "./errors.ts";
import { isEager, requireDense } from "./interpreter.ts";
import { asTensor } from "./ops/lift.ts";
import { traceFlat } from "./program/trace.ts";
import type { DenseTensor } from "./tensor.ts";
import { type Flattened, flatten, type Structure, structureKey, unflatten } from "./tree.ts";

/** Options of compile. */
export interface CompileOptions {
  readonly backend?: BackendName;
}

interface Entry {
  readonly executable: Executable;
  readonly structure: Structure;
}

/** Signatures kept per compiled function; the one used longest ago goes first. */
const maxEntries = 64;

/**
 * A function of the same type that traces once per tree structure, shapes, dtypes and weak flags, and then runs the
 * simplified program. Tensors that `f` closes over are baked in as constants: pass what changes. Inside another
 * transform it simply runs `f`.
 *
 * @throws BackendError for an unknown backend
 */
export function compile<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Out,
  options: CompileOptions = {},
): (...args: Args) => Out {
  const { backend: name = "reference" } = options;
  const backend = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (!backend)
    throw new BackendError(`compile: backend must be one of ${Object.keys(backends).join(", ")}, got "${name}"`);
  const entries = new Map<string, Entry>();
  const prepare = (args: Flattened): Entry => {
    const { program, structure } = traceFlat(f as (...args: never[]) => unknown, args, "compile");
    return { executable: backend.prepare(simplify(program)), structure };
  };
  return (...args) => {
    if (!isEager()) return f(...args);
    const flat = flatten(args, "compile");
    const inputs = flat.leaves.map((leaf) => requireDense("compile", asTensor(leaf)));
    const signature = signatureOf(flat, inputs);
    const entry = entries.get(signature) ?? prepare(flat);
    entries.delete(signature);
    entries.set(signature, entry);
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value!);
    return unflatten(entry.structure, entry.executable.run(inputs)) as Out;
  };
}

const signatureOf = (flat: Flattened, inputs: readonly DenseTensor[]): string =>
  `${structureKey(flat.structure)};${inputs.map((x) => `${x.dtype}${x.weak ? "*" : ""}[${x.shape}]`).join()}`;

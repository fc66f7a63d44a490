import type { AsyncBackend, AsyncExecutable } from "./backends/asyncBackend.ts";
import type { Backend, BackendDescription, Executable } from "./backends/backend.ts";
import { allBackends, type BackendName, defaultBackend } from "./backends/index.ts";
import { differenceOf, type Signature, signatureOf, tracingAdvice } from "./compiler/signature.ts";
import { simplify } from "./compiler/simplify.ts";
import { BackendError } from "./errors.ts";
import { isEager, requireDense } from "./interpreter.ts";
import { asTensor } from "./ops/lift.ts";
import { PendingTensor, startPending } from "./pending.ts";
import type { Program } from "./program/program.ts";
import { traceFlat } from "./program/trace.ts";
import type { Tensor } from "./tensor.ts";
import { type Flattened, flatten, type Structure, unflatten } from "./tree.ts";

/** Options of compile. */
export interface CompileOptions {
  /**
   * Default wasm, or what the environment variable PUSHFORWARD_BACKEND names. Results of gpujs and auto are awaited:
   * `await y.data()`, or `await ready(y)`.
   */
  readonly backend?: BackendName | Backend | AsyncBackend;
  /** Most threads of a call; default what PUSHFORWARD_THREADS says, else one for each core. Results do not depend on it. */
  readonly threads?: number;
}

/** What a compiled function has become. */
export interface CompileReport extends BackendDescription {
  /** Signatures (structures, shapes, dtypes) it is ready for now. */
  readonly signatures: number;
  /** How often it was traced: many more than signatures mean that shapes keep changing. */
  readonly traces: number;
  /** Calls that ran compiled code. */
  readonly calls: number;
  /** What to change where tracing happens so often that it eats what compiled code saves. */
  readonly warning?: string | undefined;
  /** Bytes of memory that all signatures keep. */
  readonly bytes: number;
  /** Launches of one call with the latest signature. */
  readonly launches: number;
  /** Threads that the next call with the latest signature may use: 1 for a program too small to share. */
  readonly threads: number;
}

/** A function that runs compiled, and tells how. */
export type Compiled<Args extends readonly unknown[], Out> = ((...args: Args) => Out) & { report(): CompileReport };

interface Entry {
  readonly executable: Executable | AsyncExecutable;
  run(inputs: readonly Tensor[]): readonly Tensor[];
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
): Compiled<Args, Out> {
  const backend = findBackend(options.backend ?? defaultBackend());
  const entries = new Map<string, Entry>();
  const counts = { traces: 0, calls: 0 };
  let latest: { readonly signature: Signature; readonly change: string } | undefined;
  const prepare = (args: Flattened): Entry => {
    counts.traces++;
    const { program, structure } = traceFlat(f as (...args: never[]) => unknown, args, "compile");
    return { ...makeReady(backend, simplify(program), options), structure };
  };
  const compiled = (...args: Args): Out => {
    if (!isEager()) return f(...args);
    const flat = flatten(args, "compile");
    const inputs = flat.leaves.map((leaf) => argumentOf(backend, asTensor(leaf)));
    const signature = signatureOf(flat, inputs);
    const { key } = signature;
    let entry = entries.get(key);
    if (!entry) {
      entry = prepare(flat);
      latest = { signature, change: latest ? differenceOf(latest.signature, signature) : "" };
    }
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value!);
    counts.calls++;
    return unflatten(entry.structure, entry.run(inputs)) as Out;
  };
  const report = (): CompileReport => {
    const executables = [...entries.values()].map(({ executable }) => executable);
    return {
      ...backend.describe(),
      ...counts,
      ...(latest && {
        warning: tracingAdvice({ ...counts, kept: entries.size, most: maxEntries, change: latest.change }),
      }),
      signatures: entries.size,
      bytes: executables.reduce((sum, { bytes }) => sum + bytes, 0),
      launches: executables.at(-1)?.launches ?? 0,
      threads: executables.at(-1)?.threads ?? 1,
    };
  };
  return Object.assign(compiled, { report });
}

/** A program on a backend: results at once, or pending. */
function makeReady(
  backend: Backend | AsyncBackend,
  program: Program,
  options: CompileOptions,
): Omit<Entry, "structure"> {
  if ("isAsync" in backend) {
    const executable = backend.prepare(program);
    const run = (inputs: readonly Tensor[]) => startPending(executable, inputs, program.outputs, backend.name);
    return { executable, run };
  }
  const executable = backend.prepare(program, options);
  return { executable, run: (inputs) => executable.run(inputs.map((x) => requireDense("compile", x))) };
}

/** Where results are awaited, arguments may be on their way too. */
const argumentOf = (backend: Backend | AsyncBackend, x: Tensor): Tensor =>
  "isAsync" in backend && x instanceof PendingTensor ? x : requireDense("compile", x);

function findBackend(wanted: string | Backend | AsyncBackend): Backend | AsyncBackend {
  if (typeof wanted !== "string") return wanted;
  if (Object.hasOwn(allBackends, wanted)) return allBackends[wanted as BackendName];
  throw new BackendError(`compile: backend must be one of ${Object.keys(allBackends).join(", ")}, got "${wanted}"`);
}

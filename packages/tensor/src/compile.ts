import { BackendError } from "./array/errors.ts";
import { mustBe, optionsOf } from "./array/mustBe.ts";
import { PendingTensor } from "./array/pending.ts";
import { mustBeOneOf } from "./array/suggest.ts";
import type { Tensor } from "./array/tensor.ts";
import type { TensorType } from "./array/tensorType.ts";
import { type Flattened, flatten, type Structure, type Sync, unflatten } from "./array/tree.ts";
import type { AsyncBackend, AsyncExecutable } from "./backends/asyncBackend.ts";
import type { Backend, BackendDescription, Executable, PlanTimes } from "./backends/backend.ts";
import { allBackends, type BackendName, defaultBackend } from "./backends/index.ts";
import { printPlan } from "./compiler/printPlan.ts";
import { differenceOf, type Signature, signatureOf, tracingAdvice } from "./compiler/signature.ts";
import { simplify } from "./compiler/simplify.ts";
import { requireDense } from "./interpret/evaluation.ts";
import { isEager } from "./interpret/interpreter.ts";
import { asTensor } from "./ops/operands.ts";
import type { Program } from "./program/program.ts";
import { traceFlat } from "./program/trace.ts";

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

/** The state of a compiled function. */
export interface CompileReport extends BackendDescription {
  /** Signatures (structures, shapes, dtypes) it is ready for now. */
  readonly signatures: number;
  /** How often it was traced: many more than signatures mean that shapes keep changing. */
  readonly traces: number;
  /** Calls that ran compiled code. */
  readonly calls: number;
  /** Advice where tracing takes more time than compiled code saves. */
  readonly warning?: string | undefined;
  /** Bytes of memory that all signatures keep. */
  readonly bytes: number;
  /** Launches of one call with the latest signature. */
  readonly launches: number;
  /** Threads that the next call with the latest signature may use: 1 for a program too small to share. */
  readonly threads: number;
}

/** Where one call of a compiled function spends its time. */
export interface Profile extends PlanTimes {
  /** Kernels as text with ms, fractions of the total, and rates. */
  print(): string;
}

/** A compiled function, with a report and a profile. */
export type Compiled<Args extends readonly unknown[], Out> = ((...args: Args) => Out) & {
  report(): CompileReport;
  /**
   * Calls the function once more, kernel by kernel on one thread, and measures the time of each. Code is fastest after some calls.
   *
   * @throws BackendError for a backend without kernels, or whose results are awaited
   */
  profile(...args: Args): Profile;
};

interface Entry {
  readonly executable: Executable | AsyncExecutable;
  run(inputs: readonly Tensor[]): readonly Tensor[];
  readonly structure: Structure;
}

/** Signatures kept per compiled function; the least recently used one is removed first. */
const maxEntries = 64;

/**
 * A function of the same type that traces once per tree structure, shapes, dtypes and weak flags, and then runs the
 * simplified program. Tensors that `f` closes over become constants: values that change must be arguments. Inside
 * another transform it runs `f` itself.
 *
 * @throws BackendError for an unknown backend
 */
export function compile<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
  options: CompileOptions = {},
): Compiled<Args, Out> {
  mustBe("compile", "f", f, "function");
  optionsOf("compile", options);
  const cache = new Cache(f as (...args: never[]) => unknown, options);
  const compiled = (...args: Args): Out => (isEager() ? (cache.call(args) as Out) : f(...args));
  return Object.assign(compiled, { report: () => cache.report(), profile: (...args: Args) => cache.profile(args) });
}

/** A function's code for every signature that it was called with lately. */
class Cache {
  private readonly f: (...args: never[]) => unknown;
  private readonly options: CompileOptions;
  private readonly backend: Backend | AsyncBackend;
  private readonly entries = new Map<string, Entry>();
  private traces = 0;
  private calls = 0;
  private latest: { readonly signature: Signature; readonly change: string } | undefined;

  constructor(f: (...args: never[]) => unknown, options: CompileOptions) {
    this.f = f;
    this.options = options;
    this.backend = findBackend(options.backend ?? defaultBackend());
  }

  call(args: readonly unknown[]): unknown {
    const { entry, inputs } = this.entryOf(args);
    this.calls++;
    return unflatten(entry.structure, entry.run(inputs));
  }

  profile(args: readonly unknown[]): Profile {
    const { entry, inputs } = this.entryOf(args);
    if (!("profile" in entry.executable) || !entry.executable.profile) {
      throw new BackendError(
        `profile: needs a backend that runs kernels synchronously, got "${this.backend.name}"; try wasm`,
      );
    }
    const times = entry.executable.profile(inputs.map((x) => requireDense("profile", x)));
    return { ...times, print: () => printPlan(times.plan, times) };
  }

  report(): CompileReport {
    const { traces, calls, entries, latest } = this;
    const executables = [...entries.values()].map(({ executable }) => executable);
    const counts = { traces, calls, kept: entries.size, most: maxEntries };
    const latestOne = executables.at(-1);
    const device = latestOne && "start" in latestOne ? latestOne.device : undefined;
    return {
      ...this.backend.describe(),
      ...(device && { device }),
      ...{ traces, calls, signatures: entries.size },
      ...(latest && { warning: tracingAdvice({ ...counts, change: latest.change }) }),
      bytes: executables.reduce((sum, { bytes }) => sum + bytes, 0),
      launches: latestOne?.launches ?? 0,
      threads: latestOne?.threads ?? 1,
    };
  }

  private entryOf(args: readonly unknown[]): { readonly entry: Entry; readonly inputs: readonly Tensor[] } {
    const { entries, backend, latest } = this;
    const flat = flatten(args, "compile");
    const inputs = flat.leaves.map((leaf) => argumentOf(backend, asTensor(leaf)));
    const signature = signatureOf(flat, inputs);
    const { key } = signature;
    const known = entries.get(key);
    const entry = known ?? this.prepare(flat);
    if (!known) this.latest = { signature, change: latest ? differenceOf(latest.signature, signature) : "" };
    entries.delete(key);
    entries.set(key, entry);
    return { entry, inputs };
  }

  /** Makes room for one more entry: the oldest entry gives its memory back before the new one allocates. */
  private evict(): void {
    const [oldest] = this.entries;
    if (this.entries.size < maxEntries || !oldest) return;
    const [key, { executable }] = oldest;
    this.entries.delete(key);
    executable.release?.();
  }

  private prepare(args: Flattened): Entry {
    this.traces++;
    const { program, structure } = traceFlat(this.f, args, "compile");
    const simple = simplify(program);
    this.evict();
    return { ...makeReady(this.backend, simple, this.options), structure };
  }
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

/** An argument as the backend takes it: where results are awaited, arguments may still be pending. */
const argumentOf = (backend: Backend | AsyncBackend, x: Tensor): Tensor =>
  "isAsync" in backend && x instanceof PendingTensor ? x : requireDense("compile", x);

function findBackend(wanted: string | Backend | AsyncBackend): Backend | AsyncBackend {
  if (typeof wanted === "object" && wanted !== null && typeof wanted.prepare === "function") return wanted;
  if (typeof wanted === "string" && Object.hasOwn(allBackends, wanted)) return allBackends[wanted as BackendName];
  throw new BackendError(`compile: backend ${mustBeOneOf(wanted, Object.keys(allBackends))}`);
}

/** Starts a program as soon as its arguments are computed. */
function startPending(
  executable: AsyncExecutable,
  inputs: readonly Tensor[],
  types: readonly TensorType[],
  backend: string,
): PendingTensor[] {
  const arrivals = inputs.map((x) => (x instanceof PendingTensor ? x.arrival : x.concrete("compile")));
  const results = Promise.all(arrivals).then((values) => executable.start(values));
  return types.map(
    (type, i) =>
      new PendingTensor(
        type,
        results.then((values) => values[i]),
        backend,
      ),
  );
}

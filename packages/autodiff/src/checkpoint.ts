import {
  bind,
  call,
  noParams,
  primitives,
  type Sync,
  type Tensor,
  under,
  unflatten,
  type Variable,
} from "@pushforward/tensor";
import { type CustomCallable, type FlatFunction, onTrees, type Tangent } from "./customCallable.ts";
import { Dual, type JvpInterpreter } from "./jvpInterpreter.ts";
import { materialize } from "./leaves.ts";
import { applyLinear, isLinearCall, type LinearProgram, type LinearStep, type Recorder } from "./linearProgram.ts";
import { transposeLinear } from "./transpose.ts";

/** A body's values and tangents under a JVP interpreter. */
interface Pushed {
  readonly outs: Tensor[];
  readonly tangents: Tangent[];
}

/** Runs a body under an interpreter. The interpreter may have ended; running under it makes the values that the body closes over usable again. */
function push(
  body: FlatFunction,
  interpreter: JvpInterpreter,
  primals: readonly Tensor[],
  tangents: readonly Tangent[],
): Pushed {
  const outs = under(interpreter, () =>
    body(
      primals.map((x, i) => {
        const dx = tangents[i];
        return dx ? new Dual(interpreter, x, dx) : x;
      }),
    ),
  );
  return { outs: outs.map((x) => interpreter.primalOf(x)), tangents: outs.map((x) => interpreter.tangentOf(x)) };
}

/** Values behind a barrier, so that recomputing them is not merged with the first computation. */
const behindBarrier = (xs: readonly Tensor[]): Tensor[] => xs.map((x) => bind(primitives.barrier, [x], noParams));

/** Tangents that are read by steps and outputs but defined by no step: tangents of the arguments and of closed-over values. */
function freeTangents(recorder: Recorder, steps: readonly LinearStep[], outputs: readonly Tangent[]): Variable[] {
  const defined = new Set<Tensor | null>(steps.flatMap((step) => (isLinearCall(step) ? step.outputs : [step.output])));
  const read = [...steps.flatMap((step): readonly Tangent[] => step.operands), ...outputs];
  return [...new Set(read.filter((x): x is Variable => recorder.owns(x) && !defined.has(x)))];
}

function checkpointCallable(body: FlatFunction): CustomCallable {
  return {
    name: "checkpoint",
    isClosure: true,
    body,
    differentiate: (interpreter, primals, tangents) =>
      interpreter.isLinearizing
        ? linearizeLater(body, interpreter, primals, tangents)
        : pushForward(body, interpreter, primals, tangents),
    batched: ({ within }) => checkpointCallable(within(body)),
  };
}

/** The jvp of a checkpoint is the checkpoint of the jvp: an outer reverse pass recomputes both. */
function pushForward(
  body: FlatFunction,
  interpreter: JvpInterpreter,
  primals: readonly Tensor[],
  tangents: readonly Tangent[],
): [Tensor[], Tangent[]] {
  const given = tangents.filter((dx) => dx !== null);
  let hasTangent: boolean[] = [];
  const both = (values: readonly Tensor[]): Tensor[] => {
    let next = primals.length;
    const directions = tangents.map((dx) => dx && values[next++]);
    const pushed = push(body, interpreter, values.slice(0, primals.length), directions);
    hasTangent = pushed.tangents.map((dx) => dx !== null);
    return [...pushed.outs, ...pushed.tangents.filter((dx) => dx !== null)];
  };
  const all = [...under(interpreter.outer, () => call(checkpointCallable(both), [...primals, ...given]))];
  const outs = all.splice(0, hasTangent.length);
  return [outs, hasTangent.map((has) => (has ? all.shift()! : null))];
}

/** Computes the values at once, and records the tangents as one linear call, which runs the body again when it is applied or transposed. */
function linearizeLater(
  body: FlatFunction,
  interpreter: JvpInterpreter,
  primals: readonly Tensor[],
  tangents: readonly Tangent[],
): [Tensor[], Tangent[]] {
  const recorder = interpreter.tangents as Recorder;
  const run = (values: readonly Tensor[]): Pushed & { readonly steps: LinearStep[] } => {
    const { result, steps } = recorder.capture(() => push(body, interpreter, values, tangents));
    return { ...result, steps };
  };
  let inputs: Variable[] = [];
  let active: boolean[] = [];
  const first = (values: readonly Tensor[]): Tensor[] => {
    const { outs, steps, tangents: outTangents } = run(values);
    inputs = freeTangents(recorder, steps, outTangents);
    active = outTangents.map((dx) => dx !== null);
    return outs;
  };
  const outs = [...under(interpreter.outer, () => call(checkpointCallable(first), primals))];
  const again = (): LinearProgram => {
    const { steps, tangents: outputs } = run(under(interpreter.outer, () => behindBarrier(primals)));
    return { inputs, steps, outputs };
  };
  if (inputs.length === 0) return [outs, outs.map(() => null)];
  const forward = (directions: readonly Tangent[]): Tangent[] =>
    applyLinear(
      again(),
      directions.map((dx, i) => materialize(dx, inputs[i])),
    );
  const transpose = (cts: readonly Tangent[]): Tangent[] => transposeLinear(again(), cts);
  const recorded = recorder.record({ name: "checkpoint", outputs: outs, forward, transpose }, inputs);
  return [outs, recorded.map((dx, i) => (active[i] ? dx : null))];
}

let isKeeping = false;

/** Runs `f` with all checkpoints switched off, for tools that must see each operation once. */
export function keepingAll<T>(f: () => T): T {
  const previous = isKeeping;
  isKeeping = true;
  try {
    return f();
  } finally {
    isKeeping = previous;
  }
}

/**
 * The same function with less memory: reverse mode keeps only its inputs (and closed-over values) and recomputes all intermediate values.
 * The function runs a second time in the pullback, so any other state that it reads must not change in between.
 */
export function checkpoint<Args extends readonly unknown[], Out>(
  f: (...args: Args) => Sync<Out>,
): (...args: Args) => Out {
  const checkpointed = onTrees<Args, Out>("checkpoint", ({ flat }, shape) =>
    checkpointCallable((leaves) => shape.leavesOf("checkpoint", f(...(unflatten(flat.structure, leaves) as Args)))),
  );
  return (...args) => (isKeeping ? f(...args) : checkpointed(...args));
}

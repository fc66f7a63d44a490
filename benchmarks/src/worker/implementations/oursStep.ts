import { valueAndGrad, withStops } from "@pushforward/autodiff";
import { losses } from "@pushforward/losses";
import { adam, mlp, type OptimizerState } from "@pushforward/nn";
import { type Compiled, compile, concat, mean, ready, simplify, type Tensor, trace } from "@pushforward/tensor";
import { type StepTask, stepSizes } from "../../tasks/task.ts";
import type { Prepared } from "../implementation.ts";
import { liveBytes } from "../liveBytes.ts";

/** Arrays of a task as tensors. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Options of compile; an older engine may have fewer. */
export type CompileOptions = NonNullable<Parameters<typeof compile>[1]>;

/** Parameters of a perceptron. */
type Params = ReturnType<ReturnType<typeof mlp>["init"]>;

/** State of a training between two steps. */
interface State {
  readonly params: Params;
  readonly optimizer: OptimizerState<Params>;
}

/**
 * The training step of this project: perceptron, MeanFlow, Adam, all in one compiled function.
 *
 * @param stepsPerCall steps of one call on the same batch; on a GPU the parameters stay on the device in between
 */
export function oursStep(
  { width, depth, loss: kind }: StepTask,
  tensors: Tensors,
  options: CompileOptions,
  stepsPerCall = 1,
): Prepared {
  const { x: xs, s, t, v } = tensors;
  const network = mlp({ sizes: stepSizes(width, depth) });
  const optimizer = adam({ learningRate: 1e-3 });
  const batchLoss = (params: Params, xs: Tensor, s: Tensor, t: Tensor, v: Tensor): Tensor => {
    const u = (x: Tensor, s: Tensor, t: Tensor): Tensor => network.apply(params, concat([x, s, t], 1));
    const value = () => losses.meanFlow.loss({ u: u as never, xs, v, s, t, noise: xs, data: xs });
    return mean(kind === "full" ? withStops(true, value) : value());
  };
  const step = (state: State, xs: Tensor, s: Tensor, t: Tensor, v: Tensor): [State, Tensor] => {
    const [loss, grads] = valueAndGrad((params: Params) => batchLoss(params, xs, s, t, v))(state.params);
    const [params, memory] = optimizer.update(grads as Params, state.optimizer, state.params);
    return [{ params, optimizer: memory }, loss];
  };
  const update = (state: State, ...batch: [Tensor, Tensor, Tensor, Tensor]): [State, Tensor[]] => {
    const values: Tensor[] = [];
    for (let i = 0; i < stepsPerCall; i++) {
      const [next, value] = step(state, ...batch);
      state = next;
      values.push(value);
    }
    return [state, values];
  };
  const compiled = compile(update, options);
  const layers = Array.from({ length: depth + 1 }, (_, i): Params["layers"][number] => ({
    weight: tensors[`w${i + 1}`],
    bias: tensors[`b${i + 1}`],
  }));
  let state: State = { params: { layers }, optimizer: optimizer.init({ layers }) };
  const lossValues: number[] = [];
  const keepLosses = (values: readonly Tensor[]): void => void lossValues.push(...values.map((value) => value.item()));
  let nextValue = 0;
  return {
    repeats: stepsPerCall,
    call() {
      const [next, values] = compiled(state, xs, s, t, v);
      state = next;
      return values.every(({ readable }) => readable) ? keepLosses(values) : ready(values).then(keepLosses);
    },
    value: () => lossValues[nextValue++],
    figures: (withMemory) => ({
      ...figuresOf(compiled),
      ...(withMemory && { liveBytes: liveBytes(simplify(trace(update)(state, xs, s, t, v))) }),
    }),
  };
}

/** Numbers of a compiled function's report. */
export function figuresOf(compiled: Compiled<never, unknown>): Record<string, number> {
  const { threads, bytes, launches } = compiled.report();
  return { threads, executableBytes: bytes, launches };
}

import { stopGradient, valueAndGrad } from "@pushforward/autodiff";
import {
  adam,
  averageVelocityNetwork,
  type EmaState,
  ema,
  type MlpParams,
  type OptimizerState,
  velocityNetwork,
  warmupCosine,
  withClipping,
} from "@pushforward/nn";
import { compile, foldIn, key, type Tensor, type TensorLike } from "@pushforward/tensor";
import type { TrainConfig } from "../config.ts";
import type { Problem } from "../problems/problem.ts";
import { widthOf } from "./networkWidth.ts";
import type { AppliedNetwork, Objective } from "./objective.ts";

/** Everything that changes while training: a tree of tensors, so it is a checkpoint. */
export interface TrainState {
  readonly params: MlpParams;
  readonly optimizer: OptimizerState<MlpParams>;
  /** Averaged parameters, which are judged. */
  readonly ema: EmaState<MlpParams>;
  /** Averaged parameters that targets use; null where none does. */
  readonly target: EmaState<MlpParams> | null;
}

/** What a network computes at given parameters. */
export type NetworkApply = (params: MlpParams, x: Tensor, ...times: TensorLike[]) => Tensor;

/** A compiled training step and how to start. */
export interface Trainer {
  readonly initial: TrainState;
  /** One update; `index` counts from 0 and chooses the randomness. A loss that is not finite says that the update is of no use. */
  step(state: TrainState, index: number): { readonly state: TrainState; readonly loss: number };
  /** The network at the averaged parameters, for evaluation. */
  network(state: TrainState): AppliedNetwork;
}

/** Which stream of randomness a purpose draws from. */
const streams = { init: 1, steps: 2 } as const;

/** Gradients longer than this are shortened. */
const clipNorm = 10;

/** The network of an objective. */
export function networkOf(kind: Objective["network"], config: TrainConfig, dim: number) {
  const options = { dim, width: widthOf(config, dim), depth: config.depth, activation: config.activation };
  const network = kind === "velocity" ? velocityNetwork(options) : averageVelocityNetwork(options);
  return { init: network.init, apply: network.apply as NetworkApply };
}

/**
 * Prepares training: network, optimiser and the whole update as one compiled function.
 *
 * @param teacher parameters of the velocity that the objective distils
 */
export function makeTrainer(objective: Objective, problem: Problem, config: TrainConfig, teacher?: MlpParams): Trainer {
  const { dtype, batch, seed, backend } = config;
  const network = networkOf(objective.network, config, problem.dim);
  const teacherNetwork = networkOf("velocity", config, problem.dim);
  const optimizer = withClipping(adam({ learningRate: rateOf(config) }), clipNorm);
  const average = ema({ decay: config.ema, warmup: true });
  const slow = objective.targetDecay === null ? null : ema({ decay: objective.targetDecay, warmup: true });
  const randomness = foldIn(key(seed), streams.steps);

  const update = compile(
    (state: TrainState, frozen: MlpParams | null, k: Tensor): [TrainState, Tensor] => {
      const data = problem.sample(foldIn(k, 0), batch, dtype);
      const applied = (params: MlpParams | undefined, name: string): AppliedNetwork | undefined =>
        params &&
        ((x, ...times) =>
          (name === "teacher" ? teacherNetwork : network).apply(stopGradient(params, name), x, ...times));
      const [loss, grads] = valueAndGrad((params: MlpParams) =>
        objective.loss({
          student: (x, ...times) => network.apply(params, x, ...times),
          target: applied(state.target?.average, "target"),
          teacher: applied(frozen ?? undefined, "teacher"),
          data,
          key: foldIn(k, 1),
        }),
      )(state.params);
      const [params, optimizerState] = optimizer.update(grads as MlpParams, state.optimizer, state.params);
      const target = slow && state.target ? slow.update(state.target, params) : null;
      return [{ params, optimizer: optimizerState, ema: average.update(state.ema, params), target }, loss];
    },
    { backend },
  );

  const params = network.init(foldIn(key(seed), streams.init), { dtype });
  return {
    initial: {
      params,
      optimizer: optimizer.init(params),
      ema: average.init(params),
      target: slow?.init(params) ?? null,
    },
    step(state, index) {
      const [next, loss] = update(state, teacher ?? null, foldIn(randomness, index));
      return { state: next, loss: loss.item() };
    },
    network: (state) =>
      compile((x: Tensor, ...times: Tensor[]) => network.apply(state.ema.average, x, ...times), {
        backend,
      }) as AppliedNetwork,
  };
}

const rateOf = ({ learningRate, steps }: TrainConfig) =>
  warmupCosine({ peak: learningRate, steps, warmup: Math.min(100, Math.ceil(steps / 10)) });

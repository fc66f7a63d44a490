import { stopGradient, valueAndGrad } from "@pushforward/autodiff";
import { adam, type MlpParams, type OptimizerState, type Schedule, withClipping } from "@pushforward/nn";
import { compile, concat, foldIn, key, mul, type Tensor, zeros } from "@pushforward/tensor";
import type { TrainConfig } from "../config.ts";
import type { Problem } from "../problems/problem.ts";
import { type Auxiliaries, type Auxiliary, logitOf } from "./auxiliaryObjective.ts";
import type { AppliedNetwork } from "./objective.ts";

/** Parameters of a network and the memory of its optimiser. */
interface Learner {
  readonly params: MlpParams;
  readonly optimizer: OptimizerState<MlpParams>;
}

/** What changes of the networks that learn along; null for one that does not exist. */
export interface AuxiliaryState {
  readonly fakeVelocity: Learner | null;
  readonly critic: Learner | null;
}

/** Names of the networks that learn along. */
type AuxiliaryName = keyof AuxiliaryState;
const names: readonly AuxiliaryName[] = ["fakeVelocity", "critic"];

/** Losses of the last updates, by name. */
export type AuxiliaryLosses = { readonly [Name in `${AuxiliaryName}Loss`]?: number };

/** A network with its parameters apart. */
interface Network {
  init(key: Tensor, options: { dtype: "float32" | "float64" }): MlpParams;
  apply(params: MlpParams, x: Tensor, ...times: readonly (Tensor | number)[]): Tensor;
}

/** What the trainer of the student lends to the others. */
export interface Surroundings {
  readonly problem: Problem;
  readonly config: TrainConfig;
  readonly student: Network;
  readonly networkOf: (kind: Auxiliary["network"]) => Network;
  /** The student's learning rate by its step. */
  readonly learningRate: Schedule;
  readonly clipNorm: number;
  readonly teacher?: MlpParams;
}

/** How networks that learn along start and go on. */
export interface AuxiliaryTrainer {
  readonly initial: AuxiliaryState;
  /** The updates before a student's update. */
  advance(state: AuxiliaryState, student: MlpParams, k: Tensor): { state: AuxiliaryState; losses: AuxiliaryLosses };
  /** The networks as losses see them, with stopped parameters. */
  networks(state: AuxiliaryState): {
    readonly fakeVelocity?: AppliedNetwork;
    readonly critic?: (x: Tensor, t: Tensor) => Tensor;
  };
}

/** Stream of the starting parameters of each network. */
const initStreams: Record<AuxiliaryName, number> = { fakeVelocity: 11, critic: 12 };

/** Prepares the networks that learn along: for each one compiled update, made as often as its recipe says. */
export function makeAuxiliaryTrainer(auxiliaries: Auxiliaries, around: Surroundings): AuxiliaryTrainer {
  const learners = Object.fromEntries(
    names.flatMap((name) => {
      const auxiliary = auxiliaries[name];
      return auxiliary ? [[name, makeLearner(name, auxiliary, around)]] : [];
    }),
  ) as { readonly [Name in AuxiliaryName]?: ReturnType<typeof makeLearner> };
  return {
    initial: {
      fakeVelocity: learners.fakeVelocity?.initial ?? null,
      critic: learners.critic?.initial ?? null,
    },
    advance(state, student, k) {
      const next: Record<AuxiliaryName, Learner | null> = { ...state };
      const losses: Record<string, number> = {};
      names.forEach((name, i) => {
        const [learner, current] = [learners[name], state[name]];
        if (!learner || !current) return;
        const result = learner.advance(current, student, foldIn(k, i));
        next[name] = result.state;
        losses[`${name}Loss`] = result.loss;
      });
      return { state: next, losses };
    },
    networks: ({ fakeVelocity, critic }) => ({
      ...(fakeVelocity && { fakeVelocity: learners.fakeVelocity?.apply(fakeVelocity.params) }),
      ...(critic && { critic: logitOf(learners.critic?.apply(critic.params) as AppliedNetwork) }),
    }),
  };
}

function makeLearner(name: AuxiliaryName, auxiliary: Auxiliary, around: Surroundings) {
  const { problem, config, student, learningRate, clipNorm, teacher } = around;
  const { dtype, batch, seed, backend } = config;
  const network = around.networkOf(auxiliary.network);
  const rate: Schedule = (step) => mul(auxiliary.rate, learningRate(mul(step, 1 / auxiliary.updates)));
  const optimizer = withClipping(adam({ learningRate: rate }), clipNorm);
  const frozen =
    (kind: Network, params: MlpParams, label: string): AppliedNetwork =>
    (x, ...times) =>
      kind.apply(stopGradient(params, label), x, ...(times as Tensor[]));
  const velocity = around.networkOf("velocity");

  const update = compile(
    ({ params, optimizer: memory }: Learner, by: MlpParams, taught: MlpParams | null, k: Tensor): [Learner, Tensor] => {
      const [loss, grads] = valueAndGrad((each: MlpParams) =>
        auxiliary.loss({
          network: (x, ...times) => network.apply(each, x, ...(times as Tensor[])),
          student: frozen(student, by, "student"),
          teacher: taught ? frozen(velocity, taught, "teacher") : undefined,
          data: problem.sample(foldIn(k, 0), batch, dtype),
          key: foldIn(k, 1),
        }),
      )(params);
      const [next, state] = optimizer.update(grads as MlpParams, memory, params);
      return [{ params: next, optimizer: state }, loss];
    },
    { backend },
  );

  const fresh = network.init(foldIn(key(seed), initStreams[name]), { dtype });
  const params = teacher && name === "fakeVelocity" ? startingAs(teacher, fresh) : fresh;
  return {
    initial: { params, optimizer: optimizer.init(params) } as Learner,
    apply: (at: MlpParams): AppliedNetwork => frozen(network, at, "network that learns along"),
    advance(state: Learner, by: MlpParams, k: Tensor) {
      let [current, loss] = [state, Number.NaN];
      for (let i = 0; i < auxiliary.updates; i++) {
        const [next, value] = update(current, by, teacher ?? null, foldIn(k, i));
        [current, loss] = [next, value.item()];
      }
      return { state: current, loss };
    },
  };
}

/**
 * Parameters with which a network of x and one or two times computes what a velocity of x and one time does: what is new in its
 * first layer starts at 0.
 */
export function startingAs(velocity: MlpParams, like: MlpParams): MlpParams {
  const [first, ...rest] = velocity.layers;
  const missing = like.layers[0].weight.shape[0] - first.weight.shape[0];
  if (missing === 0) return velocity;
  const weight = concat([first.weight, zeros([missing, first.weight.shape[1]], { dtype: first.weight.dtype })], 0);
  return { layers: [{ weight, bias: first.bias }, ...rest] };
}

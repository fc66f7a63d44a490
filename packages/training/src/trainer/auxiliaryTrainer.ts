import { stopGradient, valueAndGrad } from "@pushforward/autodiff";
import { adam, type MlpParams, type OptimizerState, type Schedule, withClipping } from "@pushforward/nn";
import { compile, concat, foldIn, key, mul, ready, type Tensor, zeros } from "@pushforward/tensor";
import type { Problem } from "../problems/problem.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { type Auxiliaries, type Auxiliary, type AuxiliaryInput, logitOf } from "./auxiliaryObjective.ts";

/** Parameters of a network and the memory of its optimiser. */
interface Learner {
  readonly params: MlpParams;
  readonly optimizer: OptimizerState<MlpParams>;
}

/** The state of the auxiliary networks; null for a network that does not exist. */
export interface AuxiliaryState {
  readonly fakeVelocity: Learner | null;
  readonly critic: Learner | null;
}

/** Names of the auxiliary networks. */
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
export interface AuxiliaryContext {
  readonly problem: Problem;
  readonly config: TrainingSettings;
  readonly student: Network;
  readonly networkOf: (kind: Auxiliary["network"]) => Network;
  /** The student's learning rate by its step. */
  readonly learningRate: Schedule;
  readonly teacher?: MlpParams;
  /** The velocity itself, where that is distilled. */
  readonly exactTeacher?: AppliedNetwork;
}

/** Initialisation and updates of the auxiliary networks. */
export interface AuxiliaryTrainer {
  readonly initial: AuxiliaryState;
  /** The updates before a student's update. */
  advance(
    state: AuxiliaryState,
    student: MlpParams,
    k: Tensor,
  ): Promise<{ readonly state: AuxiliaryState; readonly losses: AuxiliaryLosses }>;
  /** How far they lag behind the student; nothing where that cannot be told. */
  lag(state: AuxiliaryState, student: MlpParams, k: Tensor): Promise<Readonly<Record<string, number>>>;
  /** The networks as losses see them, with stopped parameters. */
  networks(state: AuxiliaryState): {
    readonly fakeVelocity?: AppliedNetwork;
    readonly critic?: (x: Tensor, t: Tensor) => Tensor;
  };
}

/** Samples that a lag is measured on, and the dimensions in which so few stand for their law. */
const [lagSamples, lagDimensions] = [1280, 4];

/** Stream of the starting parameters of each network. */
const initStreams: Record<AuxiliaryName, number> = { fakeVelocity: 11, critic: 12 };

/** Prepares the auxiliary networks: one compiled update for each, which runs as often as its recipe says. */
export function makeAuxiliaryTrainer(auxiliaries: Auxiliaries, context: AuxiliaryContext): AuxiliaryTrainer {
  const learners = Object.fromEntries(
    names.flatMap((name) => {
      const auxiliary = auxiliaries[name];
      return auxiliary ? [[name, makeLearner(name, auxiliary, context)]] : [];
    }),
  ) as { readonly [Name in AuxiliaryName]?: ReturnType<typeof makeLearner> };
  return {
    initial: {
      fakeVelocity: learners.fakeVelocity?.initial ?? null,
      critic: learners.critic?.initial ?? null,
    },
    async advance(state, student, k) {
      const next: Record<AuxiliaryName, Learner | null> = { ...state };
      const losses: Record<string, number> = {};
      for (const [i, name] of names.entries()) {
        const [learner, current] = [learners[name], state[name]];
        if (!learner || !current) continue;
        const result = await learner.advance(current, student, foldIn(k, i));
        next[name] = result.state;
        losses[`${name}Loss`] = result.loss;
      }
      return { state: next, losses };
    },
    async lag(state, student, k) {
      const known = names.map((name) => state[name] && learners[name]?.lag(state[name], student, k));
      return Object.assign({}, ...(await Promise.all(known)));
    },
    networks: ({ fakeVelocity, critic }) => ({
      ...(fakeVelocity && { fakeVelocity: learners.fakeVelocity?.apply(fakeVelocity.params) }),
      ...(critic && { critic: logitOf(learners.critic?.apply(critic.params) as AppliedNetwork) }),
    }),
  };
}

function makeLearner(name: AuxiliaryName, auxiliary: Auxiliary, context: AuxiliaryContext) {
  const { problem, config, student, learningRate, teacher, exactTeacher } = context;
  const { dtype, batch, seed, backend } = config;
  const network = context.networkOf(auxiliary.network);
  const rate: Schedule = (step) => mul(auxiliary.rate, learningRate(mul(step, 1 / auxiliary.updates)));
  const optimizer = withClipping(adam({ learningRate: rate }), config.clipNorm);
  const frozen =
    (kind: Network, params: MlpParams, label: string): AppliedNetwork =>
    (x, ...times) =>
      kind.apply(stopGradient(params, label), x, ...(times as Tensor[]));
  const velocity = context.networkOf("velocity");

  const inputAt = (
    at: MlpParams,
    by: MlpParams,
    taught: MlpParams | null,
    rows: number,
    k: Tensor,
  ): AuxiliaryInput => ({
    network: (x, ...times) => network.apply(at, x, ...(times as Tensor[])),
    student: frozen(student, by, "student"),
    teacher: exactTeacher ?? (taught ? frozen(velocity, taught, "teacher") : undefined),
    data: problem.sample(foldIn(k, 0), rows, dtype),
    key: foldIn(k, 1),
  });

  const update = compile(
    ({ params, optimizer: memory }: Learner, by: MlpParams, taught: MlpParams | null, k: Tensor): [Learner, Tensor] => {
      const [loss, grads] = valueAndGrad((each: MlpParams) => auxiliary.loss(inputAt(each, by, taught, batch, k)))(
        params,
      );
      const [next, state] = optimizer.update(grads as MlpParams, memory, params);
      return [{ params: next, optimizer: state }, loss];
    },
    { backend },
  );

  const measure = compile(
    (at: MlpParams, by: MlpParams, taught: MlpParams | null, k: Tensor) =>
      ({ ...auxiliary.lag?.(inputAt(at, by, taught, lagSamples, k)) }) as Record<string, Tensor>,
    { backend },
  );

  const fresh = network.init(foldIn(key(seed), initStreams[name]), { dtype });
  const params = teacher && name === "fakeVelocity" ? startingAs(teacher, fresh) : fresh;
  return {
    initial: { params, optimizer: optimizer.init(params) } as Learner,
    apply: (at: MlpParams): AppliedNetwork => frozen(network, at, "auxiliary network"),
    async lag(state: Learner, by: MlpParams, k: Tensor): Promise<Readonly<Record<string, number>>> {
      if (!auxiliary.lag || problem.dim > lagDimensions) return {};
      const found = await ready(measure(state.params, by, teacher ?? null, k));
      return Object.fromEntries(Object.entries(found).map(([metric, value]) => [metric, value.item()]));
    },
    async advance(state: Learner, by: MlpParams, k: Tensor) {
      let [current, loss] = [state, Number.NaN];
      for (let i = 0; i < auxiliary.updates; i++) {
        const [next, value] = update(current, by, teacher ?? null, foldIn(k, i));
        [current, loss] = [next, (await ready(value)).item()];
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

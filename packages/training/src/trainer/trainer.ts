import { stopGradient, withStops } from "@pushforward/autodiff";
import { flowMapForms } from "@pushforward/flows";
import type { Recipe } from "@pushforward/losses";
import {
  adam,
  averageVelocityNetwork,
  constant,
  type EmaState,
  ema,
  type MlpParams,
  type Optimizer,
  type OptimizerState,
  velocityNetwork,
  warmupCosine,
  withClipping,
} from "@pushforward/nn";
import {
  asTensor,
  type BackendName,
  backends,
  compile,
  DomainError,
  foldIn,
  key,
  mul,
  ready,
  type Tensor,
  type TensorLike,
} from "@pushforward/tensor";
import type { Problem } from "../problems/problem.ts";
import type { TrainingSettings } from "../settings/trainingSettings.ts";
import type { AppliedNetwork } from "./appliedNetwork.ts";
import { auxiliariesOf } from "./auxiliaryObjective.ts";
import { type AuxiliaryLosses, type AuxiliaryState, makeAuxiliaryTrainer, startingAs } from "./auxiliaryTrainer.ts";
import { exactTeacherOf, startsFromTeacher } from "./exactTeacher.ts";
import { balancedGradient, type Learnt, plainGradient } from "./gradients.ts";
import { widthOf } from "./networkWidth.ts";
import { recipeLoss, recipeParts } from "./recipeLoss.ts";
import { learnsWeights, targetDecay } from "./recipeTraits.ts";
import { previousOf, stageLength, stageOf, stepInStage } from "./stages.ts";
import { initialOmega, omegaOf } from "./weightNetwork.ts";

/** Everything that changes while training: a tree of tensors, so it is a checkpoint. */
export interface TrainState {
  readonly params: MlpParams;
  readonly optimizer: OptimizerState<MlpParams>;
  /** Averaged parameters, which are judged. */
  readonly ema: EmaState<MlpParams>;
  /** Averaged parameters that targets use; null where none does. */
  readonly target: EmaState<MlpParams> | null;
  /** Parameters at the end of the stage before; null where there is one stage. */
  readonly previous: MlpParams | null;
  /** Parameters of ω(s, t) and the memory of their own optimiser; null where samples are not weighted by it. */
  readonly omega: { readonly params: MlpParams; readonly optimizer: OptimizerState<MlpParams> } | null;
  /** Networks that learn in alternation; null where none does. */
  readonly auxiliary: AuxiliaryState | null;
}

/** What a network computes at given parameters. */
export type NetworkApply = (params: MlpParams, x: Tensor, ...times: TensorLike[]) => Tensor;

/** A compiled training step and how to start. */
export interface Trainer {
  readonly initial: TrainState;
  /** One update; `index` counts from 0 and chooses the randomness. A loss that is not finite says that the update is of no use. */
  step(
    state: TrainState,
    index: number,
  ): Promise<{ readonly state: TrainState; readonly loss: number; readonly metrics: AuxiliaryLosses }>;
  /** The GPU that it runs on, once a step was made; undefined on the processor. */
  device(): string | undefined;
  /** Lags of the auxiliary networks after an update; empty without auxiliary networks. */
  lag(state: TrainState, index: number): Promise<Readonly<Record<string, number>>>;
  /** The network at the averaged parameters, for evaluation. */
  network(state: TrainState): AppliedNetwork;
}

/** Which stream of randomness a purpose draws from. */
const streams = { init: 1, steps: 2, omega: 3 } as const;

/**
 * Largest angular frequency of the times that a network sees, where a recipe names none. Maps of few coordinates change slowly
 * with time: eight Gaussians in 1200 steps, energy distances of MeanFlow, Shortcut and PSD are 0.015, 0.011 and 0.043 at 16
 * radians, 0.005, 0.005 and 0.006 at 2.
 */
const usualFrequency = 2;

/** A velocity, and what begins as one, sees the sharp changes near both ends. */
const frequencyOf = ({ maxFrequency, network, init }: Recipe): number | null =>
  maxFrequency ?? (network === "velocity" || init === "teacher" ? null : usualFrequency);

/**
 * The network of an recipe.
 *
 * @param maxFrequency largest angular frequency of its times; its own default where there is none
 */
export function networkOf(
  kind: Recipe["network"],
  config: TrainingSettings,
  dim: number,
  maxFrequency: number | null = null,
) {
  const size = { dim, width: widthOf(config, dim), depth: config.depth, activation: config.activation };
  const options = maxFrequency === null ? size : { ...size, embedding: { kind: "sinusoidal", maxFrequency } as const };
  const network = kind === "velocity" ? velocityNetwork(options) : averageVelocityNetwork(options);
  return { init: network.init, apply: network.apply as NetworkApply };
}

/**
 * Prepares training: network, optimiser and the whole update as one compiled function.
 *
 * @param teacher parameters of the velocity that the objective distils, or starts from where it distils the exact one
 */
export function makeTrainer(recipe: Recipe, problem: Problem, config: TrainingSettings, teacher?: MlpParams): Trainer {
  const { dtype, batch, seed, backend, steps } = config;
  const { stages } = recipe;
  const length = stageLength(steps, stages);
  if (stages > 1 && length < 2) {
    throw new DomainError(
      `train: ${recipe.name} trains in ${stages} stages and must have at least ${stages + 1} steps, got ${steps}; raise --steps`,
    );
  }
  const network = networkOf(recipe.network, config, problem.dim, frequencyOf(recipe));
  const teacherNetwork = networkOf("velocity", config, problem.dim);
  const exactTeacher = startsFromTeacher(recipe) ? undefined : exactTeacherOf(problem, config);
  const rate = rateOf({ ...config, steps: length });
  const learningRate: typeof rate = (step) => rate(stepInStage(asTensor(step), length, stages));
  const optimizer = withClipping(
    adam({ learningRate: (step) => mul(recipe.rate, learningRate(step)) }),
    config.clipNorm,
  );
  const average = ema({ decay: config.ema, warmup: true });
  const decay = targetDecay(recipe);
  const slow = decay === null ? null : ema({ decay, warmup: true });
  const randomness = foldIn(key(seed), streams.steps);
  const auxiliaries = auxiliariesOf(recipe);
  const along =
    auxiliaries &&
    makeAuxiliaryTrainer(auxiliaries, {
      ...{ problem, config, teacher, exactTeacher, learningRate, student: network },
      networkOf: (kind) => networkOf(kind, config, problem.dim),
    });

  const update = compile(
    (state: TrainState, frozen: MlpParams | null, k: Tensor): [TrainState, Tensor] => {
      const { step } = state.ema;
      const previous = state.previous && previousOf(state.previous, state.params, step, length);
      const applied = (params: MlpParams | null | undefined, name: string): AppliedNetwork | undefined =>
        params
          ? (x, ...times) =>
              (name === "teacher" ? teacherNetwork : network).apply(stopGradient(params, name), x, ...times)
          : undefined;
      const input = {
        ...(state.auxiliary && along?.networks(state.auxiliary)),
        target: applied(state.target?.average, "slow copy"),
        previous: applied(previous, "stage before"),
        teacher: exactTeacher ?? applied(frozen, "teacher"),
        data: problem.sample(foldIn(k, 0), batch, dtype),
        key: foldIn(k, 1),
        step,
        stage: stageOf(step, length, stages),
      };
      const withLearnt = ({ network: params, omega }: Learnt) => ({
        ...input,
        student: ((x, ...times) => network.apply(params, x, ...times)) as AppliedNetwork,
        omega: omega ? omegaOf(omega) : undefined,
      });
      const learnt: Learnt = { network: state.params, omega: state.omega?.params ?? null };
      const [loss, grads] = withStops(config.withoutStops ?? [], () =>
        recipe.balance === "gradientNorm"
          ? balancedGradient(
              recipeParts(recipe).map((part) => (each: Learnt) => part(withLearnt(each))),
              learnt,
            )
          : plainGradient((each) => recipeLoss(recipe)(withLearnt(each)), learnt),
      );
      const [params, optimizerState] = optimizer.update(grads.network, state.optimizer, state.params);
      const omega = state.omega && updated(optimizer, grads.omega, state.omega);
      const target = slow && state.target ? slow.update(state.target, params) : null;
      const judged = average.update(state.ema, params);
      return [
        { params, optimizer: optimizerState, ema: judged, target, previous, omega, auxiliary: state.auxiliary },
        loss,
      ];
    },
    { backend },
  );

  const fresh = network.init(foldIn(key(seed), streams.init), { dtype });
  const params = recipe.init === "teacher" && teacher ? startingAs(teacher, fresh) : fresh;
  const omega = initialOmega(foldIn(key(seed), streams.omega), dtype);
  return {
    initial: {
      params,
      optimizer: optimizer.init(params),
      ema: average.init(params),
      target: slow?.init(params) ?? null,
      previous: stages > 1 ? params : null,
      omega: learnsWeights(recipe) ? { params: omega, optimizer: optimizer.init(omega) } : null,
      auxiliary: along?.initial ?? null,
    },
    async step(state, index) {
      const k = foldIn(randomness, index);
      const before = state.auxiliary && (await along?.advance(state.auxiliary, state.params, foldIn(k, 2)));
      const started = before ? { ...state, auxiliary: before.state } : state;
      const [next, loss] = await ready(update(started, teacher ?? null, k));
      return { state: next, loss: loss.item(), metrics: before?.losses ?? {} };
    },
    device: () => update.report().device,
    lag: async (state, index) =>
      (state.auxiliary && along?.lag(state.auxiliary, state.params, foldIn(foldIn(randomness, index), 3))) ?? {},
    network(state) {
      const plain: AppliedNetwork = (x, ...times) => network.apply(state.ema.average, x, ...times);
      const velocity = (x: Tensor, t: Tensor): Tensor => {
        if (exactTeacher) return exactTeacher(x, t);
        if (teacher) return teacherNetwork.apply(teacher, x, t);
        throw new DomainError(`${recipe.name}: its second-order form samples with the teacher's velocity; give one`);
      };
      const { form } = recipe;
      const formed = form === "firstOrder" ? plain : (flowMapForms[form](plain, velocity) as AppliedNetwork);
      return compile((x: Tensor, ...times: Tensor[]) => formed(x, ...times), {
        backend: immediate(backend),
      }) as AppliedNetwork;
    },
  };
}

/** Samples are drawn and judged step by step: where a backend's results are awaited, the processor does it. */
const immediate = (backend: BackendName): BackendName => (Object.hasOwn(backends, backend) ? backend : "wasm");

/** One step of the optimiser for parameters with a memory of their own. */
function updated(
  optimizer: Optimizer,
  grads: MlpParams | null,
  { params, optimizer: memory }: NonNullable<TrainState["omega"]>,
): TrainState["omega"] {
  if (!grads) return { params, optimizer: memory };
  const [next, state] = optimizer.update(grads, memory, params);
  return { params: next, optimizer: state };
}

/** A schedule that peaks after a tenth of its steps, at most 100, and ends at 0; a single step has no end to go to. */
const rateOf = ({ learningRate, steps }: Pick<TrainingSettings, "learningRate" | "steps">) =>
  steps === 1
    ? constant(learningRate)
    : warmupCosine({ peak: learningRate, steps, warmup: Math.min(100, Math.ceil(steps / 10)) });

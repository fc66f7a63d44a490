import { valueAndGrad } from "@pushforward/autodiff";
import { flowMapForms } from "@pushforward/flows";
import type { Alternation } from "@pushforward/losses";
import type { FlowNetwork, OptimizerState } from "@pushforward/nn";
import { compile, foldIn, key, mul, ready, type Tensor } from "@pushforward/tensor";
import { type AppliedNetwork, applied, frozen } from "../appliedNetwork.ts";
import { atLabels } from "../atLabels.ts";
import { drawBatch } from "../drawBatch.ts";
import type { Setup } from "../setup.ts";
import type { StepInput } from "../stepInput.ts";
import { streams } from "../streams.ts";
import type { Learner, StepMetrics } from "./learner.ts";

/** The values that the loss of an auxiliary network may use; all networks but `network` have stopped parameters. */
export interface AuxiliaryInput {
  /** The network that is trained. */
  readonly network: AppliedNetwork;
  readonly student: AppliedNetwork;
  readonly teacher?: AppliedNetwork;
  readonly data: Tensor;
  readonly key: Tensor;
}

/** A network that is trained in alternation with the student. */
export interface Auxiliary<P> extends Pick<Alternation, "updates" | "rate"> {
  readonly name: "fakeVelocity" | "critic";
  /** Stream of its randomness in a step. */
  readonly stream: number;
  readonly network: FlowNetwork<P>;
  /** Whether it begins as the learnt teacher. */
  readonly startsAsTeacher: boolean;
  /** The scalar that it minimises. */
  loss(input: AuxiliaryInput): Tensor;
  /** How far it lags behind the student, by name; absent where that cannot be told. */
  lag?(input: AuxiliaryInput): Readonly<Record<string, Tensor>>;
  /** Its part of the input of losses. */
  input(network: AppliedNetwork): Partial<StepInput>;
}

/** Parameters of an auxiliary network and the memory of its optimiser. */
export interface AuxiliaryState<P> {
  readonly params: P;
  readonly optimizer: OptimizerState<P>;
}

/** The opponents of an auxiliary network: parameters of the student, and of the learnt teacher. */
interface Opponents<P> {
  readonly student: P;
  readonly teacher: P | null;
}

/** Samples that a lag is measured on, and the dimensions in which so few stand for their law. */
const [lagSamples, lagDimensions] = [1280, 4];

/** A learner that updates an auxiliary network before each update of the student, as often as its recipe says. */
export function alternation<P>(auxiliary: Auxiliary<P>, setup: Setup<P>): Learner<AuxiliaryState<P>> {
  const { problem, settings, teacher = null } = setup;
  const { name, stream, network, updates } = auxiliary;
  const { update, optimizer } = compiledUpdate(auxiliary, setup);
  const measure = compile(
    (params: P, opponents: Opponents<P>, k: Tensor) =>
      ({ ...auxiliary.lag?.(inputAt(auxiliary, setup, params, opponents, lagSamples, k)) }) as Record<string, Tensor>,
    { backend: settings.backend },
  );
  const params = initialParams(auxiliary, setup);
  return {
    name,
    initial: { params, optimizer: optimizer.init(params) },
    async before(state, student, k) {
      let [current, loss] = [state, Number.NaN];
      for (let i = 0; i < updates; i++) {
        const opponents = { student: student as P, teacher };
        const [next, value] = update(current, opponents, foldIn(foldIn(k, stream), i));
        [current, loss] = [next, (await ready(value)).item()];
      }
      return { state: current, metrics: { [`${name}Loss`]: loss } };
    },
    input: (state) => auxiliary.input(frozen(network, state.params, "auxiliary network")),
    async measure(state, student, k): Promise<StepMetrics> {
      // The velocity of a few samples is that of all classes together.
      if (!auxiliary.lag || problem.dim > lagDimensions || problem.classes) return {};
      const found = await ready(measure(state.params, { student: student as P, teacher }, k));
      return Object.fromEntries(Object.entries(found).map(([metric, value]) => [metric, value.item()]));
    },
  };
}

/** One update of an auxiliary network as a compiled function, and the optimiser that it uses. */
function compiledUpdate<P>(auxiliary: Auxiliary<P>, setup: Setup<P>) {
  const { batch, backend } = setup.settings;
  const optimizer = setup.optimizerAt((step) =>
    mul(auxiliary.rate, setup.learningRate(mul(step, 1 / auxiliary.updates))),
  );
  const update = compile(
    (state: AuxiliaryState<P>, opponents: Opponents<P>, k: Tensor): [AuxiliaryState<P>, Tensor] => {
      const lossAt = (params: P): Tensor => auxiliary.loss(inputAt(auxiliary, setup, params, opponents, batch, k));
      const [loss, gradient] = valueAndGrad(lossAt)(state.params);
      const [params, memory] = optimizer.update(gradient as never, state.optimizer, state.params);
      return [{ params, optimizer: memory }, loss];
    },
    { backend },
  );
  return { update, optimizer };
}

function inputAt<P>(
  { network }: Auxiliary<P>,
  setup: Setup<P>,
  params: P,
  opponents: Opponents<P>,
  rows: number,
  k: Tensor,
): AuxiliaryInput {
  const { recipe, student, teacherAt } = setup;
  const input = {
    network: applied(network, params),
    student: frozen(student, opponents.student, "student"),
    teacher: teacherAt(opponents.teacher),
    ...drawBatch(setup, k, rows),
    key: foldIn(k, 1),
  };
  const bound = atLabels(input, recipe.guidance);
  if (recipe.form === "firstOrder") return bound;
  return {
    ...bound,
    student: flowMapForms[recipe.form](bound.student, bound.teacher as AppliedNetwork, recipe) as AppliedNetwork,
  };
}

function initialParams<P>({ name, network, startsAsTeacher }: Auxiliary<P>, { settings, teacher }: Setup<P>): P {
  const { seed, dtype } = settings;
  if (startsAsTeacher && teacher !== undefined) return network.startingAs(teacher);
  return network.init(foldIn(key(seed), streams[name]), { dtype });
}

import {
  blockedCotangents,
  collectStops,
  cotangentsOnly,
  cutProgram,
  jacfwd,
  type ProgramCut,
  valueAndGrad,
  vmap,
  withStops,
} from "@pushforward/autodiff";
import { type AnyLoss, offDiagonal } from "@pushforward/losses";
import {
  DomainError,
  maximum,
  mean,
  mustBe,
  type Program,
  quote,
  reshape,
  sqrt,
  squaredNorm,
  sub,
  type Tensor,
  zerosLike,
} from "@pushforward/tensor";
import { cosine, type Gradient, length, meanOf, squaredBias, variance } from "../observatory/batchGradients.ts";
import { exactAverageVelocity } from "../observatory/exactValues.ts";
import { instanceOf } from "./lossProgram.ts";
import {
  paramNames,
  type SmallFlow,
  type SmallParams,
  type SmallProblem,
  small,
  smallProblem,
} from "./smallProblem.ts";

/** Batches, and rows of each, that placements are measured with. */
export const placementBatches = { count: 32, rows: 64 } as const;

/** A placement of stop-gradients in a loss: those of the loss that are off, and cuts at other uses of its program. */
export interface Placement {
  /** Labels of stop-gradients that are off. */
  readonly withoutStops: readonly string[];
  readonly cuts: readonly ProgramCut[];
  /** Whether stop-gradients cut cotangents only, see `cotangentsOnly`. */
  readonly isCotangentsOnly?: boolean;
}

/** Figures of the gradient with respect to one group of parameters. NaN where a gradient is zero, and without a known true error. */
export interface GroupFigures {
  /** Name of the group; `all` for all parameters. */
  readonly group: string;
  /** ‖E∇‖, of the mean over batches. */
  readonly length: number;
  /** ‖E∇‖ over the length without any cut. */
  readonly lengthRatio: number;
  /** Cosine of the angle to the mean gradient without any cut. */
  readonly cosine: number;
  /** Cosine of the angle to the gradient ∇* of the true error. */
  readonly trueCosine: number;
  /** ‖E∇ − ∇*‖/‖∇*‖; noise of the batches is subtracted. */
  readonly bias: number;
  /** √(tr Cov ∇)/‖∇*‖ of one batch. */
  readonly noise: number;
}

/** The figures of a placement. */
export interface PlacementFigures {
  /** Mean of the loss over all batches: no placement changes it. */
  readonly value: number;
  /** All parameters first, then each group. */
  readonly groups: readonly GroupFigures[];
  /** Root mean square over batches of ‖cotangent‖ that is cut, by the label of stop-gradient or cut. */
  readonly blocked: Readonly<Record<string, number>>;
  /** Derivative of the first batch by forward and by reverse mode: both lengths, and ‖jacfwd − jacrev‖. */
  readonly modes: { readonly forward: number; readonly reverse: number; readonly gap: number };
}

/** A loss on the smallest network, whose placements of stop-gradients can be measured on the same batches. */
export interface LossPlacements {
  /** The mean of the loss over a batch, with its own stop-gradients. */
  readonly program: Program;
  /** Labels of its stop-gradients. */
  readonly stops: readonly string[];
  /** Whether the gradient of the true error is known. */
  readonly isTruthKnown: boolean;
  /** @throws DomainError about a label or a use that the loss does not have */
  measure(placement: Placement): PlacementFigures;
}

/**
 * Opens a loss for measurements: its program on the network u(x, s, t) = tanh(x·A + s·b + t·c), at samples of a problem.
 *
 * The gradient of the true error is that of ‖u − U‖², with the exact average velocity U.
 *
 * @param seed of network, samples and times
 * @throws DomainError for a problem without a known velocity
 */
export function lossPlacements(loss: AnyLoss, flow: SmallFlow, seed = 0): LossPlacements {
  mustBe("lossPlacements", "the loss", loss, "object");
  mustBe("lossPlacements", "the flow", flow, "object");
  checkFlow(flow);
  const law = offDiagonal(loss.timeLaw);
  const { count, rows } = placementBatches;
  const { program } = instanceOf(smallProblem(loss, { law, batch: rows, seed, flow }));
  const all = smallProblem(loss, { law, batch: count * rows, seed, flow });
  const bench = new Bench(program, all);
  const truth = truthOf(loss, all, flow);
  const { labels } = collectStops(() => cutProgram(program, [])(...program.inputs.map((x) => zerosLike(x))));
  const uncut = bench.gradient({ withoutStops: labels, cuts: [] }).gradient;
  return {
    program,
    stops: labels,
    isTruthKnown: truth !== undefined,
    measure(placement) {
      checkPlacement(loss.name, labels, placement);
      const { value, gradient } = bench.gradient(placement);
      return {
        value: mean(value).item(),
        groups: groupsOf(gradient, uncut, truth),
        blocked: bench.blocked(placement),
        modes: bench.modes(placement),
      };
    },
  };
}

/** @throws DTypeError, DomainError unless a placement is one of a loss with some labels; cutProgram checks its cuts */
function checkPlacement(name: string, labels: readonly string[], placement: Placement): void {
  mustBe(name, "the placement", placement, "object");
  mustBe(name, "withoutStops", placement.withoutStops, "list");
  for (const label of placement.withoutStops)
    if (!labels.includes(label))
      throw new DomainError(`${name}: withoutStops must be of ${labels.join(", ") || "no label"}, got ${quote(label)}`);
}

function checkFlow({ problem, velocity }: SmallFlow): void {
  mustBe("lossPlacements", "the problem", problem, "object");
  if (problem.exact === undefined || problem.dim !== 2)
    throw new DomainError(
      `lossPlacements: the problem must be in the plane with a known velocity, got ${problem.name}`,
    );
  if (velocity !== "exact" && velocity !== "conditional")
    throw new DomainError(`lossPlacements: the velocity must be exact or conditional, got ${String(velocity)}`);
}

/** The parameters of the smallest network in their order, and their places among arguments. */
type Params = readonly [A: Tensor, b: Tensor, c: Tensor];
const argnums = [0, 1, 2] as const;

const leavesOf = ({ A, b, c }: SmallParams): Params => [A, b, c];

/** The program of a loss, with the batches that it is evaluated at. */
class Bench {
  private readonly program: Program;
  private readonly params: Params;
  /** Samples by the name of the input, [batches, rows, …]. */
  private readonly samples: readonly Tensor[];
  /** For every input of the program, whether it is a parameter. */
  private readonly places: readonly { readonly isParam: boolean; readonly at: number }[];

  constructor(program: Program, all: SmallProblem) {
    this.program = program;
    const [params, samples] = all.args;
    this.params = leavesOf(params);
    const names = program.inputs.map((x) => program.names.get(x)!);
    const known: Tensor[] = [];
    this.places = names.map((name) => {
      const at = (paramNames as readonly string[]).indexOf(name);
      if (at >= 0) return { isParam: true, at };
      known.push(inBatches(leafAt(samples, name), name));
      return { isParam: false, at: known.length - 1 };
    });
    this.samples = known;
  }

  /** The loss of one batch as a function of the parameters. */
  private lossAt({ cuts }: Pick<Placement, "cuts">, samples: readonly Tensor[]) {
    const run = cutProgram(this.program, cuts);
    return (...params: Params): Tensor =>
      run(...this.places.map(({ isParam, at }) => (isParam ? params : samples)[at]))[0];
  }

  /** Values [batches], and gradients [batches, entries] per group. */
  gradient(placement: Placement): { readonly value: Tensor; readonly gradient: Gradient } {
    const one = (...samples: Tensor[]): [Tensor, ...Tensor[]] => {
      const f = this.differentiated(placement, samples);
      const [value, gradients] = valueAndGrad(f, { argnums })(...this.params);
      return [value, ...gradients.map((each) => reshape(each, [-1]))];
    };
    const [value, ...gradient] = withStops(placement.withoutStops, () => vmap(one)(...this.samples));
    return { value, gradient };
  }

  private differentiated(placement: Placement, samples: readonly Tensor[]) {
    const f = this.lossAt(placement, samples);
    return placement.isCotangentsOnly ? cotangentsOnly(f) : f;
  }

  blocked(placement: Placement): Record<string, number> {
    const one = (...samples: Tensor[]): Readonly<Record<string, readonly Tensor[]>> =>
      blockedCotangents(this.lossAt(placement, samples))(...this.params);
    const { count } = placementBatches;
    const found = withStops(placement.withoutStops, () => vmap(one)(...this.samples));
    const length = (parts: readonly Tensor[]): number =>
      Math.sqrt(parts.reduce((sum, part) => sum + part.square().sum().item(), 0) / count);
    const cut = Object.entries(found).filter(([label]) => !placement.withoutStops.includes(label));
    return Object.fromEntries(cut.map(([label, parts]) => [label, length(parts)]));
  }

  modes(placement: Placement): PlacementFigures["modes"] {
    const first = this.samples.map((x) => x.slice([0, 1]).reshape(x.shape.slice(1)));
    const f = this.differentiated(placement, first);
    const [forward, reverse] = withStops(placement.withoutStops, (): (readonly Tensor[])[] => [
      jacfwd(f, { argnums })(...this.params),
      valueAndGrad(f, { argnums })(...this.params)[1],
    ]);
    const norm = (parts: readonly Tensor[]): number =>
      Math.sqrt(parts.reduce((sum, part) => sum + part.square().sum().item(), 0));
    return { forward: norm(forward), reverse: norm(reverse), gap: norm(forward.map((x, i) => sub(x, reverse[i]))) };
  }
}

/** The leaf of a tree by a path of names with dots. */
function leafAt(tree: unknown, path: string): Tensor {
  return path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], tree) as Tensor;
}

/** [batches·rows, …] as [batches, rows, …]; a value of all rows is repeated. */
function inBatches(x: Tensor, name: string): Tensor {
  const { count, rows } = placementBatches;
  const isOfRows = x.shape[0] === count * rows && !name.startsWith("frozen");
  return isOfRows ? reshape(x, [count, rows, ...x.shape.slice(1)]) : x.broadcastTo([count, ...x.shape]);
}

/** Kinds of trained functions whose values are average velocities, so that an exact target is known. */
const comparable: readonly string[] = ["velocity", "averageVelocity", "flowMap"];

/** The gradient of the true error in all batches; undefined for a loss that learns something else. */
function truthOf(
  loss: AnyLoss,
  { args: [params, samples] }: SmallProblem,
  { problem }: SmallFlow,
): Gradient | undefined {
  if (!comparable.includes(loss.learns)) return undefined;
  const { xs, s } = samples;
  const t = loss.learns === "velocity" ? s : samples.t;
  const exact = exactAverageVelocity(problem.exact!)(xs, s, t);
  const one = (x: Tensor, start: Tensor, end: Tensor, target: Tensor): Tensor[] => {
    const error = (A: Tensor, b: Tensor, c: Tensor): Tensor =>
      mean(squaredNorm(sub(small({ A, b, c }, "u")(x, start, end), target)));
    const [, gradients] = valueAndGrad(error, { argnums })(...leavesOf(params));
    return gradients.map((each) => reshape(each, [-1]));
  };
  return vmap(one)(...([xs, s, t, exact].map((x) => inBatches(x, "")) as [Tensor, Tensor, Tensor, Tensor]));
}

function groupsOf(gradient: Gradient, uncut: Gradient, truth: Gradient | undefined): GroupFigures[] {
  const figures = (group: string, of: (all: Gradient) => Gradient): GroupFigures => {
    const [own, whole] = [of(gradient), of(uncut)];
    const [ownMean, wholeMean] = [meanOf(own), meanOf(whole)];
    const size = length(ownMean).item();
    const exact = truth && of(truth);
    const exactMean = exact && meanOf(exact);
    const relative = (square: Tensor): number => sqrt(maximum(square, 0)).item() / length(exactMean!).item();
    return {
      group,
      length: size,
      lengthRatio: size / length(wholeMean).item(),
      cosine: cosine(ownMean, wholeMean).item(),
      trueCosine: exactMean ? cosine(ownMean, exactMean).item() : Number.NaN,
      bias: exact ? relative(squaredBias(own, exact)) : Number.NaN,
      noise: exact ? relative(variance(own)) : Number.NaN,
    };
  };
  return [figures("all", (all) => all), ...paramNames.map((name, i) => figures(name, (all) => [all[i]]))];
}

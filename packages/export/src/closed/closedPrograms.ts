import { valueAndGrad, withStops } from "@pushforward/autodiff";
import {
  asTensor,
  type DenseTensor,
  flatten,
  type Program,
  type Tensor,
  type Tree,
  trace,
  zeros,
} from "@pushforward/tensor";
import { lossArrays, lossAt } from "../lossInputs.ts";
import { withoutUnused } from "../lossSample.ts";
import { opaque } from "../opaque.ts";
import { readable, readableValues } from "../readable.ts";
import type { TrainedLoss } from "./trainedLoss.ts";

/** The programs of a trained loss, for one sample. Parameters are inputs that are named by their paths. */
export interface ClosedPrograms {
  readonly network: Program;
  /** The sampler, with the network as an opaque function of this name. */
  readonly sample: Program;
  /** The sampler with the equations of the network. */
  readonly wholeSample: Program;
  readonly loss: Program;
  /** The loss, and its gradient in each trained parameter. */
  readonly gradient: Program;
  /** Names of the trained parameters, in the order of their gradients. */
  readonly trained: readonly string[];
  /** The parameters that the programs use, by their names. */
  readonly params: Readonly<Record<string, DenseTensor>>;
}

/** Names of the trees of parameters. */
const trees = { params: "params", frozen: "frozen", average: "average" } as const;

/** The leaves of a tree by the names that they have in a program. */
function namedLeaves(tree: Tree, name: string): Record<string, DenseTensor> {
  const { leaves, paths } = flatten(tree, "export");
  return Object.fromEntries(leaves.map((leaf, i) => [nameAt(name, paths[i]), asTensor(leaf) as DenseTensor]));
}

/** The name of an input: that of its argument, and its path in it. */
const nameAt = (argument: string, path: string): string =>
  `${argument}${path === "" || path.startsWith("[") ? "" : "."}${path}`;

/** The programs of a trained loss. */
export function closedPrograms(trained: TrainedLoss, without: readonly string[]): ClosedPrograms {
  const { params, frozen, average } = trained;
  const [point, time] = [zeros([trained.dim]), zeros([])];
  const arrays = Object.keys(lossArrays);
  const samples = arrays.map((name) => (lossArrays[name] === "point" ? point : time));
  const value = (own: Tree, others: Tree, ...values: Tensor[]): Tensor =>
    lossAt(trained.loss, trained.functions(own, others), Object.fromEntries(values.map((x, i) => [arrays[i], x])));
  const names = [trees.params, trees.frozen, ...arrays];
  const gradient = (own: Tree, others: Tree, ...values: Tensor[]): Tree =>
    valueAndGrad((at: Tree) => value(at, others, ...values))(own as never) as unknown as Tree;
  const network = opaque("network", { args: [[trained.dim], ...trained.times.map(() => [])], result: [trained.dim] });
  const traced = <Args extends readonly unknown[]>(
    f: (...args: Args) => Tree,
    argNames: readonly string[],
    ...args: Args
  ): Program => withStops(without, () => trace(f as never, { names: argNames })(...(args as unknown as never[])));
  const times = trained.times.map(() => time);
  const wholeSample = (at: Tree, noise: Tensor): Tensor =>
    trained.sample((x, ...own) => trained.network(at, x, ...own), noise);
  const programs = {
    network: withoutUnused(
      readable(traced(trained.network, [trees.average, "x", ...trained.times], average, point, ...times)),
      ["x", ...trained.times],
    ),
    sample: withoutUnused(readable(traced((noise: Tensor) => trained.sample(network, noise), ["noise"], point))),
    wholeSample: withoutUnused(readable(traced(wholeSample, [trees.average, "noise"], average, point))),
    loss: withoutUnused(readable(traced(value, names, params, frozen, ...samples))),
    gradient: withoutUnused(readableValues(traced(gradient, names, params, frozen, ...samples))),
  };
  const all = {
    ...namedLeaves(params, trees.params),
    ...namedLeaves(frozen, trees.frozen),
    ...namedLeaves(average, trees.average),
  };
  const used = new Set(Object.values(programs).flatMap(({ inputs, names: own }) => inputs.map((x) => own.get(x))));
  return {
    ...programs,
    trained: Object.keys(namedLeaves(params, trees.params)),
    params: Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name))),
  };
}

import type { Equation, Group, Program, Tensor } from "@pushforward/tensor";
import { type EquationPart, partOf, stopLabel } from "./equationPart.ts";

/** Equations that are drawn as one box. */
export interface Cluster {
  readonly id: string;
  readonly part: EquationPart;
  readonly group: Group | undefined;
  /** Name by which the equations are expanded: of the group, label of the stop-gradient that they serve, or {@link restOfProgram}. */
  readonly owner: string;
  readonly equations: Equation[];
  readonly next: Set<Cluster>;
}

/** Name of all equations that belong to no group and serve no stop-gradient alone. */
export const restOfProgram = "rest";

/** The uses of every value. */
function usesOf(program: Program): Map<Tensor, Equation[]> {
  const uses = new Map<Tensor, Equation[]>();
  for (const equation of program.equations)
    for (const x of new Set(equation.operands)) uses.set(x, [...(uses.get(x) ?? []), equation]);
  return uses;
}

/** The stop-gradient that an equation serves alone, for equations whose result has no other use. */
function servedStops(program: Program): Map<Equation, Equation> {
  const uses = usesOf(program);
  const results = new Set(program.outputs);
  const served = new Map<Equation, Equation>();
  for (const equation of [...program.equations].reverse()) {
    if (results.has(equation.output) || equation.group) continue;
    const stops = new Set((uses.get(equation.output) ?? []).map((use) => (stopLabel(use) ? use : served.get(use))));
    const [stop] = stops;
    if (stops.size === 1 && stop && !stopLabel(equation)) served.set(equation, stop);
  }
  return served;
}

/** Whether a path leads from a cluster to another one. */
function leadsTo(from: Cluster, to: Cluster, seen = new Set<Cluster>()): boolean {
  if (from === to) return true;
  seen.add(from);
  return [...from.next].some((next) => !seen.has(next) && leadsTo(next, to, seen));
}

/**
 * The clusters of a program. Equations of one group and part form a cluster, as do equations that serve one stop-gradient, and all other
 * equations of a part. A cluster ends where one more equation would close a circle.
 *
 * @param expand names of groups, and labels of stop-gradients, whose equations get a cluster each
 * @returns the cluster of every equation, in the order of the equations
 */
export function clustersOf(program: Program, expand: ReadonlySet<string>): Map<Equation, Cluster> {
  const served = servedStops(program);
  const clusterOf = new Map<Equation, Cluster>();
  const producers = new Map<Tensor, Cluster>();
  const latest = new Map<unknown, Map<EquationPart, Cluster>>();
  const place = (equation: Equation, owner: unknown, isAlone: boolean, name: string): Cluster => {
    const part = partOf(equation);
    const sources = equation.operands.flatMap((x) => producers.get(x) ?? []);
    const known = latest.get(owner)?.get(part);
    const fits = known && !isAlone && !sources.some((source) => source !== known && leadsTo(known, source));
    const cluster: Cluster = fits
      ? known
      : { id: `e${clusterOf.size}`, part, group: equation.group, owner: name, equations: [], next: new Set() };
    for (const source of sources) if (source !== cluster) source.next.add(cluster);
    if (!latest.has(owner)) latest.set(owner, new Map());
    latest.get(owner)!.set(part, cluster);
    return cluster;
  };
  for (const equation of program.equations) {
    const stop = served.get(equation);
    const label = stopLabel(equation);
    const names = [equation.group?.name, stop && stopLabel(stop)].filter((name) => name !== undefined);
    const isExpanded = [...names, ...(names.length === 0 ? [restOfProgram] : [])].some((name) => expand.has(name));
    const isAlone = isExpanded || label !== undefined;
    const owner = isAlone ? equation : (equation.group ?? stop ?? restOfProgram);
    const cluster = place(equation, owner, isAlone, label ?? names[0] ?? restOfProgram);
    cluster.equations.push(equation);
    clusterOf.set(equation, cluster);
    producers.set(equation.output, cluster);
  }
  return clusterOf;
}

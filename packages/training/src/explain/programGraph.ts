import type { ProgramUse } from "@pushforward/autodiff";
import { DomainError, type Equation, mustBeOneOf, type Program, programNames, type Tensor } from "@pushforward/tensor";
import { ellipsis, formulaOf } from "./boxFormula.ts";
import { type Cluster, clustersOf, restOfProgram } from "./clusters.ts";
import { type EquationPart, stopLabel } from "./equationPart.ts";
import { withoutViews } from "./withoutViews.ts";

/** A box of a drawing: inputs, results, a stop-gradient, or equations that are shown as one. */
export interface GraphBox {
  readonly id: string;
  readonly kind: "input" | "result" | "cut" | "equations";
  readonly part: EquationPart;
  /** Name of the group, or label of the stop-gradient. */
  readonly title: string | undefined;
  /** Name by which `expand` opens the box; undefined for inputs and results. */
  readonly owner: string | undefined;
  /** Number of equations inside. */
  readonly size: number;
  /** The computation of the box, as short formulas. */
  readonly lines: readonly string[];
  /** Everything inside with its type, a line each. */
  readonly details: readonly string[];
}

/** Values that one box passes on to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly part: EquationPart;
  readonly details: readonly string[];
  /** The operands of the program that are these values in the box `to`. */
  readonly uses: readonly ProgramUse[];
}

/** A program as boxes and arrows without circles. */
export interface ProgramGraph {
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
}

/** Options of programGraph. */
export interface ProgramGraphOptions {
  /** Names of groups, labels of stop-gradients, and {@link restOfProgram}, whose equations get a box each. */
  readonly expand?: readonly string[];
}

/** Most characters of a line. */
const lineLength = 44;
/** Most lines of a box, and of its details on hover. */
const [mostLines, mostDetails] = [5, 16];

/** At most `most` entries, and how many are left out. */
const limited = (lines: readonly string[], most: number): string[] =>
  lines.length <= most ? [...lines] : [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`];

/** Names in rows of limited length. */
function rowsOf(names: readonly string[]): string[] {
  const rows: string[] = [];
  for (const name of names) {
    const last = rows[rows.length - 1];
    if (last !== undefined && last.length + name.length + 2 <= lineLength) rows[rows.length - 1] = `${last}, ${name}`;
    else rows.push(name);
  }
  return rows;
}

/** The lines of a cluster: its results as formulas where these are short, else their names and the number of equations. */
function linesOf(
  { equations }: Cluster,
  results: readonly Tensor[],
  { names, recorded, constants }: ValueTexts,
): string[] {
  const own = equations.map((equation): [Tensor, Equation] => [equation.output, equation]);
  const definitions = [...constants, ...own];
  const formula = (x: Tensor): string | undefined => {
    const inside = new Map(definitions.filter(([value]) => value === x || !results.includes(value)));
    const text = `${names.get(x)} = ${formulaOf(x, inside, names)}`;
    return text.length <= lineLength && !text.includes(ellipsis) ? text : undefined;
  };
  const shown = results.filter((x) => recorded.has(x));
  const sorted = results.length <= mostLines ? results : [...shown, ...results.filter((x) => !recorded.has(x))];
  const formulas = sorted.map(formula);
  const rest = rowsOf(sorted.filter((_, i) => formulas[i] === undefined).map((x) => names.get(x)!));
  const count = rest.length > 0 ? [`by ${equations.length} equation${equations.length === 1 ? "" : "s"}`] : [];
  return limited([...formulas.filter((text) => text !== undefined), ...rest, ...count], mostLines);
}

/** A value with its type. */
const typed = (x: Tensor, names: ReadonlyMap<Tensor, string>): string =>
  `${names.get(x)}: ${x.dtype}[${x.shape.join(",")}]`;

/** The name of a box that shows equations. */
function titleOf({ group, part, equations }: Cluster): string | undefined {
  if (part === "cut") return stopLabel(equations[0]);
  if (!group) return undefined;
  return part === "primal" ? group.name : `${group.name} · ${part}`;
}

/**
 * A program as boxes and arrows. The equations of one group are one box, for each part of the derivative.
 *
 * @throws DomainError if `expand` names neither a group nor a stop-gradient
 */
export function programGraph(whole: Program, { expand = [] }: ProgramGraphOptions = {}): ProgramGraph {
  checkExpanded(whole, expand);
  const { program, constants } = withoutViews(whole);
  const names = programNames(whole);
  const clusterOf = clustersOf(program, new Set(expand));
  const values = { names, constants, recorded: program.names, printed: printedEquations(whole) };
  const producers = new Map([...clusterOf].map(([{ output }, cluster]) => [output, cluster]));
  const consumers = consumersOf(clusterOf, constants);
  const uses = usesIn(whole, clusterOf);
  const inputs = inputBoxes(program, consumers, names, uses);
  const results = resultBoxes(program, names, producers, consumers);
  const boxes = [...new Set(clusterOf.values())].map((cluster) => clusterBox(cluster, consumers, values));
  return {
    boxes: [...inputs.boxes, ...results, ...boxes],
    edges: [...inputs.edges, ...edgesOf(producers, consumers, names, uses)],
  };
}

/** The texts about values that boxes show. */
interface ValueTexts {
  readonly names: ReadonlyMap<Tensor, string>;
  /** The names that were recorded, of the values that a reader looks for first. */
  readonly recorded: ReadonlyMap<Tensor, string>;
  readonly constants: ReadonlyMap<Tensor, Equation>;
  readonly printed: ReadonlyMap<Tensor, string>;
}

function clusterBox(
  cluster: Cluster,
  consumers: ReadonlyMap<Tensor, ReadonlySet<string>>,
  texts: ValueTexts,
): GraphBox {
  const { id, part, equations } = cluster;
  const isUsedOutside = ({ output }: Equation): boolean => [...(consumers.get(output) ?? [])].some((to) => to !== id);
  const results = equations.filter(isUsedOutside).map(({ output }) => output);
  return {
    id,
    kind: part === "cut" ? "cut" : "equations",
    part,
    title: titleOf(cluster),
    owner: cluster.owner,
    size: equations.length,
    lines: part === "cut" ? [] : linesOf(cluster, results, texts),
    details: limited(
      equations.map(({ output }) => texts.printed.get(output)!),
      mostDetails,
    ),
  };
}

/** The printed equation of every value. */
function printedEquations(program: Program): ReadonlyMap<Tensor, string> {
  const lines = program.print().split("\n").slice(1);
  return new Map(program.equations.map(({ output }, i) => [output, lines[i].trim()]));
}

function checkExpanded({ equations }: Program, expand: readonly string[]): void {
  const known = [...new Set(equations.flatMap((equation) => [equation.group?.name, stopLabel(equation)]))];
  for (const name of expand) {
    const isKnown = name === restOfProgram || known.includes(name);
    if (!isKnown) {
      const allowed = known.filter((each) => each !== undefined);
      throw new DomainError(`programGraph: expand ${mustBeOneOf(name, allowed)}`);
    }
  }
}

/** The operands of the whole program that are a value, in the box of an id. */
type UsesOf = (x: Tensor, id: string) => readonly ProgramUse[];

/** Finds uses in the whole program, where a view of a value may stand for the value. */
function usesIn({ equations, outputs }: Program, clusterOf: ReadonlyMap<Equation, Cluster>): UsesOf {
  const places = new Map(equations.map(({ output }, i) => [output as Tensor, i]));
  const uses = new Map<string, Map<Tensor, ProgramUse[]>>();
  const note = (id: string, x: Tensor, use: ProgramUse): void => {
    const inside = uses.get(id) ?? new Map<Tensor, ProgramUse[]>();
    uses.set(id, inside.set(x, [...(inside.get(x) ?? []), use]));
  };
  for (const [{ operands, output }, { id }] of clusterOf)
    for (const [operand, x] of operands.entries()) note(id, x, { equation: places.get(output)!, operand });
  const results = (x: Tensor): ProgramUse[] =>
    outputs.flatMap((each, operand) => (each === x ? [{ equation: equations.length, operand }] : []));
  return (x, id) => uses.get(id)?.get(x) ?? results(x);
}

/** The boxes that use each value. */
function consumersOf(
  clusterOf: ReadonlyMap<Equation, Cluster>,
  constants: ReadonlyMap<Tensor, Equation>,
): Map<Tensor, Set<string>> {
  const consumers = new Map<Tensor, Set<string>>();
  for (const [{ operands }, { id }] of clusterOf)
    for (const x of operands) if (!constants.has(x)) consumers.set(x, (consumers.get(x) ?? new Set<string>()).add(id));
  return consumers;
}

/** A box above each other box, for the inputs of the program that it uses: one box for each input would need long arrows. */
function inputBoxes(
  { inputs }: Program,
  consumers: Map<Tensor, Set<string>>,
  names: ReadonlyMap<Tensor, string>,
  uses: UsesOf,
): { boxes: GraphBox[]; edges: GraphEdge[] } {
  const used = new Map<string, Tensor[]>();
  for (const x of inputs) {
    for (const id of consumers.get(x) ?? []) used.set(id, [...(used.get(id) ?? []), x]);
    consumers.delete(x);
  }
  const boxes = [...used].map(([id, values]) => endBox(`i${id}`, "input", values, names));
  const edges = [...used].map(
    ([to, values], i): GraphEdge => ({
      ...{ from: `i${to}`, to, part: "primal", details: boxes[i].details },
      uses: values.flatMap((x) => uses(x, to)),
    }),
  );
  return { boxes, edges };
}

/** A box for results of the program that one box computes; constants are left out. */
function resultBoxes(
  { outputs }: Program,
  names: ReadonlyMap<Tensor, string>,
  producers: ReadonlyMap<Tensor, Cluster>,
  consumers: Map<Tensor, Set<string>>,
): GraphBox[] {
  const together = new Map<string, Tensor[]>();
  for (const x of new Set(outputs)) {
    const producer = producers.get(x)?.id;
    if (producer !== undefined) together.set(producer, [...(together.get(producer) ?? []), x]);
  }
  return [...together.values()].map((values, i): GraphBox => {
    const id = `o${i}`;
    for (const x of values) consumers.set(x, (consumers.get(x) ?? new Set<string>()).add(id));
    return endBox(id, "result", values, names);
  });
}

function endBox(
  id: string,
  kind: "input" | "result",
  values: readonly Tensor[],
  names: ReadonlyMap<Tensor, string>,
): GraphBox {
  const rows = rowsOf(values.map((x) => names.get(x)!));
  return {
    id,
    kind,
    part: "primal",
    title: undefined,
    owner: undefined,
    size: 0,
    lines: rows,
    details: values.map((x) => typed(x, names)),
  };
}

/** One arrow for all values that a box passes to another. */
function edgesOf(
  producers: ReadonlyMap<Tensor, Cluster>,
  consumers: ReadonlyMap<Tensor, ReadonlySet<string>>,
  names: ReadonlyMap<Tensor, string>,
  uses: UsesOf,
): GraphEdge[] {
  const edges = new Map<string, GraphEdge & { readonly details: string[]; readonly uses: ProgramUse[] }>();
  for (const [x, targets] of consumers) {
    const producer = producers.get(x);
    if (!producer) continue;
    const { id: from, part } = producer;
    for (const to of targets) {
      if (to === from) continue;
      const edge = edges.get(`${from} ${to}`) ?? {
        from,
        to,
        part: part === "cut" ? "primal" : part,
        details: [],
        uses: [],
      };
      edge.details.push(typed(x, names));
      edge.uses.push(...uses(x, to));
      edges.set(`${from} ${to}`, edge);
    }
  }
  return [...edges.values()];
}

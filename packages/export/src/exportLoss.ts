import { type AnyLoss, printFormula } from "@pushforward/losses";
import { DomainError, mustBe, mustBeOneOf, optionsOf, type Program, type Shape } from "@pushforward/tensor";
import { functionsOf, type LossFunction, lossArrays } from "./lossInputs.ts";
import { sampleProgram, sizeSymbols } from "./lossSample.ts";
import type { HoleParams } from "./opaque.ts";
import { pythonName } from "./python/identifier.ts";
import type { LossParameters, Target } from "./target.ts";
import { type TargetName, targets } from "./targets.ts";
import { writeFile } from "./writeFile.ts";
import { writeFunction } from "./writeFunction.ts";

/** Options of exportLoss. */
export interface ExportLossOptions {
  readonly to: TargetName;
  /** Labels of stop-gradients that are left out. */
  readonly withoutStops?: readonly string[];
  /** The formula as text for a reader; default its LaTeX. */
  readonly formula?: string;
}

/** Numbers of coordinates at which a loss is traced: a text that is the same for all of them holds for points of any size. */
const sizes = [3, 5, 7] as const;

/**
 * A loss as source of another framework: `loss` of one sample with the network as its parameter `u`, and `batch_loss`.
 *
 *   exportLoss(losses.meanFlow, { to: "jax" })
 *
 * @throws DomainError about an unknown target or label, a primitive that the target does not have, and a loss whose program depends on
 *   the number of coordinates
 */
export function exportLoss(loss: AnyLoss, options: ExportLossOptions): string {
  const { to, withoutStops = [], formula } = optionsOf("exportLoss", options);
  mustBe("exportLoss", "the loss", loss, "object");
  if (!Object.hasOwn(targets, to)) throw new DomainError(`exportLoss: to ${mustBeOneOf(to, Object.keys(targets))}`);
  for (const label of withoutStops)
    if (!loss.stops.includes(label))
      throw new DomainError(`exportLoss: the stop-gradient of ${loss.name} ${mustBeOneOf(label, loss.stops)}`);
  const target: Target = targets[to];
  const { lines, parameters } = lossFunction(loss, target, withoutStops);
  return writeFile({
    target,
    description: describeLoss(loss, target, formula ?? printFormula(loss.markedFormula, withoutStops), withoutStops),
    functions: [lines, batchFunction(target, parameters)],
  });
}

/** The function of one sample, and its parameters. */
function lossFunction(loss: AnyLoss, target: Target, without: readonly string[]) {
  const programs = sizes.map((dim) => ({ dim, program: sampleProgram(loss, dim, without) }));
  const symbols = sizeSymbols(programs, target.sizeOf("xs"));
  const functions = functionsOf(loss);
  const results = Object.fromEntries(Object.entries(functions).map(([name, { result }]) => [name, result]));
  const [written, ...others] = programs.map(({ program }) => {
    const used = new Set(program.equations.map(({ params }) => (params as Partial<HoleParams>).hole));
    const holes = Object.keys(functions).filter((name) => used.has(name));
    const description = describeInputs(program, functions, holes);
    const remark = (shape: Shape): string => (shape.length === 0 ? "scalar" : "[dim]");
    return writeFunction(program, target, {
      ...{ name: "loss", functions: holes, description, symbols, results, remark },
      ...{ isGeneric: true, reserved: ["batch_loss"] },
    });
  });
  if (others.some(({ lines }) => lines.join() !== written.lines.join()))
    throw new DomainError(
      `exportLoss: the program of ${loss.name} must not depend on the number of coordinates; write the loss with operations of whole samples`,
    );
  const kinds = programs[0].program.inputs.map((x) => lossArrays[programs[0].program.names.get(x)!]);
  const inputsOf = (isShared: boolean): string[] =>
    written.inputs.filter((_, i) => (kinds[i] === "shared") === isShared);
  const parameters = { functions: written.functions, arrays: inputsOf(false), shared: inputsOf(true) };
  return { lines: written.lines, parameters };
}

/** A description of several lines, between quotes. */
const quoted = (lines: readonly string[]): string[] => {
  const mark = lines.some((line) => line.includes("\\")) ? 'r"""' : '"""';
  return lines.length === 1 ? [`${mark}${lines[0]}"""`] : [mark + lines[0], ...lines.slice(1), '"""'];
};

/** The parameters of a loss in words. */
function describeInputs(
  { inputs, names }: Program,
  functions: Readonly<Record<string, LossFunction>>,
  holes: readonly string[],
): string[] {
  const points = inputs.filter((x) => x.rank > 0).map((x) => pythonName(names.get(x)!));
  const numbers = inputs.filter((x) => x.rank === 0).map((x) => pythonName(names.get(x)!));
  return quoted([
    `Loss of one sample: ${points.join(", ")} of any shape, ${numbers.join(", ")} scalars.`,
    "",
    ...holes.map((name) => `${pythonName(name)}(${functions[name].args.join(", ")}): ${functions[name].text}`),
  ]);
}

function describeLoss(
  { label, paper }: AnyLoss,
  target: Target,
  formula: string,
  without: readonly string[],
): string[] {
  const source = paper ? ` (${paper.cite}, arXiv ${paper.arxiv})` : "";
  const stops = without.length > 0 ? [`Without the stop-gradient ${without.join(", ")}.`] : [];
  return quoted([
    `${label}${source} as ${target.title}.`,
    "",
    `    ${formula}`,
    "",
    ...stops,
    "Time runs from noise (t = 0) to data (t = 1): v = data - noise. Where a network runs from data to noise,",
    "pass lambda x, s, t: -u(x, 1 - s, 1 - t).",
  ]);
}

/** The function of a batch with its description. */
function batchFunction(target: Target, parameters: LossParameters): readonly string[] {
  const [head, ...body] = target.batchLoss(parameters);
  return [head, '    """Mean loss of a batch, which is the first axis of all arrays."""', ...body];
}

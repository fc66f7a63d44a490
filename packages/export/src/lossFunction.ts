import type { AnyLoss } from "@pushforward/losses";
import { DomainError, type Program, type Shape, type Variable } from "@pushforward/tensor";
import { groupedBatch } from "./groupedBatch.ts";
import { functionsOf, lossArrays } from "./lossInputs.ts";
import { sampleProgram, sizeSymbols } from "./lossSample.ts";
import type { HoleParams } from "./opaque.ts";
import { pointNames } from "./pointNames.ts";
import { docstring } from "./python/docstring.ts";
import { pythonName } from "./python/identifier.ts";
import type { LossParameters, Target } from "./target.ts";
import { writeFunction } from "./writeFunction.ts";

/** Numbers of coordinates at which a loss is traced: a text that is the same for all of them holds for points of any size. */
const sizes = [3, 5, 7] as const;

/** `loss` of one sample, and `batch_loss`, in lines of Python. */
export interface LossFunctions {
  readonly loss: readonly string[];
  readonly batchLoss: readonly string[];
  /** Names of the parameters of `batch_loss`. */
  readonly batchParameters: readonly string[];
}

/**
 * A loss as functions of Python.
 *
 * @param without labels of stop-gradients that are left out
 * @throws DomainError about a primitive that the target does not have, and a loss whose program depends on the number of coordinates
 */
export function writeLoss(loss: AnyLoss, target: Target, without: readonly string[]): LossFunctions {
  const programs = sizes.map((dim) => ({ dim, program: sampleProgram(loss, dim, without) }));
  const [{ program: first }] = programs;
  const kindOf = (x: Variable): string => lossArrays[first.names.get(x)!];
  const point = first.inputs.find((x) => kindOf(x) === "point");
  const name = pythonName(first.names.get(point!) ?? "xs");
  const symbols = sizeSymbols(programs, loss.group === 1 ? target.sizeOf(name) : `${name}.shape[-1]`);
  const functions = functionsOf(loss);
  const results = Object.fromEntries(Object.entries(functions).map(([name, { result }]) => [name, result]));
  const [written, ...others] = programs.map(({ program, dim }) => {
    const used = new Set(program.equations.map(({ params }) => (params as Partial<HoleParams>).hole));
    const holes = Object.keys(functions).filter((name) => used.has(name));
    const description = describeInputs(loss, program, holes);
    const ofPoint = (shape: Shape): string =>
      loss.group === 1 ? "[dim]" : `[${shape.map((size) => (size === dim ? "dim" : size)).join(", ")}]`;
    const remark = (shape: Shape): string => (shape.length === 0 ? "scalar" : ofPoint(shape));
    return writeFunction(program, target, {
      ...{ name: "loss", functions: holes, description, symbols, results, remark },
      ...{ isGeneric: true, suggested: pointNames(program, results), reserved: ["batch_loss"] },
    });
  });
  if (others.some(({ lines }) => lines.join() !== written.lines.join()))
    throw new DomainError(
      `exportLoss: the program of ${loss.name} must not depend on the number of coordinates; write the loss with operations of whole samples`,
    );
  const inputsOf = (isShared: boolean): string[] =>
    written.inputs.filter((_, i) => (kindOf(first.inputs[i]) === "shared") === isShared);
  const parameters = { functions: written.functions, arrays: inputsOf(false), shared: inputsOf(true) };
  const given = parameters.functions.filter((name) => name !== "normalize");
  return {
    loss: written.lines,
    batchLoss: loss.group === 1 ? batchFunction(target, parameters) : groupedBatch(loss, target, parameters),
    batchParameters: [...given, ...parameters.arrays, ...parameters.shared],
  };
}

/** The parameters of a loss in words. */
function describeInputs(loss: AnyLoss, { inputs, names }: Program, holes: readonly string[]): string[] {
  const { group } = loss;
  const functions = functionsOf(loss);
  const points = inputs.filter((x) => x.rank > 0).map((x) => pythonName(names.get(x)!));
  const numbers = inputs.filter((x) => x.rank === 0).map((x) => pythonName(names.get(x)!));
  const parts = [
    ...(points.length > 0 ? [`${points.join(", ")} ${group === 1 ? "of any shape" : `[${group}, dim]`}`] : []),
    ...(numbers.length > 0 ? [`${numbers.join(", ")} scalars`] : []),
  ];
  return docstring([
    group === 1
      ? `Loss of one sample: ${parts.join(", ")}.`
      : `Loss of each of ${group} samples, which it compares: ${parts.join(", ")}. Functions take all samples at once.`,
    "",
    ...holes.map((name) => `${pythonName(name)}(${functions[name].args.join(", ")}): ${functions[name].text}`),
  ]);
}

/** The function of a batch with its description. */
function batchFunction(target: Target, parameters: LossParameters): readonly string[] {
  const [head, ...body] = target.batchLoss(parameters);
  return [head, '    """Mean loss of a batch, which is the first axis of all arrays."""', ...body];
}

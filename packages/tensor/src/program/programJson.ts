import type { DType } from "../array/dtype.ts";
import { DenseTensor, type Tensor } from "../array/tensor.ts";
import type { TensorType } from "../array/tensorType.ts";
import { constantsOf, mustBeProgram, type ProgramParts } from "./equation.ts";
import { programNames } from "./programNames.ts";

/** Type of a value in a JSON program. */
export interface TypeJson {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly weak: boolean;
}

/** An element in JSON, which has no NaN, ±Infinity and −0: these are written as text. */
export type NumberJson = number | "NaN" | "Infinity" | "-Infinity" | "-0";

/** A program as plain data; constants carry their values. */
export interface ProgramJson {
  readonly inputs: readonly (TypeJson & { readonly name: string })[];
  readonly constants: readonly (TypeJson & { readonly name: string; readonly values: readonly NumberJson[] | null })[];
  readonly equations: readonly {
    readonly primitive: string;
    readonly operands: readonly string[];
    readonly params: object;
    readonly output: TypeJson & { readonly name: string };
    readonly source?: string;
    readonly label?: string;
  }[];
  readonly outputs: readonly string[];
}

const numberJson = (x: number): NumberJson =>
  Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? "-0" : (String(x) as NumberJson);

const typeJson = (x: TensorType): TypeJson => ({ shape: [...x.shape], dtype: x.dtype, weak: x.weak });

/** Exports a program; values of constants that are being transformed are null. */
export function programToJson(program: ProgramParts): ProgramJson {
  mustBeProgram("programToJson", program);
  const names = programNames(program);
  const name = (x: Tensor): string => names.get(x)!;
  const inputs = program.inputs.map((x) => ({ name: name(x), ...typeJson(x) }));
  const constants = constantsOf(program).map((x) => ({
    name: name(x),
    ...typeJson(x),
    values: x instanceof DenseTensor ? Array.from(x.buffer, numberJson) : null,
  }));
  const equations = program.equations.map(({ primitive, operands, params, output, source, label }) => ({
    primitive: primitive.name,
    operands: operands.map(name),
    params,
    output: { name: name(output), ...typeJson(output) },
    ...(source === undefined ? {} : { source }),
    ...(label === undefined ? {} : { label }),
  }));
  return { inputs, constants, equations, outputs: program.outputs.map(name) };
}

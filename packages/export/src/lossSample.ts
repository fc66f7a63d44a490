import { withStops } from "@pushforward/autodiff";
import type { AnyLoss } from "@pushforward/losses";
import { DenseTensor, dropUnused, Program, type Tensor, trace, zeros } from "@pushforward/tensor";
import { functionsOf, lossArrays, lossAt, pointShape, shapesOf } from "./lossInputs.ts";
import { withNorms } from "./normPattern.ts";
import { opaque } from "./opaque.ts";
import { readable } from "./readable.ts";

/** The parts of a loss that its program depends on. */
export type ExportedLoss = Pick<AnyLoss, "name" | "learns" | "needs" | "loss" | "group">;

/**
 * The program of a loss for one sample of a number of coordinates, or for one group of samples at the same times. Its functions are opaque, its inputs are the arrays that it reads.
 *
 * @param without labels of stop-gradients that are switched off
 */
export function sampleProgram(loss: ExportedLoss, dim: number, without: readonly string[]): Program {
  const names = Object.keys(lossArrays);
  const samples = names.map((name) => zeros(lossArrays[name] === "point" ? pointShape(dim, loss.group) : []));
  const functions = Object.fromEntries(
    Object.entries(functionsOf(loss)).map(([name, f]) => [name, opaque(name, shapesOf(f, dim, loss.group))]),
  );
  const value = (...arrays: Tensor[]): Tensor =>
    lossAt(loss, functions, Object.fromEntries(arrays.map((x, i) => [names[i], x])));
  const traced = withStops(without, () => trace(value, { names })(...samples));
  return withoutUnused(withNorms(readable(traced)));
}

/** The program without equations and inputs that it does not use; inputs with some names are kept. */
export function withoutUnused(program: Program, kept: readonly string[] = []): Program {
  const { inputs, equations, outputs, names } = dropUnused(program);
  const used = new Set<Tensor>([...equations.flatMap(({ operands }) => operands), ...outputs]);
  return new Program(
    inputs.filter((x) => used.has(x) || kept.includes(names.get(x)!)),
    equations,
    outputs,
    names,
  );
}

/** Powers of the number of coordinates that a number may contain. */
const powers = [1, -1, 0.5] as const;

/**
 * The numbers of a program that depend on the number of coordinates, as text: mean values divide by it.
 *
 * @param programs of one loss, each with its number of coordinates
 * @param size     text of the number of coordinates
 * @returns texts of the constants of every program
 */
export function sizeSymbols(
  programs: readonly { program: Program; dim: number }[],
  size: string,
): ReadonlyMap<Tensor, string> {
  const symbols = new Map<Tensor, string>();
  const operands = programs.map(({ program }) => program.equations.flatMap((equation) => [...equation.operands]));
  operands[0].forEach((_, i) => {
    const constants = operands.map((list) => list[i]).filter((x) => x instanceof DenseTensor);
    if (constants.length < programs.length) return;
    const values = constants.map(({ buffer }) => buffer[0]);
    if (values.every((value) => value === values[0])) return;
    for (const power of powers) {
      const factors = values.map((value, k) => value / programs[k].dim ** power);
      if (!factors.every((factor) => Math.abs(factor / factors[0] - 1) < 1e-14)) continue;
      const factor = Number(factors[0].toPrecision(15));
      const whole = power === 0.5 ? `${size} ** 0.5` : size;
      const text = power === -1 ? `${factor} / ${size}` : factor === 1 ? whole : `${factor} * ${whole}`;
      for (const constant of constants) symbols.set(constant, text);
    }
  });
  return symbols;
}

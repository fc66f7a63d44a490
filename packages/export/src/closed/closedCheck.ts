import { vmap } from "@pushforward/autodiff";
import { type DenseTensor, interpret, mean, type Program, type Tensor } from "@pushforward/tensor";
import { checkSamples, storedSamples } from "../check/checkSamples.ts";
import type { Stored } from "../check/lossCheck.ts";
import { lossArrays } from "../lossInputs.ts";
import type { ClosedPrograms } from "./closedPrograms.ts";

/** Rows of the samples. */
const batch = 8;

/** Prefix of the stored arrays of the closed programs. */
export const prefix = "program.";

/** Runs a program on each row of the inputs that are no parameters. */
function rowByRow(program: Program, { params }: ClosedPrograms, rows: Readonly<Record<string, Tensor>>): Tensor[] {
  const names = program.inputs.map((x) => program.names.get(x)!);
  const given = names.filter((name) => !Object.hasOwn(params, name));
  const one = (...values: Tensor[]): Tensor[] =>
    interpret(
      program,
      names.map((name) => params[name] ?? values[given.indexOf(name)]),
    );
  const inAxes = given.map((name) => (lossArrays[name] === "shared" ? null : 0));
  return vmap(one as never, { inAxes: inAxes as never })(...(given.map((name) => rows[name]) as never[])) as Tensor[];
}

/**
 * Stored samples, and on them the loss, the mean of its gradient, and the results of the sampler, in float64.
 *
 * @param dim number of coordinates
 */
export function closedCheck(programs: ClosedPrograms, dim: number): Stored {
  const samples = Object.fromEntries(
    Object.entries(checkSamples(batch, dim)).map(([name, x]) => [
      name,
      lossArrays[name] === "number" ? x.reshape([batch]) : x,
    ]),
  );
  const [loss, ...gradients] = rowByRow(programs.gradient, programs, samples);
  const [sample] = rowByRow(programs.wholeSample, programs, samples);
  const named: [string, Tensor][] = [
    ...Object.entries(storedSamples(samples)),
    ["loss", loss],
    ["sample", sample],
    ...programs.trained.map((name, i): [string, Tensor] => [`gradient.${name}`, mean(gradients[i], 0)]),
  ];
  return Object.fromEntries(named.map(([name, x]) => [prefix + name, x as DenseTensor]));
}

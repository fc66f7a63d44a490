import type { DenseTensor, Tensor } from "../../array/tensor.ts";
import { evaluateAs } from "../../interpret/evaluation.ts";
import type { Program } from "../../program/program.ts";
import type { Backend, Executable } from "../backend.ts";

/** One equation with its operands as places in a list of values, and the places that no later equation reads. */
interface Step {
  readonly operands: readonly number[];
  readonly output: number;
  readonly free: readonly number[];
}

/** Interprets a program with the primitives' reference loops; a value is dropped after its last use. */
export const reference: Backend = {
  name: "reference",
  prepare: (program) => new Interpretation(program),
  describe: () => ({ backend: "reference", simd: "none" }),
};

class Interpretation implements Executable {
  readonly bytes = 0;
  readonly threads = 1;
  readonly launches: number;
  private readonly program: Program;
  private readonly places = new Map<Tensor, number>();
  private readonly constants: [number, DenseTensor][] = [];
  private readonly steps: Step[];
  private readonly outputs: number[];

  constructor(program: Program) {
    this.program = program;
    this.launches = program.equations.length;
    for (const input of program.inputs) this.places.set(input, this.places.size);
    const raw = program.equations.map(({ operands, output }) => {
      const read = operands.map((x) => this.placeOf(x));
      this.places.set(output, this.places.size);
      return { operands: read, output: this.places.get(output)! };
    });
    this.outputs = program.outputs.map((x) => this.placeOf(x));
    this.steps = withLastUses(
      raw,
      this.outputs,
      program.inputs.length,
      new Set(this.constants.map(([place]) => place)),
    );
  }

  private placeOf(x: Tensor): number {
    const known = this.places.get(x);
    if (known !== undefined) return known;
    const place = this.places.size;
    this.places.set(x, place);
    this.constants.push([place, x.concrete("compile")]);
    return place;
  }

  run(inputs: readonly DenseTensor[]): DenseTensor[] {
    const values: (DenseTensor | undefined)[] = new Array(this.places.size);
    inputs.forEach((x, i) => {
      values[i] = x;
    });
    for (const [place, value] of this.constants) values[place] = value;
    const { equations } = this.program;
    for (let i = 0; i < equations.length; i++) {
      const { operands, output, free } = this.steps[i];
      const { primitive, params, output: type } = equations[i];
      const inputsOfStep = operands.map((place) => values[place]!);
      // Shapes were checked while tracing: only the loops are left to run.
      values[output] = evaluateAs(type, primitive, inputsOfStep, params);
      for (const place of free) values[place] = undefined;
    }
    return this.outputs.map((place) => values[place]!);
  }
}

function withLastUses(
  raw: readonly Omit<Step, "free">[],
  outputs: readonly number[],
  inputs: number,
  constants: ReadonlySet<number>,
): Step[] {
  const seen = new Set(outputs);
  const free = raw.map(() => [] as number[]);
  for (let i = raw.length - 1; i >= 0; i--) {
    for (const place of new Set([...raw[i].operands, raw[i].output])) {
      if (seen.has(place) || constants.has(place) || place < inputs) continue;
      seen.add(place);
      free[i].push(place);
    }
  }
  return raw.map((step, i) => ({ ...step, free: free[i] }));
}

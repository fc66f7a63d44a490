import { type DenseTensor, type Tensor, trace } from "@pushforward/tensor";
import fc from "fast-check";
import { awayFromZero } from "../arbitraries/numbers.ts";
import { shapes } from "../arbitraries/shapes.ts";
import { tensorOf } from "../arbitraries/tensors.ts";
import type { Kind, Step } from "./move.ts";
import { movesOf } from "./moves.ts";

/** A function of tensors made of random steps, with inputs on which it is finite. */
export interface RandomProgram {
  readonly inputs: readonly DenseTensor[];
  /** The last value and the one before it. */
  readonly f: (...inputs: Tensor[]) => Tensor[];
  /** The program and its inputs as text, for the report of a failure. */
  toString(): string;
}

/** Options of randomPrograms. */
export interface RandomProgramOptions {
  /** Default float64. */
  readonly dtype?: "float64" | "float32";
  /** Which steps may occur; default: smooth ones. */
  readonly kinds?: readonly Kind[];
  /** Default 2. */
  readonly inputs?: number;
  /** Most steps; default 8. */
  readonly steps?: number;
  /** Most elements of an input; default 12. Beyond it axes may be longer than a few vectors. */
  readonly maxSize?: number;
}

/** Default of the most elements of an input; moves that make values larger take twice as many. */
const defaultSize = 12;

/** Choices of one step: which move, and how it reads the values so far. */
const choicesPerStep = 7;

/**
 * Random programs: nested operations of every family on 0-d, empty, size-1 and odd shapes.
 *
 * Smooth steps keep their arguments inside the domain, and a value beyond 8 is scaled down, so that derivatives of any order
 * exist and stay of moderate size.
 */
export function randomPrograms(options: RandomProgramOptions = {}): fc.Arbitrary<RandomProgram> {
  const { dtype = "float64", kinds = ["smooth"], inputs = 2, steps = 8, maxSize = defaultSize } = options;
  const input = shapes({ maxRank: 3, maxSize, long: maxSize > defaultSize }).chain((shape) =>
    tensorOf(shape, { dtype, elements: awayFromZero(0.125, 3) }),
  );
  const choices = fc.array(fc.nat({ max: 2 ** 20 }), { minLength: choicesPerStep, maxLength: choicesPerStep });
  return fc
    .tuple(
      fc.array(input, { minLength: inputs, maxLength: inputs }),
      fc.array(choices, { minLength: 1, maxLength: steps }),
    )
    .map(([values, plan]) => build(values, plan, kinds, 2 * maxSize));
}

function build(
  inputs: readonly DenseTensor[],
  plan: readonly number[][],
  kinds: readonly Kind[],
  small: number,
): RandomProgram {
  const table = movesOf(kinds);
  const pool = [...inputs];
  const steps: Step[] = [];
  for (const [which, ...choices] of plan) {
    let next = 0;
    const step = table[which % table.length].make(pool, (n) => choices[next++ % choices.length] % n, small);
    if (!step) continue;
    const bounded = keepBounded(step, pool);
    steps.push(bounded);
    pool.push(perform(bounded, pool).concrete("randomPrograms"));
  }
  const f = (...xs: Tensor[]): Tensor[] => {
    const values: Tensor[] = [...xs];
    for (const step of steps) values.push(perform(step, values));
    return values.slice(-2);
  };
  return { inputs, f, toString: () => `${trace(f)(...inputs).print()}\nat ${inputs.map(String).join("\n   ")}` };
}

const perform = (step: Step, values: readonly Tensor[]): Tensor => step.apply(...step.operands.map((i) => values[i]));

/** The step, followed by a power of two where its result is large: products of products would leave the range. */
function keepBounded(step: Step, pool: readonly DenseTensor[]): Step {
  const { buffer } = perform(step, pool).concrete("randomPrograms");
  let largest = 0;
  for (const x of buffer) largest = Math.max(largest, Math.abs(x));
  if (largest <= 8) return step;
  const factor = 2 ** -Math.ceil(Math.log2(largest / 4));
  return { ...step, apply: (...operands) => step.apply(...operands).mul(factor) };
}

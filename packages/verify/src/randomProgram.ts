import { add, mul, type Shape, sum, type Tensor } from "@pushforward/tensor";
import type { Draws } from "./draws.ts";
import { curvedSteps, kinkedSteps, mixingSteps, type ProgramStep } from "./programSteps.ts";

/** An operation on intermediate values, e.g. a stop-gradient. */
export type Mark = (x: Tensor, label: string) => Tensor;

/** Settings of a random program. */
export interface ProgramOptions {
  /** Number of matrices among the inputs. Default 1. */
  readonly inputs?: number;
  /** Number of steps. Default 5. */
  readonly length?: number;
  /** Whether the program may have kinks. Default true. */
  readonly kinks?: boolean;
  /** Rows and columns; drawn from 1 to 4 by default. */
  readonly shape?: Shape;
}

/** A program of random steps on matrices of one shape. */
export interface RandomProgram {
  /** Shape of every input and of the result. */
  readonly shape: Shape;
  /** Names of its steps, in order. */
  readonly steps: readonly string[];
  /** The result and its derivative at random inputs are not zero. */
  run(inputs: readonly Tensor[], mark?: Mark): Tensor;
  /** Σ weights·result, for gradients. */
  total(inputs: readonly Tensor[], mark?: Mark): Tensor;
  /** Random inputs. */
  draw(): Tensor[];
}

interface Line {
  readonly name: string;
  readonly step: ProgramStep;
  readonly x: number;
  readonly y: number;
  /** Weight of this value in the result. */
  readonly weight: number;
  readonly isMarked: boolean;
}

const nameOf = (kinks: boolean, draws: Draws): [string, ProgramStep] => {
  const tables = kinks ? [curvedSteps, mixingSteps, mixingSteps, kinkedSteps] : [curvedSteps, mixingSteps];
  return draws.pick(Object.entries(draws.pick(tables)));
};

/**
 * A program drawn at random. Its first step is curved and marked; later ones are marked with probability ⅓. The result is a
 * sum of all its values, so that none is unused.
 */
export function randomProgram(draws: Draws, options: ProgramOptions = {}): RandomProgram {
  const { inputs = 1, length = 5, kinks = true } = options;
  const shape = options.shape ?? [draws.integer(1, 4), draws.integer(1, 4)];
  const lines: Line[] = Array.from({ length }, (_, i) => {
    const [name, step] = i === 0 ? draws.pick(Object.entries(curvedSteps)) : nameOf(kinks, draws);
    const known = inputs + i;
    // every input once, then recent values more often than old values, so that programs become deep
    const x = i < inputs ? i : Math.max(draws.integer(0, known - 1), draws.integer(0, known - 1));
    return {
      name,
      step,
      x,
      y: draws.integer(0, known - 1),
      weight: draws.signed(0.4, 1),
      isMarked: i === 0 || draws.chance(1 / 3),
    };
  });
  const weights = draws.normal(shape);
  const run = (given: readonly Tensor[], mark: Mark = (x) => x): Tensor => {
    const pool = [...given];
    for (const { step, x, y, isMarked } of lines) {
      const value = step(pool[x], pool[y]);
      pool.push(isMarked ? mark(value, "mark") : value);
    }
    return lines.reduce((total, { weight }, i) => add(total, mul(weight, pool[inputs + i])), mul(0.5, given[0]));
  };
  return {
    shape,
    steps: lines.map(({ name }) => name),
    run,
    total: (given, mark) => sum(mul(weights, run(given, mark))),
    draw: () => draws.list(inputs, () => 0).map(() => draws.normal(shape)),
  };
}

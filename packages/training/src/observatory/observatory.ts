import { compile, foldIn, key, mustBe, ready, type Tensor, type Tree } from "@pushforward/tensor";
import { streams } from "../trainer/streams.ts";
import { immediate, type Trainer } from "../trainer/trainer.ts";
import type { TrainState } from "../trainer/trainState.ts";
import { type ExactValues, exactValues } from "./exactValues.ts";
import type { Figure, Series } from "./figure.ts";
import { type FigureName, figureNames, figures } from "./figures.ts";
import { observed } from "./observed.ts";

/** The numbers of all figures of one state: plain JSON. A number that is not finite is null. */
export type Observation = Readonly<Partial<Record<FigureName, Series<readonly (number | null)[]>>>>;

/** Measures the figures of a training at its states. */
export interface Observatory<P = Tree> {
  /** Figures that have a meaning for the training. */
  readonly figures: readonly FigureName[];
  /** Measures a state of the training; the state and its training stay as they are. Figures of parameters that are not finite are null. */
  observe(state: TrainState<P>): Promise<Observation>;
}

/** Significant digits that are kept: figures are means over few samples. */
const digits = 5;

/**
 * Prepares the figures of a training as one compiled function of its states. Batches and points are drawn once, from a stream of their
 * own of the seed, so that observing changes no bit of the training.
 *
 * @throws DTypeError unless the trainer is one that `makeTrainer` returns; `observe` throws it for a value that is no state
 */
export function makeObservatory<P = Tree>(trainer: Trainer<P>): Observatory<P> {
  mustBe("makeObservatory", "the trainer", trainer, "object");
  for (const part of ["recipe", "problem", "settings", "initial"] as const)
    mustBe("makeObservatory", `${part} of the trainer`, trainer[part], "object");
  mustBe("makeObservatory", "open of the trainer", trainer.open, "function");
  // Figures see parameters as a tree, whatever their type.
  const plain = trainer as unknown as Trainer;
  const table: Readonly<Record<FigureName, Figure>> = figures;
  const names = figureNames.filter((name) => table[name].applies(plain));
  const teacher = plain.teacher ?? null;
  const k = foldIn(key(trainer.settings.seed), streams.observatory);
  const measure = compile(
    (state: TrainState, taught: Tree | null, random: Tensor, exact: ExactValues | null) => {
      const all = observed({ trainer: plain, state, teacher: taught, key: random, exact });
      return Object.fromEntries(names.map((name) => [name, table[name].measure(all)]));
    },
    // Batches are small: more threads would only take longer to compile.
    { backend: immediate(trainer.settings.backend), threads: 1 },
  );
  let exact: ExactValues | null | undefined;
  return {
    figures: names,
    async observe(state) {
      mustBe("observe", "the state", state, "object");
      mustBe("observe", "ema of the state", state.ema, "object");
      if (exact === undefined) exact = exactValues(plain, teacher, k);
      const measured = await ready(measure(state as unknown as TrainState, teacher, k, exact));
      return Object.fromEntries(names.map((name) => [name, numbersOf(table[name], measured[name])]));
    },
  };
}

/** The values of a figure as plain JSON. */
function numbersOf({ finish = plainNumbers }: Figure, values: Series): Series<readonly (number | null)[]> {
  const rounded = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(digits)) : null);
  return Object.fromEntries(Object.entries(finish(values)).map(([name, numbers]) => [name, numbers.map(rounded)]));
}

const plainNumbers = (values: Series): Series<readonly number[]> =>
  Object.fromEntries(Object.entries(values).map(([name, x]) => [name, Array.from(x.dataSync())]));

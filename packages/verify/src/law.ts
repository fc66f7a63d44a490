import { DomainError, foldIn, type Tensor } from "@pushforward/tensor";
import { Draws } from "./draws.ts";

/**
 * An identity together with its negative control: the same statement about a deliberately broken twin. Residuals of the
 * identity stay below its bound, residuals of the twin do not, so a law that checks nothing is caught.
 */
export interface Law {
  /** Name in camelCase: the file's name, and what `only` selects. */
  readonly name: string;
  /** A few words for a table. */
  readonly title: string;
  /** What holds, in one sentence. */
  readonly statement: string;
  /** The identity in LaTeX. */
  readonly formula: string;
  /** Largest residual that passes. */
  readonly bound: number;
  /** What the negative control breaks, in one sentence. */
  readonly broken: string;
  /** A control instance counts as violated above this. */
  readonly controlBound: number;
  /** Instances in a run relative to other laws. */
  readonly weight: number;
  /** Largest number of instances asked for at once. */
  readonly batch: number;
  /** Where the identity comes from. */
  readonly source?: string;
  /** Residuals of `n` random instances, one each. */
  residuals(key: Tensor, n: number): Float64Array;
  /** Residuals of the broken twin of the same instances. */
  control(key: Tensor, n: number): Float64Array;
}

/** What a law must say; the rest has defaults. */
export type LawDefinition = Omit<Law, "controlBound" | "weight" | "batch"> &
  Partial<Pick<Law, "controlBound" | "weight" | "batch">>;

/**
 * A law with its defaults: the control must exceed ten times the bound, weight 1, at most 64 instances at once.
 *
 * @throws DomainError unless the bounds are ordered and the sizes positive
 */
export function defineLaw(definition: LawDefinition): Law {
  const law = { controlBound: 10 * definition.bound, weight: 1, batch: 64, ...definition };
  if (!/^[a-z][A-Za-z0-9]*$/.test(law.name)) throw new DomainError(`defineLaw: a name is camelCase, got "${law.name}"`);
  if (!(law.bound >= 0 && law.controlBound >= law.bound)) {
    throw new DomainError(
      `defineLaw: ${law.name} needs 0 ≤ bound ≤ controlBound, got ${law.bound} and ${law.controlBound}`,
    );
  }
  if (!(law.weight > 0 && Number.isInteger(law.batch) && law.batch > 0)) {
    throw new DomainError(`defineLaw: ${law.name} needs weight > 0 and batch ≥ 1, got ${law.weight} and ${law.batch}`);
  }
  return law;
}

/** Both sides of a law whose instances are made one at a time, each from its own key; the index counts within the batch. */
export function oneByOne(
  residual: (draws: Draws, isBroken: boolean, index: number) => number,
): Pick<Law, "residuals" | "control"> {
  const all = (key: Tensor, n: number, isBroken: boolean): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => residual(new Draws(foldIn(key, i)), isBroken, i));
  return { residuals: (key, n) => all(key, n, false), control: (key, n) => all(key, n, true) };
}

/**
 * Both sides of a law whose instances are the rows of one computation, in groups that share what the draws of the group decide,
 * e.g. one random distribution.
 */
export function rowByRow(
  residuals: (draws: Draws, n: number, isBroken: boolean) => Float64Array,
  group = Number.POSITIVE_INFINITY,
): Pick<Law, "residuals" | "control"> {
  const all = (key: Tensor, n: number, isBroken: boolean): Float64Array => {
    const out = new Float64Array(n);
    for (let start = 0; start < n; start += group) {
      const size = Math.min(group, n - start);
      const some = residuals(new Draws(foldIn(key, start)), size, isBroken);
      if (some.length !== size) throw new DomainError(`rowByRow: needs ${size} residuals, got ${some.length}`);
      out.set(some, start);
    }
    return out;
  };
  return { residuals: (key, n) => all(key, n, false), control: (key, n) => all(key, n, true) };
}

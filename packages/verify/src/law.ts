import { DomainError, foldIn, type Tensor } from "@pushforward/tensor";
import { Draws } from "./draws.ts";

/**
 * An identity together with its negative control, the same statement with a deliberate fault. Residuals of the identity stay
 * below the bound and residuals of the control do not, so a law that checks nothing fails.
 */
export interface Law {
  /** Name in camelCase, also the name of the file, for `only`. */
  readonly name: string;
  /** A few words for a table. */
  readonly title: string;
  /** The statement, in one sentence. */
  readonly statement: string;
  /** The identity in LaTeX. */
  readonly formula: string;
  /** Largest residual that passes. */
  readonly bound: number;
  /** The fault of the negative control, in one sentence. */
  readonly broken: string;
  /** A control instance counts as violated above this bound. */
  readonly controlBound: number;
  /** Number of instances in a run relative to other laws. */
  readonly weight: number;
  /** Largest number of instances per call. */
  readonly batch: number;
  /** Source of the identity. */
  readonly source?: string;
  /** Residuals of `n` random instances, one per instance. */
  residuals(key: Tensor, n: number): Float64Array;
  /** Residuals of the control for the same instances. */
  control(key: Tensor, n: number): Float64Array;
}

/** Fields of a law; those with defaults are optional. */
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

/** Residuals and control of a law with separate instances, each from its own key; the index counts within the batch. */
export function oneByOne(
  residual: (draws: Draws, isBroken: boolean, index: number) => number,
): Pick<Law, "residuals" | "control"> {
  const all = (key: Tensor, n: number, isBroken: boolean): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => residual(new Draws(foldIn(key, i)), isBroken, i));
  return { residuals: (key, n) => all(key, n, false), control: (key, n) => all(key, n, true) };
}

/**
 * Residuals and control of a law whose instances are the rows of one computation. The rows come in groups with common draws, e.g.
 * one random distribution per group.
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

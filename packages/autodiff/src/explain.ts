import type { Tensor } from "@pushforward/tensor";
import { blockedCotangentsAt, sitesOf } from "./blockedCotangents.ts";
import { keepingAll } from "./checkpoint.ts";
import { gradAt } from "./grad.ts";
import { type AnyFunction, type Arguments, applyTo, argumentsOf, checkFloat } from "./leaves.ts";
import { collectReads, type ValueRead } from "./reads.ts";
import { withStops } from "./stop.ts";

/** The effect of one label's stop-gradients on the gradient. */
export interface StopEffect {
  /** Number of values that the label stops in one call. */
  readonly sites: number;
  /** ‖cotangent‖₂ that the label's stops discard. */
  readonly cutNorm: number;
  /** ‖∇‖₂ of the function as written, with the stops. */
  readonly normWith: number;
  /** ‖∇‖₂ with this label switched off. */
  readonly normWithout: number;
  /** Cosine of the angle between both gradients; NaN if one is zero. */
  readonly cosine: number;
}

/** The result of explain. */
export interface Explanation {
  readonly value: number;
  /** By label, in the order of first use. */
  readonly labels: Readonly<Record<string, StopEffect>>;
  /** Values that the function reads as plain numbers, in the order of the first read: each read is a stop without a label. */
  readonly reads: readonly ValueRead[];
}

const dotOf = (a: readonly Tensor[], b: readonly Tensor[]): number =>
  a.reduce((sum, x, i) => sum + x.mul(b[i]).sum().item(), 0);
const normOf = (a: readonly Tensor[]): number => Math.sqrt(dotOf(a, a));

/**
 * Measures the effect of each label's stop-gradients on the gradient of a scalar function, at given arguments.
 *
 *
 * @throws DTypeError for int32 and bool leaves; ShapeError unless the function returns a scalar
 */
export function explain<Args extends readonly unknown[]>(f: (...args: Args) => Tensor): (...args: Args) => Explanation {
  return (...raw) => {
    const args = argumentsOf("explain", raw);
    checkFloat("explain", args);
    const run = (...leaves: Tensor[]): Tensor => applyTo(f as AnyFunction, args, leaves) as Tensor;
    return keepingAll(() => explainAt(run, args));
  };
}

function explainAt(run: (...leaves: Tensor[]) => Tensor, args: Arguments): Explanation {
  const all = args.values.map((_, i) => i);
  const gradient = (): [Tensor, Tensor[]] => {
    const { value, grads } = gradAt("explain", run, args.values, { argnums: all });
    return [value, grads as Tensor[]];
  };
  const {
    result: [value, written],
    reads,
  } = collectReads(gradient);
  const sites = sitesOf(() => run(...args.values));
  const blocked = blockedCotangentsAt("explain", () => run(...args.values), sites);
  const labels = [...new Set(sites.map((site) => site.label))].map((label): [string, StopEffect] => {
    const [, without] = withStops([label], gradient);
    const [normWith, normWithout] = [normOf(written), normOf(without)];
    const mine = blocked.filter((_, i) => sites[i].label === label);
    const cosine = dotOf(written, without) / (normWith * normWithout);
    return [label, { sites: mine.length, cutNorm: normOf(mine), normWith, normWithout, cosine }];
  });
  return { value: value.item(), labels: Object.fromEntries(labels), reads };
}

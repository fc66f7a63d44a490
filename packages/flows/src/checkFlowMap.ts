import { jvp } from "@pushforward/autodiff";
import {
  DomainError,
  keys,
  mul,
  mustBe,
  mustBeOneOf,
  normal,
  onesLike,
  optionsOf,
  sub,
  type Tensor,
  tensor,
  uniform,
} from "@pushforward/tensor";
import { checkedFunction } from "./callChecks.ts";
import type { FlowMap, VelocityField } from "./flow.ts";
import { shrink } from "./shrink.ts";

/** Settings of checkFlowMap. */
export interface CheckFlowMapOptions {
  /** Number of coordinates of x. */
  readonly dim: number;
  /** Key of the random cases. */
  readonly key: Tensor;
  /** v(x, t) that the map should follow; without it the tangent condition is not checked. */
  readonly velocity?: VelocityField;
  /** Laws to check; default identity, semigroup, inverse, and with a velocity tangent. */
  readonly laws?: readonly FlowMapLaw[];
  /** Random cases per law; default 64. */
  readonly cases?: number;
  /** Largest allowed residual, relative to max(1, |value|); default 1e-9 in float64, 1e-4 in float32. */
  readonly tolerance?: number;
  /** Times are drawn from this range; default [0, 1]. */
  readonly times?: readonly [low: number, high: number];
  /** Standard deviation of x; default 1. */
  readonly scale?: number;
  readonly dtype?: "float64" | "float32";
}

/** One case, in plain numbers; r is any time, inside or outside [s, t]. */
export interface Counterexample {
  readonly x: readonly number[];
  readonly s: number;
  readonly r: number;
  readonly t: number;
  /** Residual of the law in this case, relative to max(1, |value|). */
  readonly residual: number;
}

/** The result for one law. */
export interface LawReport {
  /** The law in a formula. */
  readonly law: string;
  readonly cases: number;
  /** Largest residual over all cases, relative to max(1, |value|); NaN if a value was not a number. */
  readonly worst: number;
  readonly bound: number;
  readonly passed: boolean;
  /** The simplest case that breaks the law, with few digits and many zeros. */
  readonly counterexample?: Counterexample;
}

/** The laws of a flow map by name. */
export type FlowMapLaw = "identity" | "semigroup" | "inverse" | "tangent" | "forward" | "backward" | "duality";

/** The result of checkFlowMap. */
export interface FlowMapReport {
  readonly passed: boolean;
  /** The results of the checked laws. */
  readonly laws: Readonly<Partial<Record<FlowMapLaw, LawReport>>>;
}

/** Points [batch, dim] and times [batch, 1]. */
interface Cases {
  readonly x: Tensor;
  readonly s: Tensor;
  readonly r: Tensor;
  readonly t: Tensor;
}

/** Both sides of a law. */
type Sides = (map: FlowMap, cases: Cases, velocity: VelocityField) => readonly [left: Tensor, right: Tensor];

/** Every law of a flow map: its formula and both of its sides. */
export const flowMapLaws: Readonly<Record<FlowMapLaw, { readonly law: string; readonly sides: Sides }>> = {
  identity: { law: "Φ(x, s, s) = x", sides: (map, { x, s }) => [map(x, s, s), x] },
  semigroup: {
    law: "Φ(Φ(x, s, r), r, t) = Φ(x, s, t)",
    sides: (map, { x, s, r, t }) => [map(map(x, s, r), r, t), map(x, s, t)],
  },
  inverse: { law: "Φ(Φ(x, s, t), t, s) = x", sides: (map, { x, s, t }) => [map(map(x, s, t), t, s), x] },
  tangent: {
    law: "∂ₜΦ(x, s, t) at t = s is v(x, s)",
    sides: (map, { x, s }, velocity) => {
      const [, slope] = jvp((t: Tensor) => map(x, s, t), [s], [onesLike(s)]);
      return [slope, velocity(x, s)];
    },
  },
  forward: {
    law: "∂ₜΦ(x, s, t) = v(Φ(x, s, t), t)",
    sides: (map, { x, s, t }, velocity) => {
      const [end, slope] = jvp((time: Tensor) => map(x, s, time), [t], [onesLike(t)]);
      return [slope, velocity(end, t)];
    },
  },
  backward: {
    law: "∂ₛΦ(x, s, t) + ∇Φ(x, s, t)·v(x, s) = 0",
    sides: (map, { x, s, t }, velocity) => {
      const [end, slope] = jvp((y: Tensor, time: Tensor) => map(y, time, t), [x, s], [velocity(x, s), onesLike(s)]);
      return [slope, mul(0, end)];
    },
  },
  duality: {
    law: "∂ₛΦ(x, s, t) + ∇Φ(x, s, t)·v(x, s) = ∇Φ(x, s, t)·[v(x, s) − ∂ₛΦ(y, t, s)] at y = Φ(x, s, t)",
    sides: (map, { x, s, t }, velocity) => {
      const v = velocity(x, s);
      const [end, backward] = jvp((y: Tensor, time: Tensor) => map(y, time, t), [x, s], [v, onesLike(s)]);
      const [, back] = jvp((time: Tensor) => map(end, t, time), [s], [onesLike(s)]);
      const [, pushed] = jvp((y: Tensor) => map(y, s, t), [x], [sub(v, back)]);
      return [backward, pushed];
    },
  },
};

/** Laws that hold for the flow map of any velocity. */
const withoutVelocity: readonly FlowMapLaw[] = ["identity", "semigroup", "inverse"];

/**
 * Checks the laws of a flow map on random points and times: identity at s = t, semigroup, inverse, and with a velocity the tangent
 * condition. A broken law comes with a shrunk counterexample.
 *
 * @param map Φ(x, s, t), called with x [batch, dim] and times [batch, 1], in both directions of time
 * @throws DomainError for settings out of range
 */
export function checkFlowMap(map: FlowMap, options: CheckFlowMapOptions): FlowMapReport {
  const { dtype = "float64", cases: count = 64, velocity: given, tolerance } = optionsOf("checkFlowMap", options);
  const phi = checkedFunction("checkFlowMap", "the map", map);
  const velocity = given === undefined ? undefined : checkedFunction("checkFlowMap", "the velocity", given);
  const bound = tolerance ?? (dtype === "float64" ? 1e-9 : 1e-4);
  if (!Number.isInteger(count) || count < 1)
    throw new DomainError(`checkFlowMap: cases must be a whole number ≥ 1, got ${count}`);
  checkSettings(options, bound);
  const cases = draw(options, count, dtype);
  const names = options.laws ?? [...withoutVelocity, ...(velocity ? (["tangent"] as const) : [])];
  for (const name of names) {
    if (!Object.hasOwn(flowMapLaws, name)) {
      throw new DomainError(`checkFlowMap: each of laws ${mustBeOneOf(name, Object.keys(flowMapLaws))}`);
    }
    if (!velocity && !withoutVelocity.includes(name)) {
      throw new DomainError(`checkFlowMap: velocity must be given for the law ${name}, got none`);
    }
  }
  const laws = Object.fromEntries(
    names.map((name) => {
      const { law, sides } = flowMapLaws[name];
      const residualsOf = (some: Cases): number[] => residuals(...sides(phi, some, velocity!));
      return [name, judge(law, residualsOf, cases, { bound, count, dtype, times: options.times ?? [0, 1] })];
    }),
  );
  return { passed: Object.values(laws).every(({ passed }) => passed), laws };
}

function checkSettings({ dim, times = [0, 1], scale = 1 }: CheckFlowMapOptions, bound: number): void {
  mustBe("checkFlowMap", "times", times, "list");
  const [low, high] = times;
  for (const [name, value] of Object.entries({ tolerance: bound, scale }))
    mustBe("checkFlowMap", name, value, "number");
  if (!Number.isInteger(dim) || dim < 1)
    throw new DomainError(`checkFlowMap: dim must be a whole number ≥ 1, got ${dim}`);
  if (!(bound > 0)) throw new DomainError(`checkFlowMap: the tolerance must be positive, got ${bound}`);
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
    throw new DomainError(`checkFlowMap: times must be a finite range [low, high], got ${low} and ${high}`);
  if (!(scale > 0 && Number.isFinite(scale)))
    throw new DomainError(`checkFlowMap: scale must be positive and finite, got ${scale}`);
}

function draw(options: CheckFlowMapOptions, count: number, dtype: "float64" | "float32"): Cases {
  const { dim, key, times: [low, high] = [0, 1], scale = 1 } = options;
  const [forX, ...forTimes] = keys(key, 4);
  const [s, r, t] = forTimes.map((each) => uniform(each, [count, 1], { dtype, min: low, max: high }));
  return { x: mul(scale, normal(forX, [count, dim], { dtype })), s, r, t };
}

/** Largest |left − right|/max(1, |right|) of every row. */
function residuals(left: Tensor, right: Tensor): number[] {
  const [gaps, sizes] = [sub(left, right).dataSync(), right.dataSync()];
  const rows = right.shape[0];
  const dim = gaps.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    let worst = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) {
      worst = Math.max(worst, Math.abs(gaps[i]) / Math.max(1, Math.abs(sizes[i])));
    }
    return worst;
  });
}

interface Limits {
  readonly bound: number;
  readonly count: number;
  readonly dtype: "float64" | "float32";
  readonly times: readonly [number, number];
}

function judge(law: string, residualsOf: (cases: Cases) => number[], cases: Cases, limits: Limits): LawReport {
  const all = residualsOf(cases);
  // a NaN is worse than any number
  const worst = all.reduce((a, b) => (b > a || Number.isNaN(b) ? b : a));
  const report = { law, cases: limits.count, worst, bound: limits.bound, passed: worst <= limits.bound };
  if (report.passed) return report;
  const row = all.findIndex((each) => Object.is(each, worst));
  const pick = (x: Tensor): number[] => [...x.slice(row).dataSync()];
  const start = { x: pick(cases.x), s: pick(cases.s)[0], r: pick(cases.r)[0], t: pick(cases.t)[0] };
  const residualAt = (one: typeof start): number => {
    const { dtype } = limits;
    const time = (value: number): Tensor => tensor([[value]], { dtype });
    return residualsOf({ x: tensor([one.x], { dtype }), s: time(one.s), r: time(one.r), t: time(one.t) })[0];
  };
  const simplest = shrink(start, (one) => !(residualAt(one) <= limits.bound), limits.times);
  return { ...report, counterexample: { ...simplest, residual: residualAt(simplest) } };
}

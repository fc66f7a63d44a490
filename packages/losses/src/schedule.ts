import {
  add,
  DomainError,
  exp,
  greater,
  less,
  mul,
  mustBe,
  mustBeOneOf,
  sigmoid,
  sub,
  type Tensor,
  type TensorLike,
  where,
} from "@pushforward/tensor";

/** A number in [0, 1] that changes with the part p of a training that is done. */
export type Schedule =
  /** from·(to/from)^p; both ends above 0. */
  | { readonly kind: "exponential"; readonly from: number; readonly to: number }
  /** from + (to − from)·σ(gamma·(p − ½)); values within `snap` of 0 or 1 are 0 or 1. By default nothing snaps. */
  | {
      readonly kind: "sigmoid";
      readonly from: number;
      readonly to: number;
      readonly gamma: number;
      readonly snap?: number;
    };

/** A number, or a schedule of it. */
export type Scheduled = number | Schedule;

/** The schedules by kind. */
const curves: {
  readonly [K in Schedule["kind"]]: (schedule: Extract<Schedule, { kind: K }>, progress: TensorLike) => Tensor;
} = {
  exponential: ({ from, to }, progress) => {
    if (from * to > 0) return mul(from, exp(mul(Math.log(to / from), progress)));
    throw new DomainError(`scheduleAt: an exponential schedule must have ends above 0, got ${from} and ${to}`);
  },
  sigmoid: ({ from, to, gamma, snap = 0 }, progress) => {
    for (const [name, value] of Object.entries({ gamma, snap })) mustBe("scheduleAt", name, value, "number");
    const value = add(from, mul(to - from, sigmoid(mul(gamma, sub(progress, 0.5)))));
    return where(less(value, snap), 0, where(greater(value, 1 - snap), 1, value));
  },
};

/**
 * The value of a schedule after a part of a training.
 *
 * @param progress the part p that is done, from 0 to 1
 * @throws DomainError for an unknown kind, or an end out of range
 * @source sigmoid: Zhang et al. 2025 (α-Flow), official code, src/training/loss.py: get_ratio; exponential: Luo et al. 2025 (SoFlow)
 */
export function scheduleAt(schedule: Scheduled, progress: TensorLike): TensorLike {
  if (typeof schedule === "number") return schedule;
  mustBe("scheduleAt", "a schedule that is no number", schedule, "object");
  if (typeof schedule.kind !== "string" || !Object.hasOwn(curves, schedule.kind))
    throw new DomainError(`scheduleAt: kind ${mustBeOneOf(schedule.kind, Object.keys(curves))}`);
  for (const name of ["from", "to"] as const) {
    const end = schedule[name];
    mustBe("scheduleAt", name, end, "number");
    if (!(end >= 0 && end <= 1)) throw new DomainError(`scheduleAt: ${name} must be in [0, 1], got ${end}`);
  }
  const curve = curves[schedule.kind] as (schedule: Schedule, progress: TensorLike) => Tensor;
  return curve(schedule, progress);
}

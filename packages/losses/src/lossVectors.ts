import { jvp, vjp } from "@pushforward/autodiff";
import { type AverageVelocity, checkedFunction, checkSameShape, checkTimes } from "@pushforward/flows";
import {
  add,
  DomainError,
  mul,
  mustBe,
  mustBeOneOf,
  onesLike,
  promote,
  sub,
  Tensor,
  tensor,
  zerosLike,
} from "@pushforward/tensor";
import { checkBatch } from "./checkInput.ts";
import type { AnyLoss } from "./lossTypes.ts";
import { checkLossFields } from "./recipes/term.ts";

/**
 * A direction in (x, s, t) along which a loss takes its derivative. In x it is the velocity v of the input, the student's own velocity
 * U(X_s, s, s), vectors [batch, dim], or numbers [dim] for all rows. The tangent of MeanFlow is `{ x: "velocity", s: 1, t: 0 }`.
 */
export interface LossTangent {
  readonly x: "velocity" | "own" | Tensor | readonly number[];
  readonly s: number;
  readonly t: number;
}

/** The vectors from which a loss makes its value, each [batch, dim]. */
export interface LossVectors {
  /** The tangent in x. */
  readonly along: Tensor;
  /** U(X_s, s, t). */
  readonly average: Tensor;
  /** d/ds U(X_s, s, t) along the tangent. */
  readonly derivative: Tensor;
  /** (t − s)·d/ds U. */
  readonly correction: Tensor;
  /** ∂L/∂U: the gradient that the network receives at its output. */
  readonly gradient: Tensor;
  /** U − ½·∂L/∂U: the vector at which the gradient of a squared distance would be the same. For MeanFlow it is v + (t − s)·d/ds U. */
  readonly target: Tensor;
  /** L, [batch]. */
  readonly value: Tensor;
}

/** An input of a loss with the student as an average velocity, and with the velocity at (X_s, s). */
export type LossVectorsInput = Omit<Parameters<AnyLoss["loss"]>[0], "u" | "along" | "s" | "t"> & {
  readonly u: AverageVelocity;
  readonly s: Tensor;
  readonly t: Tensor;
};

/**
 * The vectors of a loss whose tangent holds v, with any tangent in the place of its own. The loss itself computes them: it receives
 * the student along a line,
 *
 *   U′(x, σ, τ) = U(x, s + ṡ·(σ − s), τ + ṫ·(σ − s)) + ε,
 *
 * whose derivative along (ẋ, 1, 0) at σ = s is that of U along (ẋ, ṡ, ṫ). The gradient is ∂L/∂ε at ε = 0.
 *
 * @param input  as the loss takes it, with `u` and `v`; s and t are scalars or [batch, 1]
 * @throws DomainError if the tangent of the loss holds no v, or if the loss has no average velocity to learn
 */
export function lossVectors(loss: AnyLoss, input: LossVectorsInput, tangent: LossTangent): LossVectors {
  checkLoss(loss);
  checkInput(input, tangent);
  const { xs } = input;
  const [, s, t] = promote("lossVectors", [xs, input.s, input.t]);
  const u = checkedFunction("lossVectors", "u", input.u);
  const along = alongOf(tangent, u, { xs, v: input.v, s });
  const rates = [tangent.s, tangent.t] as const;
  const [average, derivative] = jvp(
    u,
    [xs, s, t],
    [along, ...([s, t].map((time, i) => add(zerosLike(time), rates[i])) as [Tensor, Tensor])],
  );
  const onLine: AverageVelocity = (x, from, to) =>
    u(x, add(s, mul(tangent.s, sub(from, s))), add(to, mul(tangent.t, sub(from, s))));
  const student = tangent.s === 1 && tangent.t === 0 ? u : onLine; // a shorter program, which may be exported
  const value = (shift: Tensor): Tensor =>
    loss.loss({ ...input, s, t, along, u: (x, from, to) => add(student(x, from, to), shift) });
  const [values, pullback] = vjp(value, [zerosLike(xs)]);
  const [gradient] = pullback(onesLike(values));
  return {
    ...{ along, average, derivative, gradient },
    correction: mul(sub(t, s), derivative),
    target: sub(average, mul(0.5, gradient)),
    value: values,
  };
}

/** The tangent in x as vectors. */
function alongOf(
  { x }: LossTangent,
  u: AverageVelocity,
  { xs, v, s }: { readonly xs: Tensor; readonly v: Tensor; readonly s: Tensor },
): Tensor {
  if (x === "velocity") return v;
  if (x === "own") return u(xs, s, s);
  return x instanceof Tensor ? x : add(zerosLike(xs), tensor([...x], { dtype: xs.dtype as "float64" }));
}

function checkLoss(loss: AnyLoss): void {
  checkLossFields("lossVectors", "the loss", loss);
  const { along, learns, name } = loss;
  if (!along) throw new DomainError(`lossVectors: the tangent of the loss must hold v, but that of ${name} does not`);
  if (learns !== "averageVelocity" && learns !== "flowMap")
    throw new DomainError(
      `lossVectors: the loss must learn an average velocity or a flow map, but ${name} learns ${learns}`,
    );
}

function checkInput(input: LossVectorsInput, tangent: LossTangent): void {
  mustBe("lossVectors", "the input", input, "object");
  const { xs, v, s, t } = input;
  checkBatch("lossVectors", xs, "xs");
  checkSameShape("lossVectors", "v", v, xs, " like xs");
  checkTimes("lossVectors", xs, { s, t });
  mustBe("lossVectors", "the tangent", tangent, "object");
  for (const part of ["s", "t"] as const) {
    mustBe("lossVectors", `${part} of the tangent`, tangent[part], "number");
    if (!Number.isFinite(tangent[part]))
      throw new DomainError(`lossVectors: ${part} of the tangent must be finite, got ${tangent[part]}`);
  }
  checkAlong(tangent.x, xs);
}

function checkAlong(x: LossTangent["x"], xs: Tensor): void {
  if (typeof x === "string") {
    const words = ["velocity", "own"];
    if (!words.includes(x)) throw new DomainError(`lossVectors: x of the tangent ${mustBeOneOf(x, words)}`);
  } else if (Array.isArray(x)) checkNumbers(x, xs.shape.at(-1) as number);
  else checkSameShape("lossVectors", "x of the tangent", x, xs, " like xs");
}

function checkNumbers(x: readonly number[], dim: number): void {
  for (const each of x) mustBe("lossVectors", "a number of x of the tangent", each, "number");
  if (x.length !== dim || !x.every(Number.isFinite))
    throw new DomainError(`lossVectors: x of the tangent must be ${dim} finite numbers, got ${x.join(", ")}`);
}

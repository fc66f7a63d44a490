import { collectStops } from "@pushforward/autodiff";
import { type AnyLoss, labelsOf } from "@pushforward/losses";
import { DomainError, foldIn, key, mustBe, optionsOf, trace } from "@pushforward/tensor";
import { checkLaw, type LawReport } from "./checkLaw.ts";
import { Draws } from "./draws.ts";
import { defineLaw, type Law } from "./law.ts";
import { lossGradientBound, lossGradients, slopeInstance } from "./laws/lossGradients.ts";
import {
  type Batch,
  conformanceGaps,
  formatLossCase,
  type LossCounterexample,
  lossCounterexample,
} from "./lossCounterexample.ts";
import { type LossInstance, lossInstance, lossOf } from "./lossInstance.ts";

/** Random instances that are computed at once. */
const rows = 8;

/** The labels of stop-gradients in words. */
const words = (labels: readonly string[]): string => (labels.length > 0 ? [...labels].sort().join(", ") : "none");

/**
 * Checks the properties of registered losses on random instances of a loss: one finite number per sample, the labels of its
 * stop-gradients are the declared labels, it compiles, and its gradient is the difference quotient with frozen stopped values.
 *
 * @throws DomainError that names the loss and what does not hold
 */
export function checkLoss(loss: AnyLoss): void {
  checkIsLoss(loss);
  checkValues(loss, lossInstance(new Draws(key(1)), rows));
  const batch = key(2);
  const worst = Math.max(...conformanceGaps(loss, slopeInstance(new Draws(batch), rows)));
  if (worst <= lossGradientBound) return;
  const example = lossCounterexample(loss, [[batch, rows]]);
  throw new DomainError(
    `checkLoss: ${loss.name} must have the gradient of its values with frozen stopped values, got a relative difference of ${worst.toPrecision(2)}${example ? ` (${formatLossCase(example)})` : ""}; the value of a sample must depend on its own inputs only, or on those of its group where the definition has one, and by differentiable operations`,
  );
}

/**
 * The properties of `checkLoss` as a law, for any number of instances. Its control takes the difference quotient
 * at other parameters.
 *
 * @throws DomainError at an instance whose values or labels are wrong
 */
export function conformance(loss: AnyLoss): Law {
  checkIsLoss(loss);
  return defineLaw({
    name: "conformance",
    title: "Conformance of a loss",
    statement:
      "The loss has one finite number per sample and a program, the executed labels are the declared labels, and its gradient equals the difference quotient with frozen stopped values.",
    formula: lossGradients.formula,
    bound: lossGradientBound,
    broken: "the difference quotient is taken at other parameters",
    batch: rows,
    residuals: (batch, n) => {
      checkValues(loss, lossInstance(new Draws(batch), n));
      return conformanceGaps(loss, slopeInstance(new Draws(batch), n));
    },
    control: (batch, n) => conformanceGaps(loss, slopeInstance(new Draws(batch), n), "otherPoint"),
  });
}

/** The report of the conformance of a loss. */
export interface LossReport extends LawReport {
  /** The simplest sample at which the gradient is wrong. */
  readonly counterexample?: LossCounterexample;
}

/** Settings of verifyLoss. */
export interface VerifyLossOptions {
  /** Random instances; default 256. */
  readonly cases?: number;
  /** Seed of the instances; default 0. */
  readonly seed?: number;
}

/**
 * Checks the conformance of a loss on random instances, and its control on as many. A wrong gradient comes with the simplest sample that
 * shows it; wrong values or labels are the error of the report.
 *
 * @throws DomainError unless cases is a whole number ≥ 1
 */
export function verifyLoss(loss: AnyLoss, options: VerifyLossOptions = {}): LossReport {
  const { cases = 256, seed = 0 } = optionsOf("verifyLoss", options);
  if (!Number.isInteger(cases) || cases < 1) {
    throw new DomainError(`verifyLoss: cases must be a whole number ≥ 1, got ${cases}`);
  }
  const report = checkLaw(conformance(loss), cases, key(seed));
  if (report.error !== undefined || report.worst <= report.bound) return report;
  const batches = Array.from(
    { length: Math.ceil(cases / rows) },
    (_, i): Batch => [foldIn(key(seed), i), Math.min(rows, cases - i * rows)],
  );
  return { ...report, counterexample: lossCounterexample(loss, batches) };
}

/** @throws DomainError if a loss reads v although its definition says that v is unused */
function checkUnused(loss: AnyLoss, { parameters, samples }: Pick<LossInstance, "parameters" | "samples">): void {
  try {
    lossOf(loss, samples, { v: undefined })(parameters);
  } catch (error) {
    throw new DomainError(
      `checkLoss: ${loss.name} must say in conditionalVelocity whether v may be that of single samples, unbiased or biased, since its body reads v, got "unused"`,
      { cause: error },
    );
  }
}

function checkIsLoss(loss: AnyLoss): void {
  mustBe("checkLoss", "the loss", loss, "object");
  mustBe("checkLoss", "the body of the loss", loss.loss, "function");
}

/** @throws DomainError unless a loss has one finite number per row, the declared stop-gradients, and a program */
function checkValues(loss: AnyLoss, { parameters, samples }: LossInstance): void {
  const f = lossOf(loss, samples);
  const { result, labels } = collectStops(() => f(parameters));
  const values = [...result.dataSync()];
  const along = loss.along ? lossOf(loss, samples, { along: "own" })(parameters).dataSync() : values;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const [s, t] = [samples.s, samples.t].map((time) => Number(time.dataSync()[bad].toPrecision(3)));
    throw new DomainError(
      `checkLoss: ${loss.name} must give a finite number for each sample, got ${values[bad]} at s = ${s}, t = ${t}`,
    );
  }
  if (words(labels) !== words(loss.stops)) {
    throw new DomainError(
      `checkLoss: ${loss.name} must declare the labels of its stop-gradients: stops holds ${words(loss.stops)}, but the body stops ${words(labels)}; change stops, or the label in stopGradient(x, label)`,
    );
  }
  const unmarked = labelsOf(loss.markedFormula).find((label) => !loss.stops.includes(label));
  if (unmarked !== undefined) {
    throw new DomainError(
      `checkLoss: ${loss.name} must mark its stop-gradients in the formula by their labels: \\sg{${unmarked}} is none of ${words(loss.stops)}`,
    );
  }
  if (loss.conditionalVelocity === "unused") checkUnused(loss, { parameters, samples });
  if (loss.along && !values.some((value, i) => value !== along[i])) {
    throw new DomainError(
      `checkLoss: ${loss.name} must take the velocity of its tangent from the input along, since it declares along, but its values do not depend on it; write jvp(u, [xs, s, t], [along, …]) with along = v by default, or leave along out of the definition`,
    );
  }
  trace(f)(parameters);
}

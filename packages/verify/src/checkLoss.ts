import { collectStops } from "@pushforward/autodiff";
import type { AnyLoss } from "@pushforward/losses";
import { DomainError, key, mustBe, trace } from "@pushforward/tensor";
import { Draws } from "./draws.ts";
import { gradientGaps, lossGradientBound } from "./laws/lossGradients.ts";
import { lossInstance, lossOf } from "./lossInstance.ts";

/** Random instances of a check. */
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
  mustBe("checkLoss", "the loss", loss, "object");
  mustBe("checkLoss", "the body of the loss", loss.loss, "function");
  const fail = (what: string): never => {
    throw new DomainError(`checkLoss: ${loss.name} ${what}`);
  };
  const { parameters, samples } = lossInstance(new Draws(key(1)), rows);
  const f = lossOf(loss, samples);
  const { result, labels } = collectStops(() => f(parameters));
  const values = [...result.dataSync()];
  const bad = values.find((value) => !Number.isFinite(value));
  if (bad !== undefined) fail(`must give a finite number for each sample, got ${bad}`);
  if (words(labels) !== words(loss.stops)) {
    fail(
      `must declare the labels of its stop-gradients: stops holds ${words(loss.stops)}, but the body stops ${words(labels)}; change stops, or the label in stopGradient(x, label)`,
    );
  }
  trace(f)(parameters);
  const worst = Math.max(...gradientGaps(loss, new Draws(key(2)), rows));
  if (!(worst <= lossGradientBound)) {
    fail(
      `must have the gradient of its values with frozen stopped values, got a relative difference of ${worst.toPrecision(2)}; the value of a sample must depend on its own inputs only, and by differentiable operations`,
    );
  }
}

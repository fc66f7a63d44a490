import { DomainError, formatShape, mustBe, ShapeError, Tensor, zeros } from "@pushforward/tensor";
import { keepingAll } from "./checkpoint.ts";
import { type StopHandler, withStopHandler } from "./stop.ts";
import { vjp } from "./vjp.ts";

/** A value that a call stops, with the label of the stop-gradient. */
export interface StopSite {
  readonly label: string;
  readonly value: Tensor;
}

/** The values that a call stops, in order. */
export function sitesOf(run: () => unknown): readonly StopSite[] {
  const sites: StopSite[] = [];
  withStopHandler(
    (previous) => (x, label) => {
      sites.push({ label, value: x });
      return previous(x, label);
    },
    run,
  );
  return sites;
}

/** The cotangents that a call discards at its stop-gradients, in order: the gradient with respect to zeros that are added after each stop. */
export function blockedCotangentsAt(operation: string, run: () => Tensor, sites: readonly StopSite[]): Tensor[] {
  const probed = (...probes: Tensor[]): Tensor => {
    let next = 0;
    const handler =
      (previous: StopHandler): StopHandler =>
      (x, label) => {
        const probe = probes[next++];
        if (!probe)
          throw new DomainError(
            `${operation}: the function stops more gradients ("${label}") in its second call than in its first`,
          );
        return previous(x, label).add(probe);
      };
    return withStopHandler(handler, run);
  };
  const zerosAt = sites.map(({ value }) => zeros(value.shape, { dtype: value.dtype }));
  const [out, pullback] = vjp(probed, zerosAt);
  return pullback(zeros(out.shape, { dtype: out.dtype }).add(1)) as Tensor[];
}

/**
 * The cotangents that the stop-gradients of a scalar function discard, by label: with the label off, they would flow on. The result
 * consists of tensor operations, so that it compiles and batches.
 *
 *   blocked = ∂f/∂ε at ε = 0, where every stopped value is sg[x] + ε
 *
 * @throws ShapeError unless the function returns a scalar
 */
export function blockedCotangents<Args extends readonly unknown[]>(
  f: (...args: Args) => Tensor,
): (...args: Args) => Readonly<Record<string, readonly Tensor[]>> {
  mustBe("blockedCotangents", "the function", f, "function");
  return (...args) => {
    const run = (): Tensor => scalarOf(f(...args));
    const [sites, blocked] = keepingAll(() => {
      const met = sitesOf(run);
      return [met, blockedCotangentsAt("blockedCotangents", run, met)] as const;
    });
    const labels = [...new Set(sites.map(({ label }) => label))];
    return Object.fromEntries(
      labels.map((label) => [label, blocked.filter((_, i) => sites[i].label === label)] as const),
    );
  };
}

function scalarOf(out: Tensor): Tensor {
  if (out instanceof Tensor && out.rank === 0) return out;
  const got = out instanceof Tensor ? `${out.dtype}${formatShape(out.shape)}` : typeof out;
  throw new ShapeError(
    `blockedCotangents: the function must return a scalar, got ${got}; reduce it with sum() or mean()`,
  );
}

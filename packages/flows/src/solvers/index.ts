import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import { dopri5 } from "./dopri5.ts";
import { euler } from "./euler.ts";
import { eulerMaruyama } from "./eulerMaruyama.ts";
import { heun } from "./heun.ts";
import { heunSde } from "./heunSde.ts";
import { midpoint } from "./midpoint.ts";
import { rk4 } from "./rk4.ts";
import type { Solver } from "./solver.ts";

/** Every solver by its name. */
export const solvers = { euler, midpoint, heun, rk4, dopri5, eulerMaruyama, heunSde } as const;

/** Name of a solver. */
export type SolverName = keyof typeof solvers;

/**
 * A solver of the registry, or the given one.
 *
 * @throws DomainError that lists the names
 */
export function solverOf(solver: SolverName | Solver): Solver {
  const isOwn = typeof solver === "object" && solver !== null;
  if (isOwn && typeof solver.step === "function" && (solver.kind === "ode" || solver.kind === "sde")) return solver;
  if (isOwn)
    throw new DomainError('integrate: a solver of your own needs a name, kind "ode" or "sde", and step(v, x, t, dt)');
  if (Object.hasOwn(solvers, solver)) return solvers[solver];
  throw new DomainError(`integrate: solver ${mustBeOneOf(solver, Object.keys(solvers))}`);
}

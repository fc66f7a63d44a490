import { DomainError, mustBeOneOf } from "@pushforward/tensor";
import * as methods from "./methods.ts";
import type { Solver } from "./solver.ts";

/** Every solver by its name. */
export const solvers = { ...methods } as const;

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

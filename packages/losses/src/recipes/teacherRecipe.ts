import { recipe } from "./recipe.ts";
import { diagonalTerm } from "./term.ts";

/**
 * The velocity teacher: flow matching of a network v(x, t).
 *
 *   E ‖v(X_t, t) − (X_1 − X_0)‖²,   X_t = t·X_1 + (1 − t)·X_0
 */
export const teacherRecipe = recipe({ name: "teacher", network: "velocity", terms: [diagonalTerm(1)] });

/** Every solver, one line each: the table of solvers and the exports of the package follow. */
export { dopri5 } from "./dopri5.ts";
export { euler } from "./euler.ts";
export { eulerMaruyama } from "./eulerMaruyama.ts";
export { heun } from "./heun.ts";
export { heunSde } from "./heunSde.ts";
export { midpoint } from "./midpoint.ts";
export { rk4 } from "./rk4.ts";

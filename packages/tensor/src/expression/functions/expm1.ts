import { floatFunction } from "../operation.ts";

export const expm1 = floatFunction("expm1", { arity: 1, scalar: Math.expm1 });

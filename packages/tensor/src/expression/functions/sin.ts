import { floatFunction } from "../operation.ts";

export const sin = floatFunction("sin", { arity: 1, scalar: Math.sin });

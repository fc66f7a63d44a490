import { floatFunction } from "../operation.ts";

export const atan = floatFunction("atan", { arity: 1, scalar: Math.atan });

import { floatFunction } from "../operation.ts";

export const exp = floatFunction("exp", { arity: 1, scalar: Math.exp });

import { floatFunction } from "../operation.ts";

export const log1p = floatFunction("log1p", { arity: 1, scalar: Math.log1p });

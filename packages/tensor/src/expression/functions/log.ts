import { floatFunction } from "../operation.ts";

export const log = floatFunction("log", { arity: 1, scalar: Math.log });

import { floatFunction } from "../operation.ts";

export const cos = floatFunction("cos", { arity: 1, scalar: Math.cos });

import { rsqrt as scalar } from "../../scalar/rsqrt.ts";
import { floatFunction } from "../operation.ts";

export const rsqrt = floatFunction("rsqrt", { arity: 1, scalar });

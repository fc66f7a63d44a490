import { erf as scalar } from "../../scalar/erf.ts";
import { floatFunction } from "../operation.ts";

export const erf = floatFunction("erf", { arity: 1, scalar });

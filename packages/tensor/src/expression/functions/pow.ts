import { pow as scalar } from "../../scalar/pow.ts";
import { floatFunction } from "../operation.ts";

export const pow = floatFunction("pow", { arity: 2, scalar });

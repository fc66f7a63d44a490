import { sigmoid as scalar } from "../../scalar/sigmoid.ts";
import { floatFunction } from "../operation.ts";

export const sigmoid = floatFunction("sigmoid", { arity: 1, scalar });

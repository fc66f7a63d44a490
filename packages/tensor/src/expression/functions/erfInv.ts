import { erfInv as scalar } from "../../scalar/erfInv.ts";
import { floatFunction } from "../operation.ts";

export const erfInv = floatFunction("erfInv", { arity: 1, scalar });

import { tanh as scalar } from "../../scalar/tanh.ts";
import { floatFunction } from "../operation.ts";

export const tanh = floatFunction("tanh", { arity: 1, scalar });

import { Tensor } from "../array/tensor.ts";
import { type OpName, ops } from "./index.ts";

/** A function of the op table without its first parameter. */
type Method<F> = F extends (x: infer _, ...rest: infer Rest) => infer Out ? (...rest: Rest) => Out : never;

/** Every operation of the table as a method: `add(x, y)` and `x.add(y)` are one definition. */
export type TensorMethods = { [Name in OpName]: Method<(typeof ops)[Name]> };

declare module "../array/tensor.ts" {
  interface Tensor extends TensorMethods {}
}

for (const name of Object.keys(ops) as OpName[]) {
  const op = ops[name] as (x: Tensor, ...rest: unknown[]) => unknown;
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    writable: true,
    value(this: Tensor, ...rest: unknown[]) {
      return op(this, ...rest);
    },
  });
}

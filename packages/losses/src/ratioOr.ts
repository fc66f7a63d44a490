import { equal, type Tensor, where } from "@pushforward/tensor";

/** x/y, and another number where y = 0. Neither the value nor a derivative computes 0/0. */
export const ratioOr = (x: Tensor, y: Tensor, atZero: number): Tensor => {
  const isZero = equal(y, 0);
  return where(isZero, atZero, x.div(where(isZero, 1, y)));
};

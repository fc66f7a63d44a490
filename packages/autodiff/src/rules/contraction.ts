import { bind, noParams, primitives as p, swapAxes, type Tensor } from "@pushforward/tensor";
import type { JvpTable, TransposeTable } from "./rule.ts";

const product = (x: Tensor, y: Tensor): Tensor => bind(p.matmul, [x, y], noParams);

export const contractionJvp = {
  /** d(X·Y) = dX·Y + X·dY */
  matmul: [(dx, { y }) => product(dx, y), (dy, { x }) => product(x, dy)],
} satisfies Partial<JvpTable>;

export const contractionTranspose = {
  /** X ↦ X·Y has the transpose C ↦ C·Yᵀ, Y ↦ X·Y has C ↦ Xᵀ·C */
  matmul: {
    joint: "product",
    operands: [(ct, { y }) => product(ct, swapAxes(y, -1, -2)), (ct, { x }) => product(swapAxes(x, -1, -2), ct)],
  },
} satisfies TransposeTable;

import { squaredNorm, type Tensor } from "@pushforward/tensor";

/** The mean square of the coordinates of every sample, ‖x‖²/D: [batch, dim] → [batch]. */
export const meanSquare = (x: Tensor): Tensor => squaredNorm(x).div(x.shape.at(-1) as number);

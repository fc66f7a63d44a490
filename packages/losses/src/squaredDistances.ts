import { expandDims, squaredNorm, sub, type Tensor } from "@pushforward/tensor";

/** ‖aᵢ − bⱼ‖² of all pairs of two lists of groups, [groups, M, dim] and [groups, N, dim] → [groups, M, N]. */
export const squaredDistances = (a: Tensor, b: Tensor): Tensor => squaredNorm(sub(expandDims(a, 2), expandDims(b, 1)));

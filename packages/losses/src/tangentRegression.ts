import { checkPoints, checkSameShape } from "@pushforward/flows";
import { add, mul, square, sub, type Tensor } from "@pushforward/tensor";

/**
 * The critic's loss: its derivative along the velocity of a sample must be 1, along that of the network −1, and its values stay small.
 *
 *   (J(v) − 1)² + (J(v̂) + 1)² + c_p·C²
 *
 * @param real  J(v), the derivative along the path with the velocity of single samples, [batch]
 * @param fake  J(v̂), the derivative along the path with the network's velocity, [batch]
 * @param value C, [batch]
 * @source official code of CAFM, configs/train/cafm/train_cafm_sit.yaml: cp_scale 0.001
 */
export function tangentRegression(real: Tensor, fake: Tensor, value: Tensor): Tensor {
  checkPoints("tangentRegression", real, undefined, "real", "[batch]");
  checkSameShape("tangentRegression", "fake", fake, real, " like real");
  checkSameShape("tangentRegression", "value", value, real, " like real");
  return add(add(square(sub(real, 1)), square(add(fake, 1))), mul(0.001, square(value)));
}

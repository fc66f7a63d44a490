/**
 * A first experiment: a flow map, its velocity by forward mode, and a loss with a gradient that is checked.
 * `npx --yes pnpm@10 play playground/first.ts` runs it; the comments say what it prints.
 */
import { checkGrads, grad, jvp } from "@pushforward/autodiff";
import { gaussian } from "@pushforward/flows";
import { losses } from "@pushforward/losses";
import { key, mean, normal, type Tensor, tensor } from "@pushforward/tensor";

const law = gaussian({ mean: [1, -1], std: [0.5, 2] }); // the data; its flow map is known
const xs = normal(key(0), [64, 2]); // noise, where every path starts
const [s, t] = [tensor(0), tensor(0.75)];

// The end of the map moves with the velocity there: ∂Φ/∂t = v(Φ, t).
const [end, moved] = jvp((t: Tensor) => law.flowMap(xs, 0, t), [t], [tensor(1)]);
console.log(moved.sub(law.velocity(end, t)).abs().max().item() < 1e-12); // → true

/** Mean MeanFlow loss of a student that is off the exact average velocity by theta, a number for each coordinate [2]. */
const objective = (theta: Tensor): Tensor => {
  const u = (x: Tensor, s: Tensor, t: Tensor) => law.averageVelocity(x, s, t).add(theta);
  return mean(losses.meanFlow.loss({ u, noise: xs, data: xs, xs, v: law.velocity(xs, s), s, t }));
};
const theta = tensor([0.1, -0.2]);
console.log(objective(theta).item().toFixed(4)); // → 0.0500
console.log(Array.from(grad(objective)(theta).dataSync(), (n) => n.toFixed(4)).join(" ")); // → 0.2000 -0.4000
console.log(checkGrads(objective, [theta]).passed); // → true

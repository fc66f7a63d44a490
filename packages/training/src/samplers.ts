import { integrate, type VelocityField } from "@pushforward/flows";
import type { Recipe } from "@pushforward/losses";
import { add, concat, fromData, key, mul, type Tensor } from "@pushforward/tensor";
import type { AppliedNetwork } from "./trainer/appliedNetwork.ts";
import { noiseLike } from "./trainer/generatorSamples.ts";
import { endsAtData, generatorStarts, learnsDiagonal } from "./trainer/recipeTraits.ts";

/** Called with the points [n, dim] at which a sampler evaluates its network, and with its result, each with its time. */
export type SamplerHook = (x: Tensor, time: number) => void;

/** Moves noise [n, dim] to data in a number of steps. */
export type Sampler = (noise: Tensor, steps: number, onPoint?: SamplerHook) => Tensor;

/** Ignores the points of a sampler. */
const ignore: SamplerHook = () => {};

/** Sampling by a network for average velocities: steps along the flow map, x ← x + (t − s)·u(x, s, t). */
export const flowMapSampler =
  (network: AppliedNetwork): Sampler =>
  (noise, steps, onPoint = ignore) => {
    let x = noise;
    onPoint(x, 0);
    for (let i = 0; i < steps; i++) {
      const [s, t] = [timeOf(noise, i / steps), timeOf(noise, (i + 1) / steps)];
      x = add(x, mul(network(x, s, t), 1 / steps));
      onPoint(x, (i + 1) / steps);
    }
    return x;
  };

/**
 * Sampling by a network that maps to t = 1 only: to the data, back on the straight line to the same noise, and to the data
 * again from ever later times.
 */
export const refiningSampler =
  (network: AppliedNetwork): Sampler =>
  (noise, steps, onPoint = ignore) => {
    let data = noise;
    for (let i = 0; i < steps; i++) {
      const s = i / steps;
      const x = i === 0 ? noise : add(mul(data, s), mul(noise, 1 - s));
      onPoint(x, s);
      data = add(x, mul(network(x, timeOf(noise, s), timeOf(noise, 1)), 1 - s));
    }
    onPoint(data, 1);
    return data;
  };

/** Seed of the noise that generators add between their steps. */
const renoisingSeed = 5_551_123;

/**
 * Sampling by a generator: to the data, noised anew to a later start, and to the data again.
 *
 *   x = (1 − s₀)·noise;   X = Φ(x, s, 1);   x ← s′·X + (1 − s′)·fresh noise
 *
 * @param starts times it was trained to start from; none means any, one means that it has one step only
 */
export const generatorSampler =
  (network: AppliedNetwork, starts: readonly number[]): Sampler =>
  (noise, steps, onPoint = ignore) => {
    const count = starts.length === 0 ? steps : Math.min(steps, starts.length);
    let data = noise;
    for (let i = 0; i < count; i++) {
      const s = starts.length === 0 ? i / count : starts[Math.floor((i * starts.length) / count)];
      const fresh = i === 0 ? noise : noiseLike(noise, key(renoisingSeed), i);
      const x = i === 0 ? mul(noise, 1 - s) : add(mul(data, s), mul(fresh, 1 - s));
      onPoint(x, s);
      data = add(x, mul(network(x, timeOf(noise, s), timeOf(noise, 1)), 1 - s));
    }
    onPoint(data, 1);
    return data;
  };

/** Euler steps along a velocity. */
export const eulerSampler =
  (velocity: VelocityField): Sampler =>
  (noise, steps, onPoint = ignore) =>
    integrate(velocity, noise, 0, 1, { solver: "euler", steps, onStep: (x, t) => onPoint(x, t.item()) });

/** The velocity on the diagonal of an average velocity, u(x, t, t). */
export const diagonalOf =
  (network: AppliedNetwork): VelocityField =>
  (x, t) =>
    network(x, t, t);

/** Least number of steps that solve the ODE of a velocity. */
const solvingSteps = 20;

/** Sampling by a velocity whose single steps are of no use: its ODE is solved, in more steps for a larger number of steps. */
export const solvingSampler =
  (velocity: VelocityField): Sampler =>
  (noise, steps, onPoint = ignore) =>
    integrate(velocity, noise, 0, 1, {
      solver: "rk4",
      steps: Math.max(steps, solvingSteps),
      onStep: (x, t) => onPoint(x, t.item()),
    });

/** How to sample from a network that a recipe trained. */
export function samplerOf(recipe: Recipe, network: AppliedNetwork): Sampler {
  if (recipe.network === "velocity") return eulerSampler(network);
  if (learnsDiagonal(recipe)) return solvingSampler(diagonalOf(network));
  const starts = generatorStarts(recipe);
  if (starts) return generatorSampler(network, starts);
  return endsAtData(recipe) ? refiningSampler(network) : flowMapSampler(network);
}

/** Rows that pass through a network together. */
const chunkRows = 8192;

/** The same samples with bounded memory: a part of the rows at a time. */
export const inChunks =
  (sampler: Sampler): Sampler =>
  (noise, steps) => {
    const rows = noise.shape[0];
    const parts: Tensor[] = [];
    for (let start = 0; start < rows; start += chunkRows) {
      parts.push(sampler(noise.slice([start, Math.min(rows, start + chunkRows)]), steps));
    }
    return parts.length === 1 ? parts[0] : concat(parts, 0);
  };

const timeOf = (x: Tensor, t: number): Tensor =>
  fromData(x.dtype === "float32" ? Float32Array.of(t) : Float64Array.of(t), []);

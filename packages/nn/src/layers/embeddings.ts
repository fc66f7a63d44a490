import {
  cast,
  concat,
  cos,
  DomainError,
  DTypeError,
  formatShape,
  key,
  normal,
  optionsOf,
  quote,
  ShapeError,
  sin,
  Tensor,
  tensor,
} from "@pushforward/tensor";
import { choose } from "../choose.ts";

/** Features of a time: [..., 1] to [..., size], smooth in the time and defined for every real one. */
export interface TimeEmbedding {
  readonly size: number;
  embed(time: Tensor): Tensor;
}

/** Settings of the sinusoidal embedding. */
export interface SinusoidalOptions {
  /** Number of features, even; default 16. */
  readonly size?: number;
  /** Largest angular frequency, radians per unit of time; default 16. */
  readonly maxFrequency?: number;
}

/** Settings of the Fourier embedding. */
export interface FourierOptions {
  /** Number of features, even; default 16. */
  readonly size?: number;
  /** Standard deviation of the frequencies, turns per unit of time; default 1. */
  readonly scale?: number;
  /** Seed of the frequencies, which are constants; default 0. */
  readonly seed?: number;
}

/** Settings of the embedding of published picture networks. */
export interface TimestepOptions {
  /** Number of features, even; default 16. */
  readonly size?: number;
  /** Ratio of the periods of the slowest and of the fastest feature; default 10,000. */
  readonly maxPeriod?: number;
  /** Factor of the time; default 1. */
  readonly scale?: number;
}

/**
 * Sines and cosines of fixed frequencies in geometric steps from 1 to the largest.
 *
 *   [sin ω_k t, cos ω_k t],   ω_k = maxFrequency^{k/(K − 1)},   K = size/2
 *
 * The frequencies are moderate on purpose. A derivative in t multiplies a feature by its frequency. Frequencies in the thousands,
 * as used for step numbers, would therefore drown the jvp of a network in noise.
 */
export function sinusoidalEmbedding(options: SinusoidalOptions = {}): TimeEmbedding {
  const { size = 16, maxFrequency = 16 } = optionsOf("sinusoidalEmbedding", options);
  if (!(maxFrequency >= 1 && Number.isFinite(maxFrequency))) {
    throw new DomainError(
      `sinusoidalEmbedding: maxFrequency must be at least 1, got ${maxFrequency}${finite(maxFrequency)}`,
    );
  }
  const count = pairsOf("sinusoidalEmbedding", size);
  return waves(tensor(Array.from({ length: count }, (_, k) => maxFrequency ** (k / Math.max(1, count - 1)))));
}

/**
 * Sines and cosines of random frequencies.
 *
 *   [sin 2π f_k t, cos 2π f_k t],   f_k ~ N(0, scale²)
 *
 * @source Tancik et al. 2020, "Fourier features let networks learn high frequency functions in low dimensional domains"
 */
export function fourierEmbedding(options: FourierOptions = {}): TimeEmbedding {
  const { size = 16, scale = 1, seed = 0 } = optionsOf("fourierEmbedding", options);
  if (!(scale > 0 && Number.isFinite(scale)))
    throw new DomainError(`fourierEmbedding: scale must be positive, got ${scale}${finite(scale)}`);
  const count = pairsOf("fourierEmbedding", size);
  return waves(normal(key(seed), [count]).mul(2 * Math.PI * scale));
}

/**
 * Cosines and sines of frequencies that fall in geometric steps from 1, as networks of published pictures have them.
 *
 *   [cos ω_k τ, sin ω_k τ],   τ = scale·t,   ω_k = maxPeriod^{−k/K},   K = size/2
 *
 * With the scale 1000, for step numbers, a derivative in t is a thousand times that of the feature.
 *
 * @source Ho et al. 2020 and Peebles and Xie 2023 (DiT): size 256, scale 1000; Ma et al. 2024 (SiT): scale 1
 */
export function timestepEmbedding(options: TimestepOptions = {}): TimeEmbedding {
  const { size = 16, maxPeriod = 10_000, scale = 1 } = optionsOf("timestepEmbedding", options);
  for (const [name, value] of Object.entries({ maxPeriod, scale })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new DomainError(`timestepEmbedding: ${name} must be positive, got ${quote(value)}${finite(value)}`);
  }
  const count = pairsOf("timestepEmbedding", size);
  return waves(tensor(Array.from({ length: count }, (_, k) => scale * maxPeriod ** (-k / count))), "cosines");
}

/** The end of the message for an infinite number. */
const finite = (value: number): string => (value === Number.POSITIVE_INFINITY ? "; it must be finite" : "");

function pairsOf(operation: string, size: number): number {
  if (Number.isInteger(size) && size >= 2 && size % 2 === 0) return size / 2;
  throw new DomainError(`${operation}: size must be an even whole number of at least 2, got ${size}`);
}

/** Sines, then cosines, of time·frequency, or the cosines first. */
function waves(frequencies: Tensor, first: "sines" | "cosines" = "sines"): TimeEmbedding {
  return {
    size: 2 * frequencies.size,
    embed: (time) => {
      if (!(time instanceof Tensor)) {
        throw new DTypeError(`embed: the time must be a tensor [..., 1], got ${typeof time}; use tensor([time])`);
      }
      if (time.shape.at(-1) !== 1)
        throw new ShapeError(`embed: the time must be [..., 1], got ${formatShape(time.shape)}`);
      const angles = time.mul(cast(frequencies, time.dtype));
      const both = [sin(angles), cos(angles)];
      return concat(first === "sines" ? both : both.reverse(), angles.rank - 1);
    },
  };
}

/** The time embeddings by name. */
export const embeddings = {
  sinusoidal: sinusoidalEmbedding,
  fourier: fourierEmbedding,
  timestep: timestepEmbedding,
} as const;

/** A time embedding as data, e.g. `{ kind: "fourier", size: 32 }`. */
export type EmbeddingSpec =
  | ({ readonly kind: "sinusoidal" } & SinusoidalOptions)
  | ({ readonly kind: "fourier" } & FourierOptions)
  | ({ readonly kind: "timestep" } & TimestepOptions);

/**
 * The time embedding of a description.
 *
 * @throws DomainError for an unknown kind
 */
export function makeEmbedding(spec: EmbeddingSpec): TimeEmbedding {
  const { kind, ...options } = optionsOf("makeEmbedding", spec);
  return choose<(options: SinusoidalOptions & FourierOptions & TimestepOptions) => TimeEmbedding>(
    "makeEmbedding",
    "kind",
    embeddings,
    kind,
  )(options);
}

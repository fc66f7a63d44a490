/** The maps of the bench, with what each of them is. */
export const mapWords = {
  invertible: "exactly invertible",
  network: "plain network",
  trained: "trained here",
} as const;

/** Kind of a map. */
export type MapKind = keyof typeof mapWords;

/** The velocity: a random one that has nothing to do with the map, or the one whose flow the map should be. */
export type VelocityChoice = "random" | "own";

/** The map and the velocity of a bench. */
export interface BenchSubject {
  readonly map: MapKind;
  /** Seed of the random map, or of the training. */
  readonly seed: number;
  /** Updates of the trained map. */
  readonly updates: number;
  readonly velocity: VelocityChoice;
  /** Seed of a random velocity. */
  readonly field: number;
}

/** Everything that a link of the bench restores. */
export interface IdentityState extends BenchSubject {
  readonly x: readonly [number, number];
  readonly s: number;
  readonly t: number;
  /** Factor of the drawn residuals. */
  readonly scale: number;
  /** Name of the law that was run last, or {@link everyLaw}; empty for none. */
  readonly law: string;
  /** Seed of the instances of laws. */
  readonly instances: number;
}

/** The choice of all laws together. */
export const everyLaw = "all";

/** Instances of one law, and of all of them together. */
export const lawCases = { one: 100, all: 1000 } as const;

/** Factors of drawn residuals. */
export const scales = [0.3, 1, 3, 10, 30] as const;

/** Most updates of a trained map, and those of a reader who did not choose yet. */
export const updateRange = { most: 20_000, first: 300 } as const;

/** The training: data, loss, and the settings of the first race; times are drawn in either order, so that the map learns the way back. */
export const training = {
  data: "eightGaussians",
  loss: "meanFlow",
  settings: { learningRate: 4e-3, width: 64, batch: 256 },
} as const;

/**
 * The first scene: an invertible map with an unrelated velocity, whose residuals fulfil the identity. The seed is one at which circle and
 * ellipse do not overlap, and at which the residuals of the plain network part.
 */
export const firstIdentity: IdentityState = {
  map: "invertible",
  seed: 774,
  updates: updateRange.first,
  velocity: "random",
  field: 774,
  x: [1, -0.8],
  s: 0.1,
  t: 0.9,
  scale: 1,
  law: "",
  instances: 0,
};

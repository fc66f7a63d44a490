import {
  add,
  cast,
  concat,
  cos,
  exp,
  floor,
  keys,
  mul,
  neg,
  normal,
  optionsOf,
  randint,
  remainder,
  sin,
  sqrt,
  sub,
  type Tensor,
  uniform,
} from "@pushforward/tensor";
import { checkCount, type SampleOptions } from "./distribution.ts";
import { gaussianMixture } from "./gaussianMixture.ts";

/** Draws n points of the plane, [n, 2]: by tensor operations of the key, so that sampling traces and compiles. */
export type Toy = (key: Tensor, n: number, options?: SampleOptions) => Tensor;

/** Columns [n, 1] of independent numbers in the given dtype, each column from its own key. */
class Draws {
  private readonly left: Tensor[];
  private readonly n: number;
  private readonly dtype: "float64" | "float32";

  constructor(name: string, key: Tensor, n: number, options: SampleOptions) {
    const { dtype = "float64" } = optionsOf(name, options);
    checkCount(name, n);
    this.left = keys(key, 4);
    this.n = n;
    this.dtype = dtype;
  }

  /** Uniform on [min, max). */
  uniform(min = 0, max = 1): Tensor {
    return uniform(this.left.pop()!, [this.n, 1], { dtype: this.dtype, min, max });
  }

  /** Standard normal in `width` columns. */
  normal(width: number): Tensor {
    return normal(this.left.pop()!, [this.n, width], { dtype: this.dtype });
  }

  /** A whole number in [0, count), as a float. */
  choice(count: number): Tensor {
    return cast(randint(this.left.pop()!, [this.n, 1], 0, count), this.dtype);
  }
}

const polar = (radius: Tensor, angle: Tensor): Tensor => concat([mul(radius, cos(angle)), mul(radius, sin(angle))], 1);

/** Two interleaved half circles of radius 2, noise 0.1. */
export const moons: Toy = (key, n, options = {}) => {
  const draws = new Draws("moons", key, n, options);
  const angle = draws.uniform(0, Math.PI);
  // side 1 is the upper moon; side −1 is the upper moon rotated by 180° about the origin
  const side = sub(1, mul(2, draws.choice(2)));
  const x = add(mul(side, mul(2, cos(angle))), neg(side));
  const y = add(mul(side, mul(2, sin(angle))), mul(-0.5, side));
  return add(concat([x, y], 1), mul(0.1, draws.normal(2)));
};

/** The black squares of a 4 × 4 board on [−2, 2)². */
export const checkerboard: Toy = (key, n, options = {}) => {
  const draws = new Draws("checkerboard", key, n, options);
  const x = draws.uniform(-2, 2);
  const row = sub(remainder(floor(x), 2), mul(2, draws.choice(2)));
  return concat([x, add(row, draws.uniform())], 1);
};

/** Eight Gaussians of standard deviation 0.2 on a circle of radius 2, as a law with exact velocity and score. */
export const eightGaussiansLaw = gaussianMixture({
  means: Array.from({ length: 8 }, (_, k) => [2 * Math.cos((k * Math.PI) / 4), 2 * Math.sin((k * Math.PI) / 4)]),
  stds: 0.2,
});

/** Points of {@link eightGaussiansLaw}. */
export const eightGaussians: Toy = (key, n, options) => eightGaussiansLaw.sample(key, n, options);

/** Two spiral arms of one and a half turns out to radius 2, noise 0.05. */
export const twoSpirals: Toy = (key, n, options = {}) => {
  const draws = new Draws("twoSpirals", key, n, options);
  // the root makes the points uniform over the area
  const turn = sqrt(draws.uniform());
  const side = sub(1, mul(2, draws.choice(2)));
  const arm = polar(mul(2, mul(side, turn)), mul(3 * Math.PI, turn));
  return add(arm, mul(0.05, draws.normal(2)));
};

/**
 * Five bent arms around the origin.
 *
 * @source Johnson et al. 2016, arXiv 1603.06277: radial spread 0.3, tangential spread 0.1, rate 0.25
 */
export const pinwheel: Toy = (key, n, options = {}) => {
  const draws = new Draws("pinwheel", key, n, options);
  const along = add(1, mul(0.3, draws.normal(1)));
  const across = mul(0.1, draws.normal(1));
  const angle = add(mul((2 * Math.PI) / 5, draws.choice(5)), mul(0.25, exp(along)));
  const [c, s] = [cos(angle), sin(angle)];
  const x = sub(mul(along, c), mul(across, s));
  const y = add(mul(along, s), mul(across, c));
  return mul(1.5, concat([x, y], 1));
};

/** Four circles of radius 0.5, 1, 1.5 and 2, equally likely, noise 0.05. */
export const rings: Toy = (key, n, options = {}) => {
  const draws = new Draws("rings", key, n, options);
  const radius = mul(0.5, add(1, draws.choice(4)));
  const circle = polar(radius, draws.uniform(0, 2 * Math.PI));
  return add(circle, mul(0.05, draws.normal(2)));
};

/** One spiral of one and a half turns, from radius 2/3 to 2, noise 0.05. */
export const swissRoll: Toy = (key, n, options = {}) => {
  const draws = new Draws("swissRoll", key, n, options);
  const angle = draws.uniform(1.5 * Math.PI, 4.5 * Math.PI);
  return add(polar(mul(2 / (4.5 * Math.PI), angle), angle), mul(0.05, draws.normal(2)));
};

/** Every toy by its name. */
export const toys = {
  moons,
  checkerboard,
  eightGaussians,
  twoSpirals,
  pinwheel,
  rings,
  swissRoll,
} as const satisfies Record<string, Toy>;

/** Name of a toy. */
export type ToyName = keyof typeof toys;

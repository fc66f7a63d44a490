import { type PlainCase, shrink } from "@pushforward/flows";
import { residualIdentity } from "@pushforward/losses";
import { DomainError, key, optionsOf, quote, type Tensor, tensor } from "@pushforward/tensor";
import { Draws } from "./draws.ts";
import { rowGaps, worse } from "./gaps.ts";
import { backwardIsJacobianTimesForward as law } from "./laws/backwardIsJacobianTimesForward.ts";
import { checkMapKind, type ResidualInstances, type ResidualMap, residualInstances } from "./residualInstances.ts";

/** One instance of the identity of the residuals in the plane. */
export interface PlaneCase {
  /** Seed of the map and of the velocity, see {@link residualScene}. */
  readonly seed: number;
  readonly x: readonly number[];
  readonly s: number;
  readonly t: number;
  /** Largest distance of the two sides, as the law measures it. */
  readonly gap: number;
}

/** The result of a search. */
export interface ResidualSearch {
  /** Instances checked. */
  readonly cases: number;
  /** Instances above the bound. */
  readonly violated: number;
  /** The bound of the law for invertible maps, that of its control for networks. */
  readonly bound: number;
  readonly worst: PlaneCase;
  /** The first instance above the bound with the simplest numbers that stay above it; absent if there is none. */
  readonly smallest?: PlaneCase;
}

/** Settings of {@link residualSearch}. */
export interface ResidualSearchOptions {
  /** The first seed; the others follow. Default 0. */
  readonly seed?: number;
  /** Number of instances. Default 200. */
  readonly cases?: number;
}

/**
 * The random map of the plane that belongs to a seed, with an unrelated velocity, a point and times.
 *
 * @throws DomainError about an unknown kind of map
 */
export function residualScene(map: ResidualMap, seed: number): ResidualInstances {
  checkMapKind("residualScene", map);
  return residualInstances(new Draws(key(seed)), 1, { map, dim: 2 });
}

/** The gap of the identity at a place of a scene. */
function gapAt({ phi, v }: ResidualInstances, { x, s, t }: Omit<PlainCase, "r">): number {
  const { backward, pushed } = residualIdentity(phi, v, tensor([[...x]]), tensor([[s]]), tensor([[t]]));
  return rowGaps(backward, pushed)[0];
}

/**
 * Searches for an instance in the plane that breaks the identity of the residuals, by the generator of the law
 * `backwardIsJacobianTimesForward`.
 *
 * @throws DomainError unless seed and number are whole numbers, the number at least 1
 */
export function residualSearch(map: ResidualMap, options: ResidualSearchOptions = {}): ResidualSearch {
  checkMapKind("residualSearch", map);
  const { seed: first = 0, cases = 200 } = optionsOf("residualSearch", options);
  if (!(Number.isInteger(first) && first >= 0 && Number.isInteger(cases) && cases >= 1)) {
    throw new DomainError(
      `residualSearch: needs whole numbers seed ≥ 0 and cases ≥ 1, got ${quote(first)} and ${quote(cases)}`,
    );
  }
  const bound = map === "invertible" ? law.bound : law.controlBound;
  const found = Array.from({ length: cases }, (_, i) => caseOf(map, first + i));
  const broken = found.filter(({ gap }) => !(gap <= bound));
  const worst = found.reduce((a, b) => (worse(b.gap, a.gap) === a.gap ? a : b));
  const smallest = broken.length > 0 ? shrunk(map, broken[0], bound) : undefined;
  return { cases, violated: broken.length, bound, worst, ...(smallest ? { smallest } : {}) };
}

const numbers = (values: Tensor): number[] => Array.from(values.dataSync());

function caseOf(map: ResidualMap, seed: number): PlaneCase {
  const scene = residualScene(map, seed);
  const place = { x: numbers(scene.x), s: scene.s.item(), t: scene.t.item() };
  return { seed, ...place, gap: gapAt(scene, place) };
}

/** The case with the simplest numbers that stay above the bound. */
function shrunk(map: ResidualMap, { seed, x, s, t }: PlaneCase, bound: number): PlaneCase {
  const scene = residualScene(map, seed);
  const { r, ...least } = shrink({ x: [...x], s, r: 0, t }, (one) => !(gapAt(scene, one) <= bound), [0, 1]);
  return { seed, ...least, gap: gapAt(scene, least) };
}

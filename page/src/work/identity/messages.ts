import type { Pair } from "../microscope/messages.ts";

/** A prepared subject. */
export interface PreparedBench {
  /** Data of the trained map, x and y in turn; empty for random maps. */
  readonly points: readonly number[];
  /** Updates that the map still needs. */
  readonly updates: number;
}

/** A place of the bench. */
export interface BenchSpot {
  readonly x: Pair;
  readonly s: number;
  readonly t: number;
}

/** Both sides of the identity at a spot, and what they are made of. Curves are x and y in turn. */
export interface BenchSight {
  readonly end: Pair;
  readonly back: Pair;
  readonly forward: Pair;
  readonly pushed: Pair;
  readonly backward: Pair;
  /** ‖backward − Jacobian·forward‖ */
  readonly gap: number;
  /** ‖Φ(Φ(x, s, t), t, s) − x‖ */
  readonly returnGap: number;
  /** Vectors as long as the forward residual, and the Jacobian applied to each of them. */
  readonly circle: readonly number[];
  readonly ellipse: readonly number[];
  /** Φ(x, s, r) for r from s to t, and Φ(end, t, r) for r from t to s. */
  readonly path: readonly number[];
  readonly wayBack: readonly number[];
}

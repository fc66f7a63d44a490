import type { Arrow } from "../microscope/arrows.ts";
import { type Plane, planeAround } from "../paint/plane.ts";
import type { BenchSight } from "../work/identity/messages.ts";
import type { Pair } from "../work/microscope/messages.ts";
import type { IdentityState } from "./identityState.ts";

/** A curve of the scene, x and y in turn. */
export interface Curve {
  readonly key: string;
  /** CSS variable of its colour. */
  readonly color: string;
  readonly points: readonly number[];
  readonly isDashed: boolean;
}

/** Halves of the sides of pictures: a picture grows and moves in steps, so that it stands still while the arrows change. */
const halves = [1.5, 2, 2.5, 3.5, 5, 7, 10, 14, 20, 28, 40];

/** A square that holds all points, x and y in turn, with some room. */
export function planeFor(points: readonly number[]): Plane {
  const fitting = planeAround(points);
  for (const half of halves) {
    const step = half / 4;
    const [x, y] = fitting.center.map((each) => Math.round(each / step) * step + 0); // + 0: no −0
    const shift = Math.max(Math.abs(x - fitting.center[0]), Math.abs(y - fitting.center[1]));
    if (fitting.half + shift <= half) return { center: [x, y], half };
  }
  return fitting;
}

const around = (center: Pair, curve: readonly number[], scale: number): number[] =>
  curve.map((value, i) => center[i % 2] + scale * value);

/** The circle of vectors at x, and the ellipse that the Jacobian makes of it at the end. */
export const curvesOf = (sight: BenchSight, { x, scale }: Pick<IdentityState, "x" | "scale">): readonly Curve[] => [
  { key: "circle", color: "--loss-0", points: around(x, sight.circle, scale), isDashed: false },
  { key: "ellipse", color: "--loss-2", points: around(sight.end, sight.ellipse, scale), isDashed: false },
  { key: "wayBack", color: "--loss-6", points: sight.wayBack, isDashed: true },
];

/** The residuals as arrows: at x the forward residual, at the end its image and the backward residual. */
export function residualArrows(sight: BenchSight, { x, scale }: Pick<IdentityState, "x" | "scale">): readonly Arrow[] {
  const from = (at: Pair, vector: Pair) => ({
    from: at,
    to: around(at, vector, scale) as unknown as Pair,
    vector,
  });
  return [
    {
      ...{ key: "backward", color: "--loss-1", isDashed: false, isWide: true },
      ...{ name: "backward residual", words: "∂ₛΦ + ∇Φ·v: how the end moves when its start moves along v" },
      ...from(sight.end, sight.backward),
    },
    {
      ...{ key: "forward", color: "--loss-0", isDashed: false },
      ...{ name: "forward residual", words: "of the way back: v minus the velocity with which that map arrives at s" },
      ...from(x, sight.forward),
    },
    {
      ...{ key: "pushed", color: "--loss-2", isDashed: false },
      ...{ name: "Jacobian × forward", words: "the forward residual, carried to the end by ∇Φ" },
      ...from(sight.end, sight.pushed),
    },
  ];
}

/** The place of a name beside a point, in pixels from the point. */
export interface NamePlace {
  readonly dx: number;
  readonly dy: number;
  readonly anchor: "start" | "middle" | "end";
}

/** Below, above, to the right and to the left of a point; the first one unless another one is freer. */
const places: readonly NamePlace[] = [
  { dx: 0, dy: 22, anchor: "middle" },
  { dx: 0, dy: -13, anchor: "middle" },
  { dx: 13, dy: 5, anchor: "start" },
  { dx: -13, dy: 5, anchor: "end" },
];

/** The place in whose direction the arrows of a point lead least. Arrows are vectors of the screen, y downwards. */
export function namePlace(arrows: readonly (readonly [number, number])[]): NamePlace {
  const nearness = ({ dx, dy, anchor }: NamePlace): number => {
    const [px, py] = anchor === "middle" ? [0, Math.sign(dy)] : [Math.sign(dx), 0];
    const cosines = arrows.map(([ax, ay]) => (ax * px + ay * py) / (Math.hypot(ax, ay) || 1));
    return Math.max(-1, ...cosines);
  };
  return places.reduce((best, each) => (nearness(each) < nearness(best) - 1e-9 ? each : best));
}

/** The part of a tangent in x: the velocity v of the loss, the network's own velocity u(x, s, s), or two numbers. */
export type TangentPart = "velocity" | "own" | readonly [number, number];

/** A direction in (x, s, t). */
export interface TangentChoice {
  readonly x: TangentPart;
  readonly s: number;
  readonly t: number;
}

/** The average velocity that is looked at: the exact one, or a network after some updates. */
export type ModelChoice =
  | { readonly kind: "exact" }
  | { readonly kind: "network"; readonly updates: number; readonly seed: number };

/** The maps over (s, t), by their keys in links. */
export const mapNames = {
  derivative: "‖du/ds‖",
  residual: "residual",
  target: "target error",
  variance: "gradient variance",
} as const;

/** Key of a map. */
export type MapKey = keyof typeof mapNames;

/** Length of arrows: a velocity times t − s, so that its tip is an end point, or the velocity itself. */
export type ArrowLength = "ends" | "velocities";

/** Everything that a link of the microscope restores. */
export interface MicroscopeState {
  readonly data: string;
  readonly loss: string;
  readonly model: ModelChoice;
  readonly x: readonly [number, number];
  readonly s: number;
  readonly t: number;
  readonly tangent: TangentChoice;
  readonly map: MapKey;
  readonly arrows: ArrowLength;
  /** log₁₀ of the marked step of the finite difference. */
  readonly step: number;
}

/** The tangents that the paper and its mistakes have, with what each of them does. */
export const presets: readonly { readonly name: string; readonly tangent: TangentChoice; readonly words: string }[] = [
  {
    name: "(v, 1, 0)",
    tangent: { x: "velocity", s: 1, t: 0 },
    words:
      "the tangent of MeanFlow: the start moves along the flow, so at the exact map the target is the exact average velocity",
  },
  {
    name: "(0, 1, 0)",
    tangent: { x: [0, 0], s: 1, t: 0 },
    words: "only the time s moves: the target loses (t − s)·∇u·v",
  },
  {
    name: "(v, 1, 1)",
    tangent: { x: "velocity", s: 1, t: 1 },
    words: "the end moves too, as if h = t − s stayed the same: the target gains (t − s)·∂u/∂t",
  },
  {
    name: "(v_θ, 1, 0)",
    tangent: { x: "own", s: 1, t: 0 },
    words:
      "the start moves along the network's own velocity u(x, s, s): right as soon as the network is right on the diagonal",
  },
];

/** The steps ε between which the marked one moves, as powers of ten, and the distance of two steps. */
export const stepPowers = { least: -9, most: 0, stride: 0.25 } as const;

/** Most updates of the network. */
export const mostUpdates = 20_000;

/** The settings of the network's training; those of the first race. */
export const networkSettings = { learningRate: 4e-3, width: 64, batch: 256 } as const;

/** The first scene: the exact map, where MeanFlow's tangent lands on the exact average velocity and every other one misses. */
export const firstMicroscope: MicroscopeState = {
  data: "eightGaussians",
  loss: "meanFlow",
  model: { kind: "exact" },
  x: [0.9, 1.4],
  s: 0.2,
  t: 0.95,
  tangent: presets[0].tangent,
  map: "derivative",
  arrows: "ends",
  step: -3,
};

import type { PointSet } from "@pushforward/training";
import type { Report, ResultRow } from "../../src/report/report.ts";

/** Evenly spread numbers in [0, 1)², the plastic-number lattice: noise for pictures, the same every time. */
function lattice(i: number): [number, number] {
  return [(0.5 + i * 0.7548776662466927) % 1, (0.5 + i * 0.5698402909980532) % 1];
}

function gaussian(i: number): [number, number] {
  const [a, b] = lattice(i + 1);
  const radius = Math.sqrt(-2 * Math.log(1 - a));
  return [radius * Math.cos(2 * Math.PI * b), radius * Math.sin(2 * Math.PI * b)];
}

const plane = (rows: readonly (readonly number[])[]): PointSet => ({ values: Float64Array.from(rows.flat()), dim: 2 });
const rowsOf = (count: number, row: (i: number) => readonly number[]): PointSet =>
  plane(Array.from({ length: count }, (_, i) => row(i)));

/** Two interleaved half circles with a little noise; `blur` widens them as a poorly trained map would. */
function moon(i: number, blur: number): [number, number] {
  const [u] = lattice(i);
  const [dx, dy] = gaussian(3 * i);
  const [x, y] =
    i % 2 === 0
      ? [Math.cos(Math.PI * u), Math.sin(Math.PI * u)]
      : [1 - Math.cos(Math.PI * u), 0.5 - Math.sin(Math.PI * u)];
  return [2 * x - 1 + (0.1 + blur) * dx, 2 * y - 0.5 + (0.1 + blur) * dy];
}

const losses = [
  { name: "meanFlow", blur: 0.05 },
  { name: "shortcut", blur: 0.12 },
  { name: "lsd", blur: 0.03 },
  { name: "consistencyDistillation", blur: 0.2 },
];

const rows: readonly ResultRow[] = [
  ...losses.map(({ name, blur }, i) => ({
    name,
    kind: "loss" as const,
    steps: 4000,
    seconds: 18.3 + 3.1 * i,
    oneStepError: 0.31 * blur + 0.0221,
    fourStepError: 0.15 * blur + 0.0114,
    slicedWasserstein: blur / 2 + 0.0101,
    energyDistance: blur ** 2 / 3 + 0.00011,
  })),
  {
    name: "teacher, 64 steps",
    kind: "teacher",
    steps: 6000,
    seconds: 25.6,
    oneStepError: 1.04,
    fourStepError: 0.212,
    slicedWasserstein: 0.0081,
    energyDistance: 0.00009,
  },
  { name: "Gaussian fit", kind: "baseline", slicedWasserstein: 0.319, energyDistance: 0.0731 },
];

function trajectories(): Report["trajectories"] {
  const from = rowsOf(70, (i) => gaussian(i));
  const path = (i: number): PointSet => {
    const [a, b] = [gaussian(i), moon(i, 0)];
    return rowsOf(24, (k) => {
      const [t, bend] = [k / 23, 0.6 * Math.sin((Math.PI * k) / 23)];
      return [
        a[0] + t * (b[0] - a[0]) + bend * (b[1] - a[1]) * 0.3,
        a[1] + t * (b[1] - a[1]) - bend * (b[0] - a[0]) * 0.3,
      ];
    });
  };
  const paths = Array.from({ length: 70 }, (_, i) => path(i));
  const jumps = losses.map(({ name, blur }) => ({
    name,
    paths,
    arrows: { from, to: rowsOf(70, (i) => [0, 1].map((k) => moon(i, 0)[k] + blur * gaussian(7 * i)[k])) },
  }));
  return [{ name: "teacher", paths }, ...jumps];
}

function curves(): Report["curves"] {
  const steps = Array.from({ length: 400 }, (_, i) => 10 * i);
  const series = (noise: number) =>
    losses.map(({ name, blur }, j) => ({
      name,
      steps,
      values: steps.map(
        (step, i) => (blur + 0.02 + Math.exp(-step / 300)) * Math.exp(noise * gaussian(i + 900 * j)[0]),
      ),
    }));
  return [
    { title: "Loss", series: series(0.4) },
    { title: "One-step error to the exact map", series: series(0.05) },
  ];
}

/** Rings and bars that stand for digits, 8 × 8. */
function pictures(count: number, blur: number): PointSet {
  const pixel = (i: number, k: number): number => {
    const [x, y] = [(k % 8) - 3.5, Math.floor(k / 8) - 3.5];
    const ring = Math.exp(-((Math.hypot(x * (1.2 + 0.1 * (i % 4)), y) - 2.6) ** 2));
    const bar = Math.exp(-((x - 0.3 * (i % 3)) ** 2)) * (Math.abs(y) < 3.2 ? 1 : 0);
    return 16 * (i % 2 === 0 ? ring : bar) + 8 * blur * gaussian(64 * i + k)[0];
  };
  return { values: Float64Array.from({ length: 64 * count }, (_, j) => pixel(Math.floor(j / 64), j % 64)), dim: 64 };
}

/** A report with every kind of section, made of formulas alone. */
export function exampleReport(): Report {
  return {
    title: "One-step maps of two moons",
    summary:
      "Four losses distil the same teacher; LSD comes closest to the exact map in one evaluation of the network.",
    command: "npx pushforward compare meanFlow shortcut lsd consistencyDistillation --data moons --seed 0",
    created: "2025-03-04T10:20:30.000Z",
    environment: { version: "0.1.0", node: "20.20.2", processor: "2 cores", seed: "0", dtype: "float32" },
    problem: {
      name: "moons",
      description: "Two interleaved half circles in the plane, with Gaussian noise.",
      facts: { rows: "2 000", dim: "2", standardised: "yes, undone on output" },
    },
    config: { losses: losses.map(({ name }) => name), steps: 4000, batch: 256, width: 64 },
    formulas: [
      {
        name: "meanFlow",
        latex:
          "L = \\bigl\\lVert U(X_s, s, t) - \\mathrm{sg}\\bigl[v + (t - s)\\,\\tfrac{d}{ds} U(X_s, s, t)\\bigr] \\bigr\\rVert^2",
        note: "The average velocity must satisfy its own derivative along the path.",
        paper: { cite: "Geng et al. 2025", arxiv: "2505.13447" },
      },
      {
        name: "lsd",
        latex:
          "L = \\left\\lVert \\partial_t \\Phi_{s \\to t}(X_s) - v_t\\bigl(\\Phi_{s \\to t}(X_s)\\bigr) \\right\\rVert^2",
        note: "The end of the map must move with the velocity field.",
      },
    ],
    results: rows,
    samples: [
      { name: "data", points: rowsOf(2000, (i) => moon(i, 0)) },
      ...losses.map(({ name, blur }) => ({ name, points: rowsOf(2000, (i) => moon(i, blur)) })),
      { name: "Gaussian fit", points: rowsOf(2000, (i) => gaussian(i)) },
    ],
    trajectories: trajectories(),
    curves: curves(),
    images: [
      { name: "data", pixels: pictures(40, 0), width: 8, height: 8, channels: 1, range: [0, 16] },
      { name: "meanFlow", pixels: pictures(40, 0.2), width: 8, height: 8, channels: 1, range: [0, 16] },
    ],
    imageSteps: [
      {
        ...{ name: "meanFlow", pixels: pictures(6, 0.2), width: 8, height: 8, channels: 1, range: [0, 16] },
        ...{ rows: ["ring", "bar"], columns: ["1", "2", "ODE"] },
      },
    ],
  };
}

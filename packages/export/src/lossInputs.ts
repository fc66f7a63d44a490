import type { AnyLoss } from "@pushforward/losses";
import type { Shape, Tensor } from "@pushforward/tensor";

/** A function that a loss receives: its arguments by name, and its result. */
export interface LossFunction {
  readonly args: readonly string[];
  /** Whether the result is a point like the first argument; else it is one number. */
  readonly isPoint: boolean;
  /** Name of the result in the text of a loss. */
  readonly result: string;
  /** Its meaning, for a reader. */
  readonly text: string;
}

/** The meaning of the network u for each kind of trained function. */
const networks: Readonly<Record<AnyLoss["learns"], string>> = {
  velocity: "velocity at time s, read at t = s",
  averageVelocity: "average velocity from s to t: x + (t - s)*u is the flow map",
  flowMap: "average velocity from s to t: x + (t - s)*u is the flow map",
  generator: "average velocity from s to t: x + (1 - s)*u(x, s, 1) is a sample",
  trigFlow: "network of TrigFlow at the scaled point x and angle s, read at t = 0",
  secondOrder: "correction of second order: x + (t - s)*v + (t - s)**2*u is the flow map",
};

/** Every function that a loss may receive besides the network u; the parameters of all of them are stopped. */
const functions: Readonly<Record<string, LossFunction>> = {
  teacher: { args: ["x", "t"], isPoint: true, result: "v_teacher", text: "velocity of a frozen teacher" },
  teacherMap: { args: ["x", "s", "t"], isPoint: true, result: "x_teacher", text: "flow map of a frozen teacher" },
  unconditional: {
    args: ["x", "s", "t"],
    isPoint: true,
    result: "U_free",
    text: "u without its label, parameters stopped",
  },
  ema: { args: ["x", "s", "t"], isPoint: true, result: "U_ema", text: "u with averaged parameters, stopped" },
  solve: {
    args: ["x", "a", "b"],
    isPoint: true,
    result: "x_solved",
    text: "x moved from time a to b along the teacher",
  },
  fakeVelocity: {
    args: ["x", "t", "s"],
    isPoint: true,
    result: "v_fake",
    text: "velocity of the generator's samples, parameters stopped",
  },
  ratio: {
    args: ["x", "t"],
    isPoint: false,
    result: "R",
    text: "density of data over that of samples, parameters stopped",
  },
  critic: {
    args: ["x", "t"],
    isPoint: false,
    result: "logit",
    text: "logit of data against samples, parameters stopped",
  },
  normalize: { args: ["w"], isPoint: false, result: "weight", text: "w over its mean in the batch" },
};

/** The functions of a loss in their order: the network u, and those that the loss needs. */
export const functionsOf = ({
  learns,
  needs,
}: Pick<AnyLoss, "learns" | "needs">): Readonly<Record<string, LossFunction>> => ({
  u: { args: ["x", "s", "t"], isPoint: true, result: "U", text: networks[learns] },
  ...Object.fromEntries(Object.entries(functions).filter(([name]) => needs.some((need) => need === name))),
});

/** Every array that a loss may receive, in the order of parameters: a point of the data, a number, or a number that a batch shares. */
export const lossArrays: Readonly<Record<string, "point" | "number" | "shared">> = {
  xs: "point",
  v: "point",
  noise: "point",
  data: "point",
  freshNoise: "point",
  pairsNoise: "point",
  pairsData: "point",
  s: "number",
  r: "number",
  t: "number",
  delta: "number",
  warmup: "shared",
};

/** The shape of a point, or of the points of a group. */
export const pointShape = (dim: number, group = 1): Shape => (group === 1 ? [dim] : [group, dim]);

/** The shape of a number of a sample, or of the numbers of the samples of a group. */
const numberShape = (group: number): Shape => (group === 1 ? [] : [group]);

/** Whether an argument of a function belongs to a sample. The others are times, which the samples of a group have in common. */
export const isOfSample = (argument: string): boolean => argument === "x" || argument === "w";

/** Shapes of the arguments and the result of a function, for points of a number of coordinates, or for a group of them. */
export function shapesOf({ args, isPoint }: LossFunction, dim: number, group = 1): { args: Shape[]; result: Shape } {
  const [point, number] = [pointShape(dim, group), numberShape(group)];
  return {
    args: args.map((name) => (name === "x" ? point : isOfSample(name) ? number : [])),
    result: isPoint ? point : number,
  };
}

/** The value of a loss at its functions and arrays, which have the names of {@link lossArrays}. */
export function lossAt(
  { loss }: Pick<AnyLoss, "loss">,
  functions: Readonly<Record<string, unknown>>,
  { pairsNoise, pairsData, ...arrays }: Readonly<Record<string, Tensor>>,
): Tensor {
  const pairs = { noise: pairsNoise, data: pairsData };
  return loss({ ...arrays, ...functions, pairs } as unknown as Parameters<AnyLoss["loss"]>[0]);
}

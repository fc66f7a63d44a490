import { grad } from "@pushforward/autodiff";
import { formulaFunction } from "@pushforward/flows";
import { type Tensor, tensor } from "@pushforward/tensor";

/** Whether a task is solved, in a sentence with the numbers that decide. */
export interface Outcome {
  readonly isSolved: boolean;
  readonly sentence: string;
}

/** A point of the plane. */
type Point = readonly [x: number, y: number];

/** Points at which properties of formulas are checked; neither is 0, and no two coordinates are equal. */
const points: readonly Point[] = [
  [0.7, 1.9],
  [2.3, -0.4],
  [1.6, 0.9],
];

/** Largest error that counts as equal: of rounding, not of another formula. */
const tolerance = 1e-9;

/** A number that a formula must have at every point. */
interface Requirement {
  readonly name: string;
  of(f: (x: Tensor, y: Tensor) => Tensor, at: Point): number;
  expected(at: Point, value: number): number;
}

const value: Requirement["of"] = (f, [x, y]) => f(tensor(x), tensor(y)).item();
const slope: Requirement["of"] = (f, [x, y]) => grad((x: Tensor) => f(x, tensor(y)))(tensor(x))!.item();
const slopeInY: Requirement["of"] = (f, [x, y]) => grad((y: Tensor) => f(tensor(x), y))(tensor(y))!.item();

const digits = (number: number): string => String(Number(number.toPrecision(4)));

/** A task about the formula of the stepper: every requirement must hold at every point. */
function formulaTask(requirements: readonly Requirement[]): (link: string) => Outcome {
  return (link) => {
    const formula = new URLSearchParams(link.replace(/^#/, "")).get("f");
    if (formula === null) return { isSolved: false, sentence: "Choose your own function in the stepper first." };
    const f = formulaFunction(formula, ["x", "y"]);
    for (const at of points)
      for (const { name, of, expected } of requirements) {
        const [found, needed] = [of(f, at), expected(at, value(f, at))];
        if (Math.abs(found - needed) <= tolerance * Math.max(1, Math.abs(needed))) continue;
        const place = `x = ${at[0]}, y = ${at[1]}`;
        return {
          isSolved: false,
          sentence: `Not yet: at ${place} the ${name} is ${digits(found)}, it must be ${digits(needed)}.`,
        };
      }
    return { isSolved: true, sentence: "Solved: the property holds at all points that were tried." };
  };
}

/** The race must contain a loss with all its stops and the same loss without one of them. */
function stopAndNoStop(link: string): Outcome {
  const lanes = new URLSearchParams(link.replace(/^#/, "")).getAll("lane");
  const isSolved = lanes.includes("meanFlow") && lanes.includes("meanFlow@-target");
  return {
    isSolved,
    sentence: isSolved
      ? `Solved: the race has ${lanes.join(", ")}. Press Play and compare.`
      : `Not yet: the race has ${lanes.join(", ")}. It must have meanFlow and meanFlow@-target, the loss without its stop.`,
  };
}

/** Tasks by their names; each judges the link of the pane above it. */
export const tasks: Readonly<Record<string, (link: string) => Outcome | Promise<Outcome>>> = {
  twiceItself: formulaTask([
    { name: "value at 0", of: (f) => value(f, [0, 0]), expected: () => 1 },
    { name: "derivative in x", of: slope, expected: (_at, now) => 2 * now },
  ]),
  saddle: formulaTask([
    { name: "cotangent of x", of: slope, expected: ([x]) => 2 * x },
    { name: "cotangent of y", of: slopeInY, expected: ([, y]) => -2 * y },
  ]),
  constantWithSlope: formulaTask([
    { name: "value", of: value, expected: () => 1 },
    { name: "derivative in x", of: slope, expected: ([x]) => 1 / x },
  ]),
  stopAndNoStop,
};

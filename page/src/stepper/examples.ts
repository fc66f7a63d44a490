import type { Numbers } from "./stepperState.ts";

/** A function that the stepper offers. */
export interface Example {
  readonly name: string;
  readonly title: string;
  readonly formula: string;
  readonly point: Numbers;
  readonly direction: Numbers;
  /** The lesson of the example, in a sentence. */
  readonly hint: string;
}

const alongX: Numbers = { x: 1, y: 0, t: 0 };

/** The functions that the stepper offers, the first scene first. */
export const examples: readonly Example[] = [
  {
    name: "target",
    title: "A target that stands still",
    formula: "(y * tanh(x) - sg(x + y))^2",
    point: { x: 0.5, y: 1.5, t: 0 },
    direction: alongX,
    hint: "The squared distance of a prediction y·tanh(x) from a target x + y. The stop-gradient lets the value of the target through and blocks the cotangent: the gradient moves the prediction alone.",
  },
  {
    name: "inverse",
    title: "x·sg[1/x]",
    formula: "x * sg(1 / x)",
    point: { x: 4, y: 0, t: 0 },
    direction: alongX,
    hint: "The value is 1 for every x, yet the gradient is 1/x: the stop-gradient hides one of two paths. Switch it off, and the gradient is 0.",
  },
  {
    name: "paths",
    title: "Two paths from one input",
    formula: "x * y + sin(x)",
    point: { x: 1, y: 2, t: 0 },
    direction: alongX,
    hint: "x is used twice. Forward, each use has its own tangent; backward, the cotangent of x is the sum of what both uses pass on.",
  },
  {
    name: "negativeLog",
    title: "Logarithm of a negative number",
    formula: "y * log(x)^2",
    point: { x: -1, y: 2, t: 0 },
    direction: alongX,
    hint: "log(x) has no value at x = −1. Everything that is computed from it is NaN too; the first NaN is the one to repair.",
  },
  {
    name: "zeroTimesInfinity",
    title: "0·∞",
    formula: "x * (1 / y)",
    point: { x: 0, y: 0, t: 0 },
    direction: alongX,
    hint: "1/0 is infinite, and 0·∞ is NaN: the first number that is not finite stands one equation before the first NaN.",
  },
  {
    name: "rootOfZero",
    title: "A finite value without a derivative",
    formula: "sqrt(x^2)",
    point: { x: 0, y: 0, t: 0 },
    direction: alongX,
    hint: "The value is 0, but the derivative of the square root is infinite there: tangent and cotangent are NaN although no value is.",
  },
];

import type { ShownStep } from "../work/stepper/answerStepper.ts";
import { arrayText } from "./numberText.ts";
import type { Timeline } from "./timeline.ts";

/** Names in a list: a, b and c. */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

/** The right side of an equation. A stop-gradient is written sg[…]; the shape is added to a value that only takes another shape. */
export function formulaText(steps: readonly ShownStep[], { formula = "", stop, operands, shape }: ShownStep): string {
  const operand = steps[operands[0]]?.name;
  if (stop !== undefined) return `sg[${operand ?? "constant"}]`;
  return operand !== undefined && formula === operand ? `${formula} as ${shape.join("×") || "number"}` : formula;
}

/** The event at a position, in a sentence or two. */
export function describeStep(steps: readonly ShownStep[], timeline: Timeline, position: number): string {
  const place = timeline.activeAt(position);
  if (place === undefined) return describeEnd(steps, timeline, position);
  const step = steps[place];
  const equation = `${step.name} = ${formulaText(steps, step)}`;
  return timeline.isForward(position)
    ? describeForward(step, equation)
    : describeBackward(steps, place, equation, timeline.isFelt[place]);
}

function describeEnd(steps: readonly ShownStep[], { inputs, equations }: Timeline, position: number): string {
  if (position === 0) return "The inputs have their values, and tangents: the direction in which they move.";
  const result = equations === 0 ? "the result" : steps[steps.length - 1].name;
  const names = listed(steps.slice(0, inputs).map(({ name }) => name));
  return `Backward is done: the cotangents of ${names} are the gradient of ${result}.`;
}

function describeForward({ stop, primal, tangent, shape }: ShownStep, equation: string): string {
  const value = arrayText("value", primal, shape);
  if (stop !== undefined) return `Forward: ${equation} has the value of its operand, and its tangent is cut to 0.`;
  const moves = tangent ? ` and the ${arrayText("tangent", tangent, shape)}` : " and no derivative";
  return `Forward: ${equation} has the ${value}${moves}.`;
}

function describeBackward(steps: readonly ShownStep[], place: number, equation: string, isFelt: boolean): string {
  const { name, stop, operands, cotangent, shape } = steps[place];
  if (!cotangent) return `Backward: ${name} has no derivative, so it passes on nothing.`;
  if (!isFelt) return `Backward: nothing arrives at ${name}, because a stop-gradient stands between it and the result.`;
  const arrived = `${arrayText("cotangent", cotangent, shape)} of ${name}`;
  const names = listed([...new Set(operands)].map((operand) => steps[operand].name));
  if (stop !== undefined)
    return `Backward: the stop-gradient “${stop}” blocks the ${arrived}. It does not reach ${names || "its constant"}.`;
  return names === ""
    ? `Backward: the ${arrived} ends here, at a constant.`
    : `Backward: the ${arrived} is complete. ${equation} passes it on to ${names}.`;
}

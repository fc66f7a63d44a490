import { type Directions, recordDerivatives } from "@pushforward/autodiff";
import { mustBe, programNames, type Tensor } from "@pushforward/tensor";
import { formulaOf } from "./boxFormula.ts";
import { type EquationPart, partOf, stopLabel } from "./equationPart.ts";
import type { ProgramInstance } from "./lossProgram.ts";

/** A step of a program: an input, or an equation with its values. */
export interface ProgramStep {
  /** Name of the value, as the printed program has it. */
  readonly name: string;
  /** The equation as a formula of named values; undefined for an input. */
  readonly formula: string | undefined;
  readonly part: EquationPart;
  /** Label of the stop-gradient that the step is. */
  readonly stop: string | undefined;
  readonly primal: Tensor;
  /** Undefined for values without derivatives, as in recordDerivatives. */
  readonly tangent: Tensor | undefined;
  readonly cotangent: Tensor | undefined;
  /** Places of the operands among the steps. */
  readonly operands: readonly number[];
}

/**
 * The steps of a program with their values, tangents and cotangents: inputs first, then the equations in their order.
 *
 * @throws ShapeError, DTypeError unless tangents and cotangents fit the program
 */
export function stepThrough(instance: ProgramInstance, directions: Directions): ProgramStep[] {
  mustBe("stepThrough", "the instance", instance, "object");
  const { program, inputs } = instance;
  mustBe("stepThrough", "the program of the instance", program, "object");
  mustBe("stepThrough", "the inputs of the instance", inputs, "list");
  const records = recordDerivatives(program, inputs, directions);
  const names = programNames(program);
  const variables: readonly Tensor[] = records.map(({ variable }) => variable);
  return records.map(({ variable, equation, primal, tangent, cotangent }) => ({
    name: names.get(variable)!,
    formula: equation && formulaOf(variable, new Map([[variable, equation]]), names),
    part: equation ? partOf(equation) : "primal",
    stop: equation && stopLabel(equation),
    primal,
    tangent,
    cotangent,
    operands: (equation?.operands ?? []).map((x) => variables.indexOf(x)).filter((place) => place >= 0),
  }));
}

/** A number of a step that is not finite. */
export interface NonFiniteStep {
  /** Place of the step. */
  readonly step: number;
  readonly kind: "primal" | "tangent" | "cotangent";
  /** The cause in a sentence. */
  readonly sentence: string;
}

const isBad = (x: Tensor | undefined): x is Tensor =>
  x !== undefined && Array.from(x.dataSync(), Number).some((value) => !Number.isFinite(value));

/** The numbers of a tensor in a few digits. */
const numbersOf = (x: Tensor): string => {
  const values = Array.from(x.dataSync(), (value) => Number(Number(value).toPrecision(4)));
  return x.rank === 0 ? String(values[0]) : `[${values.slice(0, 4).join(", ")}${values.length > 4 ? ", …" : ""}]`;
};

/**
 * The first number that is not finite, in the order in which the numbers are computed: values and tangents forward, then cotangents
 * backward. Undefined if all numbers are finite.
 */
export function firstNonFiniteStep(steps: readonly ProgramStep[]): NonFiniteStep | undefined {
  mustBe("firstNonFiniteStep", "the steps", steps, "list");
  steps.forEach(checkStep);
  for (const kind of ["primal", "tangent"] as const) {
    const step = steps.findIndex((each) => isBad(each[kind]));
    if (step >= 0) return { step, kind, sentence: sentenceOf(steps, step, kind) };
  }
  const step = steps.findLastIndex(({ cotangent }) => isBad(cotangent));
  return step < 0 ? undefined : { step, kind: "cotangent", sentence: sentenceOf(steps, step, "cotangent") };
}

/** @throws DTypeError unless a step has a value, and derivatives that are tensors */
function checkStep(step: ProgramStep, i: number): void {
  mustBe("firstNonFiniteStep", `step ${i}`, step, "object");
  for (const kind of ["primal", "tangent", "cotangent"] as const)
    if (kind === "primal" || step[kind] !== undefined)
      mustBe("firstNonFiniteStep", `the ${kindWords[kind]} of step ${i}`, step[kind], "tensor");
  mustBe("firstNonFiniteStep", `the operands of step ${i}`, step.operands, "list");
}

const kindWords = { primal: "value", tangent: "tangent", cotangent: "cotangent" } as const;

function sentenceOf(steps: readonly ProgramStep[], place: number, kind: NonFiniteStep["kind"]): string {
  const { name, formula, [kind]: bad, operands } = steps[place];
  const found = Array.from(bad!.dataSync(), Number).find((value) => !Number.isFinite(value));
  const first = `The ${kindWords[kind]} of ${name} is the first number that is not finite: ${found}`;
  if (kind === "cotangent") return `${first}. ${backwardCause(steps, place)}`;
  const at = operands.map((operand) => `${steps[operand].name} = ${numbersOf(steps[operand].primal)}`).join(", ");
  return formula === undefined ? `${first}.` : `${first}. It comes from ${name} = ${formula}${at ? ` at ${at}` : ""}.`;
}

/** The equation whose derivative made a cotangent: one of those that use the value. */
function backwardCause(steps: readonly ProgramStep[], place: number): string {
  const used = steps.filter(({ operands }) => operands.includes(place));
  const equations = used.map(({ name, formula }) => `${name} = ${formula}`).join(", ");
  return `It comes from the derivative of ${equations} at ${steps[place].name} = ${numbersOf(steps[place].primal)}.`;
}

import {
  DTypeError,
  type Equation,
  inGroup,
  labelled,
  named,
  type PrimitiveName,
  type Tensor,
  Variable,
} from "@pushforward/tensor";
import { isLinearCall, type LinearCall, type LinearProgram } from "./linearProgram.ts";
import { NanError } from "./nanError.ts";
import { transposeRules } from "./rules/index.ts";
import type { OperandTranspose, TransposeContext, TransposeRule } from "./rules/rule.ts";
import { ruleOf } from "./rules/ruleOf.ts";

/**
 * Runs a linear program backwards: where the program computes A·dx, its transpose computes Aᵀ·ct.
 *
 * @param cotangents one cotangent for each output; null is zero
 * @returns one cotangent for each input; null is zero
 */
export function transposeLinear(program: LinearProgram, cotangents: readonly (Tensor | null)[]): (Tensor | null)[] {
  return labelled("cotangent", () => transposeSteps(program, cotangents));
}

function transposeSteps(program: LinearProgram, cotangents: readonly (Tensor | null)[]): (Tensor | null)[] {
  const sums = new Map<Tensor, Tensor>();
  const accumulate = (x: Tensor | null, ct: Tensor | null): void => {
    if (!(x instanceof Variable) || ct === null) return;
    const known = sums.get(x);
    sums.set(x, known ? known.add(ct) : ct);
  };
  program.outputs.forEach((x, i) => {
    accumulate(x, cotangents[i]);
  });
  for (let i = program.steps.length - 1; i >= 0; i--) {
    const step = program.steps[i];
    for (const x of isLinearCall(step) ? step.outputs : [step.output]) nameCotangent(program, x, sums);
    inGroup(step.group, () => {
      if (isLinearCall(step)) transposeCall(step, sums, accumulate);
      else transposeEquation(step, sums, accumulate);
    });
  }
  return program.inputs.map((x) => (x ? (sums.get(x) ?? null) : null));
}

/** Names the complete cotangent of a named value: ∇ in front of its name. */
function nameCotangent({ names }: LinearProgram, x: Tensor, sums: ReadonlyMap<Tensor, Tensor>): void {
  const [name, ct] = [names?.get(x), sums.get(x)];
  if (name !== undefined && ct !== undefined) named(ct, `∇${name}`);
}

type Accumulate = (x: Tensor | null, ct: Tensor | null) => void;

function transposeCall(
  { map, operands, outputs }: LinearCall,
  sums: Map<Tensor, Tensor>,
  accumulate: Accumulate,
): void {
  const cts = outputs.map((x) => sums.get(x) ?? null);
  if (cts.every((ct) => ct === null)) return;
  map.transpose(cts).forEach((ct, i) => {
    accumulate(operands[i], ct);
  });
}

function transposeEquation(equation: Equation, sums: Map<Tensor, Tensor>, accumulate: Accumulate): void {
  const ct = sums.get(equation.output);
  if (!ct) return;
  sums.delete(equation.output);
  const { operands, params, output } = equation;
  const isLinear = operands.map((x) => x instanceof Variable && x.interpreter === output.interpreter);
  const rule = ruleFor(equation, isLinear);
  const [x, y, z] = operands;
  const context: TransposeContext<object> = { x, y, z, types: operands, params };
  try {
    if (typeof rule.operands === "function") {
      const all = (rule.operands as (ct: Tensor, context: TransposeContext<object>) => readonly Tensor[])(ct, context);
      operands.forEach((operand, i) => {
        if (isLinear[i]) accumulate(operand, all[i]);
      });
    } else {
      const perOperand = rule.operands as readonly (OperandTranspose<object> | null)[];
      operands.forEach((operand, i) => {
        if (isLinear[i]) accumulate(operand, perOperand[i]!(ct, context));
      });
    }
  } catch (error) {
    throw error instanceof NanError ? error.inBackwardOf(equation) : error;
  }
}

function ruleFor({ primitive, operands }: Equation, isLinear: readonly boolean[]): TransposeRule<PrimitiveName> {
  const rule = ruleOf(transposeRules, primitive, "vjp") as TransposeRule<PrimitiveName> | undefined;
  const linear = operands.flatMap((_, i) => (isLinear[i] ? [i] : []));
  const isAllowed =
    rule !== undefined &&
    (rule.joint === "sum" || linear.length === 1) &&
    linear.every((i) => typeof rule.operands === "function" || (rule.operands as readonly unknown[])[i] !== null);
  if (isAllowed) return rule;
  const what = linear.length > 1 ? `"${primitive.name}" of two tangents` : `"${primitive.name}" of a tangent`;
  throw new DTypeError(
    `vjp: a jvp rule must be linear in its tangents, got ${what}; correct the rule given to customJvp`,
  );
}

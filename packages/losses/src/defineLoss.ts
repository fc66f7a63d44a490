import { jvp } from "@pushforward/autodiff";
import { type AverageVelocity, checkSameShape, type FlowMap, firstOrderFlowMap } from "@pushforward/flows";
import { DomainError, onesLike, promote, type Tensor, type TensorLike } from "@pushforward/tensor";
import { checkDefinition, needNames } from "./checkDefinition.ts";
import {
  checkFunctions,
  checkGroups,
  checkOrder,
  checkPositive,
  checkResult,
  checkSameTime,
  checkSamples,
} from "./checkInput.ts";
import { checkGroupSize } from "./groups.ts";
import type { BodyInput, Generator, Learns, Loss, LossDefinition, LossInput, Need } from "./lossTypes.ts";
import { printFormula } from "./markedFormula.ts";

/** Input of any loss, before its types are distinguished. */
type AnyInput = Readonly<Record<string, unknown>> & { readonly xs: Tensor };

/** Inputs that a caller may pass as plain numbers and that are tensors in a body. */
const numberNames = ["s", "t", "r", "delta", "warmup"] as const;

/**
 * Makes a loss from a formula and metadata. The type of the body's input follows from `needs` and `learns`, so the body can use
 * listed inputs only. The loss checks its input, and that the body returns one number per sample.
 *
 * @throws DTypeError or DomainError about a field of the definition
 */
export function defineLoss<const L extends Learns, const N extends readonly Need[]>(
  definition: LossDefinition<L, N>,
): Loss<L, N> {
  checkDefinition(definition as unknown as LossDefinition<Learns, readonly Need[]>);
  return Object.freeze({
    weighting: { kind: "none" } as const,
    departs: [],
    group: 1,
    ...definition,
    formula: printFormula(definition.formula),
    markedFormula: definition.formula,
    loss: (input: LossInput<L, N[number]>) => {
      const given = checkFunctions(definition, { ...input }) as AnyInput;
      const full = { ...given, ...modelOf(definition, given) };
      checkNeeds(definition, full);
      checkSamples(definition, full);
      const group = groupOf(definition, full);
      const complete = withAlong(definition, { ...full, ...numbersOf(definition, given), group });
      checkTimes(definition, complete);
      const body = named(definition, complete);
      return checkResult(definition, definition.loss(body as unknown as BodyInput<L, N[number]>), given.xs);
    },
  });
}

type AnyDefinition = Pick<
  LossDefinition<Learns, readonly Need[]>,
  "name" | "learns" | "needs" | "times" | "conditionalVelocity" | "along" | "group"
>;

/**
 * The number of samples that are compared with each other: that of the input, or of the loss.
 *
 * @throws DomainError for groups in a loss that has none, ShapeError for a batch that does not consist of whole groups
 */
function groupOf(definition: AnyDefinition, { group: given, xs }: AnyInput): number {
  const { name, group: own = 1 } = definition;
  const group = given === undefined ? own : (given as number);
  checkGroupSize(name, group);
  if (own === 1 && group !== 1)
    throw new DomainError(
      `${name}: group must be left out, because the loss compares no samples with each other, got ${group}`,
    );
  checkGroups(definition, xs, group);
  return group;
}

/**
 * The input with the velocity of the tangent as a tensor, where a caller replaces it.
 *
 * @throws DomainError if the tangent of the loss holds no velocity
 */
function withAlong({ name, along: hasAlong = false }: AnyDefinition, input: AnyInput): AnyInput {
  const { along, xs } = input;
  if (along === undefined) return input;
  if (!hasAlong) throw new DomainError(`${name}: along must be left out, because the tangent of this loss holds no v`);
  if (along === "own") return { ...input, along: ownVelocity(input) };
  checkSameShape(name, "along", along, xs, " like xs");
  return input;
}

/** The student's own velocity: U(X_s, s, s), which is ∂ₜΦ(X_s, s, t) at t = s. */
function ownVelocity({ u, phi, xs, s }: AnyInput): Tensor {
  const start = s as Tensor;
  if (typeof u === "function") return (u as AverageVelocity)(xs, start, start);
  const [, velocity] = jvp((end: Tensor) => (phi as FlowMap)(xs, start, end), [start], [onesLike(start)]);
  return velocity;
}

/** phi, which is made from u if only u is given, and generator, which is made from phi. */
function modelOf({ learns }: AnyDefinition, { generator, phi, u }: AnyInput): { phi?: unknown; generator?: unknown } {
  if (learns !== "flowMap" && learns !== "generator") return {};
  const made = typeof u === "function" ? firstOrderFlowMap(u as Parameters<typeof firstOrderFlowMap>[0]) : undefined;
  const map = (phi ?? made) as FlowMap | undefined;
  if (learns === "flowMap") return map === undefined ? {} : { phi: map };
  return { generator: generator ?? (map && toData(map)) };
}

/** generator(x, s) = Φ(x, s, 1). */
const toData =
  (phi: FlowMap): Generator =>
  (x, s) =>
    phi(x, s, onesLike(s));

/** Times and other numbers as tensors in the dtype of xs. */
function numbersOf({ name }: AnyDefinition, input: AnyInput): Record<string, Tensor> {
  const present = numberNames.filter((each) => input[each] !== undefined);
  const [, ...numbers] = promote(name, [input.xs, ...present.map((each) => input[each] as TensorLike)]);
  return Object.fromEntries(present.map((each, i) => [each, numbers[i]]));
}

/** The name under which a body receives the trained function. */
const modelName = ({ learns }: AnyDefinition): string =>
  learns === "flowMap" ? "phi" : learns === "generator" ? "generator" : "u";

function checkNeeds(definition: AnyDefinition, input: AnyInput): void {
  const { conditionalVelocity, needs } = definition;
  const v = conditionalVelocity === "unused" ? [] : ["v"];
  const absent = [modelName(definition), "xs", "s", "t", ...v, ...needs].find((what) => isAbsent(input[what]));
  if (absent !== undefined) throw missing(definition, absent);
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function missing(definition: AnyDefinition, what: string): DomainError {
  const all = [modelName(definition), "noise", "data", "xs", "v", "s", "t", ...definition.needs].join(", ");
  return new DomainError(`${definition.name}: needs ${what}, got none; a call takes { ${all} }`);
}

/**
 * The input of a body. noise, data and v may be missing if the body does not read them; an error names a missing input that the
 * body reads, and an optional input that `needs` does not list.
 */
function named(definition: AnyDefinition, given: AnyInput): AnyInput {
  const { name, needs } = definition;
  const errors: Readonly<Record<string, () => DomainError>> = Object.fromEntries([
    ...needNames
      .filter((need) => !needs.includes(need))
      .map((need) => [need, () => new DomainError(`${name}: needs must list ${need}, because the body reads it`)]),
    ...["noise", "data", "v"]
      .filter((each) => isAbsent(given[each]))
      .map((each) => [each, () => missing(definition, each)]),
  ]);
  const allowed = Object.entries(given).filter(([each]) => !Object.hasOwn(errors, each));
  const input = Object.fromEntries(allowed) as AnyInput;
  for (const [each, error] of Object.entries(errors)) {
    // Not enumerable: a body may hand the rest of its input to another loss.
    Object.defineProperty(input, each, {
      get: () => {
        throw error();
      },
    });
  }
  return input;
}

function checkTimes(definition: AnyDefinition, input: AnyInput): void {
  const { s, t, r, delta } = input as unknown as Record<(typeof numberNames)[number], Tensor>;
  const { needs, times } = definition;
  for (const [what, time] of Object.entries({ s, t, r, delta }))
    if (time !== undefined) checkSameTime(definition, [what, time], input.group as number);
  if (times === "sorted") {
    checkOrder(definition, ["s", s], ["t", t]);
    if (needs.includes("r")) {
      checkOrder(definition, ["s", s], ["r", r]);
      checkOrder(definition, ["r", r], ["t", t]);
    }
  }
  if (needs.includes("delta")) checkPositive(definition, "delta", delta);
}

import { type FlowMap, firstOrderFlowMap } from "@pushforward/flows";
import { DomainError, onesLike, promote, type Tensor, type TensorLike } from "@pushforward/tensor";
import { checkOrder, checkPositive, checkResult } from "./checkInput.ts";
import type { BodyInput, Generator, Learns, Loss, LossDefinition, LossInput, Need } from "./lossTypes.ts";
import { printFormula } from "./markedFormula.ts";

/** Input of any loss, before its types are told apart. */
type AnyInput = Readonly<Record<string, unknown>> & { readonly xs: Tensor };

/** Numbers that may be plain outside and are tensors in a body. */
const numberNames = ["s", "t", "r", "delta", "warmup"] as const;

/**
 * Makes a loss of its formula and what is known of it. The body's input is typed from `needs` and `learns`: what is not listed
 * is not in scope. The result checks its input and that the body returns one number per sample.
 */
export function defineLoss<const L extends Learns, const N extends readonly Need[]>(
  definition: LossDefinition<L, N>,
): Loss<L, N> {
  return Object.freeze({
    weighting: { kind: "none" } as const,
    ...definition,
    formula: printFormula(definition.formula),
    markedFormula: definition.formula,
    loss: (input: LossInput<L, N[number]>) => {
      const given = input as unknown as AnyInput;
      const full = { ...given, ...modelOf(definition, given) };
      checkNeeds(definition, full);
      const body = { ...full, ...numbersOf(definition, given) };
      checkTimes(definition, body);
      return checkResult(definition, definition.loss(body as unknown as BodyInput<L, N[number]>), given.xs);
    },
  });
}

type AnyDefinition = Pick<LossDefinition<Learns, readonly Need[]>, "name" | "learns" | "needs" | "times">;

/** phi, made of u where only that is given, and generator, made of phi. */
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

/** Times and the like as tensors in the dtype of xs. */
function numbersOf({ name }: AnyDefinition, input: AnyInput): Record<string, Tensor> {
  const present = numberNames.filter((each) => input[each] !== undefined);
  const [, ...numbers] = promote(name, [input.xs, ...present.map((each) => input[each] as TensorLike)]);
  return Object.fromEntries(present.map((each, i) => [each, numbers[i]]));
}

function checkNeeds({ name, learns, needs }: AnyDefinition, input: AnyInput): void {
  const model = learns === "flowMap" ? "phi" : learns === "generator" ? "generator" : "u";
  const missing = [model, "xs", "s", "t", ...needs].find((what) => input[what] === undefined);
  if (missing === undefined) return;
  const all = [model, "noise", "data", "xs", "v", "s", "t", ...needs].join(", ");
  throw new DomainError(`${name}: needs ${missing}, got none; a call takes { ${all} }`);
}

function checkTimes(definition: AnyDefinition, input: AnyInput): void {
  const { s, t, r, delta } = input as unknown as Record<(typeof numberNames)[number], Tensor>;
  const { needs, times } = definition;
  if (times === "sorted") {
    checkOrder(definition, ["s", s], ["t", t]);
    if (needs.includes("r")) {
      checkOrder(definition, ["s", s], ["r", r]);
      checkOrder(definition, ["r", r], ["t", t]);
    }
  }
  if (needs.includes("delta")) checkPositive(definition, "delta", delta);
}

import { firstOrderFlowMap } from "@pushforward/flows";
import { DomainError, promote, type Tensor, type TensorLike } from "@pushforward/tensor";
import { checkOrder, checkPositive, checkResult } from "./checkInput.ts";
import type { BodyInput, Learns, Loss, LossDefinition, LossInput, Need } from "./lossTypes.ts";

/** Input of any loss, before its types are told apart. */
type AnyInput = Readonly<Record<string, unknown>> & { readonly xs: Tensor };

const timeNames = ["s", "t", "r", "delta"] as const;

/**
 * Makes a loss of its formula and what is known of it. The body's input is typed from `needs` and `learns`: what is not listed
 * is not in scope. The result checks its input and that the body returns one number per sample.
 */
export function defineLoss<const L extends Learns, const N extends readonly Need[]>(
  definition: LossDefinition<L, N>,
): Loss<L, N> {
  return Object.freeze({
    ...definition,
    loss: (input: LossInput<L, N[number]>) => {
      const given = input as unknown as AnyInput;
      const full = { ...given, ...modelOf(definition, given) };
      checkNeeds(definition, full);
      const body = { ...full, ...timesOf(definition, given) };
      checkTimes(definition, body);
      return checkResult(definition, definition.loss(body as unknown as BodyInput<L, N[number]>), given.xs);
    },
  });
}

type AnyDefinition = Pick<LossDefinition<Learns, readonly Need[]>, "name" | "learns" | "needs" | "times">;

/** phi, made of u where only that is given. */
function modelOf({ learns }: AnyDefinition, { phi, u }: AnyInput): { phi?: unknown } {
  return learns === "flowMap" && phi === undefined && typeof u === "function"
    ? { phi: firstOrderFlowMap(u as Parameters<typeof firstOrderFlowMap>[0]) }
    : {};
}

/** Times as tensors in the dtype of xs. */
function timesOf({ name }: AnyDefinition, input: AnyInput): Record<string, Tensor> {
  const present = timeNames.filter((time) => input[time] !== undefined);
  const [, ...times] = promote(name, [input.xs, ...present.map((time) => input[time] as TensorLike)]);
  return Object.fromEntries(present.map((time, i) => [time, times[i]]));
}

function checkNeeds({ name, learns, needs }: AnyDefinition, input: AnyInput): void {
  const model = learns === "flowMap" ? "phi" : "u";
  const missing = [model, "xs", "s", "t", ...needs].find((what) => input[what] === undefined);
  if (missing === undefined) return;
  const all = [model, "noise", "data", "xs", "v", "s", "t", ...needs].join(", ");
  throw new DomainError(`${name}: needs ${missing}, got none; a call takes { ${all} }`);
}

function checkTimes(definition: AnyDefinition, input: AnyInput): void {
  const { s, t, r, delta } = input as unknown as Record<(typeof timeNames)[number], Tensor>;
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

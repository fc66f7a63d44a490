import { DenseTensor, type PrimitiveName, sameShape, type Tensor } from "@pushforward/tensor";
import { complexStep, richardson } from "@pushforward/testing";
import { grad, jvp, vjp } from "../../src/index.ts";
import type { DerivativeCase } from "./derivativeCase.ts";

/** First derivatives in both modes, and every way to take a second one. */
export const derivativeModes = ["jvp", "vjp", "jvp of jvp", "jvp of vjp", "vjp of jvp", "vjp of vjp"] as const;

export type DerivativeMode = (typeof derivativeModes)[number];

/** How far one derivative of one case is off. */
export interface Verdict {
  readonly mode: DerivativeMode;
  /** Largest |got − want| / max(1, |want|) over all elements. */
  readonly error: number;
  /** The same between both oracles. */
  readonly doubt: number;
}

/** Tolerance of every element. */
export const tolerance = 1e-9;

/** Oracles that disagree by more than this have no verdict. */
export const oraclesAgree = 1e-10;

type Tensors = readonly Tensor[];

/** Largest |got − want| / max(1, |want|), NaN if one is; a wrong dtype, shape or number of results is infinitely far off. */
function distance(got: Tensors, want: Tensors): number {
  if (got.length !== want.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  got.forEach((x, i) => {
    const [a, b] = [x.concrete("distance"), want[i].concrete("distance")];
    if (a.dtype !== "float64" || !sameShape(a.shape, b.shape)) worst = Number.POSITIVE_INFINITY;
    else
      a.buffer.forEach((value, k) => {
        worst = Math.max(worst, Math.abs(value - b.buffer[k]) / Math.max(1, Math.abs(b.buffer[k])));
      });
  });
  return worst;
}

/** What the definition of the stop primitives makes of the derivative of the identity. */
function markerFactor(name: PrimitiveName, mode: DerivativeMode): number {
  if (name === "stopGradient") return 0;
  return (name === "stopTangent" && mode === "jvp") || (name === "stopCotangent" && mode === "vjp") ? 0 : 1;
}

const isMarker = (name: PrimitiveName): boolean => name.startsWith("stop");
const asArray = (x: unknown): Tensors => (Array.isArray(x) ? x : [x as Tensor]);
const pairing = (a: Tensors, b: Tensors): Tensor => a.map((x, i) => x.mul(b[i]).sum()).reduce((s, x) => s.add(x));

/** At most this many elements of an operand are checked by differences of their own. */
const maxPicks = 8;

/** Unit directions: the first elements of every operand, spread over it. */
function unitDirections(primals: readonly DenseTensor[]): { operand: number; at: number; direction: DenseTensor[] }[] {
  return primals.flatMap(({ size }, operand) => {
    const count = Math.min(size, maxPicks);
    return Array.from({ length: count }, (_, k) => {
      const at = Math.floor((k * size) / count);
      const direction = primals.map((x, i) => {
        const numbers = new Float64Array(x.size);
        if (i === operand) numbers[at] = 1;
        return new DenseTensor(numbers, x.shape, "float64");
      });
      return { operand, at, direction };
    });
  });
}

/** jvp along v against both oracles. */
function judgeJvp({ name, f, primals, v }: DerivativeCase): Verdict {
  const factor = markerFactor(name, "jvp");
  const differences = asArray(richardson(f, primals, v)).map((x) => x.mul(factor));
  const exact = isMarker(name) ? differences : asArray(complexStep(f, primals, v));
  return { mode: "jvp", error: distance([jvp(f, primals, v)[1]], exact), doubt: distance(differences, exact) };
}

/** The pulled-back cotangent, element by element, and along v. */
function judgeVjp({ name, f, primals, v, ct }: DerivativeCase): Verdict {
  const factor = markerFactor(name, "vjp");
  const pulled = vjp(f, primals)[1](ct) as unknown as readonly DenseTensor[];
  const paired = (...xs: Tensor[]): Tensor =>
    f(...xs)
      .mul(ct)
      .sum();
  const directions = unitDirections(primals);
  const got = directions.map(({ operand, at }) => pulled[operand].buffer[at]);
  const along = [...directions.map(({ direction }) => direction), v];
  const differences = along.map((d) => (richardson(paired, primals, d) as Tensor).mul(factor));
  const exact = isMarker(name) ? differences : along.map((d) => complexStep(paired, primals, d) as Tensor);
  const all = [...got, pairing(pulled, v).item()].map((x) => new DenseTensor(Float64Array.of(x), [], "float64"));
  const fits = pulled.every((x, i) => String(x.shape) === String(primals[i].shape));
  return {
    mode: "vjp",
    error: fits ? distance(all, exact) : Number.POSITIVE_INFINITY,
    doubt: distance(differences, exact),
  };
}

/**
 * Second derivatives. Along u and v the oracle needs no rule of ours (differences of complex steps); for the cotangent's
 * derivative it is the difference, and the complex step, of the first-order pullback that was judged before.
 */
function judgeSecond({ f, primals, u, v, ct }: DerivativeCase): Verdict[] {
  const n = primals.length;
  const push = (...xs: Tensor[]): Tensor => jvp(f, xs, v)[1];
  const pull = (...xs: Tensor[]): Tensors => vjp(f, xs)[1](ct) as unknown as Tensors;
  const all = { argnums: Array.from({ length: n }, (_, i) => i) };
  const gradient = (g: (...xs: Tensor[]) => Tensor): Tensors => grad(g, all)(...primals) as unknown as Tensors;

  const twice = [richardson((...xs: Tensor[]) => complexStep(f, xs, v), primals, u) as Tensor];
  const twiceExact = [complexStep(push, primals, u) as Tensor];
  const mixed = asArray(richardson(pull, primals, v));
  const mixedExact = asArray(complexStep(pull, primals, v));
  // Both second derivatives speak of one form: ⟨ct, D²f(u, v)⟩ = ⟨D(Jᵀct)·v, u⟩.
  const [left, right] = [pairing([ct], twiceExact), pairing(mixedExact, u)].map((x) => [x]);
  const doubt = Math.max(distance(mixed, mixedExact), distance(left, right));
  const verdict = (mode: DerivativeMode, got: Tensors): Verdict => ({ mode, error: distance(got, mixedExact), doubt });
  return [
    {
      mode: "jvp of jvp",
      error: distance([jvp(push, primals, u)[1]], twice),
      doubt: distance(twice, twiceExact),
    },
    verdict("jvp of vjp", jvp(pull, primals, v)[1]),
    verdict(
      "vjp of jvp",
      gradient((...xs) =>
        push(...xs)
          .mul(ct)
          .sum(),
      ),
    ),
    verdict(
      "vjp of vjp",
      gradient((...xs) => pairing(pull(...xs), v)),
    ),
  ];
}

/** All derivatives of a case to second order. */
export const judge = (each: DerivativeCase): Verdict[] => [judgeJvp(each), judgeVjp(each), ...judgeSecond(each)];

/** Whether both oracles say the same. */
export const isJudged = ({ doubt }: Verdict): boolean => doubt <= oraclesAgree;

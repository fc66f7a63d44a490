import {
  add,
  DomainError,
  div,
  mul,
  mustBeOneOf,
  neg,
  optionsOf,
  sub,
  type Tensor,
  type TensorLike,
} from "@pushforward/tensor";
import { checkCall, checkedFunction, checkSameShape } from "./callChecks.ts";
import { asTime, type TimeField, type VelocityField } from "./flow.ts";
import { coefficients, type Interpolant, linear } from "./interpolants.ts";

/** Predictions of a network at a point x of the path; each of the four determines the others. */
export type Prediction = "velocity" | "score" | "noise" | "data";

/** The path at one time, and the point. */
interface At {
  readonly x: Tensor;
  readonly alpha: Tensor;
  readonly sigma: Tensor;
  readonly dAlpha: Tensor;
  readonly dSigma: Tensor;
}

/** Conversions between one kind of prediction and the pair of data and noise. */
interface Row {
  data(value: Tensor, at: At): Tensor;
  noise(value: Tensor, at: At): Tensor;
  from(data: () => Tensor, noise: () => Tensor, at: At): Tensor;
}

/** σα' − ασ', which is 1 on the linear path. */
const wronskian = ({ alpha, sigma, dAlpha, dSigma }: At): Tensor => sub(mul(sigma, dAlpha), mul(alpha, dSigma));

/** Any two of x, D and ε determine the third: x = αD + σε. */
const dataOf = (noise: Tensor, { x, alpha, sigma }: At): Tensor => div(sub(x, mul(sigma, noise)), alpha);
const noiseOf = (data: Tensor, { x, alpha, sigma }: At): Tensor => div(sub(x, mul(alpha, data)), sigma);

const table: Record<Prediction, Row> = {
  // D;   ε = (x − αD)/σ
  data: { data: (D) => D, noise: (D, at) => noiseOf(D, at), from: (data) => data() },
  // ε;   D = (x − σε)/α
  noise: { data: (e, at) => dataOf(e, at), noise: (e) => e, from: (_, noise) => noise() },
  // s = −ε/σ
  score: {
    data: (s, at) => dataOf(neg(mul(at.sigma, s)), at),
    noise: (s, { sigma }) => neg(mul(sigma, s)),
    from: (_, noise, { sigma }) => neg(div(noise(), sigma)),
  },
  // v = α'D + σ'ε;   D = (σv − σ'x)/(σα' − ασ'),   ε = (α'x − αv)/(σα' − ασ')
  velocity: {
    data: (v, at) => div(sub(mul(at.sigma, v), mul(at.dSigma, at.x)), wronskian(at)),
    noise: (v, at) => div(sub(mul(at.dAlpha, at.x), mul(at.alpha, v)), wronskian(at)),
    from: (data, noise, { dAlpha, dSigma }) => add(mul(dAlpha, data()), mul(dSigma, noise())),
  },
};

/** Names of the predictions. */
export const predictions = Object.keys(table) as readonly Prediction[];

/** Settings of a conversion. */
export interface ConversionOptions {
  readonly from: Prediction;
  readonly to: Prediction;
  /** The path of x; default linear. */
  readonly path?: Interpolant;
}

/**
 * One prediction as another at the point x of the path, exactly.
 *
 *   x = αD + σε,   v = α'D + σ'ε,   s = −ε/σ       linear path: D = x + (1 − t)v,   ε = x − tv,   s = (tv − x)/(1 − t)
 *
 * Conversions from or to a score, and between data and noise, divide by σ or α: do not use them at the end where the divisor is
 * 0.
 *
 * @param value the prediction, [batch, dim]
 * @param x the point of the prediction, [batch, dim]
 * @param t the time of the prediction on the path's clock, scalar or [batch, 1]
 */
export function convertPrediction(value: Tensor, x: Tensor, t: TensorLike, options: ConversionOptions): Tensor {
  const { from, to, path = linear } = optionsOf("convertPrediction", options);
  checkKind("from", from);
  checkKind("to", to);
  checkCall("convertPrediction", x, { t });
  checkSameShape("convertPrediction", "the value", value, x);
  if (from === to) return value;
  const at: At = { x, ...coefficients("convertPrediction", path, t, x) };
  const source = table[from];
  return table[to].from(
    () => source.data(value, at),
    () => source.noise(value, at),
    at,
  );
}

/** A field of one prediction as a field of another, e.g. the score of a velocity. */
export const convertField = (field: VelocityField, options: ConversionOptions): TimeField => {
  const checked = checkedFunction("convertField", "the field", field);
  optionsOf("convertField", options);
  return (x, t) => {
    checkCall("convertField", x, { t });
    const time = asTime(t, x);
    return convertPrediction(checked(x, time), x, time, options);
  };
};

function checkKind(name: "from" | "to", kind: unknown): void {
  if (typeof kind === "string" && Object.hasOwn(table, kind)) return;
  throw new DomainError(`convertPrediction: ${name} ${mustBeOneOf(kind, predictions)}`);
}

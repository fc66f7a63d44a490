import { jvp, vmap } from "@pushforward/autodiff";
import { cast, compile, type Tensor, tensor, trace, zeros } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import {
  type AnyLoss,
  backwardResidual,
  forwardResidual,
  losses,
  lossVectors,
  normalizedTangent,
  residualIdentity,
} from "../src/index.ts";
import { type Input, inputFor } from "./support/conformance.ts";
import { goldenParams, tanhModel } from "./support/goldenProblem.ts";

/** The input of losses that look at each sample alone. */
const full = inputFor(losses.meanFlow, tanhModel(goldenParams));
const fullFor = (loss: AnyLoss): Input => inputFor(loss, tanhModel(goldenParams));
const all = Object.values(losses) as readonly AnyLoss[];
const table = all.map((loss) => [loss.name, loss] as const);

const throws = (loss: AnyLoss, change: Readonly<Record<string, unknown>>, name: string, message: string): void => {
  const call = (): Tensor => loss.loss({ ...fullFor(loss), ...change } as Input);
  expect(call).toThrow(`${loss.name}: ${message}`);
  expect(call).toThrow(expect.objectContaining({ name }));
};

/** The name of the trained function in a body. */
const modelOf = ({ learns }: AnyLoss): string =>
  learns === "flowMap" ? "phi" : learns === "generator" ? "generator" : "u";

/** The functions that a loss calls: the trained one, also as u, and those among its needs. */
const functionsOf = (loss: AnyLoss): string[] => {
  const isFunction = (name: string): boolean => typeof (full as Readonly<Record<string, unknown>>)[name] === "function";
  return [...new Set(["u", modelOf(loss), ...loss.needs.filter(isFunction)])];
};

/** The samples of the input in another shape, with times that fit. */
const shapedAs = (shape: readonly number[]): Readonly<Record<string, unknown>> => {
  const time = [...shape.slice(0, -1), 1];
  return Object.fromEntries(
    Object.entries(full).flatMap(([name, value]) => {
      const { size = 0 } = value as Partial<Tensor>;
      return size === 12 || size === 6 ? [[name, (value as Tensor).reshape(size === 12 ? shape : time)]] : [];
    }),
  );
};

const flat = tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
const numbers = new Set(["ratio", "critic", "normalize"]);

describe.each(table)("%s", (_, loss) => {
  it("names a time of another shape or dtype", () => {
    for (const time of ["s", "t", ...loss.needs.filter((need) => ["r", "delta", "warmup"].includes(need))]) {
      throws(
        loss,
        { [time]: flat },
        "ShapeError",
        `${time} must be a scalar or [6, 1] for xs [6, 2], got [6]; use ${time}.reshape`,
      );
      throws(
        loss,
        { [time]: zeros([6, 2]) },
        "ShapeError",
        `${time} must be a scalar or [6, 1] for xs [6, 2], got [6, 2]`,
      );
      throws(
        loss,
        { [time]: tensor(0.5, { dtype: "float32" }) },
        "DTypeError",
        `${time} must be float64 like xs, got float32`,
      );
      throws(loss, { [time]: [0.5] }, "DTypeError", `${time} must be a scalar or [6, 1] for xs [6, 2], got an array`);
    }
  });

  it("names a sample of another shape or dtype", () => {
    for (const sample of ["noise", "data", "v", ...loss.needs.filter((need) => need === "freshNoise")]) {
      throws(loss, { [sample]: zeros([6, 1]) }, "ShapeError", `${sample} must be [6, 2] like xs, got [6, 1]`);
      throws(loss, { [sample]: zeros([1, 2]) }, "ShapeError", `${sample} must be [6, 2] like xs, got [1, 2]`);
      throws(
        loss,
        { [sample]: zeros([6, 2], { dtype: "float32" }) },
        "DTypeError",
        `${sample} must be float64 like xs, got float32`,
      );
    }
    throws(loss, { xs: [[1, 2]] }, "DTypeError", "xs must be a tensor [batch, dim], got an array");
    throws(loss, { xs: tensor(1) }, "ShapeError", "xs must be [batch, dim], got []");
    if (loss.needs.includes("pairs")) {
      throws(
        loss,
        { pairs: { noise: zeros([6, 2]), data: zeros([6]) } },
        "ShapeError",
        "pairs.data must be [6, 2] like xs, got [6]",
      );
    }
  });

  it("refuses pictures with axes of their own: their rows would be samples", () => {
    const pictures = { ...full, ...shapedAs([2, 3, 2]) };
    const message = "xs must be [batch, dim], got [2, 3, 2]; use xs.reshape([2, 6])";
    throws(loss, pictures, "ShapeError", message);
    throws(loss, { ...full, ...shapedAs([1, 2, 3, 2]) }, "ShapeError", "xs must be [batch, dim], got [1, 2, 3, 2]");
    expect(loss.loss(fullFor(loss)).shape).toEqual([6]);
  });

  it("names what is missing, or does not read it", () => {
    for (const name of ["xs", "s", "t", ...loss.needs]) {
      throws(loss, { [name]: undefined }, "DomainError", `needs ${name}, got none`);
      throws(loss, { [name]: null }, "DomainError", `needs ${name}, got none`);
    }
    throws(
      loss,
      { u: undefined, phi: undefined, generator: undefined },
      "DomainError",
      `needs ${modelOf(loss)}, got none`,
    );
    for (const name of ["noise", "data", "v"]) {
      const call = (): Tensor => loss.loss({ ...fullFor(loss), [name]: undefined } as unknown as Input);
      let message = "";
      try {
        expect(call().shape).toEqual([6]);
      } catch (error) {
        message = (error as Error).message;
      }
      if (message !== "") expect(message).toMatch(new RegExp(`^\\w+: needs ${name}, got none; a call takes`));
    }
  });

  it("names a function whose result does not fit", () => {
    for (const name of functionsOf(loss)) {
      const wanted = numbers.has(name) ? "[6]" : "[6, 2] like";
      for (const result of [zeros([6, 1]), tensor(1), zeros([6, 3]), zeros([2])]) {
        const got = `[${result.shape.join(", ")}]`;
        throws(loss, { [name]: () => result }, "ShapeError", `${name} must return ${wanted}`);
        expect(() => loss.loss({ ...fullFor(loss), [name]: () => result } as unknown as Input)).toThrow(`got ${got}`);
      }
      throws(loss, { [name]: () => 1 }, "ShapeError", `${name} must return ${wanted}`);
      throws(loss, { [name]: async () => zeros([6, 2]) }, "DTypeError", `${name} must return ${wanted}`);
      throws(loss, { [name]: () => undefined }, "DTypeError", `${name} must return ${wanted}`);
      throws(loss, { [name]: zeros([6, 2]) }, "DTypeError", `${name} must be a function, got [6, 2]`);
    }
  });
});

describe("the checks of input", () => {
  const { meanFlow } = losses;

  it("refuse the examples that gave numbers before", () => {
    const [xs, s] = [tensor([[0.1], [0.2], [0.3]]), tensor([0.1, 0.2, 0.3])];
    const input = { noise: xs, data: xs, xs, v: xs, u: (x: Tensor) => x, t: 0.9 };
    expect(() => meanFlow.loss({ ...input, s })).toThrow(
      "meanFlow: s must be a scalar or [3, 1] for xs [3, 1], got [3]; use s.reshape([3, 1])",
    );
    const wide = zeros([4, 2]);
    const four = { noise: wide, data: wide, xs: wide, v: wide, s: 0.1, t: 0.9 };
    expect(() => meanFlow.loss({ ...four, u: (x) => x.slice(null, [0, 1]) })).toThrow(
      "meanFlow: u must return [4, 2] like x, got [4, 1]",
    );
    expect(() => meanFlow.loss({ ...four, u: () => tensor(1) })).toThrow(
      "meanFlow: u must return [4, 2] like x, got []",
    );
  });

  it("hold under jvp, vmap, trace and compile", () => {
    const at = (s: Tensor): Tensor => meanFlow.loss({ ...full, s, u: (x: Tensor) => x });
    const message = "meanFlow: s must be a scalar or [6, 1] for xs [6, 2], got [6]";
    expect(() => jvp(at, [flat], [flat])).toThrow(message);
    expect(() => trace(at)(flat)).toThrow(message);
    expect(() => compile(at)(flat)).toThrow(message);
    const one = (xs: Tensor, s: Tensor): Tensor =>
      meanFlow.loss({ noise: xs, data: xs, xs, v: xs, s, t: 0.9, u: (x: Tensor) => x });
    expect(vmap(one)(full.xs, full.s as Tensor).shape).toEqual([6]);
    expect(() => vmap(one)(full.xs, zeros([6, 2]))).toThrow("meanFlow: s must be a scalar or [1] for xs [2], got [2]");
  });

  it("refuse pictures in residuals and tangents", () => {
    const pictures = zeros([2, 3, 2]);
    const phi = (x: Tensor): Tensor => x;
    const zero = tensor(0);
    const refused = "must be [batch, dim], got [2, 3, 2]";
    expect(() => forwardResidual(phi, phi, pictures, zero, zero)).toThrow(`forwardResidual: x ${refused}`);
    expect(() => backwardResidual(phi, pictures, pictures, zero, zero)).toThrow(`backwardResidual: x ${refused}`);
    expect(() => residualIdentity(phi, phi, pictures, zero, zero)).toThrow(`residualIdentity: x ${refused}`);
    expect(() => normalizedTangent(pictures)).toThrow(`normalizedTangent: the tangent ${refused}`);
    const tangent = { x: "velocity", s: 1, t: 0 } as const;
    const input = { u: phi, noise: pictures, data: pictures, xs: pictures, v: pictures, s: zero, t: zero };
    expect(() => lossVectors(meanFlow as AnyLoss, input, tangent)).toThrow(`lossVectors: xs ${refused}`);
  });

  it("hold for residuals", () => {
    const { xs } = full;
    const phi = (x: Tensor): Tensor => x;
    expect(() => forwardResidual(phi, phi, xs, flat, tensor(1))).toThrow(
      "forwardResidual: s must be a scalar or [6, 1]",
    );
    expect(() => forwardResidual(phi, () => tensor(1), xs, tensor(0), tensor(1))).toThrow(
      "v must return [6, 2] like x, got []",
    );
    expect(() => backwardResidual(phi, zeros([6, 1]), xs, tensor(0), tensor(1))).toThrow(
      "v must be [6, 2] like x, got [6, 1]",
    );
    expect(() => backwardResidual(() => tensor(1), xs, xs, tensor(0), tensor(1))).toThrow(
      "phi must return [6, 2] like x",
    );
    expect(() => backwardResidual(phi, xs, xs, tensor(0), cast(flat, "float32"))).toThrow(
      "backwardResidual: t must be",
    );
  });
});

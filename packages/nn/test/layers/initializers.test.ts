import { key } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { type InitializerName, initializers } from "../../src/index.ts";
import { numbersOf } from "../support/close.ts";

const [fanIn, fanOut] = [200, 100];
const variances: Record<InitializerName, number> = {
  glorotUniform: 2 / (fanIn + fanOut),
  glorotNormal: 2 / (fanIn + fanOut),
  heUniform: 2 / fanIn,
  heNormal: 2 / fanIn,
  zeros: 0,
};
const names = Object.keys(initializers) as InitializerName[];

/** A matrix and kernels with the same fans; the window of the kernel counts for both. */
const shapes = [
  [fanIn, fanOut],
  [5, 4, 10, 5],
  [20, 10, 5],
  [1, 1, fanIn, fanOut],
];
const cases = names.flatMap((name) => shapes.map((shape) => [name, shape] as const));

describe("initializers", () => {
  it.each(cases)("%s of %j has mean 0 and its declared variance", (name, shape) => {
    const values = numbersOf(initializers[name](key(1), shape));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
    // Four standard errors of a variance estimate of normal values.
    const bound = 4 * variances[name] * Math.sqrt(2 / values.length);
    expect(Math.abs(mean)).toBeLessThanOrEqual(4 * Math.sqrt(variances[name] / values.length));
    expect(Math.abs(variance - variances[name])).toBeLessThanOrEqual(bound);
  });

  it("uniform weights stay within √3 standard deviations, normal weights do not", () => {
    const widest = (name: InitializerName): number =>
      Math.max(...numbersOf(initializers[name](key(2), [fanIn, fanOut])).map(Math.abs)) / Math.sqrt(variances[name]);
    for (const name of ["glorotUniform", "heUniform"] as const) expect(widest(name)).toBeLessThanOrEqual(Math.sqrt(3));
    for (const name of ["glorotNormal", "heNormal"] as const) expect(widest(name)).toBeGreaterThan(3);
  });

  it("all axes of a kernel but the last are inputs: its last matrix alone has another variance (control)", () => {
    const spread = (shape: readonly number[]): number => {
      const values = numbersOf(initializers.heNormal(key(4), shape));
      return values.reduce((a, b) => a + b * b, 0) / values.length;
    };
    expect(spread([5, 4, 10, 50]) * 200).toBeGreaterThan(1.9);
    expect(spread([5, 4, 10, 50]) * 200).toBeLessThan(2.1);
    expect(spread([10, 50]) * 200).toBeGreaterThan(30);
  });

  it("takes vectors, and refuses what is no shape", () => {
    for (const name of names) expect(initializers[name](key(3), [4]).shape).toEqual([4]);
    for (const wrong of [[], 3, undefined, "4,5"]) {
      const call = () => initializers.heNormal(key(3), wrong as never);
      expect(call).toThrow("heNormal: the shape must be [..., in, out], got ");
      expect(call).toThrow(expect.objectContaining({ name: "ShapeError" }));
    }
  });

  it.each(names)("%s gives the same bits for the same key, in the requested dtype", (name) => {
    const make = () => initializers[name](key(3), [4, 5], { dtype: "float32" });
    expect(make().dtype).toBe("float32");
    expect(make().shape).toEqual([4, 5]);
    expectSameBits(make(), make());
  });
});

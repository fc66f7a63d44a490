import { key, normal, tensor } from "@pushforward/tensor";
import { expectSameBits } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { fourierEmbedding, makeEmbedding, sinusoidalEmbedding, timestepEmbedding } from "../../src/index.ts";
import { expectWithin } from "../support/close.ts";

describe("time embeddings", () => {
  it("sinusoidal features are sines, then cosines, of frequencies in geometric steps", () => {
    const { embed, size } = sinusoidalEmbedding({ size: 6, maxFrequency: 9 });
    expect(size).toBe(6);
    const t = -0.4;
    expectWithin(
      embed(tensor([[t]])),
      [Math.sin(t), Math.sin(3 * t), Math.sin(9 * t), Math.cos(t), Math.cos(3 * t), Math.cos(9 * t)],
      1e-15,
    );
  });

  it("Fourier features have random frequencies that depend on the seed alone", () => {
    const t = 0.3;
    const frequencies = [...normal(key(4), [2]).dataSync()].map((f) => 2 * Math.PI * 0.5 * f);
    const embedded = fourierEmbedding({ size: 4, scale: 0.5, seed: 4 }).embed(tensor([[t]]));
    expectWithin(
      embedded,
      [...frequencies.map((w) => Math.sin(w * t)), ...frequencies.map((w) => Math.cos(w * t))],
      1e-14,
    );
    expectSameBits(embedded, makeEmbedding({ kind: "fourier", size: 4, scale: 0.5, seed: 4 }).embed(tensor([[t]])));
    const other = makeEmbedding({ kind: "fourier", size: 4, scale: 0.5, seed: 5 }).embed(tensor([[t]]));
    expect([...other.dataSync()]).not.toEqual([...embedded.dataSync()]);
  });

  it("timestep features are cosines, then sines, of frequencies that fall from the scale", () => {
    const { embed } = timestepEmbedding({ size: 4, maxPeriod: 100, scale: 3 });
    const t = 0.7;
    expectWithin(embed(tensor([[t]])), [Math.cos(3 * t), Math.cos(0.3 * t), Math.sin(3 * t), Math.sin(0.3 * t)], 1e-15);
    expect(() => timestepEmbedding({ scale: 0 })).toThrow("timestepEmbedding: scale must be positive, got 0");
    expect(() => timestepEmbedding({ maxPeriod: Number.POSITIVE_INFINITY })).toThrow("it must be finite");
  });

  it("keeps the dtype of the time", () => {
    for (const dtype of ["float32", "float64"] as const) {
      expect(makeEmbedding({ kind: "sinusoidal" }).embed(tensor([[0.5]], { dtype })).dtype).toBe(dtype);
      expect(makeEmbedding({ kind: "fourier" }).embed(tensor([[0.5]], { dtype })).dtype).toBe(dtype);
    }
  });

  it("names what is wrong with its settings", () => {
    expect(() => sinusoidalEmbedding({ size: 3 })).toThrow("size must be an even whole number of at least 2, got 3");
    expect(() => sinusoidalEmbedding({ maxFrequency: 0.5 })).toThrow("maxFrequency must be at least 1, got 0.5");
    expect(() => fourierEmbedding({ scale: 0 })).toThrow("scale must be positive, got 0");
    expect(() => makeEmbedding({ kind: "rotary" } as never)).toThrow(
      'kind must be one of sinusoidal, fourier, timestep, got "rotary"',
    );
  });
});

import { losses } from "@pushforward/losses";
import { iota, key, type Tensor, treeMap } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { Draws } from "../src/draws.ts";
import { lossInstance, lossOf, rowGradients } from "../src/lossInstance.ts";
import { type RowParameters, rowBijection, rowParameters, rowVelocity } from "../src/rowNetwork.ts";

describe("row networks", () => {
  it("give every row a separate function", () => {
    const draws = new Draws(key(1));
    const v = rowVelocity(rowParameters(draws, 3, { inputs: 3, outputs: 2 }));
    const same = draws.normal([1, 2]).add(draws.normal([3, 1]).mul(0));
    const [a, b, c] = v(same, draws.normal([1, 1]).mul(0)).toArray() as number[][];
    expect(a).not.toEqual(b);
    expect(b).not.toEqual(c);
  });

  it("make bijections that invert row by row", () => {
    const draws = new Draws(key(2));
    const psi = rowBijection(draws, 5, 3);
    const [z, t] = [draws.normal([5, 3]), draws.uniforms([5, 1])];
    expect(psi.inverse(psi.forward(z, t), t).sub(z).abs().max().item()).toBeLessThan(1e-14);
    expect(psi.forward(z, t).sub(z).abs().max().item()).toBeGreaterThan(0.1);
  });

  it("have gradients that do not depend on other rows", () => {
    const { parameters, samples } = lossInstance(new Draws(key(3)), 4);
    const firstOf = (p: RowParameters): Tensor => rowGradients(lossOf(losses.meanFlow, samples), p).slice([0, 1]);
    const behind = (leaf: Tensor): Tensor => iota(leaf.shape, 0).less(1).not();
    const changed = (parts: RowParameters, where: (leaf: Tensor) => Tensor): RowParameters =>
      treeMap((leaf) => (leaf as Tensor).add(where(leaf as Tensor).cast("float64")), parts) as RowParameters;
    expect(firstOf(changed(parameters, behind)).dataSync()).toEqual(firstOf(parameters).dataSync());
    expect(firstOf(changed(parameters, (leaf) => behind(leaf).not())).dataSync()).not.toEqual(
      firstOf(parameters).dataSync(),
    );
  });
});

import { sum, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { balancedGradient, plainGradient, type Trained } from "../../src/trainer/gradients.ts";

const trained = {
  student: {
    layers: [
      { weight: tensor([[2]]), bias: tensor([1]) },
      { weight: tensor([[3]]), bias: tensor([-1]) },
    ],
  },
  learners: null,
};
type Params = (typeof trained)["student"];
const lastLayer = ({ layers }: Params) => layers[1];

/** A part that pulls on both layers, the last one with the given force. */
const part =
  (first: number, last: number) =>
  ({ student: { layers } }: Trained<Params>): Tensor =>
    sum(layers[0].weight)
      .mul(first)
      .add(sum(layers[1].weight).mul(0.6 * last))
      .add(sum(layers[1].bias).mul(0.8 * last));

const lastOf = ({ student: { layers } }: Trained<Params>): number[] => [
  ...layers[1].weight.dataSync(),
  ...layers[1].bias.dataSync(),
];

describe("balanced gradients", () => {
  it("make every part pull on the last layer with the force of the last part", () => {
    const [value, gradient] = balancedGradient([part(5, 4), part(1, 2)], trained, lastLayer);
    // λ = 2/4
    expect(lastOf(gradient)).toEqual([1.2 + 1.2, 1.6 + 1.6].map((x) => expect.closeTo(x, 12)));
    expect(gradient.student.layers[0].weight.item()).toBeCloseTo(1 + 0.5 * 5, 12);
    expect(value.item()).toBeCloseTo(part(1, 2)(trained).item() + 0.5 * part(5, 4)(trained).item(), 12);
  });

  it("keep the factor within bounds, also where a part does not pull at all", () => {
    const first = (weak: number): number =>
      balancedGradient([part(1, weak), part(0, 2)], trained, lastLayer)[1].student.layers[0].weight.item();
    expect(first(1e-3)).toBeCloseTo(10, 12);
    expect(first(0)).toBeCloseTo(10, 12);
    expect(first(1e4)).toBeCloseTo(0.01, 12);
  });

  it("of one part alone are its own", () => {
    const [[value, gradient], [plain, own]] = [
      balancedGradient([part(1, 2)], trained, lastLayer),
      plainGradient(part(1, 2), trained),
    ];
    expect(value.item()).toBe(plain.item());
    expect(lastOf(gradient)).toEqual(lastOf(own));
  });
});

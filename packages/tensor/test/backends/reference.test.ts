import { expectSameBits, forAll, randomPrograms } from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { backends, interpret, type Tensor, tensor, trace, zeros } from "../../src/index.ts";

describe("the reference backend", () => {
  it("performs programs as interpret does, again and again", () => {
    forAll(randomPrograms({ kinds: ["smooth", "kinky", "discrete", "stop"] }), ({ f, inputs }) => {
      const program = trace(f)(...inputs);
      const executable = backends.reference.prepare(program);
      for (let i = 0; i < 2; i++) expectSameBits(executable.run(inputs), interpret(program, inputs));
    });
  });

  it("lets go of values after their last use, and of none that is an output", () => {
    const program = trace((a: Tensor) => {
      const b = a.add(1);
      return [b, b.mul(2), a];
    })(zeros([2]));
    const [b, c, a] = backends.reference.prepare(program).run([tensor([1, 2])]);
    expect([b.toArray(), c.toArray(), a.toArray()]).toEqual([
      [2, 3],
      [4, 6],
      [1, 2],
    ]);
  });

  it("refuses constants that are still being transformed", () => {
    trace((outer: Tensor) => {
      const program = trace((a: Tensor) => a.mul(outer))(zeros([2]));
      expect(() => backends.reference.prepare(program)).toThrow("has no numbers yet");
      return outer;
    })(zeros([2]));
  });
});

import { compile, key, type PrimitiveName, permutation, stack, type Tensor, tensor } from "@pushforward/tensor";
import {
  expectSameBits,
  forAll,
  type PrimitiveCase,
  primitiveCasesOfAnyType,
  primitiveNames,
  randomPrograms,
} from "@pushforward/testing";
import { describe, expect, it } from "vitest";
import { grad, jvp, vjp, vmap } from "../src/index.ts";
import { chosenOperands, mappedAndLooped, rows } from "./support/mapped.ts";
import { cotangentsOf, directionsOf, pull, push, relativeGap } from "./support/programs.ts";

// Many cases on a busy machine.
describe("vmap = loop, bit for bit, whichever operands are mapped", () => {
  it.each(primitiveNames.filter((name) => name !== "iota"))("%s", (name: PrimitiveName) => {
    let mask = 0;
    forAll(
      primitiveCasesOfAnyType(name, { values: "special" }) as Parameters<typeof forAll<PrimitiveCase>>[0],
      (drawn) => {
        mask++;
        const isMapped = chosenOperands(drawn.operands.length, mask);
        const { mapped, looped } = mappedAndLooped(drawn, isMapped, mask % 3);
        expectSameBits(mapped, looped);
      },
      { runs: 12 },
    );
  });

  it("is told apart from a loop over rows in another order", () => {
    let different = 0;
    forAll(
      primitiveCasesOfAnyType("mul") as Parameters<typeof forAll<PrimitiveCase>>[0],
      (drawn) => {
        const { mapped, looped } = mappedAndLooped(drawn, () => true, 0);
        if (relativeGap([mapped], [looped.flip(0)], 1) > 0) different++;
      },
      { runs: 40 },
    );
    expect(different).toBeGreaterThan(15);
  });
});

describe("vmap of random programs", () => {
  const programs = randomPrograms({ kinds: ["smooth", "kinky", "discrete"] });
  const scales = [1, 0.75, -1.25];
  const batchOf = (inputs: readonly Tensor[]): Tensor[] => inputs.map((x) => stack(scales.map((s) => x.mul(s))));
  const rowOf = (batch: readonly Tensor[], r: number): Tensor[] => batch.map((x) => x.slice(r));

  it("equals the loop, and so do both derivatives, eager and compiled", () => {
    forAll(
      programs,
      (program) => {
        const { f, inputs } = program;
        const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
        const all = (...xs: Tensor[]) => [f(...xs), push(f, xs, v), pull(f, xs, w)];
        const batch = batchOf(inputs);
        const mapped = vmap(all)(...batch);
        const compiled = compile(vmap(all))(...batch);
        for (let r = 0; r < rows; r++) {
          const one = all(...rowOf(batch, r));
          mapped.forEach((results, part) => {
            expect(relativeGap(rowOf(results, r), one[part])).toBeLessThanOrEqual(1e-13);
            expectSameBits(compiled[part], results);
          });
        }
      },
      { runs: 60 },
    );
  });

  it("may be differentiated outside: derivatives of the batch are those of its rows", () => {
    forAll(
      programs,
      (program) => {
        const { f, inputs } = program;
        const [v, w] = [directionsOf(program, 1), cotangentsOf(program)];
        const batch = batchOf(inputs);
        const [dBatch, ctBatch] = [v, w].map((xs) => xs.map((x) => stack(scales.map(() => x))));
        const tangents = jvp(vmap(f), batch, dBatch)[1];
        const cotangents = vjp(vmap(f), batch)[1](ctBatch) as Tensor[];
        for (let r = 0; r < rows; r++) {
          expect(relativeGap(rowOf(tangents, r), push(f, rowOf(batch, r), v))).toBeLessThanOrEqual(1e-13);
          expect(relativeGap(rowOf(cotangents, r), pull(f, rowOf(batch, r), w))).toBeLessThanOrEqual(1e-13);
        }
      },
      { runs: 60 },
    );
  });

  it("permutes its results when the batch is permuted", () => {
    const order = permutation(key(3), rows);
    const permute = (xs: readonly Tensor[]): Tensor[] => xs.map((x) => x.gather(order));
    forAll(
      programs,
      ({ f, inputs }) => {
        const batch = batchOf(inputs);
        expectSameBits(vmap(f)(...permute(batch)), permute(vmap(f)(...batch)));
        const slope = vmap(grad((...xs: Tensor[]) => f(...xs)[0].sum()));
        expectSameBits(slope(...permute(batch)), permute([slope(...batch)])[0]);
      },
      { runs: 40 },
    );
    // A function that mixes the rows does not: running sums over the batch.
    const mixed = tensor([1, 2, 4]);
    expect(relativeGap(permute([mixed.cumsum(0)]), [permute([mixed])[0].cumsum(0)])).toBeGreaterThan(0.1);
  });
});

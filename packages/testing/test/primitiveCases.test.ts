import { evaluate, primitiveOf } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { caseFamilies, forAll, primitiveCasesOfAnyType, primitiveNames } from "../src/index.ts";

describe("primitiveCases", () => {
  it.each(primitiveNames)("%s gets operands that it accepts, in every mode", (name) => {
    for (const values of ["smooth", "wide", "special"] as const) {
      forAll(
        primitiveCasesOfAnyType(name, { values }),
        ({ operands, params }) => {
          evaluate(primitiveOf(name), operands, params);
        },
        { runs: 40 },
      );
    }
  });

  it("covers 0-d, empty, size-1 and odd shapes", () => {
    const seen = new Set<string>();
    forAll(primitiveCasesOfAnyType("add"), ({ operands: [x] }) => {
      if (x.rank === 0) seen.add("0-d");
      if (x.size === 0) seen.add("empty");
      if (x.rank > 0 && x.shape.includes(1)) seen.add("size 1");
      if (x.shape.some((n) => n % 2 === 1 && n > 1)) seen.add("odd");
    });
    expect([...seen].sort()).toEqual(["0-d", "empty", "odd", "size 1"]);
  });

  it("knows which operands a derivative may be taken in", () => {
    expect(caseFamilies.where.smoothIn).toEqual([1, 2]);
    expect(caseFamilies.gather.smoothIn).toEqual([0]);
    expect(caseFamilies.less.smoothIn).toEqual([]);
  });
});

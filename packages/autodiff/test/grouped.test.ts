import { grouped, named, type Tensor, tensor, trace } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { checkpoint, customVjp, grad, jvp } from "../src/index.ts";

const x = tensor(0.3);
const network = (a: Tensor): Tensor => grouped("network", () => a.sin().exp());

/** `group primitive` of every equation, with the label of the derivative. */
const groupsOf = (f: (a: Tensor) => unknown): string[] =>
  trace(f)(x).equations.map(
    ({ group, label, primitive }) => `${group?.name ?? "–"} ${primitive.name}${label === undefined ? "" : ` ${label}`}`,
  );

describe("a group of equations", () => {
  it("holds what its function records, once for each call", () => {
    const { equations } = trace((a: Tensor) => network(network(a)).neg())(x);
    const [first, , second, , last] = equations.map(({ group }) => group);
    expect([first?.name, second?.name, last]).toEqual(["network", "network", undefined]);
    expect(first).not.toBe(second);
    expect(equations[1].group).toBe(first);
  });

  it("holds the tangents and the cotangents of its equations too", () => {
    expect(groupsOf((a) => jvp((b: Tensor) => network(b).neg(), [a], [tensor(1)]))).toEqual([
      "network sin",
      "network cos tangent",
      "network mul tangent",
      "network exp",
      "network mul tangent",
      "– neg",
      "– neg tangent",
    ]);
    expect(groupsOf(grad((a: Tensor) => network(a).neg()))).toEqual([
      "network sin",
      "network cos tangent",
      "network exp",
      "– neg",
      "– neg cotangent",
      "network mul cotangent",
      "network mul cotangent",
    ]);
  });

  it("holds the cotangents of functions with a rule of their own", () => {
    const clipped = customVjp(
      (a: Tensor) => a,
      (a: Tensor) => [a, null] as const,
      (_: null, ct: Tensor) => [ct.clip(-1, 1)],
    );
    const inGroups = (f: (a: Tensor) => Tensor): string[] =>
      groupsOf(
        grad((a: Tensor) =>
          named(
            grouped("network", () => f(a)),
            "y",
          ).mul(2),
        ),
      ).filter((text) => text.endsWith("cotangent"));
    for (const f of [clipped, checkpoint((a: Tensor) => a.sin().exp())]) {
      const [outer, ...inner] = inGroups(f);
      expect([outer, new Set(inner.map((text) => text.split(" ")[0]))]).toEqual([
        "– mul cotangent",
        new Set(["network"]),
      ]);
    }
    const { names } = trace(grad((a: Tensor) => named(clipped(a), "y").mul(2)))(x);
    expect([...names.values()]).toEqual(["y", "∇y"]);
  });

  it("is the innermost one, and ends with an error", () => {
    expect(groupsOf((a) => grouped("outer", () => network(a).neg()))).toEqual([
      "network sin",
      "network exp",
      "outer neg",
    ]);
    const broken = () =>
      grouped("broken", () => {
        throw new Error("as planned");
      });
    const afterwards = (a: Tensor): Tensor => {
      expect(broken).toThrow("as planned");
      return a.neg();
    };
    expect(groupsOf(afterwards)).toEqual(["– neg"]);
  });
});

import { registerTreeClass, type Tensor, tensor } from "@pushforward/tensor";
import { describe, expect, it } from "vitest";
import { argumentsOf } from "../src/leaves.ts";
import { matchTangents } from "../src/matchTangents.ts";

const [a, b] = [tensor(1) as Tensor, tensor(2) as Tensor];
const match = (primals: unknown, tangents: unknown) =>
  matchTangents("test", "tangent", argumentsOf("test", primals), tangents).map((dx) => dx?.item() ?? null);

describe("matchTangents", () => {
  it("puts tangents in the order of the leaves, whatever the order of the keys", () => {
    expect(match({ x: a, y: [a, a] }, { y: [b, null], x: a })).toEqual([1, 2, null]);
  });

  it("reads a null anywhere as none for all leaves below it", () => {
    expect(match([{ x: a, y: { z: a } }, a], [{ x: b, y: null }, null])).toEqual([2, null, null]);
    expect(match([a, a], null)).toEqual([null, null]);
    expect(match({ x: a, y: a }, { x: null, y: b })).toEqual([null, 2]);
  });

  it("is not confused by keys that look like paths", () => {
    expect(match({ "u.v": a, u: { v: a } }, { "u.v": null, u: { v: b } })).toEqual([2, null]);
    expect(match({ "u[0]": a, u: [a] }, { "u[0]": b, u: null })).toEqual([null, 2]);
  });

  it("goes through registered classes, with a null where there is none", () => {
    class Box {
      readonly inside: Tensor;
      constructor(inside: Tensor) {
        this.inside = inside;
      }
    }
    registerTreeClass(Box, {
      flatten: ({ inside }) => ({ children: [inside], aux: null }),
      unflatten: ([inside]) => new Box(inside as Tensor),
    });
    expect(match([new Box(a)], [new Box(b)])).toEqual([2]);
    expect(match([new Box(a)], [null])).toEqual([null]);
    expect(match([new Box(a), a], [new Box(null as never), b])).toEqual([null, 2]);
    expect(() => match([new Box(a)], [{ inside: b }])).toThrow(
      'the tangent of leaf "[0]" must be an instance of Box, got an object with "inside"',
    );
  });

  it("gives a tangent the dtype of its primal where one of them is weak", () => {
    const primals = argumentsOf("test", [tensor([1], { dtype: "float32" }), 3]);
    const [first, second] = matchTangents("test", "tangent", primals, [tensor([2], { dtype: "float32" }), b]);
    expect([first?.dtype, second?.dtype]).toEqual(["float32", "float64"]);
    const [weak] = matchTangents("test", "tangent", argumentsOf("test", [tensor(1, { dtype: "float32" })]), [2]);
    expect([weak?.dtype, weak?.weak]).toEqual(["float32", false]);
  });

  it("refuses other structures, and null leaves with a tangent", () => {
    expect(() => match([a, a], [a])).toThrow("must be an array of 2, got an array of 1");
    expect(() => match([a], [[a]])).toThrow('the tangent of leaf "[0]" must be a tensor or null, got an array of 1');
    expect(() => match({ x: a }, a)).toThrow('must be an object with "x", got a tensor []');
    expect(() => match({ x: null }, { x: a })).toThrow('the tangent of leaf "x" must be null as the value is');
    expect(() => match({ x: a, y: a }, { y: b })).toThrow(
      'must be an object with "x", "y", got an object with "y"; leaf "x" is missing; null stands for none',
    );
    expect(() => match([{ x: a }], [{ x: undefined }])).toThrow(
      'the tangent of leaf "[0].x" must be a tensor or null, got undefined',
    );
  });
});

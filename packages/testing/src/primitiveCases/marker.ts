import type { PrimitiveName } from "@pushforward/tensor";
import { shapes } from "../arbitraries/shapes.ts";
import { anyType, type CaseFamily } from "./primitiveCase.ts";
import { drawn } from "./structural.ts";

/** Identities: autodiff defines their derivative, 0 or 1. */
const marker = <P extends "stopGradient" | "stopTangent" | "stopCotangent">(): CaseFamily<P> => ({
  dtypes: anyType,
  smoothIn: [0],
  cases: (options) =>
    shapes()
      .chain((shape) => drawn(shape, options))
      .map((x) => ({ operands: [x], params: { label: "target" } })),
});

export const markerCases = {
  stopGradient: marker<"stopGradient">(),
  stopTangent: marker<"stopTangent">(),
  stopCotangent: marker<"stopCotangent">(),
  barrier: {
    dtypes: anyType,
    smoothIn: [0],
    cases: (options) =>
      shapes()
        .chain((shape) => drawn(shape, options))
        .map((x) => ({ operands: [x], params: {} })),
  },
} as const satisfies { [P in PrimitiveName]?: CaseFamily<P> };
